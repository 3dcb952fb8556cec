"""What sub-modules offer is gathered whole, and a name offered twice stops the start."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest
from ckanext.landlab.errors import DeclarationError
from ckanext.landlab.parts import offered


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A function that makes an importable package out of texts per module."""

    def make(name: str, **modules: str):
        folder = Path(tmp_path, name)
        folder.mkdir()
        for module, text in {"__init__": "", **modules}.items():
            folder.joinpath(f"{module}.py").write_text(text, encoding="utf-8")
        monkeypatch.syspath_prepend(str(tmp_path))
        importlib.invalidate_caches()
        return importlib.import_module(name)

    yield make
    for name in [name for name in sys.modules if name.startswith("offering")]:
        del sys.modules[name]


def test_what_sub_modules_name_is_offered(package):
    members = offered(package("offering", a="__all__ = ['one']\none = 1\nhidden = 0", b="__all__ = ['two']\ntwo = 2"))

    assert members == {"one": 1, "two": 2}


def test_a_name_offered_twice_stops_the_start(package):
    twice = package("offering_twice", a="__all__ = ['one']\none = 1", b="__all__ = ['one']\none = 2")

    with pytest.raises(DeclarationError, match=r"offering_twice\.b\.py: one: another module"):
        offered(twice)
