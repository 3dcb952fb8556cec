"""When two records are the same dataset, and which of them is shown.

Keys say the same thing in the same way wherever it comes from: an address, a UUID, an identifier with the title, a
landing page with the title.  Records that share a key are the same dataset.  The rule which one wins stands in
docs/harvesting.md: entered here before harvested, then the source with the higher priority, then the one that was
here first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from ckanext.landlab.dcat.terms import looks_like_iri

# At the end: what lies below a dataset has the dataset's UUID in its address as well.
_UUID = re.compile(r"(?:^|[/#:=])([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/?$", re.IGNORECASE)


def keys_of(address: str, record: Mapping[str, Any]) -> list[str]:
    """The keys of a record."""
    identifiers = [address, record.get("identifier"), *_notations(record.get("alternate_identifier"))]
    title = _plain(record.get("title"))
    return sorted(dict.fromkeys(_keys((str(text).strip() for text in identifiers if text), record.get("url"), title)))


def _keys(identifiers: Iterable[str], page: Any, title: str) -> Iterator[str]:
    for text in identifiers:
        if looks_like_iri(text):
            yield f"address {_address(text)}"
        elif title:
            yield f"identifier {text.casefold()} {title}"
        if uuid := _UUID.search(text):
            yield f"uuid {uuid[1].lower()}"
    if isinstance(page, str) and looks_like_iri(page) and title and len(urlsplit(page).path) > 1:
        yield f"page {_address(page)} {title}"


def _notations(entries: Any) -> Iterator[Any]:
    for entry in entries or ():
        if isinstance(entry, Mapping):
            yield entry.get("notation")
            yield entry.get("uri")


def _address(text: str) -> str:
    """An address without what two portals write differently: http or https, www, a slash at the end."""
    return re.sub(r"^https?://(www\.)?", "//", text).rstrip("/")


def _plain(title: Any) -> str:
    return " ".join(unicodedata.normalize("NFKC", str(title or "")).casefold().split())
