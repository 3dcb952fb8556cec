"""What the filters of the search page are called."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckanext.landlab.helpers.labels import landlab_label

__all__ = ["landlab_facet_label", "landlab_filters"]


def landlab_facet_label(name: str, item: dict[str, Any]) -> str:
    """The label of one value of the facet *name*: a concept's, else what CKAN shows."""
    field = tk.h.scheming_field_by_name(_fields(), name)
    if field and field.get("vocabulary"):
        return landlab_label(field["vocabulary"], item["name"])
    return item["display_name"]


def landlab_filters(fields_grouped: dict[str, list[str]], search_facets: dict[str, Any]) -> list[dict[str, str]]:
    """The filters in force, each with its label and what it filters by."""
    return [
        {"name": name, "value": value, "label": landlab_facet_label(name, _item(search_facets, name, value))}
        for name, values in (fields_grouped or {}).items()
        for value in values
    ]


def _item(search_facets: dict[str, Any], name: str, value: str) -> dict[str, Any]:
    items = (search_facets or {}).get(name, {}).get("items", [])
    return next((item for item in items if item["name"] == value), {"name": value, "display_name": value})


def _fields() -> list[dict[str, Any]]:
    return tk.h.scheming_get_dataset_schema("dataset")["dataset_fields"]
