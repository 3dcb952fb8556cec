"""Places are public knowledge."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

__all__ = ["landlab_place_search"]


@tk.auth_allow_anonymous_access
def landlab_place_search(context: dict[str, Any], data_dict: dict[str, Any]) -> dict[str, bool]:
    """Everybody."""
    return {"success": True}
