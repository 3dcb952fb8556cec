"""What a statement is made of: of a dataset the fields that it tells, of its organisation what stands in for them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

# Of a dataset, all that a statement is made of; a change of anything else makes no new version.
FIELDS = (
    "id",
    "name",
    "title",
    "state",
    "owner_org",
    "license_id",
    "origin",
    "publisher",
    "custodian",
    "creator",
    "originator",
    "processor",
    "contact",
    "notices",
)
STAND_INS = ("publisher", "contact")  # what the organisation says where a dataset leaves it empty
FILE_FIELDS = ("id", "name", "license", "licenseAttributionByText", "notices")


def content_of(data: Mapping[str, Any], package: model.Package) -> dict[str, Any]:
    """What a statement is made of, from the validated *data* of a save, whose groups lie in extras as JSON."""
    extras = {extra["key"]: extra["value"] for extra in data.get("extras") or ()}
    values = {**extras, **data, "id": package.id, "name": package.name, "state": package.state}
    files = zip(data.get("resources") or (), package.resources, strict=False)
    return {
        **_picked(values, FIELDS),
        "organization": organization_of(package.owner_org),
        "resources": [{**_picked(file, FILE_FIELDS), "id": saved.id} for file, saved in files],
    }


def organization_of(organization_id: str | None) -> dict[str, Any]:
    """The title of an organisation, and the bodies that stand in where a dataset names none, as they do in RDF."""
    organization: Any = model.Session.get(model.Group, organization_id) if organization_id else None
    if organization is None:
        return {}
    extras: Mapping[str, Any] = organization.extras or {}
    publisher = {
        "name": extras.get("publisher_name") or organization.title,
        "email": extras.get("publisher_email"),
        "url": extras.get("homepage"),
    }
    contact = {part: extras.get(f"contact_{part}") for part in ("name", "email", "url")}
    bodies = {"publisher": publisher, "contact": contact}
    told = {field: {key: value for key, value in body.items() if value} for field, body in bodies.items()}
    return {"title": organization.title, **{field: [body] for field, body in told.items() if body}}


def _picked(values: Mapping[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    loaded = ((field, _loaded(values.get(field))) for field in fields)
    return {field: value for field, value in loaded if value not in (None, "", [], tk.missing)}


def _loaded(value: Any) -> Any:
    """A group as a list, which a save keeps as JSON text."""
    if isinstance(value, str) and value.startswith("[{"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
