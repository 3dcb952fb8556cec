"""Who may see what is to be mended: those who can mend it."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

__all__ = ["landlab_dataset_check"]


def landlab_dataset_check(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever may change the dataset."""
    tk.check_access("package_update", context, {"id": data_dict["id"]})
    return {"success": True}
