"""Who may answer, confirm and read: editors of the organisation and sysadmins.

Somebody from elsewhere who works along on one dataset (CKAN's collaborators) changes the data, not what the
organisation answers for; so the answers stay inside, and the second pair of eyes is one of its own.
"""

from __future__ import annotations

from typing import Any

import ckan.authz as authz
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.plugins.toolkit import _
from ckanext.landlab.model import release as table

__all__ = [
    "landlab_release_answer",
    "landlab_release_confirm",
    "landlab_release_events",
    "landlab_release_look",
    "landlab_release_memo",
    "landlab_release_queue",
    "landlab_release_remind",
    "landlab_release_return",
    "landlab_release_rule_show",
    "landlab_release_rule_update",
    "landlab_release_show",
    "landlab_release_submit",
]

Verdict = dict[str, Any]


def _as_editor(context: Any, data_dict: Any) -> Verdict:
    refused = {"success": False, "msg": _("Only editors of the organisation may see the release check.")}
    try:
        tk.check_access("package_update", context, {"id": data_dict["id"]})
    except tk.NotAuthorized:
        return refused
    package = model.Package.get(data_dict["id"])
    return {"success": True} if package and _works_for(package.owner_org, context.get("user")) else refused


def _works_for(organization: str | None, user: str | None) -> bool:
    """Whether *user* is an editor of the *organization*; a dataset without one belongs to whoever may change it."""
    return not organization or bool(authz.has_user_permission_for_group_or_org(organization, user, "update_dataset"))


landlab_release_show = _as_editor
landlab_release_answer = _as_editor
landlab_release_submit = _as_editor
landlab_release_return = _as_editor
landlab_release_memo = _as_editor
landlab_release_events = _as_editor
landlab_release_look = _as_editor


def landlab_release_confirm(context: Any, data_dict: Any) -> Verdict:
    """An editor other than the one who entered, where the organisation wants four eyes."""
    verdict = _as_editor(context, data_dict)
    if not verdict["success"]:
        return verdict
    package = model.Package.get(data_dict["id"])
    row = table.release_of(package.id) if package else None
    user = model.User.get(context.get("user"))
    entered_by = {answer.get("by") for answer in row.answers.values()} if row else set()
    if package and table.four_eyes(package.owner_org) and user and user.id in entered_by:
        return {"success": False, "msg": _("You entered the answers; another person has to confirm them.")}
    return verdict


def landlab_release_queue(context: Any, data_dict: Any) -> Verdict:
    """Everybody who is logged in; the queue shows only what one may edit."""
    return {"success": bool(context.get("user"))}


def landlab_release_remind(context: Any, data_dict: Any) -> Verdict:
    """Sysadmins alone."""
    return {"success": False}


def landlab_release_rule_show(context: Any, data_dict: Any) -> Verdict:
    """Members of the organisation."""
    allowed = authz.has_user_permission_for_group_or_org(data_dict.get("organization_id"), context.get("user"), "read")
    return {"success": bool(allowed)}


def landlab_release_rule_update(context: Any, data_dict: Any) -> Verdict:
    """Administrators of the organisation."""
    permission = "update"
    allowed = authz.has_user_permission_for_group_or_org(
        data_dict.get("organization_id"), context.get("user"), permission
    )
    return {"success": bool(allowed), "msg": _("Only administrators of the organisation may change this.")}
