"""What the page of a dataset says of its feeds."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

__all__ = ["landlab_standings"]


def landlab_standings(dataset: dict[str, Any]) -> list[dict[str, Any]]:
    """Whether *dataset* has arrived at the portals above; nothing for those who may not change it."""
    if not tk.current_user.is_authenticated:
        return []
    try:
        return tk.get_action("landlab_feed_standings")({"user": tk.current_user.name}, {"id": dataset["id"]})
    except tk.NotAuthorized:
        return []
