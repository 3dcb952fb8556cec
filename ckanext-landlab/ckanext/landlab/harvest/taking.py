"""A record of another catalogue taken into this one: as a whole or not at all, with the note of what became of it.

CKAN commits a dataset together with what is in the session, so the note, the harvest object and the dataset are stored
in one step: whenever the process is killed, either all of it is there or nothing.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib import plugins as kinds
from ckan.plugins.toolkit import _
from ckanext.landlab.dcat.catalog import Item, summary
from ckanext.landlab.dcat.reading import Remark
from ckanext.landlab.harvest.comparing import mark
from ckanext.landlab.harvest.duplicates import keys_of
from ckanext.landlab.harvest.words import detailed, noted
from ckanext.landlab.language import Said
from ckanext.landlab.model import harvest as store

CREATED, CHANGED, UNCHANGED = "created", "changed", "unchanged"
MOST_REMARKS = 300  # that are told one by one for a dataset
TOLD = ("converted", "older", "surplus", "beyond")  # what is kept comes again as it was


@dataclass(frozen=True)
class Found:
    """A record of another catalogue, as far as this one has to know it."""

    address: str
    kind: str
    record: Mapping[str, Any]
    fingerprint: str
    keys: list[str]
    remarks: Mapping[str, Any]

    @property
    def title(self) -> str:
        return str(self.record.get("title") or "")


def found(item: Item) -> Found:
    """What is to be taken of *item*."""
    record, remarks, _seen = item.content
    keys = keys_of(item.address, record)
    return Found(item.address, item.kind, record, mark(item.fingerprint), keys, told(remarks))


def told(remarks: Iterable[Remark]) -> dict[str, Any]:
    """How many statements were converted or kept, and which."""
    remarks = list(remarks)
    lines = [
        {
            "kind": remark.kind,
            "field": remark.field,
            "statement": " ".join(remark.statement).strip(),
            "value": remark.value,
        }
        for remark in remarks
        if remark.kind in TOLD
    ]
    return {"counts": summary(remarks), "lines": lines[:MOST_REMARKS]}


@dataclass(frozen=True)
class Place:
    """Where records go: the source that they are noted under, the organisation that owns them, the job."""

    source: str
    organization: str
    job_id: str = ""
    user: str = ""  # the id of who writes; asked for where it is not given
    claimed: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # key → dataset entered here, its title
    current: Collection[str] = ()  # addresses of which an earlier run has left a harvest object that stands


@dataclass(frozen=True)
class Outcome:
    """What became of the record at *address*, and why if it was not taken."""

    address: str
    title: str
    what: str
    reason: str = ""
    dataset_id: str = ""


def take(found: Found, place: Place, dataset_id: str | None, note: Any = None, *, dry_run: bool = False) -> Outcome:
    """Create the dataset of a record, or update *dataset_id*; *note* is called with its id before it is saved."""
    own_id = id_of(place.source, found.address)
    known: Any = model.Session.get(model.Package, dataset_id or own_id)
    there = known.id if known and known.state != model.State.DELETED else None
    if not found.title:
        return _refused(found, place, store.REJECTED, Said(lambda: _("It has no title.")), dry_run, there)
    data = {**found.record, "owner_org": place.organization, "state": "active"}
    if known:
        data |= {"id": known.id, "name": known.name, "private": known.private}
        data["resources"] = _with_ids(found.record, known)
        data.setdefault("notices", _notices_of(known))
    else:
        data["id"] = own_id
    action = "package_update" if known else "package_create"
    try:
        if dry_run:
            _validate(action, data)
        else:
            store.keep(_row(found, place, store.TAKEN, dataset_id=data["id"]))
            if note:
                note(data["id"])
            tk.get_action(action)(context(place.user), data)
            model.repo.commit()
    except tk.ValidationError as error:
        model.Session.rollback()
        return _refused(found, place, store.REJECTED, _faults(action, data, error), dry_run, there)
    return Outcome(found.address, found.title, CHANGED if there else CREATED, dataset_id=data["id"])


def id_of(source: str, address: str) -> str:
    """The id of the dataset that a record becomes: always the same, so that a second attempt cannot make a second one.

    What a killed process had put into the search index already is found there by it, too.
    """
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{source} {address}"))


def duplicate(found: Found, place: Place, reason: str, *, dry_run: bool = False) -> Outcome:
    """Note that a record is the same dataset as one that is here already."""
    return _refused(found, place, store.DUPLICATE, reason, dry_run)


def reject(found: Found, place: Place, reason: str, detail: str) -> Outcome:
    """Note that a record cannot be taken, with the words of a program."""
    store.keep(_row(found, place, store.REJECTED, reason=noted(reason, detail)))
    model.repo.commit()
    return Outcome(found.address, found.title, store.REJECTED, detailed(reason, detail))


def _refused(
    found: Found, place: Place, outcome: str, reason: str, dry_run: bool, dataset_id: str | None = None
) -> Outcome:
    if not dry_run:
        store.keep(_row(found, place, outcome, reason=noted(reason), dataset_id=dataset_id))
        model.repo.commit()
    return Outcome(found.address, found.title, outcome, reason)


def _row(found: Found, place: Place, outcome: str, **others: Any) -> dict[str, Any]:
    return {
        "source": place.source,
        "address": found.address,
        "kind": found.kind,
        "title": found.title[:500],
        "fingerprint": found.fingerprint,
        "outcome": outcome,
        "aliases": found.keys,
        "remarks": found.remarks,
        "job_id": place.job_id,
        **others,
    }


def remove(dataset_id: str) -> None:
    """Delete a dataset that its source does not have any more, together with what is in the session."""
    package = model.Package.get(dataset_id)
    if package is not None and package.state != model.State.DELETED:
        tk.get_action("package_delete")(context(), {"id": dataset_id})
    model.repo.commit()


def site_user() -> str:
    """The id of the user that the site itself is."""
    name = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    user = model.User.by_name(name)
    assert user is not None  # noqa: S101 the action makes it
    return user.id


def context(user_id: str = "") -> Any:
    """The context in which records of others are written: their gaps are not ours to refuse."""
    user: Any = model.Session.get(model.User, user_id or site_user())  # known to the session, so nobody asks for it
    return {
        "ignore_auth": True,
        "user": user.name,
        "auth_user_obj": user,
        "landlab_harvested": True,
        "return_id_only": True,
    }


def is_there(dataset_ids: Iterable[str]) -> set[str]:
    """Which of these datasets are not deleted."""
    query = sa.select(model.Package.id).where(model.Package.id.in_(list(dataset_ids)), model.Package.state != "deleted")
    return set(model.Session.execute(query).scalars())


def _validate(action: str, data: dict[str, Any]) -> None:
    plugin = kinds.lookup_package_plugin(data["type"])
    schema = plugin.update_package_schema() if action == "package_update" else plugin.create_package_schema()
    about: Any = {**context(), "model": model, "session": model.Session, "for_update": action == "package_update"}
    if action == "package_update":
        about["package"] = model.Package.get(data["id"])
    _data, errors = kinds.plugin_validate(plugin, about, data, schema, action)
    model.Session.rollback()
    if errors:
        raise tk.ValidationError(errors)


def _faults(action: str, data: dict[str, Any], refusal: tk.ValidationError) -> Said:
    """Why CKAN refuses a record: asked once more in another language, because it answers in the one of now."""
    text = "; ".join(sentences(refusal.error_dict))

    def again() -> str:
        try:
            _validate(action, data)
        except tk.ValidationError as error:
            return "; ".join(sentences(error.error_dict))
        return text

    return Said(again, text)


def _with_ids(record: Mapping[str, Any], package: model.Package) -> list[dict[str, Any]]:
    """The record's files with the ids of those that are there already, so that their addresses stay."""
    there = {(resource.extras or {}).get("uri") or resource.url: resource.id for resource in package.resources}
    resources = []
    for resource in record.get("resources") or ():
        id_ = there.pop(resource.get("uri") or resource.get("url"), None)
        resources.append({**resource, "id": id_} if id_ else resource)
    return resources


def _notices_of(package: model.Package) -> list[dict[str, Any]]:
    """The notices that somebody chose here: no source knows of them, and none takes them away."""
    stored = (package.extras or {}).get("notices") or []
    return json.loads(stored) if isinstance(stored, str) else stored


def sentences(errors: Any, place: str = "") -> Iterator[str]:
    """An error dictionary of CKAN as `field: sentence`, whatever its depth."""
    if isinstance(errors, Mapping):
        for name, part in errors.items():
            yield from sentences(part, f"{place}.{name}" if place else str(name))
    elif isinstance(errors, list):
        for position, part in enumerate(errors, start=1):
            yield from sentences(part, f"{place}.{position}" if isinstance(part, Mapping) else place)
    elif errors:
        yield f"{place}: {errors}"
