"""What a person does with a harvest source: run it, stop it, confirm deletions, delete it; always by POST.

ckanext-harvest does the same by GET, which a link on any other page could make an administrator do.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.plugins.toolkit import _
from ckanext.harvest.logic import HarvestJobExists, HarvestSourceInactiveError
from ckanext.landlab.model import harvest as store
from flask import Blueprint

__all__ = ["landlab_harvest"]

landlab_harvest = Blueprint("landlab_harvest", __name__, url_prefix="/harvest-source")
CHANGING = ("harvester.refresh", "harvester.clear", "harvester.delete", "harvester.job_abort")
REPORTS = ("harvester.job_list", "harvester.job_show", "harvester.job_show_last")


@landlab_harvest.before_app_request
def keep_to_our_pages() -> Any:
    """A change is never made by following a link; what ckanext-harvest shows on pages of its own stands on ours."""
    endpoint, asked = tk.request.endpoint, tk.request.view_args or {}
    if endpoint in CHANGING and tk.request.method != "POST":
        tk.abort(405, _("Please use the buttons on the page of the source."))
    if endpoint in REPORTS:
        return tk.redirect_to("harvester.admin", id=asked["source"])
    if endpoint == "harvester.about":
        return tk.redirect_to("harvest.read", id=asked["id"])
    return None


def run(source: str) -> Any:
    """Begin a run."""
    try:
        _action("harvest_job_create", {"source_id": source, "run": True})
        tk.h.flash_success(_("The run begins in a moment. Reload this page to see how it goes."))
    except HarvestJobExists:
        tk.h.flash_notice(_("A run is under way already."))
    except HarvestSourceInactiveError:
        tk.h.flash_error(_("This source was deleted, so it is not harvested."))
    return _back(source)


def stop(source: str) -> Any:
    """End the run that is under way; what was taken in stays."""
    _action("harvest_job_abort", {"source_id": source})
    tk.h.flash_success(_("The run was stopped. What it has taken in stays."))
    return _back(source)


def confirm(source: str) -> Any:
    """Agree that what is missing upstream is deleted here, and begin the run that does it."""
    _may_change(source)
    last = next((run for run in store.runs(source) if run.ended), None)
    if last:
        store.note(last.job_id, source, confirmed=True)
        model.repo.commit()
    return run(source)


def delete(source: str) -> Any:
    """Delete a source; its datasets stay."""
    _action("harvest_source_delete", {"id": source})
    tk.h.flash_success(_("The source was deleted. Its datasets stay."))
    return tk.redirect_to("harvest.search")


def _action(name: str, values: dict[str, Any]) -> Any:
    context: Any = {"user": tk.g.user, "model": model, "session": model.Session}
    try:
        return tk.get_action(name)(context, values)
    except tk.ObjectNotFound:
        return tk.abort(404, _("There is no such harvest source."))
    except tk.NotAuthorized:
        return tk.abort(403, _("Only administrators of the organisation may do this with a harvest source."))


def _may_change(source: str) -> None:
    context: Any = {"user": tk.g.user, "model": model}
    try:
        tk.check_access("harvest_source_update", context, {"id": source})
    except tk.ObjectNotFound:
        tk.abort(404, _("There is no such harvest source."))
    except tk.NotAuthorized:
        tk.abort(403, _("Only administrators of the organisation may do this with a harvest source."))


def _back(source: str) -> Any:
    return tk.redirect_to("harvester.admin", id=source)


for name in (run, stop, confirm, delete):
    landlab_harvest.add_url_rule(f"/<source>/{name.__name__}", view_func=name, methods=["POST"])
