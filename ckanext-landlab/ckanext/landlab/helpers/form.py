"""How a form is laid out: what must be filled in first, what should be, and the rest folded away."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _
from ckanext.landlab import defaults
from ckanext.landlab.helpers.rows import landlab_filled

__all__ = [
    "landlab_form",
    "landlab_form_pages",
    "landlab_group_count",
    "landlab_mistakes",
    "landlab_page_of",
    "landlab_panel",
    "landlab_place_source",
    "landlab_seen",
]

SEEN = "_seen"  # the input that says on which state of the page a save is based

Hints = Mapping[str, list[dict[str, Any]]]  # by the name of the input
_SHOWN_FIRST = {"mandatory", "conditional"}
_ALWAYS = 2  # parts of a group that are shown even if they are optional: a body without its address helps nobody


def landlab_form(
    fields: list[dict[str, Any]], data: dict[str, Any], errors: dict[str, Any], hints: Hints
) -> dict[str, Any]:
    """The fields that have an input, by how much they are wanted; whether the folded ones hold something to see.

    Each field carries the *hints* that are meant for it, and those for its parts.  What the record leaves to its
    organisation is `taken` and needs nobody's attention.
    """
    inputs = [_hinted(field, hints) for field in fields if field.get("form_snippet", "") is not None]
    preferred = defaults.followed(data.get("owner_org"))
    taken = [
        {**field, "taken": preferred[field["field_name"]]} for field in inputs if _taken(field, data, errors, preferred)
    ]
    shown = [field for field in inputs if not _taken(field, data, errors, preferred)]
    first = [field for field in shown if field.get("required") or field.get("obligation") in _SHOWN_FIRST]
    second = [field for field in shown if field not in first and field.get("obligation") == "recommended"]
    rest = [field for field in shown if field not in first and field not in second]
    return {
        "mandatory": first,
        "recommended": second,
        "taken": taken,
        "more": rest,
        "open": any(errors.get(field["field_name"]) or field["hints"] or field["part_hints"] for field in rest),
        "filled": sum(bool(landlab_filled(field, data)) for field in rest),
    }


def _taken(field: dict[str, Any], data: dict[str, Any], errors: dict[str, Any], preferred: Mapping[str, str]) -> bool:
    """Whether *field* is left to the organisation, which says what it needs."""
    name = field["field_name"]
    busy = (
        landlab_filled(field, data)
        or errors.get(name)
        or field["hints"]
        or any(key.startswith(f"{name}-") for key in data)
    )
    return name in preferred and not busy


def _hinted(field: dict[str, Any], hints: Hints) -> dict[str, Any]:
    name = field["field_name"]
    of_parts = {key: found for key, found in hints.items() if key.startswith(f"{name}-")}
    return {**field, "hints": hints.get(name, []), "part_hints": of_parts}


def landlab_form_pages(kind: str, dataset: dict[str, Any], active: int) -> list[dict[str, Any]]:
    """The pages of the form of *kind*: title, address once the dataset is stored, and which one is open."""
    route = "scheming_new_page" if str(dataset.get("state", "draft")).startswith("draft") else "scheming_edit_page"
    return [
        {
            "number": number,
            "title": page["title"],
            "description": page["description"],
            "fields": page["fields"],
            "active": number == active,
            "url": tk.url_for(f"{kind}.{route}", id=dataset["id"], page=number) if dataset.get("id") else "",
        }
        for number, page in enumerate(tk.h.scheming_get_dataset_form_pages(kind), start=1)
    ]


def landlab_page_of(dataset: dict[str, Any], name: str) -> str:
    """The address of the page of the form where *name* stands: a field, or `resources-0-format` for one of a file."""
    match name.split("-"):
        case ["resources", number, field] if int(number) < len(dataset["resources"]):
            file = dataset["resources"][int(number)]["id"]
            edit = tk.url_for(f"{dataset['type']}_resource.edit", id=dataset["name"], resource_id=file)
            return f"{edit}#field-{field}"
        case ["resources", *_rest]:
            return tk.url_for(f"{dataset['type']}_resource.new", id=dataset["name"])
    pages = landlab_form_pages(dataset["type"], dataset, 0)
    for page in pages:
        if any(field["field_name"] == name.split("-")[0] for field in page["fields"]):
            return f"{page['url']}#field-{name}"
    return tk.url_for(f"{dataset['type']}.read", id=dataset["name"])


def landlab_seen(kind: str, identifier: str, number: int) -> str:
    """A mark of what is stored of page *number* of a record: another one if somebody has saved that page since."""
    stored = tk.get_action("package_show")({"user": tk.current_user.name, "use_cache": False}, {"id": identifier})
    names = [field["field_name"] for field in tk.h.scheming_get_dataset_form_pages(kind)[number - 1]["fields"]]
    values = [stored.get(name) for name in names] + sorted(tag["name"] for tag in stored.get("tags") or ())
    return blake2b(json.dumps(values, sort_keys=True, default=str).encode(), digest_size=8).hexdigest()


def landlab_group_count(field: dict[str, Any], data: dict[str, Any]) -> int:
    """How many groups of a field with sub-fields a form shows: stored, typed, or as many blank as wanted."""
    groups = data.get(field["field_name"])
    typed = {key.split("-")[1] for key in data if key.startswith(f"{field['field_name']}-")}
    blanks = 1 if field.get("required") else field.get("form_blanks", 1)
    return len(groups if isinstance(groups, list) else typed) or blanks


def landlab_panel(field: dict[str, Any]) -> dict[str, Any]:
    """The parts of a group: what is shown at once, what is folded away, and what is only carried along."""
    inputs = [part for part in field["repeating_subfields"] if part.get("form_snippet", "") is not None]
    hidden = [part for part in inputs if part.get("form_snippet") == "landlab_hidden.html"]
    shown = [part for part in inputs if part not in hidden]
    first = [part for place, part in enumerate(shown) if place < _ALWAYS or part.get("obligation") in _SHOWN_FIRST]
    return {"first": first, "more": [part for part in shown if part not in first], "hidden": hidden}


def landlab_place_source() -> str:
    """The address that finds places by name."""
    return tk.url_for("api.action", ver=3, logic_function="landlab_place_search")


def landlab_mistakes(
    fields: list[dict[str, Any]], errors: dict[str, Any], files: list[dict[str, Any]] | None = None
) -> list[dict[str, str]]:
    """Every error of a form as the place to mend it, the name of the field and the sentence; *files*: of its files."""
    known = {field["field_name"]: field for field in fields}
    known[SEEN] = {"field_name": SEEN, "label": _("Two people at once")}
    known["resources"] = {"field_name": "resources", "label": _("File"), "repeating_subfields": files or []}
    mistakes: list[dict[str, str]] = []
    for name, reasons in errors.items():
        field = known.get(name, {"field_name": name, "label": name})
        mistakes += _of_field(field, reasons)
    return mistakes


def _of_field(field: dict[str, Any], reasons: Any) -> list[dict[str, str]]:
    label = tk.h.scheming_language_text(field["label"])
    mistakes = []
    for number, reason in enumerate(reasons if isinstance(reasons, list) else [reasons]):
        if isinstance(reason, dict):
            mistakes += _of_group(field, label, number, reason)
        else:
            mistakes.append({"field": field["field_name"], "label": label, "reason": str(reason)})
    return mistakes


def _of_group(field: dict[str, Any], label: str, number: int, reasons: dict[str, Any]) -> list[dict[str, str]]:
    parts = {part["field_name"]: part for part in field.get("repeating_subfields", [])}
    return [
        {
            "field": f"{field['field_name']}-{number}-{name}",
            "label": f"{label} {number + 1}, {tk.h.scheming_language_text(parts.get(name, {'label': name})['label'])}",
            "reason": str(sentence),
        }
        for name, sentences in reasons.items()
        for sentence in (sentences if isinstance(sentences, list) else [sentences])
        if sentence
    ]
