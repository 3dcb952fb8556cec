"""Pages and CSV files: how often datasets are used, for those who edit them."""

from __future__ import annotations

import csv
import io
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _
from flask import Blueprint, Response

__all__ = ["landlab_use"]

landlab_use = Blueprint("landlab_use", __name__)

COLUMNS = ("month", "name", "title", "look", "download", "api")
RISKY = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for the start of a formula


def dataset(id: str, ending: str = "") -> Any:  # noqa: A002 the name by which the address is built elsewhere in CKAN
    """How often a dataset was used."""
    rows = _rows({"id": id})
    return _csv(rows, id) if ending == "csv" else _page(rows, pkg=tk.get_action("package_show")({}, {"id": id}))


def organization(id: str, ending: str = "") -> Any:  # noqa: A002 as above
    """How often each dataset of an organisation was used."""
    rows = _rows({"organization": id})
    return _csv(rows, id) if ending == "csv" else _page(rows, org=tk.get_action("organization_show")({}, {"id": id}))


def _rows(chosen: dict[str, Any]) -> list[dict[str, Any]]:
    try:
        return tk.get_action("landlab_use_show")({}, chosen)
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404, _("There is no such page, or you may not see it."))


def _page(rows: list[dict[str, Any]], **more: Any) -> str:
    return tk.render("landlab/use.html", {"rows": rows, "pkg": None, "org": None, **more})


def _csv(rows: list[dict[str, Any]], name: str) -> Response:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([_harmless(row[column]) for column in COLUMNS] for row in rows)
    response = Response("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-nutzung.csv"'
    return response


def _harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(RISKY) else value


landlab_use.add_url_rule("/dataset/<id>/nutzung", "dataset", dataset)
landlab_use.add_url_rule("/dataset/<id>/nutzung.<any(csv):ending>", "dataset", dataset)
landlab_use.add_url_rule("/organization/<id>/nutzung", "organization", organization)
landlab_use.add_url_rule("/organization/<id>/nutzung.<any(csv):ending>", "organization", organization)
