"""Records of another catalogue, taken into this one: each as a whole or not at all, and only where it has changed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib import plugins as kinds
from ckan.plugins.toolkit import _

CREATED, CHANGED, UNCHANGED, REJECTED = "created", "changed", "unchanged", "rejected"
_PLUGIN = "landlab"  # whose part of a dataset's private plugin data holds the mark


@dataclass(frozen=True)
class Outcome:
    """What became of the record at *address*, and why if it was rejected."""

    address: str
    title: str
    what: str
    reason: str = ""


@dataclass(frozen=True)
class Known:
    """A dataset of this site that came from another catalogue."""

    id: str
    organization: str
    state: str
    mark: str


def take_in(records: Mapping[str, dict[str, Any]], organization_id: str, dry_run: bool = False) -> Iterator[Outcome]:
    """Create or update the dataset of each record; yields what became of it.

    A record that is as it was is left alone without asking CKAN.  Series and services come first, because datasets
    point at them.
    """
    known = _known(records)
    ordered = sorted(records.items(), key=lambda item: item[1]["type"] == "dataset")
    for address, record in ordered:
        title = str(record.get("title") or "")
        found, mark = known.get(address), _mark(record)
        if found and found.organization != organization_id:
            reason = _("Another organisation of this catalogue has it already.")
            yield Outcome(address, title, REJECTED, reason)
        elif found and found.mark == mark and found.state == "active":
            yield Outcome(address, title, UNCHANGED)
        else:
            what, reason = _saved(record, found, mark, organization_id, dry_run)
            yield Outcome(address, title, what, reason)


def _saved(
    record: dict[str, Any], found: Known | None, mark: str, organization_id: str, dry_run: bool
) -> tuple[str, str]:
    if not record.get("title"):
        return REJECTED, _("It has no title.")
    data = {**record, "owner_org": organization_id, "state": "active", "plugin_data": {_PLUGIN: {"mark": mark}}}
    action = "package_update" if found else "package_create"
    if found:
        data |= {"id": found.id, "resources": _with_ids(record, found.id)}
    try:
        if dry_run:
            _validate(action, data)
        else:
            tk.get_action(action)(context(), data)
    except tk.ValidationError as error:
        model.Session.rollback()
        return REJECTED, "; ".join(_sentences(error.error_dict))
    return (CHANGED if found else CREATED), ""


def context() -> Any:
    """The context in which records of others are written: their gaps are not ours to refuse."""
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    return {"ignore_auth": True, "user": user, "landlab_harvested": True, "return_id_only": True}


def _validate(action: str, data: dict[str, Any]) -> None:
    plugin = kinds.lookup_package_plugin(data["type"])
    schema = plugin.update_package_schema() if action == "package_update" else plugin.create_package_schema()
    about: Any = {**context(), "model": model, "session": model.Session, "for_update": action == "package_update"}
    if "id" in data:
        about["package"] = model.Package.get(data["id"])
    _data, errors = kinds.plugin_validate(plugin, about, data, schema, action)
    model.Session.rollback()
    if errors:
        raise tk.ValidationError(errors)


def _known(records: Mapping[str, Any]) -> dict[str, Known]:
    """The datasets of this site that came from these addresses, in one question."""
    package = model.Package
    address = package.extras["uri"].astext
    rows = model.Session.query(address, package.id, package.owner_org, package.state, package.plugin_data).filter(
        address.in_(sa.bindparam("addresses", list(records), expanding=True))
    )
    return {
        uri: Known(id_, owner, state, ((plugin_data or {}).get(_PLUGIN) or {}).get("mark", ""))
        for uri, id_, owner, state, plugin_data in rows
    }


def _with_ids(record: dict[str, Any], dataset_id: str) -> list[dict[str, Any]]:
    """The record's files with the ids of those that are there already, so that their addresses stay."""
    there = {
        (resource.extras or {}).get("uri") or resource.url: resource.id
        for resource in model.Package.get(dataset_id).resources  # type: ignore[union-attr]
    }
    resources = []
    for resource in record.get("resources") or ():
        id_ = there.pop(resource.get("uri") or resource.get("url"), None)
        resources.append({**resource, "id": id_} if id_ else resource)
    return resources


def _mark(record: dict[str, Any]) -> str:
    """A fingerprint of everything that a record says."""
    content = json.dumps(record, sort_keys=True, ensure_ascii=False).encode(errors="surrogatepass")
    return blake2b(content, digest_size=16).hexdigest()


def _sentences(errors: Any, place: str = "") -> Iterator[str]:
    """An error dictionary of CKAN as `field: sentence`, whatever its depth."""
    if isinstance(errors, Mapping):
        for name, part in errors.items():
            yield from _sentences(part, f"{place}.{name}" if place else str(name))
    elif isinstance(errors, list):
        for position, part in enumerate(errors, start=1):
            yield from _sentences(part, f"{place}.{position}" if isinstance(part, Mapping) else place)
    elif errors:
        yield f"{place}: {errors}"
