"""Who may see what is to be mended: those who can mend it."""

from __future__ import annotations

from typing import Any

import ckan.authz as authz
import ckan.plugins.toolkit as tk

__all__ = ["landlab_catalogue_check", "landlab_dataset_check", "landlab_organization_check"]


def landlab_dataset_check(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever may change the dataset."""
    tk.check_access("package_update", context, {"id": data_dict["id"]})
    return {"success": True}


def landlab_organization_check(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever may change datasets of the organisation."""
    user = context.get("user")
    return {
        "success": bool(user) and authz.has_user_permission_for_group_or_org(data_dict["id"], user, "update_dataset")
    }


def landlab_catalogue_check(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever may change datasets of some organisation."""
    user = context.get("user")
    return {"success": bool(user) and authz.has_user_permission_for_some_org(user, "update_dataset")}
