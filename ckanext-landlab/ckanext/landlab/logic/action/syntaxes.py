"""A dataset's RDF through ckanext-dcat, in the syntaxes that it has a media type for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _
from ckanext.dcat.utils import CONTENT_TYPES

__all__ = ["dcat_dataset_show"]


@tk.side_effect_free
@tk.chained_action
def dcat_dataset_show(original: Callable[..., str], context: Any, data_dict: dict[str, Any]) -> str:
    """ckanext-dcat's action; a syntax that it does not know is not found instead of an error of the server."""
    syntax = data_dict.get("format")
    if syntax and syntax not in CONTENT_TYPES:
        known = ", ".join(sorted(CONTENT_TYPES))
        raise tk.ObjectNotFound(_("There is no such format. There are: {formats}.").format(formats=known))
    return original(context, data_dict)
