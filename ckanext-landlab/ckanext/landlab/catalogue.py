"""The documents that harvesters are sent: a feed's catalogue and its datasets, joined from entries, batch by batch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckanext.landlab import config
from ckanext.landlab.dcat.catalog import LINKS, Page, described
from ckanext.landlab.dcat.syntax import serialise
from ckanext.landlab.dcat.terms import Statement, expand, iri
from ckanext.landlab.entries import frame
from ckanext.landlab.feeds.feed import DEFAULT, Feed, feed_of, is_name, pages_of
from ckanext.landlab.feeds.freshness import UNSETTLED, Freshness, freshness_of
from ckanext.landlab.feeds.packing import unstored
from ckanext.landlab.model import feed as store
from ckanext.landlab.model import feed_declaration as declarations
from ckanext.landlab.model.feed_state import summary
from ckanext.landlab.surroundings import site

CONTRIBUTOR = expand("dcatde:contributorID")
EARLIEST = datetime(1970, 1, 1, tzinfo=timezone.utc)
ALL = 0  # the number of the page that holds everything


@dataclass(frozen=True)
class Request:
    """What somebody asks of a feed: in which syntax, which page, what changed since when; *path* is where they ask.

    A page that comes *after* a dataset (its number) begins there, whatever went meanwhile: nobody misses one that has
    moved up to a page that they have read.  In a *copy* nothing moves.
    """

    feed: Feed
    syntax: str
    path: str
    page: int = 1
    since: datetime | None = None
    after: int = 0
    is_copy: bool = False


class Answer:
    """The answer to a *request*: its state is known at once, its pieces come as they are sent."""

    def __init__(self, request: Request) -> None:
        request = self.request = _in_full(request)
        self.since = unsettled(request.since)
        self.summary = summary(model.Session.connection(), request.feed, self.since)
        self.pages, self.size = pages_of(self.summary.total, request.feed.page_size, self.summary.largest)
        self.catalog = record_of(request.feed)

    @property
    def exists(self) -> bool:
        """Whether there is such a page; the first one is always there, and the one that another has promised."""
        return self.request.page <= self.pages or self.request.after > 0

    @property
    def datasets(self) -> int:
        """How many datasets the answer holds."""
        if self.request.page == ALL:
            return self.summary.total
        return max(0, min(self.size, self.summary.total - (self.request.page - 1) * self.size))

    @property
    def freshness(self) -> Freshness:
        """What a cache compares: another tag as soon as anything in the answer is another."""
        return freshness_of(self.request, tuple(self.summary), self.catalog, site(), changed=self.summary.changed)

    def pieces(self) -> Iterator[bytes]:
        """The document, in pieces; what stands on a page is read at once, a whole feed while it is sent."""
        request, asked = self.request, (self.request.feed, self.request.syntax, self.since)
        if request.page == ALL:
            batches = store.everything(*asked)
        else:
            offset = 0 if request.after else (request.page - 1) * self.size
            batches = iter([store.page(*asked, after=request.after, offset=offset, limit=self.size)])
        return frame(request.syntax).join(self._entries(batches))

    def _entries(self, batches: Iterator[Any]) -> Iterator[bytes]:
        feed, address = self.request.feed, catalog_address(self.request.feed)
        if self.request.page == ALL:
            yield self._cut(described(self.catalog, address, (), feed.version))
        for batch in batches:
            if self.request.page != ALL:
                yield self._cut(described(self.catalog, address, (), feed.version, self._page(batch)))
            yield self._cut(list(self._links(iri(address), batch)))
            for row in batch:
                yield unstored(row.content)

    def _links(self, catalog: str, batch: Any) -> Iterator[Statement]:
        """Which datasets the catalogue holds, and the supplier's id where a dataset has none (convention 12)."""
        for row in batch:
            yield catalog, LINKS.get(row.kind, LINKS["dataset"]), iri(row.address)
            if self.request.feed.contributor and not row.has_contributor:
                yield iri(row.address), CONTRIBUTOR, iri(self.request.feed.contributor)

    def _cut(self, statements: list[Statement]) -> bytes:
        return frame(self.request.syntax).cut(serialise(statements, self.request.syntax))

    def _page(self, batch: Any) -> Page:
        """Where this page, on which *batch* stands, is among the others."""
        request, last = self.request, batch[-1].number if batch else self.request.after

        def address(number: int, after: int = 0) -> str:
            since = f"modified_since={request.since.isoformat()}&" if request.since else ""
            anchor = f"&after={after}" if after and not request.is_copy else ""
            return f"{site()}{request.path}?{since}page={number}{anchor}".replace("+", "%2B")

        page = request.page
        follows = page < self.pages or (request.after and store.goes_on(request.feed, self.since, last))
        return Page(
            current=address(page, request.after),
            total=self.summary.total,
            size=self.size,
            first=address(1),
            last=address(max(page, self.pages)),
            next=address(page + 1, last) if follows else "",
            previous=address(page - 1) if page > 1 else "",
        )


def unsettled(since: datetime | None) -> datetime | None:
    """A little before *since*: what was being saved then had its date, and was not yet to be seen."""
    return max(since, EARLIEST) - UNSETTLED if since else None


def _in_full(request: Request) -> Request:
    """*request*, or all of the feed if it was another one then: nobody knows what somebody has who knew that one."""
    since = unsettled(request.since)
    declared = declarations.changed(request.feed.name) if since else None
    return replace(request, since=None) if since and declared and declared >= since else request


def feed_named(name: str) -> Feed | None:
    """The feed *name*; the default one is there even if nobody has declared it."""
    declared = declarations.declared(name) if is_name(name) else None
    if declared is not None:
        return feed_of(declared)
    return Feed() if name == DEFAULT else None


def feed_of_organization(name: str) -> Feed | None:
    """The feed that every organisation has by itself; in version and page size it follows the default feed."""
    group = model.Group.get(name) if "\0" not in name else None
    if group is None or not group.is_organization or group.state != "active":
        return None
    default = feed_named(DEFAULT) or Feed()
    return Feed(
        name=f"organization/{group.name}",
        title=group.title or group.name,
        version=default.version,
        page_size=default.page_size,
        organizations=frozenset({group.name}),
    )


def catalog_address(feed: Feed) -> str:
    """The IRI of the catalogue that a feed is: the site's own for the default feed."""
    if feed.name == DEFAULT:
        return site()
    return f"{site()}/{feed.name}/catalog" if "/" in feed.name else f"{site()}/feed/{feed.name}"


def record_of(feed: Feed) -> dict[str, Any]:
    """What a feed says of itself, in the fields of catalog.yaml."""
    publisher = {
        "name": config.publisher_name(),
        "email": config.publisher_email(),
        "url": config.publisher_url(),
        "uri": config.publisher_uri(),
        "type": config.publisher_type(),
    }
    return {
        "title": feed.title or config.catalogue_title(),
        "notes": config.catalogue_description() or config.catalogue_title(),
        "publisher": [{part: value for part, value in publisher.items() if value}],
        "homepage": site(),
        "language": [LANGUAGES.get(tk.config["ckan.locale_default"], LANGUAGES["de"])],
    }


_LANGUAGE = "http://publications.europa.eu/resource/authority/language/"
LANGUAGES = {"de": f"{_LANGUAGE}DEU", "en": f"{_LANGUAGE}ENG"}
