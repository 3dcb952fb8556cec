"""Finding a place by its name."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context
from ckanext.landlab.dcat import regions

__all__ = ["landlab_place_search"]


@tk.side_effect_free
def landlab_place_search(context: Context, data_dict: dict[str, Any]) -> list[dict[str, str]]:
    """The places that a typed text may mean, the likeliest first.

    Args:
        q: the beginning of a name or of an official key

    Returns:
        a list of {iri, name, key, kind, within}
    """
    tk.check_access("landlab_place_search", context, data_dict)
    typed = data_dict.get("q")
    return [
        {
            "iri": region.iri,
            "name": region.name,
            "key": region.key,
            "kind": region.kind,
            "within": ", ".join(parent.name for parent in regions.parents(region.iri)),
        }
        for region in regions.search(typed if isinstance(typed, str) else "")
    ]
