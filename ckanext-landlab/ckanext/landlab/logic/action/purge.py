"""Purging a dataset, which CKAN tells no plugin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckanext.landlab import entries
from ckanext.landlab.model import release as releases

__all__ = ["dataset_purge"]


@tk.chained_action
def dataset_purge(original: Callable[..., Any], context: Any, data_dict: dict[str, Any]) -> Any:
    """CKAN's action, which tells no plugin: what is purged is shown no more, harvesters are told so, answers go."""
    tk.check_access("dataset_purge", context, data_dict)
    identifier = str(tk.get_or_bust(data_dict, "id"))
    entries.dataset_deleted(identifier)
    if package := model.Package.get(identifier):
        releases.forget(package.id)
    return original(context, data_dict)
