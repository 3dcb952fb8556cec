"""The pages on which administrators declare feeds: all of them, one of them, its settings."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _
from ckanext.landlab import feed_choices, returning
from ckanext.landlab.feeds.feed import DEFAULT, MOST_ON_A_PAGE, SYNTAXES, VERSIONS
from flask import Blueprint
from flask.views import MethodView

__all__ = ["landlab_feed_settings"]

landlab_feed_settings = Blueprint("landlab_feed_settings", __name__)

SHOWN = 200  # absent datasets on the page; the API tells of more
LISTS = ("organizations", "origins", "sources_excluded")
LINES = ("name", "title", "version", "contributor", "page_size", "tags", "tags_excluded", "portal", "portal_address")
NEW: dict[str, Any] = {"version": VERSIONS[0], "page_size": 100, **{name: [] for name in LISTS}}


def index() -> Any:
    """Every feed with its addresses."""
    _authorized()
    feeds = _call("landlab_feed_list", {})
    return tk.render("landlab/feeds/index.html", {"feeds": feeds, "syntaxes": list(SYNTAXES)})


def show(name: str) -> Any:
    """One feed: its addresses, what it leaves out and why."""
    _authorized()
    feed = _feed(name)
    absences = _call("landlab_feed_absences", {"name": name})
    visits = _call("landlab_feed_visits", {"name": name, "rows": 20})
    page = {"feed": feed, "syntaxes": list(SYNTAXES), "absences": absences[:SHOWN], "more": len(absences) - SHOWN}
    page |= {"visits": visits, "trouble": returning.trouble(name)}
    return tk.render("landlab/feeds/show.html", page)


class Edit(MethodView):
    """The settings of a feed, or of a new one."""

    def get(self, name: str = "") -> Any:
        _authorized()
        return self._page(name, _feed(name) if name else NEW, {})

    def post(self, name: str = "") -> Any:
        form = tk.request.form
        typed = {key: form.get(key, "").strip() for key in LINES} | {key: form.getlist(key) for key in LISTS}
        if name:
            typed["name"] = name
        elif typed["name"] and _exists(typed["name"]):
            return self._page(name, typed, {"name": [_("There is a feed of this name already.")]})
        try:
            feed = _call("landlab_feed_update", {**typed, "page_size": typed["page_size"] or NEW["page_size"]})
        except tk.ValidationError as error:
            return self._page(name, typed, error.error_dict)
        tk.h.flash_success(_("The feed is saved: {n} datasets.").format(n=feed["datasets"]))
        return tk.redirect_to("landlab_feed_settings.show", name=feed["name"])

    def _page(self, name: str, data: dict[str, Any], errors: dict[str, Any]) -> Any:
        page = {
            "name": name,
            "data": data,
            "errors": errors,
            "versions": VERSIONS,
            "most": MOST_ON_A_PAGE,
            "offered": {key: offered() for key, offered in feed_choices.OFFERED.items()},
            "contributors": feed_choices.contributors(),
        }
        return tk.render("landlab/feeds/edit.html", page)


def delete(name: str) -> Any:
    """Take a feed away."""
    _authorized()
    _feed(name)
    try:
        _call("landlab_feed_delete", {"name": name})
    except tk.ValidationError as error:
        for sentence in error.error_summary.values():
            tk.h.flash_error(sentence)
        return tk.redirect_to("landlab_feed_settings.show", name=name)
    tk.h.flash_success(_("The feed is gone. Its address answers with “not found” from now on."))
    return tk.redirect_to("landlab_feed_settings.index")


def rebuild() -> Any:
    """Have all entries made anew in the background."""
    _call("landlab_feed_rebuild", {})
    tk.h.flash_success(_("All entries are being made anew in the background. Feeds stay reachable meanwhile."))
    return tk.redirect_to("landlab_feed_settings.index")


def _feed(name: str) -> dict[str, Any]:
    try:
        return _call("landlab_feed_show", {"name": name})
    except tk.ObjectNotFound as error:
        return tk.abort(404, str(error))


def _exists(name: str) -> bool:
    try:
        _call("landlab_feed_show", {"name": name})
    except tk.ObjectNotFound:
        return False
    return name != DEFAULT


def _authorized() -> None:
    try:
        tk.check_access("landlab_feed_update", _context(), {})
    except tk.NotAuthorized:
        tk.abort(403, _("Only administrators of the portal may change feeds."))


def _call(action: str, data: dict[str, Any]) -> Any:
    try:
        return tk.get_action(action)(_context(), data)
    except tk.NotAuthorized as error:
        return tk.abort(403, str(error))


def _context() -> Any:
    return {"user": tk.current_user.name, "auth_user_obj": tk.current_user}


landlab_feed_settings.add_url_rule("/ckan-admin/feeds", "index", index)
landlab_feed_settings.add_url_rule("/ckan-admin/feeds/new", view_func=Edit.as_view("new"))
landlab_feed_settings.add_url_rule("/ckan-admin/feeds/rebuild", "rebuild", rebuild, methods=["POST"])
landlab_feed_settings.add_url_rule("/ckan-admin/feeds/<name>", "show", show)
landlab_feed_settings.add_url_rule("/ckan-admin/feeds/<name>/edit", view_func=Edit.as_view("edit"))
landlab_feed_settings.add_url_rule("/ckan-admin/feeds/<name>/delete", "delete", delete, methods=["POST"])
