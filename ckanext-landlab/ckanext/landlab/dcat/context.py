"""What a dataset's description needs from around it: the site, the organisation, the page with its notices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Record = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Context:
    """Where a record stands; the edge fills it, nothing here is read from CKAN.

    *base* is the address of the site without a slash at its end; *organization* the record of the owner as CKAN shows
    it (fields of organization.yaml); *statement* the address of the page with the notices; *attribution* the text to
    name with the data; *siblings* records that this one points at, by address, id and name (see `siblings_of`);
    *served* whether a data service of this site says that it serves the record.
    """

    base: str = ""
    organization: Mapping[str, Any] = field(default_factory=dict)
    statement: str = ""
    attribution: str = ""
    siblings: Mapping[str, Record] = field(default_factory=dict)
    served: bool = False

    def address(self, record: Record) -> str:
        """The IRI of a dataset, series or service: its own if it came from elsewhere, else one of this site."""
        return record.get("uri") or f"{self.base}/dataset/{record.get('id') or record.get('name')}"

    def sibling(self, value: str) -> Record | None:
        """The record that *value* means: its address, id or name, or the address of its page on this site."""
        return self.siblings.get(value) or (self.siblings.get(tail_of(value)) if self.is_here(value) else None)

    def is_here(self, value: str) -> bool:
        """Whether *value* is the address of a page of this site."""
        return bool(self.base) and value.startswith(f"{self.base}/")

    def resource_address(self, dataset: Record, resource: Record) -> str:
        """The IRI of a distribution; empty for one that has neither address nor id."""
        own = f"{self.base}/dataset/{dataset.get('id')}/resource/{resource.get('id')}" if resource.get("id") else ""
        return resource.get("uri") or own


def tail_of(address: str) -> str:
    """The last step of *address*: the id or name of a record."""
    return address.rstrip("/").rpartition("/")[2]


def siblings_of(records: Iterable[Record], base: str) -> dict[str, Record]:
    """*records* to be found by whatever a field may hold: address, id or name."""
    context = Context(base=base)
    found: dict[str, Record] = {}
    for record in records:
        keys = (record.get("name"), record.get("id"), f"{base}/dataset/{record.get('id')}", context.address(record))
        found |= {key: record for key in keys if key}
    return found
