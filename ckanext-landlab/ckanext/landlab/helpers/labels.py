"""How stored values are said to a person: labels for IRIs, dates as far as they are known, sizes, durations."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from urllib.parse import unquote

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from ckan.lib.helpers import date_str_to_datetime
from ckan.plugins.toolkit import _, ungettext
from ckanext.landlab import language
from ckanext.landlab.dcat.geometry import extent
from ckanext.landlab.schemas import Concept, vocabularies, vocabulary

__all__ = [
    "landlab_concept",
    "landlab_date",
    "landlab_duration",
    "landlab_extent",
    "landlab_host",
    "landlab_label",
    "landlab_licence",
    "landlab_size",
]

_STEPS = ("B", "kB", "MB", "GB", "TB")
_PARTS = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


def landlab_concept(name: str | None, value: str) -> Concept | None:
    """The concept of the vocabulary *name* that *value*, an IRI or a code, stands for."""
    if not name or not value or name not in vocabularies():
        return None
    known = vocabulary(name)
    return known.concepts.get(value) or known.by_code(value)


def landlab_label(name: str | None, value: str) -> str:
    """What *value* of the vocabulary *name* is called in the reader's language; else the end of its IRI."""
    if concept := landlab_concept(name, value):
        return concept.text(language.reader())
    return unquote(value.rstrip("/#").rsplit("/", 1)[-1].rsplit("#", 1)[-1]) if "://" in value else value


def landlab_licence(value: str | None) -> dict[str, Any] | None:
    """Label, address and openness of a licence; None where there is none."""
    if not value:
        return None
    concept = landlab_concept("licenses", value)
    facts = concept.facts if concept else {}
    address = facts.get("text") or (value if value.startswith("http") else "")
    return {"label": landlab_label("licenses", value), "url": address, "open": bool(facts.get("open"))}


def landlab_date(value: str | None) -> str:
    """A date as far as it is known: 2024, Mai 2024, 31. Mai 2024, with the time where there is one."""
    text, reader = str(value or ""), language.reader()
    try:
        match len(text):
            case 4:
                return text
            case 7:
                return format_date(date.fromisoformat(f"{text}-01"), "MMMM yyyy", locale=reader)
            case 10:
                return format_date(date.fromisoformat(text), "long", locale=reader)
        moment = date_str_to_datetime(text)
        return format_datetime(moment, "d. MMMM yyyy, HH:mm" if reader == "de" else "d MMMM yyyy, HH:mm", locale=reader)
    except (ValueError, TypeError):
        return text


def landlab_size(value: Any) -> str:
    """A number of bytes in the unit a person would use, or nothing."""
    try:
        size = float(value)
    except (TypeError, ValueError):
        return ""
    step = 0
    while size >= 1000 and step < len(_STEPS) - 1:
        size, step = size / 1000, step + 1
    pattern = "#,##0" if step == 0 or size >= 10 else "#,##0.#"
    return f"{format_decimal(size, pattern, locale=language.reader())} {_STEPS[step]}"


def landlab_duration(value: str) -> str:
    """An XSD duration in words; what cannot be read stays as it is."""
    match = _PARTS.fullmatch(value)
    if not match or not any(match.groups()):
        return value
    years, months, weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    parts = (
        years and ungettext("{number} year", "{number} years", years).format(number=years),
        months and ungettext("{number} month", "{number} months", months).format(number=months),
        weeks and ungettext("{number} week", "{number} weeks", weeks).format(number=weeks),
        days and ungettext("{number} day", "{number} days", days).format(number=days),
        hours and ungettext("{number} hour", "{number} hours", hours).format(number=hours),
        minutes and ungettext("{number} minute", "{number} minutes", minutes).format(number=minutes),
        seconds and ungettext("{number} second", "{number} seconds", seconds).format(number=seconds),
    )
    return ", ".join(part for part in parts if part)


def landlab_host(address: str) -> str:
    """The server's name in *address*, for a link whose text would be too long."""
    host = re.sub(r"^[a-z]+://", "", address).split("/", 1)[0]
    return host or address


def landlab_extent(value: str) -> str:
    """Where a geometry lies, in degrees as a person says them; empty where that cannot be told."""
    found = extent(value)
    if not found:
        return ""
    west, south, east, north = (format_decimal(number, "0.000#", language.reader()) for number in found)
    if (west, south) == (east, north):
        return _("longitude {west}°, latitude {south}°").format(west=west, south=south)
    return _("longitude {west}° to {east}°, latitude {south}° to {north}°").format(
        west=west, east=east, south=south, north=north
    )
