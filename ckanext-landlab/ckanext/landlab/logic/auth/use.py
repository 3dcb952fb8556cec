"""Who may see how often datasets are used: those who may edit them."""

from __future__ import annotations

from typing import Any

import ckan.authz as authz
import ckan.plugins.toolkit as tk

__all__ = ["landlab_use_show"]


def landlab_use_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever may change the dataset, or datasets of the organisation."""
    if organization := data_dict.get("organization"):
        user = context.get("user")
        return {
            "success": bool(user) and authz.has_user_permission_for_group_or_org(organization, user, "update_dataset")
        }
    tk.check_access("package_update", context, {"id": data_dict["id"]})
    return {"success": True}
