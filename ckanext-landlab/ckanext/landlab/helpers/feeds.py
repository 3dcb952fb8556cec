"""What the page of a dataset says of its feeds."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _

__all__ = ["landlab_feed_title", "landlab_feeds", "landlab_standings"]


def landlab_standings(dataset: dict[str, Any]) -> list[dict[str, Any]]:
    """Whether *dataset* has arrived at the portals above; nothing for those who may not change it."""
    if not tk.current_user.is_authenticated:
        return []
    try:
        return tk.get_action("landlab_feed_standings")({"user": tk.current_user.name}, {"id": dataset["id"]})
    except tk.NotAuthorized:
        return []


def landlab_feeds() -> list[tuple[str, str]]:
    """Name and title of each feed, for those who look what its harvester takes."""
    feeds = tk.get_action("landlab_feed_list")({"ignore_auth": True}, {})
    return [(feed["name"], landlab_feed_title(feed)) for feed in feeds]


def landlab_feed_title(feed: dict[str, Any]) -> str:
    """What a page calls a feed."""
    return feed["title"] or (_("Default feed") if feed["name"] == "default" else feed["name"])
