"""Groups of a form, sent as `field-0-part`, gathered into lists of groups in the order of their numbers.

ckanext-scheming does this too, but counts the numbers of all fields together and sorts them as text: where somebody had
taken the first group of one field away, parts of the next were lost, and the eleventh came before the third.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

MOST = 4  # digits of a number


def gather(record: dict[str, Any], names: Collection[str]) -> None:
    """Gather the groups of the fields *names* in *record*; a field that is there as a whole stays as it is."""
    found: dict[str, dict[int, dict[str, Any]]] = {}
    for key in list(record):
        name, _, rest = str(key).partition("-")
        number, _, part = rest.partition("-")
        if name in names and name not in record and part and number.isdecimal() and len(number) <= MOST:
            found.setdefault(name, {}).setdefault(int(number), {})[part] = record.pop(key)
    for name, groups in found.items():
        record[name] = [groups[number] for number in sorted(groups)]


def repeating(fields: Collection[dict[str, Any]]) -> set[str]:
    """The names of the *fields* that hold groups."""
    return {field["field_name"] for field in fields if "repeating_subfields" in field}
