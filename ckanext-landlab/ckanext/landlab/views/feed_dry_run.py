"""`/feed/<name>/pruefung`: what a harvester will take, for those who can mend what it will not."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _
from ckanext.landlab import language
from flask import Blueprint

__all__ = ["landlab_feed_dry_run"]

landlab_feed_dry_run = Blueprint("landlab_feed_dry_run", __name__)

ROWS = 50


def show(name: str) -> Any:
    """The datasets of a feed that the reader may change, with what becomes of each and a link to the field to mend."""
    context: Any = {"user": tk.current_user.name, "auth_user_obj": tk.current_user}
    start = _start()
    try:
        feed = tk.get_action("landlab_feed_show")(context, {"name": name})
        told = tk.get_action("landlab_feed_dry_run")(context, {"name": name, "start": start, "rows": ROWS})
    except tk.NotAuthorized as error:
        return tk.abort(403, str(error))
    except tk.ObjectNotFound as error:
        return tk.abort(404, str(error))
    reader = language.reader()
    for dataset in told["datasets"]:
        for mark in dataset["marks"]:
            mark["message"] = mark["message"].get(reader) or mark["message"]["en"]
            mark["url"] = _place(dataset, mark["path"])
    groups = {outcome: [one for one in told["datasets"] if one["outcome"] == outcome] for outcome in OUTCOMES}
    page = {"feed": feed, "told": told, "groups": groups, "start": start, "rows": ROWS}
    return tk.render("landlab/feeds/dry_run.html", page)


OUTCOMES = ("rejected", "flawed", "taken")


def _place(dataset: dict[str, Any], path: list[Any]) -> str:
    """Where in the form the mark is mended."""
    package = tk.get_action("package_show")({"user": tk.current_user.name}, {"id": dataset["id"]})
    names = "-".join(map(str, path[:3])) if len(path) > 2 else str(path[0]) if path else "title"
    return tk.h.landlab_page_of(package, names)


def _start() -> int:
    text = tk.request.args.get("start") or "0"
    if not text.isdecimal() or len(text) > 9:
        tk.abort(400, _("Enter a whole number."))
    return int(text)


landlab_feed_dry_run.add_url_rule("/feed/<name>/pruefung", "show", show)
