"""A stylesheet that lacks a brace says nothing and loses all that follows."""

from pathlib import Path

import pytest

STYLES = sorted((Path(__file__).parents[2] / "ckanext-landlab/ckanext/landlab/assets").rglob("*.css"))


def test_there_are_styles():
    assert len(STYLES) >= 3


@pytest.mark.parametrize("file", STYLES, ids=lambda file: file.name)
def test_every_rule_at_the_left_edge_stands_outside_all_others(file):
    depth = 0
    for line in file.read_text(encoding="utf-8").splitlines():
        if line[:1] in (".", "#", "@", ":"):
            assert depth == 0, line
        depth += line.count("{") - line.count("}")
    assert depth == 0
