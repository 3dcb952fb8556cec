"""Dates exactly as they are known: a year, a month, a day or a point in time."""

from __future__ import annotations

import re
from datetime import date, time

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _
from ckanext.landlab.logic.kinds import one

__all__ = ["landlab_date", "landlab_duration"]

_ZONE = r"(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)?"
_ISO = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)"
    rf"(?:[T ](?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d{{1,9}})?)?{_ZONE})?)?)?"
)
_GERMAN = re.compile(r"(?:(?:(\d{1,2})\.\s?)?(\d{1,2})\.)?\s?(\d{4})")
_DURATION = re.compile(
    r"P(?=\d|T\d)(\d+(\.\d+)?Y)?(\d+(\.\d+)?M)?(\d+(\.\d+)?W)?(\d+(\.\d+)?D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?"
)


def _date(text: str) -> str:
    iso = _iso_of(text)
    match = _ISO.fullmatch(iso)
    try:
        if not match:
            raise ValueError(text)
        year, month, day, hour, minute, second = (
            int(part or least) for part, least in zip(match.groups(), (1, 1, 1, 0, 0, 0), strict=True)
        )
        _moment = date(year, month, day), time(hour, minute, second)  # raises where there is no such day or hour
    except ValueError:
        message = _("There is no such date. Please write 2024, 2024-05, 2024-05-31 or 31.05.2024.")
        raise tk.Invalid(message) from None
    return iso.replace(" ", "T", 1)


def _iso_of(text: str) -> str:
    """*text* with a date in German order turned round; anything else as it is."""
    match = _GERMAN.fullmatch(text)
    if not match:
        return text
    day, month, year = match.groups()
    return "-".join([year, *(part.zfill(2) for part in (month, day) if part)])


def _duration(text: str) -> str:
    if not _DURATION.fullmatch(text):
        raise tk.Invalid(
            _("This is not a duration. Examples: P1Y (a year), P1M (a month), P1D (a day), PT15M (15 minutes)")
        )
    return text


landlab_date = one(_date)
landlab_duration = one(_duration)
