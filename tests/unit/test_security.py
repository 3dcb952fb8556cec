"""Every attack that docs/security.md lists names a test, and the test is there."""

import re
from pathlib import Path

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
