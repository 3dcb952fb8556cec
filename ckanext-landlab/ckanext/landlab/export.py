"""Feeds as files, laid out as their addresses are, for a web server that answers while CKAN cannot.

Page 2 of `catalog.ttl` is `catalog.page2.ttl`: a file has no query.  A file is complete before it takes its place.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from ckan import model
from ckanext.landlab.catalogue import ALL, Answer, Request, feed_named, feed_of_organization
from ckanext.landlab.feeds.feed import DEFAULT, SYNTAXES, Feed, feed_of
from ckanext.landlab.model import feed_declaration as declarations

PLACES = ("catalog", "feed/*/catalog", "feed/*/all", "organization/*/catalog")
READABLE = 0o644  # by the web server that serves the folder


def export(folder: Path) -> Iterator[Path]:
    """Write every feed below *folder*, all as of one moment, and take away what was there before; yields each file."""
    model.Session.rollback()
    model.Session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    written = set()
    for feed in _feeds():
        for syntax in SYNTAXES:
            for file in _export(feed, syntax, folder):
                written.add(file)
                yield file
    model.Session.rollback()
    for place in PLACES:
        for syntax in SYNTAXES:
            for file in {*folder.glob(f"{place}.{syntax}"), *folder.glob(f"{place}.page*.{syntax}")} - written:
                file.unlink()  # of a page, feed or organisation that is no more


def _feeds() -> Iterator[Feed]:
    yield feed_named(DEFAULT) or Feed()
    yield from (feed_of(declared) for declared in declarations.all_declared() if declared["name"] != DEFAULT)
    groups = model.Session.query(model.Group.name).filter_by(is_organization=True, state="active").order_by("name")
    for (name,) in groups:
        if feed := feed_of_organization(name):
            yield feed


def _export(feed: Feed, syntax: str, folder: Path) -> Iterator[Path]:
    place = "" if feed.name == DEFAULT else feed.name if "/" in feed.name else f"feed/{feed.name}"
    path = f"/{place}/catalog.{syntax}".replace("//", "/")
    pages = Answer(Request(feed, syntax, path, is_copy=True)).pages
    for page in range(1, pages + 1):
        name = f"catalog.{syntax}" if page == 1 else f"catalog.page{page}.{syntax}"
        yield _write(folder / place / name, Request(feed, syntax, path, page, is_copy=True))
    if "/" not in feed.name:
        yield _write(folder / "feed" / feed.name / f"all.{syntax}", Request(feed, syntax, path, ALL))


def _write(file: Path, request: Request) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=file.parent, prefix=".unfinished-", delete=False) as target:
        target.writelines(Answer(request).pieces())
        target.flush()
        os.fsync(target.fileno())
    Path(target.name).chmod(READABLE)
    Path(target.name).replace(file)
    return file
