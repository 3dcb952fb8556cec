"""The form of a file; CKAN gives it, these views keep it whole.

Over CKAN's own views: a form sent without the name of a button (by a script, or by the key Enter in some clients) is
saved as the first button saves it, what was typed into the file of a draft is not lost, and a file, a dataset or a
right that is missing is said.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _
from ckan.views.resource import CreateView, EditView
from ckanext.landlab.schemas import RECORDS
from ckanext.landlab.views.form import typed
from flask import Blueprint
from werkzeug.datastructures import MultiDict

__all__ = ["landlab_file_form"]

landlab_file_form = Blueprint("landlab_resource", __name__)

SAVE = "go-dataset-complete"
BUTTONS = ("again", "go-dataset", "go-metadata", "go-metadata-preview", "go-metadata-publish", SAVE)


class _Whole:
    """Sends the form to CKAN's view with all that it counts on, and says what CKAN's view would not."""

    def dispatch_request(self, **asked: Any) -> Any:
        if not tk.h.scheming_get_dataset_schema(asked["package_type"])["resource_fields"]:
            return tk.abort(
                404, _("Only datasets have files. Make a dataset for them, and name it in the series or the service.")
            )
        return super().dispatch_request(**asked)  # type: ignore[misc]

    def post(self, package_type: str, id: str, **more: Any) -> Any:  # noqa: A002 CKAN's name
        typed()
        tk.request.form = _completed(tk.request.form)
        try:
            return super().post(package_type, id, **more)  # type: ignore[misc]
        except tk.NotAuthorized:
            return tk.abort(403, _("You may not change this dataset."))
        except tk.ObjectNotFound:
            return tk.abort(404, _("There is no such file. Perhaps somebody has deleted it."))
        except tk.ValidationError as error:  # of publishing, after the file itself was saved
            return self.get(package_type, id, **more, errors=error.error_dict, error_summary=error.error_summary)  # type: ignore[attr-defined]


class NewFile(_Whole, CreateView):
    """A new file, and any file of a draft."""


class EditFile(_Whole, EditView):  # type: ignore[misc]
    """A file that there is."""

    def get(
        self,
        package_type: str,
        id: str,  # noqa: A002 CKAN's name
        resource_id: str,
        data: Any = None,
        errors: Any = None,
        error_summary: Any = None,
    ) -> Any:
        if data and errors and tk.get_action("package_show")({}, {"id": id})["state"].startswith("draft"):
            return CreateView().get(package_type, id, data, errors, error_summary)  # CKAN's view shows the stored file
        return super().get(package_type, id, resource_id, data, errors, error_summary)


def _completed(form: MultiDict[str, str]) -> MultiDict[str, str]:
    """A copy of *form* with the two entries that CKAN's views take for granted."""
    whole = MultiDict(form)
    if whole.get("save") not in BUTTONS:
        whole["save"] = SAVE
    whole.setdefault("id", "")
    return whole


for _kind in RECORDS:
    _fixed, _file = {"package_type": _kind}, f"/{_kind}/<id>/resource"
    landlab_file_form.add_url_rule(f"{_file}/new", f"{_kind}_new", NewFile.as_view(f"{_kind}_new"), defaults=_fixed)
    landlab_file_form.add_url_rule(
        f"{_file}/<resource_id>/edit", f"{_kind}_edit", EditFile.as_view(f"{_kind}_edit"), defaults=_fixed
    )
