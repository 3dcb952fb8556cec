"""Catalogues of others: fetched from an address or a file, page by page, and read before anything is written."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

from ckan.plugins.toolkit import _
from ckanext.landlab import outside
from ckanext.landlab.dcat import catalog, syntax
from ckanext.landlab.errors import SourceUnreadable, Unfetchable, UnreadableGraph

PATIENCE = 600  # seconds for one page
ATTEMPTS = 4
MOST_BYTES = 200_000_000  # of one page
MOST_PAGES = 10_000
ACCEPT = ", ".join(f"{media_type};q={1 - place / 10}" for place, media_type in enumerate(syntax.MEDIA_TYPES.values()))


@dataclass
class Source:
    """What a catalogue holds: records and remarks by address, and the addresses that had to be mended."""

    records: dict[str, dict[str, object]] = field(default_factory=dict)
    remarks: dict[str, list[catalog.Remark]] = field(default_factory=dict)
    mended: list[tuple[str, str]] = field(default_factory=list)


def read(location: str) -> Source:
    """Everything that lies at *location*, an address or a file; raises SourceUnreadable."""
    source = Source()
    for page, mended in _pages(location):
        source.records |= page.records
        source.remarks |= page.remarks
        source.mended += mended
    if not source.records:
        raise SourceUnreadable(location, _("There is no dataset in it."))
    return source


def _pages(location: str) -> Iterator[tuple[catalog.Harvest, list[tuple[str, str]]]]:
    """The pages of a catalogue in their order; a page that comes again would never end and is refused."""
    if not location.startswith(("http://", "https://")):
        yield _parsed(location, _file(location), location.rpartition(".")[2])
        return
    seen: set[str] = set()
    address = location
    while address:
        if address in seen or len(seen) == MOST_PAGES:
            raise SourceUnreadable(address, _("This page was read already; the paging goes in circles."))
        seen.add(address)
        content, media_type = _fetched(address)
        page, mended = _parsed(address, content, media_type)
        yield page, mended
        address = urljoin(address, page.next_page) if page.next_page else ""


def _parsed(location: str, content: bytes, name: str) -> tuple[catalog.Harvest, list[tuple[str, str]]]:
    head = content[:1000].lstrip().lower()
    if head.startswith(b"<!doctype html") or b"<html" in head:
        raise SourceUnreadable(location, _("This is a web page, not a catalogue in RDF. Please name the RDF itself."))
    found = syntax.syntax_of("", content) or syntax.syntax_of(name, content)
    if not found:
        raise SourceUnreadable(location, _("This is neither RDF/XML nor Turtle, JSON-LD or N-Triples."))
    base = location if "://" in location else ""
    try:
        parsed = syntax.parse(content, found, base=base or "http://localhost/")
    except UnreadableGraph as error:
        raise SourceUnreadable(location, str(error)) from error
    return catalog.read(parsed.graph, base), parsed.mended


def _file(location: str) -> bytes:
    file = Path(location)
    try:
        if file.stat().st_size > MOST_BYTES:
            raise SourceUnreadable(location, _too_large())
        return file.read_bytes()
    except OSError as error:
        raise SourceUnreadable(location, error.strerror or str(error)) from error


def _fetched(address: str) -> tuple[bytes, str]:
    content = io.BytesIO()
    try:
        came = outside.fetch(address, content, outside.terms(MOST_BYTES, PATIENCE, ATTEMPTS), {"Accept": ACCEPT})
    except Unfetchable as error:
        raise SourceUnreadable(address, _too_large() if error.reason == "size" else outside.sentence(error)) from error
    return content.getvalue(), came.media_type


def _too_large() -> str:
    return _("This is larger than {size} MB. Please split it into pages.").format(size=MOST_BYTES // 1_000_000)
