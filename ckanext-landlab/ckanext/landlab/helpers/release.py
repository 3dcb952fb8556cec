"""What templates ask about releases and the guideline."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

import ckan.plugins.toolkit as tk
from ckanext.landlab import config, release
from ckanext.landlab.guideline_told import paragraph_of
from ckanext.landlab.helpers.form import landlab_page_of
from ckanext.landlab.language import reader
from ckanext.landlab.legal.inspection import KINDS
from ckanext.landlab.legal.notices import vocabulary
from ckanext.landlab.legal.release_check import text_in
from ckanext.landlab.model import release as table

__all__ = [
    "landlab_add_notice_url",
    "landlab_field_url",
    "landlab_guideline_url",
    "landlab_may_release",
    "landlab_notices_with",
    "landlab_release_banner",
]


def landlab_guideline_url(chapter: str, paragraph: str = "") -> str:
    """The address of a paragraph of the guideline."""
    return tk.url_for("landlab_guideline.chapter", chapter=chapter, _anchor=paragraph or None)


def landlab_field_url(name: str) -> str:
    """The address of the paragraph that explains the field *name* of the form that is shown."""
    of_file = (tk.request.blueprint or "").endswith("_resource")
    return landlab_guideline_url("metadaten", paragraph_of(name, of_file=of_file))


def landlab_add_notice_url(dataset: Mapping[str, Any], code: str) -> str:
    """Where a notice is added to a dataset, with its parameters asked."""
    page, _, field = landlab_page_of(dict(dataset), "notices").partition("#")
    return f"{page}?{urlencode({'notice': code})}#{field}"


def landlab_notices_with(values: Any, code: str | None) -> Any:
    """The notices of a form and, if it is known and not there yet, the wanted *code*."""
    present = [entry for entry in values or [] if isinstance(entry, Mapping)]
    if code not in vocabulary().notices or any(entry.get("code") == code for entry in present):
        return values
    return [*present, {"code": code, "parameters": {}}]


def landlab_may_release(dataset: Mapping[str, Any]) -> bool:
    """Whether the reader may see the release check of *dataset*."""
    return tk.h.check_access("landlab_release_show", {"id": dataset["id"]})


def landlab_release_banner(dataset: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the page of *dataset* says about its release: to everybody, and more to its editors."""
    if config.release_mode() == "off" or dataset.get("type") != "dataset":
        return None
    editor = landlab_may_release(dataset)
    row = table.release_of(dataset["id"])
    about = {"review_by": row.review_by if row else None, "exempt": row.exempt if row else None}
    if not editor:
        exempt = row is not None and bool(row.exempt)
        due = row is not None and row.review_by is not None and row.review_by < date.today()  # noqa: DTZ011
        return {**about, "state": "exempt" if exempt else "due" if due else ""}
    found = release.release_of(dataset)
    return {**about, "state": found.state, "editor": True, "noticed": _noticed(dataset["id"])}


def _noticed(dataset_id: str) -> list[str]:
    """What the looks into the files of a dataset noticed, each kind once, in the reader's words."""
    kinds = {finding["kind"] for look in table.looks_of(dataset_id).values() for finding in look.findings}
    return sorted(text_in(KINDS[kind].label, reader()) for kind in kinds)
