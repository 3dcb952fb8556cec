"""What every validator of a kind of value shares: leniency, bounds, and how a value becomes many.

A person is told at the field what is wrong.  A harvested record is not ours to refuse: its
values are kept as they came, cleaned only of what could not be stored.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _

LINE = 2_000  # characters of a title, a name, an address
PROSE = 100_000  # characters of a description
MANY = 1_000  # values of one field

Check = Callable[[str], str]

# Characters that PostgreSQL, XML or a person's screen cannot hold.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def of_field(function: Callable[..., Any]) -> Callable[..., Any]:
    """Mark *function* as one that scheming calls with a field and its schema to have the validator.

    scheming's own decorator cannot be imported here: it asks for our validators while it is imported itself.
    """
    function.is_a_scheming_validator = True  # type: ignore[attr-defined]
    return function


def harvested(context: dict[str, Any]) -> bool:
    """Whether the record comes from another catalogue, so that its gaps and oddities are not ours to refuse."""
    return bool(context.get("landlab_harvested"))


def foreign(context: dict[str, Any]) -> bool:
    """Whether a person changes a record that came from another catalogue: what its source left out is not demanded."""
    package = context.get("package")
    return bool(package and (package.extras or {}).get("uri"))


def public(values: Mapping[str, Any], context: Mapping[str, Any]) -> bool:
    """Whether the record will be public once *values* are stored."""
    package = context.get("package")
    state = values.get("state") or (package.state if package else "active")
    private = values.get("private", package.private if package else False)
    return state == "active" and not tk.asbool(private or False)


def one(check: Check, limit: int = LINE) -> Callable[[Any, dict[str, Any]], Any]:
    """The validator of a single value that *check* accepts or refuses with `Invalid`."""

    def validator(value: Any, context: dict[str, Any]) -> Any:
        return _accepted(value, check, limit, harvested(context) or came_so(value, context))

    return validator


def many(check: Check, limit: int = LINE) -> Callable[..., None]:
    """The validator of a list of such values, stored as JSON, each once, blanks left out."""

    def validator(key: Any, data: dict[Any, Any], errors: dict[Any, Any], context: dict[str, Any]) -> None:
        if errors[key]:
            return
        kept: dict[str, None] = {}
        for position, value in enumerate(_values(data[key]), start=1):
            if value in (None, ""):
                continue
            try:
                lenient = harvested(context) or came_so(value, context)
                kept[_accepted(value, check, limit, lenient)] = None
            except tk.Invalid as refusal:
                errors[key].append(_("Entry {position}: {reason}").format(position=position, reason=refusal.error))
        data[key] = json.dumps(list(kept), ensure_ascii=False)

    return validator


def came_so(value: Any, context: dict[str, Any]) -> bool:
    """Whether *value* stands in the stored record from another catalogue: a form that gives it back is not refused."""
    if not (isinstance(value, str) and value and foreign(context)):
        return False
    if "landlab_stored" not in context:  # one validation, one context
        package = context["package"]
        files = [(resource.url, resource.format, resource.extras) for resource in package.resources]
        context["landlab_stored"] = set(_words([package.extras, *files]))
    return value in context["landlab_stored"]


def _words(value: Any) -> Iterator[str]:
    """Every text in *value*, also those in lists that are stored as JSON."""
    if isinstance(value, str):
        yield value
        if value[:2] in ("[{", '["') and value[-1:] == "]":
            yield from _words(
                json.loads(value)
            )  # lists are stored as JSON; what a source sent as text is stored as text
    elif isinstance(value, (list, tuple)):
        for entry in value:
            yield from _words(entry)
    elif isinstance(value, dict):
        yield from _words(list(value.values()))


def _values(value: Any) -> list[Any]:
    if value is tk.missing or value in (None, ""):
        return []
    values = value if isinstance(value, list) else [value]
    if len(values) > MANY:
        raise tk.Invalid(_("These are too many values: at most {limit} are allowed.").format(limit=MANY))
    return values


def _accepted(value: Any, check: Check, limit: int, lenient: bool) -> str:
    text = printable(value, limit, lenient)
    return text if lenient else check(text)


def printable(value: Any, limit: int, lenient: bool) -> str:
    """*value* as a text within bounds and without control characters, which a lenient reader drops."""
    text = _text(value)
    if lenient:
        text = _UNPRINTABLE.sub("", text)
    if len(text) > limit:
        message = _("This is too long: {length} characters. Please shorten it to at most {limit}.")
        raise tk.Invalid(message.format(length=len(text), limit=limit))
    if _UNPRINTABLE.search(text):
        raise tk.Invalid(_("The text contains invisible control characters. Please type it again without them."))
    return text


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise tk.Invalid(_("A text is expected here, not a list or a group of values."))
    return str(value).strip()
