"""What CKAN tells strangers about the people who work here: nothing.

Some of CKAN's actions look whether a user exists before they look who asks; others list members for everybody.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.plugins.toolkit import _

ABOUT_PEOPLE = (
    "am_following_user",
    "dataset_followee_count",
    "dataset_followee_list",
    "followee_count",
    "followee_list",
    "group_followee_count",
    "group_followee_list",
    "organization_followee_count",
    "organization_followee_list",
    "organization_list_for_user",
    "user_followee_count",
    "user_followee_list",
    "user_follower_count",
    "user_follower_list",
)

__all__ = [*ABOUT_PEOPLE, "member_list"]


def _for_people_only(name: str) -> Any:
    @tk.chained_action
    @tk.side_effect_free
    def guarded(original: Any, context: Any, data_dict: dict[str, Any]) -> Any:
        if _is_stranger(context) and data_dict.get("id"):
            raise tk.NotAuthorized(_("Please log in."))
        return original(context, data_dict)

    guarded.__name__ = guarded.__qualname__ = name
    guarded.__doc__ = "CKAN's action, for people who are logged in."
    return guarded


@tk.chained_action
@tk.side_effect_free
def member_list(original: Any, context: Any, data_dict: dict[str, Any]) -> Any:
    """CKAN's action; strangers see groups and datasets in it, no people."""
    found = original(context, data_dict)
    return [row for row in found if row[1] != "user"] if _is_stranger(context) else found


def _is_stranger(context: Any) -> bool:
    return not context.get("ignore_auth") and model.User.get(context.get("user") or "") is None


globals().update({name: _for_people_only(name) for name in ABOUT_PEOPLE})
