"""Action: how often datasets are used, for those who edit them."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckanext.landlab.model import use as store

__all__ = ["landlab_use_show"]


@tk.side_effect_free
def landlab_use_show(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """How often a dataset, or each dataset of an organisation, was used by month; nothing about who used it.

    Args:
        id: the dataset's name or id
        organization: the organisation's name or id, in the place of a dataset

    Returns:
        rows of month, name, title, look, download and api, the youngest month first
    """
    if data_dict.get("organization"):
        tk.check_access("landlab_use_show", context, data_dict)
        organization = model.Group.get(data_dict["organization"])
        if organization is None:
            raise tk.ObjectNotFound(tk._("Organization not found"))
        return _rows(store.by_month(organization_id=organization.id))
    package = model.Package.get(tk.get_or_bust(data_dict, "id"))
    if package is None:
        raise tk.ObjectNotFound(tk._("Dataset not found"))
    tk.check_access("landlab_use_show", context, {"id": package.id})
    return _rows(store.by_month([package.id]))


def _rows(found: Any) -> list[dict[str, Any]]:
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for row in found:
        empty = {"month": row.month, "name": row.name, "title": row.title, "look": 0, "download": 0, "api": 0}
        rows.setdefault((row.month, row.name), empty)[row.kind] = int(row.count)
    return list(rows.values())
