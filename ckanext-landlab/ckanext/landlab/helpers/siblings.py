"""Other records of this catalogue that a field may point at: services, series, datasets."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckanext.landlab.model import titles
from ckanext.landlab.surroundings import naming, site

__all__ = ["landlab_sibling", "landlab_sibling_choices", "landlab_siblings_pointing_at"]

_KINDS = {"dcat:DataService": "data_service", "dcat:DatasetSeries": "dataset_series", "dcat:Dataset": "dataset"}
_MOST = 300  # more are given by their address


def landlab_sibling_choices(field: dict[str, Any], stored: list[str]) -> list[dict[str, str]]:
    """The public records that *field* may point at, and what it points at already."""
    kind = _KINDS.get(field.get("rdf", {}).get("type", ""))
    query = model.Session.query(model.Package).filter(
        model.Package.type == kind, model.Package.state == "active", model.Package.private.is_(False)
    )
    found = query.order_by(model.Package.title).limit(_MOST) if kind else []
    choices = [{"value": f"{site()}/dataset/{package.id}", "label": _title(package)} for package in found]
    offered = {choice["value"] for choice in choices}
    kept = [value for value in stored if value and value not in offered]
    return [*({"value": value, "label": landlab_sibling(value)["title"]} for value in kept), *choices]


def landlab_sibling(value: str) -> dict[str, str]:
    """Title and address of the page of the record that *value* (an address, a name or an id) means."""
    package = model.Package.get(value.rstrip("/").rpartition("/")[2]) if _ours(value) else None
    if package is None or package.state != "active" or package.private:
        return {"title": value, "url": value if value.startswith(("http://", "https://")) else ""}
    return {"title": _title(package), "url": tk.url_for(f"{package.type}.read", id=package.name)}


def landlab_siblings_pointing_at(dataset: dict[str, Any]) -> list[dict[str, Any]]:
    """The public datasets of the series *dataset*, the newest first."""
    if dataset.get("type") != "dataset_series":
        return []
    query = model.Session.query(model.Package)
    found = query.filter(*naming(dataset, "dataset", "in_series")).order_by(model.Package.title.desc()).limit(_MOST)
    return [{"title": _title(package), "url": tk.url_for("dataset.read", id=package.name)} for package in found]


def _title(package: model.Package) -> str:
    """What a package is called in the language of the page."""
    words = {name: (package.extras or {}).get(name) for name in titles.TRANSLATED}
    return tk.h.dataset_display_name({"title": package.title, "name": package.name, **words})


def _ours(value: str) -> bool:
    """Whether *value* may be asked of the database, which refuses some characters that a form shows again."""
    return value.isprintable() and (value.startswith(f"{site()}/") or "/" not in value)
