"""How the release check was answered for a sample dataset: as its record and its notices say.

The answers are invented as the data are; they are made from the record, so that the two never contradict each other.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

Answers = dict[str, tuple[str, dict[str, str]]]

FILE = "Beispielakte 12.3/2026"
YES = ("A1", "A2", "B5")
NO = ("A4", "B1", "C1", "D1", "D3", "D5", "D6", "E1", "E2", "F1", "F2", "F3", "G1", "G2", "G3")
HONESTY = tuple(f"H{number}" for number in range(1, 11))

# Notice -> what was answered with "yes" for it to be there.
BECAUSE = {
    "PRELIM": "H1",
    "SENSOR": "H2",
    "VGI": "H3",
    "GEOACC": "H4",
    "MODEL": "H5",
    "KNOWN": "H6",
    "COMPLETE": "H6",
    "AGE": "H7",
    "SAFETY": "H8",
    "NOTLEGAL": "H9",
    "EXT": "H10",
    "AVAIL": "H10",
}


def answers_of(record: Mapping[str, Any], stage: str = "published") -> Answers:
    """The answers for *record*; with the stage `blocked` those that keep it from being published."""
    answers: Answers = {question: ("yes", {}) for question in YES} | {question: ("no", {}) for question in NO}
    answers |= {question: ("no", {}) for question in HONESTY}
    notices = {notice["code"] for notice in record.get("notices") or ()}
    answers |= {BECAUSE[code]: ("yes", {}) for code in sorted(notices & set(BECAUSE))}
    for changed in _of_notices(record, notices):
        answers |= changed
    if stage == "blocked":
        answers |= {"B3": ("no", {})}
        answers.pop("B4", None)
    return answers


def _of_notices(record: Mapping[str, Any], notices: set[str]) -> Iterator[Answers]:
    methods = {notice["code"]: _parameters(notice).get("method", "") for notice in record.get("notices") or ()}
    if str(record.get("origin")).endswith(":third_party"):
        yield {"A2": ("no", {}), "A3": ("yes", {"source": FILE})}
    elif "THIRD" in notices:
        yield {"D1": ("yes", {}), "D2": ("yes", {"rights": FILE})}
    if "ANON" in notices:
        checked = {"checked": "Kleine Fallzahlen und Verknüpfung mit anderen Daten, Statistikstelle"}
        yield {"B1": ("yes", {}), "B2": ("no", {}), "B3": ("yes", {"method": methods["ANON"]}), "B4": ("yes", checked)}
    if "STAT" in notices:
        yield {"C1": ("yes", {}), "C2": ("yes", {"method": methods["STAT"]})}
    if record.get("hvd_category"):
        yield {"G1": ("yes", {})}
    if "DYN" in notices:
        yield {"G2": ("yes", {}), "G2a": ("no", {})}


def _parameters(notice: Mapping[str, Any]) -> Mapping[str, str]:
    """The parameters of a notice, which a record holds as JSON."""
    given = notice.get("parameters") or {}
    return json.loads(given) if isinstance(given, str) else given
