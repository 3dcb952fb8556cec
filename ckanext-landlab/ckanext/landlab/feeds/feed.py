"""A feed: which datasets one harvester is shown, in which version, and why another dataset is not among them.

The same feed is asked in two ways: `absence` says of one dataset why it is missing, and the edge turns the fields into
a database condition.  A test holds both to the same answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from ckanext.landlab.errors import FeedRefused
from ckanext.landlab.feeds.returning import KINDS, PLACE

VERSIONS = ("3.0", "2.0")
SYNTAXES = {
    "ttl": "text/turtle",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
}
MOST_ON_A_PAGE = 1000
LARGEST_PAGE = 45_000_000  # bytes; GovData's importer refuses a page over 50 MB
DEFAULT = "default"
RESERVED = ("new", "rebuild", "organization")
LONGEST_TITLE = 200
MOST_WORDS = 1000  # of one setting
_ADDRESS = re.compile(r"""https?://[^\s<>"{}|\\^`]{3,500}""")
_UNSAYABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?")


class Absence(Enum):
    """Why a dataset is not in a feed."""

    NOT_PUBLIC = "not_public"
    UNKNOWN_TO_VERSION = "unknown_to_version"
    OTHER_ORGANIZATION = "other_organization"
    OTHER_ORIGIN = "other_origin"
    LACKS_TAG = "lacks_tag"
    HAS_EXCLUDED_TAG = "has_excluded_tag"
    ARRIVES_OTHERWISE = "arrives_otherwise"


@dataclass(frozen=True, kw_only=True)
class Item:
    """What a feed needs to know of a dataset to take it or leave it."""

    kind: str = "dataset"
    organization: str = ""
    origin: str = ""
    tags: frozenset[str] = field(default_factory=frozenset)
    sources: frozenset[str] = field(default_factory=frozenset)  # the harvest sources it came from
    is_public: bool = True


@dataclass(frozen=True, kw_only=True)
class Feed:
    """One feed; a field that is empty does not restrict it."""

    name: str = DEFAULT
    title: str = ""
    version: str = "3.0"
    contributor: str = ""  # the supplier's id that this harvester expects on every dataset (convention 12)
    page_size: int = 100
    organizations: frozenset[str] = field(default_factory=frozenset)
    origins: frozenset[str] = field(default_factory=frozenset)
    tags: frozenset[str] = field(default_factory=frozenset)  # one of them is enough
    tags_excluded: frozenset[str] = field(default_factory=frozenset)
    sources_excluded: frozenset[str] = field(
        default_factory=frozenset
    )  # what comes from these reaches the harvester itself

    portal: str = ""  # the kind of the portal above, which is asked whether a dataset has arrived; empty: not asked
    portal_address: str = ""

    @property
    def kinds_unknown(self) -> frozenset[str]:
        """The kinds of records that the version of this feed has no class for."""
        return frozenset({"dataset_series"}) if self.version == "2.0" else frozenset()

    def absence(self, item: Item) -> Absence | None:
        """Why *item* is not in this feed; None if it is."""
        reasons = (
            (not item.is_public, Absence.NOT_PUBLIC),
            (item.kind in self.kinds_unknown, Absence.UNKNOWN_TO_VERSION),
            (self.organizations and item.organization not in self.organizations, Absence.OTHER_ORGANIZATION),
            (self.origins and item.origin not in self.origins, Absence.OTHER_ORIGIN),
            (self.tags and self.tags.isdisjoint(item.tags), Absence.LACKS_TAG),
            (not self.tags_excluded.isdisjoint(item.tags), Absence.HAS_EXCLUDED_TAG),
            (not self.sources_excluded.isdisjoint(item.sources), Absence.ARRIVES_OTHERWISE),
        )
        return next((reason for applies, reason in reasons if applies), None)


def feed_of(values: Mapping[str, Any]) -> Feed:
    """The feed that *values* (of a form, a command or the database) describe; raises FeedRefused with every fault."""
    if unknown := sorted(set(values) - set(Feed.__dataclass_fields__)):
        raise FeedRefused(dict.fromkeys(unknown, "unknown"))
    feed = Feed(**{name: _value(name, value) for name, value in values.items() if value not in (None, "")})
    if faults := {**dict(_faults(feed)), **dict(_faults_of_portal(feed))}:
        raise FeedRefused(faults)
    return feed


def is_name(text: str) -> bool:
    """Whether a feed can be called *text*."""
    return bool(_NAME.fullmatch(text))


def _faults(feed: Feed) -> Iterator[tuple[str, str]]:
    if not is_name(feed.name):
        yield "name", "name"
    elif feed.name in RESERVED:
        yield "name", "reserved"
    if len(feed.title) > LONGEST_TITLE:
        yield "title", "title"
    if feed.version not in VERSIONS:
        yield "version", "version"
    if feed.contributor and not _ADDRESS.fullmatch(feed.contributor):
        yield "contributor", "contributor"
    if not 1 <= feed.page_size <= MOST_ON_A_PAGE:
        yield "page_size", "page_size"


def _faults_of_portal(feed: Feed) -> Iterator[tuple[str, str]]:
    if not feed.portal:
        return
    if feed.portal not in KINDS:
        yield "portal", "portal"
    elif not _ADDRESS.fullmatch(feed.portal_address.replace(PLACE, "")):
        yield "portal_address", "portal_address"
    elif feed.portal == "search" and PLACE not in feed.portal_address:
        yield "portal_address", "place"


def pages_of(total: int, page_size: int, largest_entry: int) -> tuple[int, int]:
    """How many pages there are, and how many datasets stand on each so that none grows too large."""
    size = max(1, min(page_size, LARGEST_PAGE // max(1, largest_entry)))
    return max(1, -(-total // size)), size


def _value(name: str, value: Any) -> Any:
    default = Feed.__dataclass_fields__[name]
    if default.default_factory is frozenset:
        return frozenset(_words(value))
    if name != "page_size":
        return _plain(value)
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0  # which no page can be


def _words(value: Any) -> list[str]:
    words = list(value) if isinstance(value, Iterable) and not isinstance(value, str) else str(value).split(",")
    return [word for word in map(_plain, words[:MOST_WORDS]) if word]


def _plain(value: Any) -> str:
    """Text without what no database and no document can hold."""
    return _UNSAYABLE.sub("", str(value)).strip()
