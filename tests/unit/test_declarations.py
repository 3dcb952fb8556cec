"""The declarations read alike by libyaml, which we use, and by PyYAML's own parser, which ckanext-scheming uses."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from ckanext.landlab import schemas

FILES = sorted(schemas.HERE.glob("*.yaml"))


def test_there_are_declarations():
    assert len(FILES) > 5


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_both_parsers_read_the_same(file: Path):
    assert yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader) == schemas.read(file.stem)
