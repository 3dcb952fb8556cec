"""Groups of a form gathered, groups where lists of groups are wanted, texts where CKAN looks something up.

CKAN would give up on anything else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _
from ckanext.landlab.logic.gathering import gather, repeating
from ckanext.landlab.logic.kinds import LINE, printable

__all__ = ["package_create", "package_update"]

_LOOKED_UP = ("id", "type", "owner_org")  # before any validator sees them


@tk.chained_action
def package_create(original_action: Any, context: Any, data_dict: dict[str, Any]) -> Any:
    """Create a dataset whose groups are groups, as a draft if it is said to be one.  See CKAN's action of this name."""
    _examine(data_dict)
    if data_dict.get("state") == "draft":
        # CKAN hears a state only of who may already change the dataset: an editor's draft became active, with its gaps.
        context["allow_state_change"] = True
    return original_action(context, data_dict)


@tk.chained_action
def package_update(original_action: Any, context: Any, data_dict: dict[str, Any]) -> Any:
    """Update a dataset whose groups are groups.  See CKAN's action of this name."""
    _examine(data_dict)
    return original_action(context, data_dict)


def _examine(record: dict[str, Any]) -> None:
    schema = tk.h.scheming_get_dataset_schema(str(record.get("type") or "dataset"))
    if not schema:
        return
    gather(record, repeating(schema["dataset_fields"]))
    errors: dict[str, Any] = {**dict(_wrong(record, schema["dataset_fields"])), **dict(_not_to_be_found(record))}
    files = record.get("resources")
    if files and not _is_groups(files):
        errors["resources"] = [_sentence([field["field_name"] for field in schema["resource_fields"]][:3])]
    elif files:
        of_file = repeating(schema["resource_fields"])
        for file in files:
            gather(file, of_file)
        of_files = [dict(_wrong(file, schema["resource_fields"])) for file in files]
        errors |= {"resources": of_files} if any(of_files) else {}
    if errors:
        raise tk.ValidationError(errors)


def _wrong(record: Mapping[str, Any], fields: list[dict[str, Any]]) -> Iterator[tuple[str, list[str]]]:
    """The fields with sub-fields that hold something else than groups, each with a sentence."""
    for field in fields:
        value = record.get(field["field_name"])
        if "repeating_subfields" in field and value not in (None, "", []) and not _is_groups(value):
            yield field["field_name"], [_sentence([part["field_name"] for part in field["repeating_subfields"]][:3])]


def _not_to_be_found(record: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    for name in _LOOKED_UP:
        value = record.get(name)
        if value is None:
            continue
        try:
            printable(value if isinstance(value, str) else [value], LINE, lenient=False)  # a number is no text here
        except tk.Invalid as refusal:
            yield name, [refusal.error]


def _is_groups(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(entry, dict) for entry in value)


def _sentence(parts: list[str]) -> str:
    example = json.dumps([dict.fromkeys(parts, "…")], ensure_ascii=False)
    return _("A list of groups is expected here, not a text. An example: {example}").format(example=example)
