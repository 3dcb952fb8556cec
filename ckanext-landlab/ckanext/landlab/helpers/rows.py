"""What a page says of a dataset or a file: the filled rows of the schema, in the sections of its form."""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk

__all__ = ["landlab_fields", "landlab_filled", "landlab_sections"]

# Said elsewhere on the page: in its head, beside the downloads, or as a box of its own.
_ELSEWHERE = {"title", "name", "notes", "tag_string", "owner_org", "license_id", "contact", "notices", "origin"}
_ELSEWHERE_OF_FILE = {"name", "description", "url", "format", "license", "size", "licenseAttributionByText"}


def landlab_sections(dataset: dict[str, Any]) -> list[dict[str, Any]]:
    """The filled rows of *dataset* under the titles of the form's pages; a page without any is left out."""
    sections: list[dict[str, Any]] = []
    for field in _schema(dataset.get("type"))["dataset_fields"]:
        if "start_form_page" in field or not sections:
            sections.append({"title": field.get("start_form_page", {}).get("title", ""), "fields": []})
        if field["field_name"] not in _ELSEWHERE and _shown(field, dataset):
            sections[-1]["fields"].append(field)
    return [section for section in sections if section["fields"]]


def landlab_fields(resource: dict[str, Any], dataset: dict[str, Any]) -> list[dict[str, Any]]:
    """The filled rows of a file."""
    fields = _schema(dataset.get("type"))["resource_fields"]
    return [field for field in fields if field["field_name"] not in _ELSEWHERE_OF_FILE and _shown(field, resource)]


def landlab_filled(field: dict[str, Any], record: dict[str, Any]) -> list[Any]:
    """The values of *field* in *record* that say something, whatever shape they are stored in."""
    value = record.get(field["field_name"])
    if (
        isinstance(value, str)
        and value[:1] == "["
        and (field.get("output_validators") or "repeating_subfields" in field)
    ):
        value = json.loads(value)
    values = value if isinstance(value, list) else [value]
    return [entry for entry in values if entry not in (None, "", {}, []) and _says_something(entry)]


def _schema(kind: str | None) -> dict[str, Any]:
    return tk.h.scheming_get_dataset_schema(kind or "dataset")


def _shown(field: dict[str, Any], record: dict[str, Any]) -> bool:
    hidden = "display_snippet" in field and field["display_snippet"] is None
    return not hidden and bool(landlab_filled(field, record))


def _says_something(value: Any) -> bool:
    return any(value.values()) if isinstance(value, dict) else True
