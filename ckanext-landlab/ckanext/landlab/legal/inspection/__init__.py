"""A look into a file before it is published: what in it could point to people.

It explains and asks; it never decides.  Findings hold kinds, places and counts, never a value of the file,
so that they can be stored and logged.  Every look is bounded in bytes, rows and seconds.
"""

from __future__ import annotations

from pathlib import Path

from .findings import KINDS, Finding, Kind, Look
from .limits import Limits
from .packed import look_into_archive
from .properties import PROPERTY_READERS
from .tables import TABLE_READERS, columns_of

__all__ = ["KINDS", "Finding", "Kind", "Limits", "Look", "look_into"]

ARCHIVES = ("zip", "kmz", "shz")


def look_into(path: Path, ending: str | None = None, limits: Limits | None = None) -> Look:
    """What is noticeable in the file at *path*; *ending* says what it is where its name does not."""
    bounds = (limits or Limits()).started()
    form = (ending or path.suffix).lstrip(".").lower()
    if path.stat().st_size > bounds.bytes:
        return Look((), 0, "too_large")
    if form in ARCHIVES:
        return look_into_archive(path, bounds, _look)
    return _look(path, form, bounds)


def _look(path: Path, ending: str, bounds: Limits) -> Look:
    form = ending.lstrip(".").lower()
    tables, properties = TABLE_READERS.get(form), PROPERTY_READERS.get(form)
    if tables is None and properties is None:
        return Look((), 0, "unsupported")
    findings: list[Finding] = []
    rows, left_out = 0, None
    if tables is not None:
        found, rows, left_out = columns_of(tables, path, bounds)
        findings += found
    if properties is not None:
        found, unread = properties(path, bounds)
        findings += found
        left_out = left_out or unread
    return Look(tuple(findings), rows, left_out)
