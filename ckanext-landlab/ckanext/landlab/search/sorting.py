"""What `sort` asks for: by which fields, functions and scores, and in which direction."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ckanext.landlab.errors import RequestError
from ckanext.landlab.search import functions
from ckanext.landlab.search.schema import Field, Kind, Schema

_SPEC = re.compile(r"\s*(\S.*?)\s+(asc|desc)\s*", re.IGNORECASE | re.DOTALL)
_NAME = re.compile(r"[\w.\-]+")


@dataclass(frozen=True)
class Key:
    """One thing to sort by: a *field*, what a *function* gives, or if both are None the score."""

    field: Field | None
    descending: bool
    function: functions.Function | None = None


def keys(text: str, schema: Schema) -> tuple[Key, ...]:
    """The keys that `sort` names; without any, the score.

    Raises:
        RequestError: a key has no order, or its field cannot be sorted by.
    """
    if not text.strip():
        return (Key(None, True),)
    found = []
    for part in filter(str.strip, _parts(text)):
        match = _SPEC.fullmatch(part)
        if not match:
            raise RequestError(
                f"Can't determine a Sort Order (asc or desc) in sort spec '{text}', pos={text.find(part)}"
            )
        found.append(_key(match[1], match[2].lower() == "desc", schema))
    if not found:
        raise RequestError(f"Can't determine a Sort Order (asc or desc) in sort spec '{text}', pos=0")
    return tuple(found)


def _parts(text: str) -> Iterator[str]:
    """The parts of *text* between commas that stand in no parentheses."""
    depth, start = 0, 0
    for at, letter in enumerate(f"{text},"):
        depth += (letter == "(") - (letter == ")")
        if letter == "," and (depth <= 0 or at == len(text)):
            yield text[start:at]
            start = at + 1


def _key(text: str, descending: bool, schema: Schema) -> Key:
    if text == "score":
        return Key(None, descending)
    if not _NAME.fullmatch(text):
        return Key(None, descending, functions.parse(text.removeprefix("{!func}")))
    field = schema.field(text)
    if field.many or field.kind in (Kind.SOURCE, Kind.NGRAMS, Kind.PLAIN) or field.name == "_docid_":
        raise RequestError(f"can not sort on a field with many values, or with none of its own: {field.name}")
    return Key(field, descending)
