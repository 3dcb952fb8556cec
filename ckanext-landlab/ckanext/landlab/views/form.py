"""The form of datasets, series and services, page by page; scheming gives the pages, these views keep them whole.

Over scheming's own views: the address in the catalogue may be left to us, a group or list that was emptied is
emptied, whoever saves chooses where to go, and after an error the form shows what was typed.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.navl.dictization_functions import DataError, unflatten
from ckan.logic import clean_dict, parse_params, tuplize_dict
from ckan.plugins.toolkit import _
from ckan.types import Context
from ckan.views.dataset import CreateView, EditView
from ckanext.landlab import defaults
from ckanext.landlab.helpers.form import SEEN
from ckanext.landlab.logic.gathering import gather, repeating
from ckanext.landlab.schemas import RECORDS
from ckanext.scheming.views import SchemingCreatePageView, SchemingEditPageView
from flask import Blueprint

__all__ = ["landlab_form"]

# What CKAN raises for names as `a` and `a__0__b`.
_NO_FORM = (DataError, AttributeError, IndexError, KeyError, TypeError)
_NOT_STORED = ("save", "pkg_name", "_ckan_phase")

landlab_form = Blueprint("landlab_form", __name__)


def _two_at_once() -> str:
    return _(
        "Somebody else has saved this page in the meantime. What you entered is still here: compare it with the page "
        "of the dataset. If you save again, what you entered stands."
    )


class NewView(CreateView):
    """The first page: makes a draft."""

    def post(self, package_type: str) -> Any:
        record = _sent(package_type, 1)
        record.pop("id", None)  # what is new has none yet; a foreign one would be looked up
        given = {**defaults.of_organization(record.get("owner_org")), **record, "type": package_type, "state": "draft"}
        context = Context(user=tk.current_user.name, allow_state_change=True)
        try:
            stored = tk.get_action("package_create")(context, given)
        except tk.NotAuthorized:
            return tk.abort(403, _("You may not create a dataset in this organisation."))
        except tk.ValidationError as error:
            return self.get(package_type, {**record, "_form_page": 1, "state": "none"}, error.error_dict, {"": ""})
        return _onward(package_type, stored, 1)


class _Page:
    """A later page, or any page of a stored dataset: changes the fields of this page and no others."""

    def post(self, package_type: str, id: str, page: str) -> Any:  # noqa: A002 CKAN's name
        number = _number(package_type, page)
        record = {**_sent(package_type, number), "id": id}
        seen = record.pop(SEEN, None)
        try:
            if seen and seen != tk.h.landlab_seen(package_type, id, number):
                raise tk.ValidationError({SEEN: [_two_at_once()]})
            stored = tk.get_action("package_patch")({"user": tk.current_user.name}, record)
        except tk.ObjectNotFound:
            return tk.abort(404, _("Dataset not found"))
        except tk.NotAuthorized:
            return tk.abort(403, _("You may not change this dataset."))
        except tk.ValidationError as error:
            return EditView().get(package_type, id, {**record, "_form_page": number}, error.error_dict, {"": ""})
        return _onward(package_type, stored, number)


class DraftPage(_Page, SchemingCreatePageView):
    """A page of a draft."""


class EditPage(_Page, SchemingEditPageView):
    """A page of a published dataset."""


def typed() -> dict[str, Any]:
    """What was typed into the form; a form of which some fields cannot be put together is refused."""
    try:
        return clean_dict(unflatten(tuplize_dict(parse_params(tk.request.form))))
    except _NO_FORM:
        return tk.abort(400, _("The form was not complete. Please reload the page and try again."))


def _sent(kind: str, number: int) -> dict[str, Any]:
    """The record as the form sent it: groups as lists, keywords as tags, and nothing left of what was emptied."""
    record = typed()
    for name in _NOT_STORED:
        record.pop(name, None)
    fields = tk.h.scheming_get_dataset_form_pages(kind)[number - 1]["fields"]
    groups = repeating(fields)
    gather(record, groups)
    for name in groups:
        record[name] = [group for group in record.get(name, []) if any(group.values())]
    if "tag_string" in record:
        record["tags"] = []  # the words replace the stored ones, they do not come on top
    return record


def _number(kind: str, page: str) -> int:
    pages = len(tk.h.scheming_get_dataset_form_pages(kind))
    if not page.isdecimal() or not 1 <= int(page) <= pages:
        tk.abort(404, _("The form has no such page."))
    return int(page)


def _onward(kind: str, stored: dict[str, Any], number: int) -> Any:
    """Where the person goes after saving page *number*."""
    if tk.request.form.get("save") != "next":
        return tk.redirect_to(f"{kind}.read", id=stored["name"])
    if number < len(tk.h.scheming_get_dataset_form_pages(kind)):
        route = "scheming_new_page" if stored["state"].startswith("draft") else "scheming_edit_page"
        return tk.redirect_to(f"{kind}.{route}", id=stored["name"], page=number + 1)
    wants_files = tk.h.scheming_get_dataset_schema(kind)["resource_fields"] and not stored["resources"]
    return tk.redirect_to(f"{kind}_resource.new" if wants_files else f"{kind}.read", id=stored["name"])


for _kind in RECORDS:
    _fixed = {"package_type": _kind}
    landlab_form.add_url_rule(f"/{_kind}/new", f"{_kind}_new", NewView.as_view(f"{_kind}_new"), defaults=_fixed)
    landlab_form.add_url_rule(
        f"/{_kind}/new/<id>/<page>", f"{_kind}_draft", DraftPage.as_view(f"{_kind}_draft"), defaults=_fixed
    )
    landlab_form.add_url_rule(
        f"/{_kind}/edit/<id>/<page>", f"{_kind}_edit", EditPage.as_view(f"{_kind}_edit"), defaults=_fixed
    )
