"""Dates as Solr writes and reckons them: ISO 8601 in UTC, and date math from `NOW` or a date (`NOW/DAY-7DAYS`)."""

from __future__ import annotations

import calendar
import re
from datetime import datetime, timedelta, timezone

from ckanext.landlab.errors import RequestError

_DATE = re.compile(
    r"([+-]?\d{4,})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:Z|([+-])(\d\d):?(\d\d))", re.ASCII
)
_STEP = re.compile(r"([+-])(\d+)([A-Z]+)|/([A-Z]+)", re.ASCII)
_UNITS = {
    **dict.fromkeys(("YEAR", "YEARS"), "year"),
    **dict.fromkeys(("MONTH", "MONTHS"), "month"),
    **dict.fromkeys(("DAY", "DAYS", "DATE"), "day"),
    **dict.fromkeys(("HOUR", "HOURS"), "hour"),
    **dict.fromkeys(("MINUTE", "MINUTES"), "minute"),
    **dict.fromkeys(("SECOND", "SECONDS"), "second"),
    **dict.fromkeys(("MILLI", "MILLIS", "MILLISECOND", "MILLISECONDS"), "milli"),
}
_SPANS = {"day": 86_400_000, "hour": 3_600_000, "minute": 60_000, "second": 1000, "milli": 1}
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def moment(text: str, now: datetime | None = None) -> int:
    """The milliseconds since 1970 that *text* means.

    Raises:
        RequestError: *text* is not a date of Solr's form.
    """
    if text.startswith("NOW"):
        start, math = now or datetime.now(timezone.utc), text[3:]
    else:
        match = _DATE.match(text)
        if not match:
            raise RequestError(f"Invalid Date String:'{text}'")
        start, math = _date(match, text), text[match.end() :]
    try:
        return _millis(_reckoned(start, math, text))
    except (OverflowError, ValueError) as error:
        raise RequestError(f"Invalid Date String:'{text}' ({error})") from error


def written(millis: int) -> str:
    """*millis* since 1970 as Solr gives a date back."""
    date = _EPOCH + timedelta(milliseconds=millis)
    fraction = f".{millis % 1000:03}".rstrip("0").rstrip(".") if millis % 1000 else ""
    return f"{date:%Y-%m-%dT%H:%M:%S}".rjust(19, "0") + f"{fraction}Z"


def _date(match: re.Match[str], text: str) -> datetime:
    year, month, day, hour, minute, second, fraction, sign, *offset = match.groups()
    try:
        date = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0), tzinfo=timezone.utc)
    except ValueError as error:
        raise RequestError(f"Invalid Date String:'{text}' ({error})") from error
    ahead = timedelta(hours=int(offset[0]), minutes=int(offset[1])) if sign else timedelta()
    return date + timedelta(milliseconds=int((fraction or "0").ljust(3, "0")[:3])) - (ahead if sign == "+" else -ahead)


def _millis(date: datetime) -> int:
    return (date - _EPOCH) // timedelta(milliseconds=1)


def _reckoned(date: datetime, math: str, text: str) -> datetime:
    at = 0
    while at < len(math):
        match = _STEP.match(math, at)
        unit = _UNITS.get((match[3] or match[4]) if match else "")
        if match is None or unit is None:
            raise RequestError(f"Invalid Date Math String:'{text}'")
        amount = int(match[2] or 0) * (-1 if match[1] == "-" else 1)
        date = _floor(date, unit) if match[4] else _moved(date, amount, unit)
        at = match.end()
    return date


def _moved(date: datetime, amount: int, unit: str) -> datetime:
    if unit in _SPANS:
        return date + timedelta(milliseconds=amount * _SPANS[unit])
    months = date.year * 12 + date.month - 1 + amount * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    if not 1 <= year <= 9999:
        raise ValueError("the year is out of reach")
    day = min(date.day, calendar.monthrange(year, month + 1)[1])
    return date.replace(year=year, month=month + 1, day=day)


def _floor(date: datetime, unit: str) -> datetime:
    if unit == "year":
        date = date.replace(month=1, day=1)
    if unit == "month":
        date = date.replace(day=1)
    span = _SPANS.get(unit, _SPANS["day"])
    return _EPOCH + timedelta(milliseconds=_millis(date) // span * span)
