"""Who may write the guideline and who sees who has read it: administrators of the site."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _

__all__ = [
    "landlab_guideline_acknowledge",
    "landlab_guideline_readers",
    "landlab_guideline_show",
    "landlab_guideline_update",
    "landlab_guideline_versions",
]


@tk.auth_allow_anonymous_access
def landlab_guideline_show(context: Any, data_dict: Any) -> dict[str, Any]:
    """Everybody."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def landlab_guideline_versions(context: Any, data_dict: Any) -> dict[str, Any]:
    """Everybody: what once stood there was public."""
    return {"success": True}


def landlab_guideline_update(context: Any, data_dict: Any) -> dict[str, Any]:
    """Sysadmins alone."""
    return {"success": False, "msg": _("Only administrators of the site may write the guideline.")}


def landlab_guideline_readers(context: Any, data_dict: Any) -> dict[str, Any]:
    """Sysadmins alone."""
    return {"success": False, "msg": _("Only administrators of the site may see who has read the guideline.")}


def landlab_guideline_acknowledge(context: Any, data_dict: Any) -> dict[str, Any]:
    """Everybody who is logged in, for themselves."""
    return {"success": bool(context.get("user")), "msg": _("Please log in first.")}
