"""A dataset's entries for harvesters, written in the same step as the dataset.

Each entry is the dataset's statements in one version and one syntax, cut so that entries joined are a document.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from hashlib import blake2b
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckanext.landlab.dcat.completeness import described
from ckanext.landlab.dcat.context import Context
from ckanext.landlab.dcat.syntax import serialise
from ckanext.landlab.feeds.feed import SYNTAXES, VERSIONS
from ckanext.landlab.feeds.frame import Frame, frame_of
from ckanext.landlab.model import feed as store
from ckanext.landlab.surroundings import context_of, led, stored

KINDS = ("dataset", "dataset_series", "data_service")


@cache
def frame(syntax: str) -> Frame:
    """What stands around entries in *syntax*."""
    return frame_of(syntax, serialise([], syntax))


def refresh(dataset_id: str) -> bool:
    """Write the entries of a dataset as it is now, or take them away if it is not public; whether anything changed."""
    package = model.Package.get(dataset_id)
    if package is None or package.state != "active" or package.private or package.type not in KINDS:
        store.note_gone(package.id if package else dataset_id)
        return False
    record = stored(package)
    context = context_of(record)
    written = {
        (version, syntax): frame(syntax).cut(serialise(said, syntax))
        for version in VERSIONS
        for said in [described(led(record), context, version)]
        for syntax in SYNTAXES
    }
    return store.keep(_item(record, context, written), written)


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


def dataset_saved(dataset_id: str) -> None:
    """Called by CKAN before it commits a dataset: its entries go with it, and those that describe it along follow."""
    if refresh(dataset_id) and (others := dependants(dataset_id)):
        tk.enqueue_job(refresh_chosen, [others], title="Feed entries of a series or service")


def dataset_deleted(dataset: str) -> None:
    """Called before CKAN deletes or purges *dataset* (id or name): nothing of it is shown any more."""
    package = model.Package.get(dataset)
    store.note_gone(package.id if package else dataset)


def organization_saved(organization_id: str) -> None:
    """Called by CKAN when an organisation was saved: what its datasets take over from it may be another."""
    owned = store.sa.select(store.PACKAGE.c.id).where(store.PACKAGE.c.owner_org == organization_id)
    if ids := list(model.Session.execute(owned).scalars()):
        tk.enqueue_job(refresh_chosen, [ids], title="Feed entries of an organisation")


def refresh_chosen(dataset_ids: list[str]) -> None:
    """Write the entries of *dataset_ids*, as a background job."""
    for _done in refresh_all(dataset_ids):
        continue


def dependants(dataset_id: str) -> list[str]:
    """The ids of the datasets whose entries describe *dataset_id* along: members of a series, users of a service."""
    shown = store.sa.select(store.ITEMS.c.dataset_id).where(store.ITEMS.c.along.contains([dataset_id]))
    return list(model.Session.execute(shown.where(store.ITEMS.c.gone.is_(None))).scalars())


def _item(record: dict[str, Any], context: Context, written: Mapping[tuple[str, str], bytes]) -> dict[str, Any]:
    digest = blake2b(digest_size=8)
    for version in VERSIONS:
        digest.update(written[version, "nt"])
    return {
        "dataset_id": record["id"],
        "kind": record["type"],
        "address": context.address(record),
        "organization": context.organization.get("name") or "",
        "origin": str(record.get("origin") or "").rpartition(":")[2],
        "tags": sorted(tag["name"] for tag in record.get("tags") or ()),
        "source": _source(record),
        "along": sorted({sibling["id"] for sibling in context.siblings.values()}),
        "has_contributor": b"dcatde/contributorID" in written["3.0", "nt"],
        "mark": int.from_bytes(digest.digest(), "big", signed=True),
        "largest": max(map(len, written.values())),
    }


def _source(record: Mapping[str, Any]) -> str:
    return str(record.get("harvest_source_id") or "")
