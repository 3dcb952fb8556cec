"""The sample catalogue in CKAN: created through CKAN's actions, as a person or a script would, and taken away again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.uploader import get_resource_uploader
from ckanext.dcat.utils import dataset_uri
from ckanext.landlab import sample_release
from ckanext.landlab.stack.sample.records import MARK, Entry, Sample
from werkzeug.datastructures import FileStorage

POINTERS = ("in_series", "serves_dataset")  # fields that hold ids in the sample and addresses in CKAN
Progress = Callable[[str], None]


def load(sample: Sample, said: Progress) -> None:
    """Create what of *sample* is not there yet, and tell *said* the name of each thing created."""
    for user in sample.users:
        if _user(user):
            said(user["name"])
    for organization in sample.organizations:
        if _organization(organization, sample.users):
            said(organization["name"])
    for entry in sample.entries:
        if _dataset(entry):
            if entry.record["type"] == "dataset":
                sample_release.make(entry)
            said(entry.record["name"])
    model.repo.commit()


def remove(sample: Sample, said: Progress) -> None:
    """Take *sample* away: datasets, then organisations, then users."""
    for entry in reversed(sample.entries):
        if model.Package.get(entry.record["id"]):
            _call("dataset_purge", {"id": entry.record["id"]})
            said(entry.record["name"])
    for organization in sample.organizations:
        if model.Group.get(organization["id"]):
            _call("organization_purge", {"id": organization["id"]})
            said(organization["name"])
    for user in sample.users:
        found = model.User.by_name(user["name"])
        if found and found.state == model.State.ACTIVE:
            _call("user_delete", {"id": user["name"]})
            said(user["name"])


def strangers(sample: Sample) -> list[str]:
    """Names of organisations, datasets and people on this site that do not come from *sample*."""
    ours = {user["name"] for user in sample.users} | {_site_user()}
    ids = {organization["id"] for organization in sample.organizations} | {
        entry.record["id"] for entry in sample.entries
    }
    found: list[str] = []
    for thing in (model.Group, model.Package):
        rows = model.Session.query(thing.name).filter(thing.id.notin_(ids), thing.state != model.State.DELETED)
        found += [name for (name,) in rows.limit(5)]
    people = model.Session.query(model.User.name).filter(
        model.User.name.notin_(ours), model.User.state == model.State.ACTIVE
    )
    return found + [name for (name,) in people.limit(5)]


def _user(user: Mapping[str, Any]) -> bool:
    about = {name: value for name, value in user.items() if name != "capacity"}
    found = model.User.by_name(user["name"])
    if found is None:
        _call("user_create", about)
    elif found.state != model.State.ACTIVE:
        _call("user_update", {**about, "id": found.id, "state": model.State.ACTIVE})
    else:
        return False
    return True


def _organization(organization: Mapping[str, Any], users: tuple[Mapping[str, Any], ...]) -> bool:
    if model.Group.get(organization["id"]):
        return False
    members = [{"name": user["name"], "capacity": user["capacity"]} for user in users if "capacity" in user]
    about = {name: value for name, value in organization.items() if name not in ("legal_profile", "notices")}
    _call("organization_create", {**about, "users": members})
    said = {name: organization.get(name) for name in ("legal_profile", "notices")}
    _call("landlab_notices_update", {"level": "organization", "id": organization["id"], **said})
    return True


def _dataset(entry: Entry) -> bool:
    if model.Package.get(entry.record["id"]):
        return False
    addresses = {
        field: [dataset_uri({"id": member}) for member in entry.record[field]]
        for field in POINTERS
        if field in entry.record
    }
    with ExitStack() as opened:
        resources = [_resource(resource) for resource in entry.record["resources"]]
        uploads = []
        for resource, file in zip(resources, entry.files, strict=True):
            resource["upload"] = FileStorage(opened.enter_context(file.open("rb")), file.name)
            uploads.append(get_resource_uploader(resource))  # takes the upload out and says what file it is
        state = "active" if entry.stage == "published" else "draft"
        _call("package_create", {**entry.record, **addresses, "resources": resources, "state": state})
        for resource, upload in zip(resources, uploads, strict=True):
            upload.upload(resource["id"])
    return True


def _resource(resource: Mapping[str, Any]) -> dict[str, Any]:
    services = [dataset_uri({"id": service}) for service in resource.get("access_services") or ()]
    return {**resource, **({"access_services": services} if services else {})}


def _call(action: str, data_dict: dict[str, Any]) -> Any:
    # Files come before answers here; the release check is gone through when both are there.
    context: Any = {"ignore_auth": True, "user": _site_user(), "landlab_exempt": MARK}
    return tk.get_action(action)(context, data_dict)


def _site_user() -> str:
    return tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
