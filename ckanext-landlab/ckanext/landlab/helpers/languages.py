"""Titles and descriptions in the reader's language where there are such, else as they are, with their language marked.

WCAG 2.2, 3.1.2 "Language of Parts".
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckanext.landlab.dcat.kept import tags
from ckanext.landlab.dcat.ranges import GERMAN
from markupsafe import Markup

__all__ = ["dataset_display_name", "get_translated", "landlab_language", "resource_display_name"]


@tk.chained_helper
def get_translated(next_helper: Callable[..., Any], data_dict: dict[str, Any], field: str) -> Any:
    """The text of *field* in the language of the page, else the main one."""
    return _translation(data_dict, field) or next_helper(data_dict, field)


@tk.chained_helper
def dataset_display_name(next_helper: Callable[..., str], dataset: Any) -> str:
    """The title in the language of the page, else the main one, else the name."""
    return (isinstance(dataset, dict) and _translation(dataset, "title")) or next_helper(dataset)


@tk.chained_helper
def resource_display_name(next_helper: Callable[..., str], resource: dict[str, Any]) -> str:
    """The name of a file in the language of the page, else what CKAN shows."""
    return _translation(resource, "name") or next_helper(resource)


def landlab_language(data_dict: dict[str, Any], field: str) -> Markup:
    """The attribute `lang` of an element with the text of *field*; nothing if that is in the language of the page."""
    if not data_dict.get(field) or _translation(data_dict, field):
        return Markup("")
    language = tags(data_dict.get("language_tags")).get(field, GERMAN)
    return Markup("") if language.partition("-")[0] in ("", _page()) else Markup(' lang="{}"').format(language)


def _translation(data_dict: dict[str, Any], field: str) -> str:
    """The text of *field* in the language of the page, where it is another one than the main text's."""
    entries = data_dict.get(f"{field}_translations")
    if not entries:
        return ""
    language = _page()
    if tags(data_dict.get("language_tags")).get(field, GERMAN).partition("-")[0] == language:
        return ""
    for entry in _listed(entries):
        if isinstance(entry, dict) and entry.get("language") == language and entry.get("text"):
            return str(entry["text"])
    return ""


def _listed(entries: Any) -> list[Any]:
    """The entries of a group, stored as JSON or as a form gives them; what is no list has none."""
    try:
        found = json.loads(entries) if isinstance(entries, str) else entries
    except ValueError:
        return []
    return found if isinstance(found, list) else []


def _page() -> str:
    return (tk.h.lang() or GERMAN).partition("_")[0]
