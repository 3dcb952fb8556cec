"""Every attack that docs/security.md lists names a test, and the test is there."""

import re
from pathlib import Path

from defences import DEFENCES

CHECKOUT = Path(__file__).parents[2]
LINE = re.compile(r"^\| ([\d., -]+) \| (.+?) \| (.+?) \| `(.+?)` \|$", re.MULTILINE)


def attacks():
    return LINE.findall((CHECKOUT / "docs" / "security.md").read_text(encoding="utf-8"))


def test_every_attack_names_a_test_that_exists():
    named = [place.split("::") for *_rest, place in attacks()]

    assert len(named) > 30
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not re.search(rf"^\s*def {name}\(", (CHECKOUT / file).read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert missing == []


def test_no_line_of_the_table_is_overlooked():
    text = (CHECKOUT / "docs" / "security.md").read_text(encoding="utf-8")
    table = text.partition("## Attacks")[2].partition("## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("|")]

    assert len(attacks()) == len(rows) - 2


def test_every_defence_is_one_that_can_be_taken_away():
    """`tests/defences.py` takes them away and sees the tests fail; here only that its rows have not grown stale."""
    stale = [defence.test for defence in DEFENCES if defence.path.read_text(encoding="utf-8").count(defence.text) != 1]

    assert {defence.test for defence in DEFENCES} == {test for *_rest, test in attacks()}
    assert stale == []
