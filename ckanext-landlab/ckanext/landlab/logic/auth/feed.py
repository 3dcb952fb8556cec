"""Who may read and change feeds: what harvesters see belongs to the administrators of the portal."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import authz

__all__ = [
    "landlab_feed_absences",
    "landlab_feed_delete",
    "landlab_feed_dry_run",
    "landlab_feed_list",
    "landlab_feed_rebuild",
    "landlab_feed_show",
    "landlab_feed_standings",
    "landlab_feed_update",
    "landlab_feed_visits",
]

Decision = dict[str, Any]


@tk.auth_allow_anonymous_access
def landlab_feed_list(context: Any, data_dict: Any) -> Decision:
    """Everybody may know which feeds there are."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def landlab_feed_show(context: Any, data_dict: Any) -> Decision:
    """Everybody may know what a feed shows."""
    return {"success": True}


def landlab_feed_update(context: Any, data_dict: Any) -> Decision:
    """Only administrators of the portal, whom CKAN does not ask, may declare a feed."""
    return {"success": False, "msg": tk._("Only administrators of the portal may change feeds.")}


def landlab_feed_delete(context: Any, data_dict: Any) -> Decision:
    """Only administrators of the portal may take a feed away."""
    return landlab_feed_update(context, data_dict)


def landlab_feed_rebuild(context: Any, data_dict: Any) -> Decision:
    """Only administrators of the portal may have all entries made anew."""
    return landlab_feed_update(context, data_dict)


def landlab_feed_dry_run(context: Any, data_dict: Any) -> Decision:
    """Whoever may change datasets of any organisation; the action tells of these only."""
    user = context.get("user")
    may = bool(user) and authz.has_user_permission_for_some_org(user, "update_dataset")
    return {"success": may, "msg": tk._("Only editors may see what a harvester will take.")}


def landlab_feed_absences(context: Any, data_dict: Any) -> Decision:
    """Only administrators of the portal may see why a dataset is not in a feed."""
    return landlab_feed_update(context, data_dict)


def landlab_feed_visits(context: Any, data_dict: Any) -> Decision:
    """Only administrators of the portal may see which harvesters came."""
    return landlab_feed_update(context, data_dict)


def landlab_feed_standings(context: Any, data_dict: Any) -> Decision:
    """Whoever may change the dataset may see whether it has arrived."""
    tk.check_access("package_update", context, {"id": data_dict.get("id")})
    return {"success": True}
