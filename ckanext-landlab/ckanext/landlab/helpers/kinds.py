"""What a dataset, a series and a service are called wherever a page speaks of them; CKAN knows datasets only."""

from __future__ import annotations

from collections.abc import Callable

import ckan.plugins.toolkit as tk
from babel.numbers import format_decimal
from ckan.plugins.toolkit import _, ungettext
from ckanext.landlab import language

__all__ = [
    "humanize_entity_type",
    "landlab_form_title",
    "landlab_found",
    "landlab_kind_title",
    "landlab_search_label",
]

SERIES, SERVICE = "dataset_series", "data_service"


def landlab_kind_title(kind: str | None) -> str:
    """What records of *kind* are called together."""
    return {SERIES: _("Dataset series"), SERVICE: _("Data services")}.get(kind or "") or _("Datasets")


def landlab_form_title(kind: str | None) -> str:
    """What the form of a new record of *kind* is called."""
    return {SERIES: _("New dataset series"), SERVICE: _("New data service")}.get(kind or "") or _("New dataset")


def landlab_search_label(kind: str | None) -> str:
    """What the search for records of *kind* is called."""
    labels = {SERIES: _("Search dataset series"), SERVICE: _("Search data services")}
    return labels.get(kind or "") or _("Search datasets")


def landlab_found(kind: str | None, count: int, words: str | None = "") -> str:
    """How many records of *kind* a search for *words* found."""
    match kind, bool(count):
        case "dataset_series", False:
            text = _("No dataset series found")
        case "dataset_series", True:
            text = ungettext("{number} dataset series found", "{number} dataset series found", count)
        case "data_service", False:
            text = _("No data services found")
        case "data_service", True:
            text = ungettext("{number} data service found", "{number} data services found", count)
        case _kind, False:
            text = _("No datasets found")
        case _:
            text = ungettext("{number} dataset found", "{number} datasets found", count)
    text = text.format(number=format_decimal(count, locale=language.reader()))
    return _("{found} for “{words}”").format(found=text, words=words) if words else text


@tk.chained_helper
def humanize_entity_type(known: Callable[..., str | None], entity: str, kind: str, purpose: str) -> str | None:
    """CKAN's helper, which makes “Data_services” of our kinds."""
    if entity == kind == "organization" and purpose in ("breadcrumb", "page title"):
        return _("Organisations")  # as in the menu
    if entity != "package" or kind not in (SERIES, SERVICE):
        return known(entity, kind, purpose)
    return _of_kind(kind, purpose)


def _of_kind(kind: str, purpose: str) -> str:
    match purpose:
        case "create label" | "create title" | "add link":
            return landlab_form_title(kind)
        case "search placeholder" | "search_placeholder":
            return landlab_search_label(kind)
        case "delete confirmation":
            return _("Delete this dataset series?") if kind == SERIES else _("Delete this data service?")
        case "no description":
            return _("There is no description.")
        case "view label":
            return _("View")
        case "edit label" | "update label" | "save label":
            return _("Edit")
    return landlab_kind_title(kind)
