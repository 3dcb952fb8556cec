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


def words(node, place=""):
    """Every text for people in a declaration: a mapping from languages to words."""
    if isinstance(node, dict):
        if "de" in node:
            yield place, set(node)
        for key, value in node.items():
            yield from words(value, f"{place}.{key}")
    elif isinstance(node, list):
        for number, entry in enumerate(node):
            yield from words(entry, f"{place}.{number}")


@pytest.mark.parametrize("name", ["dataset", "dataset_series", "data_service", "organization", "groups", "catalog"])
def test_no_word_is_cut_off_at_a_comma(name):
    """Unquoted in a flow mapping, what follows a comma is a key of its own."""
    found = list(words(schemas.read(name)))

    assert len(found) > 10
    assert [(place, keys) for place, keys in found if not keys <= {"de", "en"}] == []
