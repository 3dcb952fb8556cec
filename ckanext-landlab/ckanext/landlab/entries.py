"""A dataset's entries for harvesters, written in the same step as the dataset.

Each entry is the dataset's statements in one version and one syntax, cut so that entries joined are a document.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from hashlib import blake2b
from typing import Any

from ckan import model
from ckanext.landlab import following
from ckanext.landlab.dcat.completeness import described_in
from ckanext.landlab.dcat.context import Context
from ckanext.landlab.dcat.rdfxml import sayable
from ckanext.landlab.dcat.syntax import bodies, serialise
from ckanext.landlab.feeds import packing
from ckanext.landlab.feeds.feed import VERSIONS
from ckanext.landlab.feeds.frame import Frame, frame_of
from ckanext.landlab.model import feed_item as store
from ckanext.landlab.schemas import RECORDS
from ckanext.landlab.surroundings import Look, led, look_at, named


@cache
def frame(syntax: str) -> Frame:
    """What stands around entries in *syntax*."""
    return frame_of(syntax, serialise([], syntax))


def refresh(dataset_id: str, look: Look | None = None) -> list[str]:
    """Write the entries of a dataset as it is now, or take them away if it is not public; *look* if there was one.

    Returns the ids of the datasets that describe it along and have to follow.
    """
    package = model.Package.get(dataset_id)
    if package is None or package.state != "active" or package.private or package.type not in RECORDS:
        return store.note_gone(package.id if package else dataset_id)
    record, context = look or look_at(package)
    said = described_in(VERSIONS, led(record), context)
    written = {version: bodies(sayable(statements)) for version, statements in said.items()}
    item = _item(record, context, written)
    return store.keep(item, {version: _stored(contents) for version, contents in written.items()})


def _stored(contents: Mapping[str, bytes]) -> dict[str, bytes]:
    return {syntax: packing.stored(content) for syntax, content in contents.items()}


def refresh_all(chosen: Iterable[str] | None = None) -> Iterator[str]:
    """Write the entries of every dataset, or of the *chosen* ones, a commit after each hundred; yields each id."""
    if chosen is None:
        known = model.Session.execute(store.sa.select(store.ITEMS.c.dataset_id)).scalars().all()
        there = model.Session.execute(store.sa.select(store.PACKAGE.c.id)).scalars().all()
        chosen = dict.fromkeys([*there, *known])
    for count, dataset_id in enumerate(chosen, start=1):
        refresh(dataset_id)
        if count % 100 == 0:
            model.Session.commit()
        yield dataset_id
    model.Session.commit()


def rebuild() -> None:
    """Write the entries of every dataset, as a background job."""
    for count, _done in enumerate(refresh_all()):
        if count % 100 == 0:
            following.meanwhile()


def dataset_saved(dataset_id: str, look: Look | None = None) -> None:
    """Called by CKAN before it commits a dataset: its entries go with it, and those that describe it along follow."""
    following.let_follow(refresh(dataset_id, look))


def dataset_deleted(dataset: str) -> None:
    """Called before CKAN deletes or purges *dataset* (id or name): nothing of it is shown any more."""
    package = model.Package.get(dataset)
    following.let_follow(store.note_gone(package.id if package else dataset))


def organization_saved(organization_id: str) -> None:
    """Called by CKAN when an organisation was saved: what its datasets take over from it may be another."""
    owned = store.sa.select(store.PACKAGE.c.id).where(store.PACKAGE.c.owner_org == organization_id)
    following.let_follow(model.Session.execute(owned).scalars())


def _item(record: dict[str, Any], context: Context, written: Mapping[str, Mapping[str, bytes]]) -> dict[str, Any]:
    digest = blake2b(digest_size=8)
    for version in VERSIONS:
        digest.update(written[version]["nt"])
    return {
        "dataset_id": record["id"],
        "kind": record["type"],
        "address": context.address(record),
        "organization": context.organization.get("name") or "",
        "origin": str(record.get("origin") or "").rpartition(":")[2],
        "tags": sorted(tag["name"] for tag in record.get("tags") or ()),
        "along": sorted({package.id for package in named(record)}),
        "has_contributor": b"dcatde/contributorID" in written["3.0"]["nt"],
        "mark": int.from_bytes(digest.digest(), "big", signed=True),
        "largest": max(len(content) for contents in written.values() for content in contents.values()),
    }
