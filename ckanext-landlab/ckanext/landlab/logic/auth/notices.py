"""Who may read and change notices.

Texts and the portal's notices belong to the administrators of the portal, an organisation's to its own.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _

__all__ = [
    "landlab_notice_history",
    "landlab_notice_list",
    "landlab_notice_review",
    "landlab_notice_show",
    "landlab_notice_version_create",
    "landlab_notice_withdraw",
    "landlab_notices_show",
    "landlab_notices_update",
    "landlab_statement_show",
]

Decision = dict[str, Any]


@tk.auth_allow_anonymous_access
def landlab_notice_list(context: Any, data_dict: Any) -> Decision:
    """Everybody may read the vocabulary."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def landlab_notice_show(context: Any, data_dict: Any) -> Decision:
    """Everybody may read a notice and its earlier words."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def landlab_notices_show(context: Any, data_dict: Any) -> Decision:
    """Everybody may read what the portal or an organisation says."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def landlab_statement_show(context: Any, data_dict: Any) -> Decision:
    """Whoever may see the dataset may see its statement."""
    return _dataset(context, data_dict)


@tk.auth_allow_anonymous_access
def landlab_notice_history(context: Any, data_dict: Any) -> Decision:
    """Whoever may see the dataset may see what it said before."""
    return _dataset(context, data_dict)


def landlab_notice_version_create(context: Any, data_dict: Any) -> Decision:
    """Only administrators of the portal publish texts."""
    return {"success": False, "msg": _("Only administrators of the portal may publish texts of notices.")}


def landlab_notice_review(context: Any, data_dict: Any) -> Decision:
    """Only administrators of the portal record a legal review."""
    return {"success": False, "msg": _("Only administrators of the portal may record a legal review.")}


def landlab_notice_withdraw(context: Any, data_dict: Any) -> Decision:
    """Only administrators of the portal withdraw a notice."""
    return {"success": False, "msg": _("Only administrators of the portal may withdraw a notice.")}


def landlab_notices_update(context: Any, data_dict: Any) -> Decision:
    """The portal's notices are its administrators', an organisation's those of whoever may change it."""
    if data_dict.get("level") == "organization" and data_dict.get("id"):
        allowed = tk.check_access("organization_update", context, {"id": data_dict["id"]})
        return {"success": bool(allowed)}
    return {"success": False, "msg": _("Only administrators of the portal may set its notices.")}


def _dataset(context: Any, data_dict: Any) -> Decision:
    tk.check_access("package_show", context, {"id": data_dict["id"]})
    return {"success": True}
