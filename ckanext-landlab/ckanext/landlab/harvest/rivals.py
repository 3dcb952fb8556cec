"""Which way wins when the same dataset comes by several: the rule of docs/harvesting.md, applied to the catalogue."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.plugins.toolkit import _
from ckanext.landlab.harvest import taking
from ckanext.landlab.harvest.duplicates import keys_of
from ckanext.landlab.harvest.tables import HarvestSource
from ckanext.landlab.harvest.taking import Found, Outcome, Place
from ckanext.landlab.harvest.wishes import priority_in
from ckanext.landlab.harvest.words import noted
from ckanext.landlab.language import Said
from ckanext.landlab.model import harvest as store
from ckanext.landlab.schemas import RECORDS


def claimed() -> dict[str, tuple[str, str]]:
    """The keys of all datasets that were entered here and not harvested: id and title by key."""
    package, record = model.Package, store.RECORDS
    query = sa.select(package.id, package.title, package.url, package.extras).where(
        package.state != "deleted",
        package.type.in_(RECORDS),
        ~sa.exists().where(record.c.dataset_id == package.id),
    )
    keys: dict[str, tuple[str, str]] = {}
    for id_, title, url, extras in model.Session.execute(query):
        own = {**_plain(extras or {}), "title": title, "url": url}
        for key in keys_of(own.get("uri") or "", own):
            keys.setdefault(key, (id_, title))
    return keys


def settle(found: Found, place: Place, *, dry_run: bool = False) -> Outcome | str | None:
    """The outcome if *found* comes another way already; the id of a dataset that it takes over; None if it is new.

    A source of higher priority pushes out what a lower one brought.
    """
    entered = next((place.claimed[key] for key in found.keys if key in place.claimed), None)
    if entered:
        reason = Said(lambda: _("It was entered here as “{title}”.").format(title=entered[1]))
        return taking.duplicate(found, place, reason, dry_run=dry_run)
    for row in store.rivals(found.keys, found.kind, place.source, found.address):
        if row.source == place.source and not _same_within(found.keys, row.aliases):
            continue
        if row.source == place.organization and row.address == found.address:
            if not dry_run:
                store.drop(row.source, [row.address])
            return row.dataset_id
        if row.source != place.source and priority(place.source) > priority(row.source):
            if not dry_run:
                _push_out(row, found)
            continue
        return taking.duplicate(found, place, Said(partial(_here_already, row)), dry_run=dry_run)
    return None


def priority(source: str) -> int:
    """The priority of a source as its configuration says; 0 unless set."""
    known = HarvestSource.get(source)
    return priority_in(known.config) if known else 0


def _same_within(ours: list[str], theirs: list[str]) -> bool:
    """Whether two records of one catalogue are the same: there a common page and title are not enough."""
    return any(not key.startswith("page ") for key in set(ours) & set(theirs))


def _here_already(row: sa.Row[Any]) -> str:
    return _("It is here already as “{title}”, from {source}.").format(title=row.title, source=_title(row.source))


def _push_out(row: sa.Row[Any], found: Found) -> None:
    reason = Said(lambda: _("A source with a higher priority has it: {address}").format(address=found.address))
    values: dict[str, Any] = {"outcome": store.DUPLICATE, "reason": noted(reason), "dataset_id": None}
    store.keep({**row._mapping, **values})
    taking.remove(row.dataset_id)


def _title(source: str) -> str:
    known = HarvestSource.get(source)
    group = None if known else model.Group.get(source)
    return known.title if known else group.title or group.name if group else source


def _plain(extras: Mapping[str, Any]) -> dict[str, Any]:
    """The identifiers among a dataset's extras; groups lie there as JSON."""
    own = {name: extras.get(name) for name in ("uri", "identifier")}
    entries = extras.get("alternate_identifier")
    try:
        own["alternate_identifier"] = json.loads(entries) if isinstance(entries, str) else entries
    except ValueError:
        own["alternate_identifier"] = None
    return own
