"""Every style sheet closes what it opens: one missing brace would switch off all that follows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ASSETS = Path(__file__).parents[2] / "ckanext-landlab" / "ckanext" / "landlab" / "assets"
SHEETS = sorted(ASSETS.rglob("*.css"))


def test_there_are_style_sheets():
    assert len(SHEETS) >= 2


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_no_rule_stands_inside_another_but_in_a_query(sheet: Path):
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    opened: list[str] = []
    for selector, brace in re.findall(r"([^{};]*)([{}])", text):
        if brace == "{":
            assert all(outer.startswith("@") for outer in opened), f"{selector.strip()} stands in {opened}"
            opened.append(selector.strip())
        else:
            assert opened, f"a brace too many after {selector.strip()}"
            opened.pop()

    assert opened == []
