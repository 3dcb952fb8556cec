"""Actions around the release checks of organisations: what waits, and whether another person confirms."""

from __future__ import annotations

from datetime import date
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.plugins.toolkit import _
from ckanext.landlab.model import release as table

__all__ = ["landlab_release_queue", "landlab_release_rule_show", "landlab_release_rule_update"]


@tk.side_effect_free
def landlab_release_queue(context: Any, data_dict: Any) -> dict[str, Any]:
    """Return the datasets that wait for confirmation, and those past their review date, of one's organisations."""
    tk.check_access("landlab_release_queue", context, data_dict)
    own = tk.get_action("organization_list_for_user")(
        {"user": context["user"]}, {"permission": "update_dataset", "include_dataset_count": False}
    )
    user = model.User.get(context["user"])
    ids = None if user and user.sysadmin else [organization["id"] for organization in own]
    mine = user.id if user else None
    return {
        "waiting": [{**_line(row), "own": row.entered_by == mine} for row in table.waiting(ids)],
        "due": [_line(row) for row in table.due(date.today(), ids)],  # noqa: DTZ011 told in whole days
    }


@tk.side_effect_free
def landlab_release_rule_show(context: Any, data_dict: Any) -> dict[str, Any]:
    """Return whether an organisation wants four eyes.

    Args:
        organization_id: the organisation's id
    """
    organization = _organization(data_dict)
    tk.check_access("landlab_release_rule_show", context, {"organization_id": organization.id})
    return {"organization_id": organization.id, "four_eyes": table.four_eyes(organization.id)}


def landlab_release_rule_update(context: Any, data_dict: Any) -> dict[str, Any]:
    """Set whether in an organisation another person has to confirm a release.

    Args:
        organization_id: the organisation's id
        four_eyes: yes or no
    """
    organization = _organization(data_dict)
    tk.check_access("landlab_release_rule_update", context, {"organization_id": organization.id})
    table.set_four_eyes(organization.id, tk.asbool(data_dict.get("four_eyes")))
    model.repo.commit()
    return {"organization_id": organization.id, "four_eyes": table.four_eyes(organization.id)}


def _organization(data_dict: Any) -> model.Group:
    organization = model.Group.get(tk.get_or_bust(data_dict, "organization_id"))
    if organization is None or not organization.is_organization:
        raise tk.ObjectNotFound(_("Organization not found"))
    return organization


def _line(row: Any) -> dict[str, Any]:
    return {
        "id": row.dataset_id,
        "name": row.name,
        "title": row.title,
        "organization_id": row.owner_org,
        "waiting_since": row.waiting_since.isoformat() if row.waiting_since else None,
        "review_by": row.review_by.isoformat() if row.review_by else None,
    }
