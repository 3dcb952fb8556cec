"""Giving a dataset to another organisation without saving it, which CKAN tells neither plugins nor the search."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import search
from ckanext.landlab import entries, gate, standings

__all__ = ["package_owner_org_update"]


@tk.chained_action
def package_owner_org_update(original: Callable[..., Any], context: Any, data_dict: dict[str, Any]) -> Any:
    """CKAN's action, with the gate before it; harvesters and the search see the new organisation at once."""
    if context.get("defer_commit"):  # a part of saving it
        return original(context, data_dict)
    answer = original({**context, "defer_commit": True}, data_dict)
    model.Session.flush()
    package = model.Package.get(tk.get_or_bust(data_dict, "id"))
    assert package is not None  # noqa: S101 the action has found it
    gate.examine(context, package.id)  # first, because it may refuse
    entries.dataset_saved(package.id)
    standings.refresh(package.id)
    model.repo.commit()
    search.rebuild(package.id)
    return answer
