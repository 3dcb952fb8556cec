"""Catalogues of others: fetched from an address or a file, page by page, whatever their server says they are."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urljoin

from ckan.plugins.toolkit import _
from ckanext.landlab import config, outside
from ckanext.landlab.dcat import catalog, syntax
from ckanext.landlab.dcat.graph import Graph
from ckanext.landlab.errors import SourceUnreadable, Unfetchable, UnreadableGraph
from ckanext.landlab.harvest import words
from ckanext.landlab.harvest.plain import hold, to_utf8, too_large, unpack
from ckanext.landlab.language import Said
from ckanext.landlab.web.fetching import Fetched, Seen
from ckanext.landlab.web.unpacking import PIECE

PATIENCE = 900  # seconds for one page
ATTEMPTS = 4
MOST_PAGES = 10_000
IN_MEMORY = 8_000_000  # bytes of a document; a larger one is kept in a file while it is read
ACCEPT = ", ".join(f"{media_type};q={1 - place / 10}" for place, media_type in enumerate(syntax.MEDIA_TYPES.values()))


@dataclass
class Page:
    """One document of a catalogue: what it says, and the addresses in it that had to be mended."""

    address: str
    graph: Graph
    base: str
    mended: list[tuple[str, str]]
    digest: str = ""
    seen: Seen = field(default_factory=Seen)

    @property
    def follows(self) -> str:
        return catalog.next_page(self.graph)

    def items(self) -> Iterator[catalog.Item]:
        """Its records, one after the other; raises SourceUnreadable."""
        return catalog.items(self.graph, self.base)


@dataclass(frozen=True)
class Same:
    """A page that is byte for byte what it was when it was last read, so that nobody has to read it again.

    *records* are the marks of its records by address, *total* is how many the catalogue says it has.
    """

    address: str
    digest: str
    etag: str
    modified: str
    follows: str
    total: int
    mended: int
    records: Mapping[str, str]

    @property
    def seen(self) -> Seen:
        return Seen(self.etag, self.modified)


@contextmanager
def pages_of(location: str, earlier: Mapping[str, Same] | None = None) -> Iterator[Iterator[Page | Same]]:
    """The pages of the catalogue at *location*, an address or a file, one at a time.

    A page that is as it was *earlier* comes as it is given there.  The pages raise SourceUnreadable.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="landlab-harvest-") as folder:
            yield _followed(location, Path(folder), earlier or {})
    except OSError as error:
        raise SourceUnreadable(location, _no_room(), error.strerror or type(error).__name__) from error


def _followed(location: str, folder: Path, earlier: Mapping[str, Same]) -> Iterator[Page | Same]:
    if not location.startswith(("http://", "https://")):
        with _opened(location, _copied(location, folder), location.rpartition(".")[2], folder) as page:
            yield page
        return
    addresses: set[str] = set()
    contents: set[str] = set()
    address = location
    while address:
        if address in addresses or len(addresses) == MOST_PAGES:
            message = Said(lambda: _("This page was read already; the paging goes in circles."))
            raise SourceUnreadable(address, message)
        addresses.add(address)
        known = earlier.get(address)
        file, came = _fetched(address, folder, known)
        content = known.digest if known and came.unchanged else _digest(file)
        if content in contents:
            message = Said(lambda: _("This page is the same as an earlier one; the paging goes in circles."))
            raise SourceUnreadable(address, message)
        contents.add(content)
        if known and content == known.digest:
            yield replace(known, etag=came.seen.etag or known.etag, modified=came.seen.modified or known.modified)
            follows = known.follows
        else:
            with _opened(address, file, came.media_type, folder) as page:
                page.digest, page.seen = content, came.seen
                follows = page.follows
                yield page
        address = urljoin(address, follows) if follows else ""


def _fetched(address: str, folder: Path, known: Same | None) -> tuple[Path, Fetched]:
    file = folder / "page"
    agreed = outside.terms(config.harvest_size(), PATIENCE, ATTEMPTS)
    try:
        with file.open("w+b") as target:
            came = outside.fetch(address, target, agreed, {"Accept": ACCEPT}, known.seen if known else None)
    except Unfetchable as error:
        raise SourceUnreadable(address, too_large() if error.reason == "size" else outside.sentence(error)) from error
    return file, came


def _copied(location: str, folder: Path) -> Path:
    """A copy of the file *location*, because what lies in *folder* is changed while it is read."""
    try:
        if Path(location).stat().st_size > config.harvest_size():
            raise SourceUnreadable(location, too_large())
        return Path(shutil.copyfile(location, folder / "page"))
    except FileNotFoundError as error:
        raise SourceUnreadable(location, error.strerror or str(error)) from error


@contextmanager
def _opened(address: str, file: Path, name: str, folder: Path) -> Iterator[Page]:
    unpack(address, file)
    if file.stat().st_size > IN_MEMORY:
        to_utf8(address, file, name)  # a smaller one is recoded when it is read
    with file.open("rb") as document:
        head = document.read(4000)
    found = _syntax(address, head, name)
    base = address if "://" in address else ""
    stored = folder / "graph"
    try:
        if file.stat().st_size > IN_MEMORY:
            if found == "rdf":
                hold(file)
            parsed = syntax.parse_file(file, found, stored, base or "http://localhost/")
        else:
            parsed = syntax.parse(file.read_bytes(), found, base or "http://localhost/")
    except UnreadableGraph as error:
        raise SourceUnreadable(address, *words.unreadable(error)) from error
    except sqlite3.OperationalError as error:
        raise SourceUnreadable(address, _no_room(), str(error)) from error
    try:
        yield Page(address, parsed.graph, base, parsed.mended)
    finally:
        parsed.graph.close()
        stored.unlink(missing_ok=True)


def _syntax(address: str, head: bytes, name: str) -> str:
    """The syntax that the first bytes show; what the server says counts only where they show none."""
    lowered = head.lstrip(b"\xef\xbb\xbf").lstrip().lower()
    if lowered.startswith(b"<!doctype html") or b"<html" in lowered[:1000]:
        message = Said(lambda: _("This is a web page, not a catalogue in RDF. Please name the RDF itself."))
        raise SourceUnreadable(address, message)
    found = syntax.syntax_of("", head) or syntax.syntax_of(name, head)
    if not found:
        message = Said(lambda: _("This is neither RDF/XML nor Turtle, JSON-LD or N-Triples."))
        raise SourceUnreadable(address, message)
    return found


def _digest(file: Path) -> str:
    digest = hashlib.blake2b(digest_size=16)
    with file.open("rb") as document:
        while piece := document.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _no_room() -> str:
    """What to say when our own disk fails: never the other side's fault."""
    return Said(lambda: _("This site cannot store what it reads. Please free some disk space."))
