"""Publishing a draft, and taking a dataset back."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _
from flask import Blueprint

__all__ = ["landlab_publish"]

landlab_publish = Blueprint("landlab_publish", __name__)


@landlab_publish.post("/<any(dataset, dataset_series, data_service):kind>/publish/<id>")
def publish(kind: str, id: str) -> Any:  # noqa: A002 CKAN's name
    """Publish, or say what is missing and where it can be filled in."""
    try:
        stored = _moved(id, "active")
    except tk.ValidationError as error:
        dataset = tk.get_action("package_show")({}, {"id": id})
        return tk.render(
            "landlab/publish.html", {"pkg_dict": dataset, "dataset_type": kind, "errors": error.error_dict}
        )
    tk.h.flash_success(_("The dataset is published."))
    return tk.redirect_to(f"{kind}.read", id=stored["name"])


@landlab_publish.post("/<any(dataset, dataset_series, data_service):kind>/withdraw/<id>")
def withdraw(kind: str, id: str) -> Any:  # noqa: A002 CKAN's name
    """Make the dataset a draft again, which nobody but its editors sees."""
    stored = _moved(id, "draft")
    tk.h.flash_notice(_("The dataset is a draft again and no longer public."))
    return tk.redirect_to(f"{kind}.read", id=stored["name"])


def _moved(name: str, state: str) -> dict[str, Any]:
    try:
        return tk.get_action("package_patch")({"user": tk.current_user.name}, {"id": name, "state": state})
    except tk.ObjectNotFound:
        return tk.abort(404, _("Dataset not found"))
    except tk.NotAuthorized:
        return tk.abort(403, _("You may not change this dataset."))
