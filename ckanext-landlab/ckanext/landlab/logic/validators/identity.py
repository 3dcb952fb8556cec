"""The address of a dataset in the catalogue, and its keywords."""

from __future__ import annotations

import re
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.munge import munge_title_to_name
from ckanext.landlab.logic.kinds import LINE, PROSE, harvested, printable

__all__ = ["landlab_keywords", "landlab_name", "landlab_printable"]

_LONGEST = 90  # CKAN allows 100; the rest tells two datasets of one title apart
_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "ae", "Ö": "oe", "Ü": "ue"})
_NO_KEYWORD = re.compile(r"[^\w \-.]+")


def landlab_name(key: Any, data: dict[Any, Any], errors: dict[Any, Any], context: dict[str, Any]) -> None:
    """Make the name from the title where it is empty; a stored name stays."""
    if data.get(key) not in (None, "", tk.missing):
        return
    if stored := context.get("package"):
        data[key] = stored.name
        return
    title = data.get((*key[:-1], "title"))
    data[key] = free_name(title if isinstance(title, str) else "")


def free_name(title: str) -> str:
    """A name made from *title* that no dataset has."""
    stem = munge_title_to_name(title[:LINE].translate(_LETTERS))[:_LONGEST].strip("-_") or "datensatz"
    stem = stem if len(stem) > 1 else f"datensatz-{stem}"
    name, number = stem, 1
    while model.Session.query(model.Package.id).filter_by(name=name).first():
        number += 1
        name = f"{stem}-{number}"
    return name


def landlab_printable(key: Any, data: dict[Any, Any], errors: dict[Any, Any], context: dict[str, Any]) -> None:
    """Refuse what CKAN's own validators, which come after, stumble over: no text, or one the database cannot hold."""
    try:
        data[key] = printable(data[key], PROSE, harvested(context))
    except tk.Invalid as refusal:
        errors[key].append(refusal.error)
        raise tk.StopOnError from None


def landlab_keywords(value: str, context: dict[str, Any]) -> str:
    """Keywords of a harvested record without the characters that CKAN refuses; a person's are checked by CKAN."""
    if not harvested(context):
        return value
    keywords = (_NO_KEYWORD.sub(" ", keyword).strip() for keyword in value.split(","))
    return ",".join(" ".join(keyword.split())[:100] for keyword in keywords if len(keyword) > 1)
