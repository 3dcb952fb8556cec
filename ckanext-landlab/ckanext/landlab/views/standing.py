"""How the metadata of an organisation and of the catalogue stand, and the duties of high-value data, for editors."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import Page
from ckan.plugins.toolkit import _
from ckanext.landlab import standings
from flask import Blueprint

__all__ = ["landlab_standing"]

landlab_standing = Blueprint("landlab_standing", __name__)

ROWS = 50  # datasets on a page


def of_organization(id: str) -> str:  # noqa: A002 CKAN's routes name it so
    """Which datasets of an organisation are ready for GovData, how good their metadata are, and what to do next."""
    return tk.render("landlab/standing/organization.html", extra_vars=_organization(id, high_value=False))


def high_value(id: str) -> str:  # noqa: A002 CKAN's routes name it so
    """What an organisation's high-value datasets still owe."""
    told = {**_organization(id, high_value=True), "duties": standings.duties()}
    return tk.render("landlab/standing/high_value.html", extra_vars=told)


def of_catalogue() -> str:
    """How the catalogue stands, and each organisation whose datasets the reader may change."""
    told = _asked("landlab_catalogue_check", {})
    mine = {"permission": "update_dataset", "include_dataset_count": False}
    organizations = tk.get_action("organization_list_for_user")({"user": tk.current_user.name}, mine)
    totals = standings.of_organizations([organization["id"] for organization in organizations])
    listed = [{**organization, **totals.get(organization["id"], {})} for organization in organizations]
    return tk.render("landlab/standing/catalogue.html", extra_vars={"told": told, "organizations": listed})


def _organization(name: str, *, high_value: bool) -> dict[str, Any]:
    number = tk.request.args.get("page", "1")[:6]
    page = max(int(number), 1) if number.isdecimal() else 1
    asked = {"id": name, "start": (page - 1) * ROWS, "rows": ROWS, "high_value": high_value}
    told = _asked("landlab_organization_check", asked)
    about = {"id": name, "include_datasets": False, "include_users": False, "include_followers": False}
    organization = tk.get_action("organization_show")({"user": tk.current_user.name}, about)
    route = f"landlab_standing.{'high_value' if high_value else 'of_organization'}"
    pager = Page(
        collection=told["datasets"],
        page=page,
        url=lambda page: tk.url_for(route, id=organization["name"], page=page),
        item_count=told["high_value"] if high_value else told["count"],
        items_per_page=ROWS,
    )
    pager.items = told["datasets"]
    return {"group_dict": organization, "group_type": "organization", "told": told, "page": pager}


def _asked(action: str, given: dict[str, Any]) -> dict[str, Any]:
    try:
        return tk.get_action(action)({"user": tk.current_user.name}, given)
    except tk.ObjectNotFound:
        return tk.abort(404, _("Organization not found"))
    except tk.NotAuthorized:
        return tk.abort(403, _("Only those who edit datasets see how their metadata stand."))


landlab_standing.add_url_rule("/organization/<id>/metadaten", "of_organization", of_organization)
landlab_standing.add_url_rule("/organization/<id>/hochwertige-daten", "high_value", high_value)
landlab_standing.add_url_rule("/metadaten", "of_catalogue", of_catalogue)
