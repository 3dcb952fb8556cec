"""What a dataset gives to the search index beside what CKAN gives: the values of the fields that filter."""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk


def indexed(dataset: dict[str, Any]) -> dict[str, Any]:
    """*dataset* as CKAN is about to index it, with lists where a filtering field holds a list."""
    for field in _filtering(dataset.get("type") or dataset.get("dataset_type")):
        name = field["field_name"]
        if "output_validators" in field and isinstance(dataset.get(name), str):
            dataset[name] = json.loads(dataset[name] or "[]")
    return dataset


def _filtering(kind: str | None) -> list[dict[str, Any]]:
    schema = tk.h.scheming_get_dataset_schema(kind) or {}
    return [field for field in schema.get("dataset_fields", []) if field.get("search")]
