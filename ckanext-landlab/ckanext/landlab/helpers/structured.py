"""What search engines read on a dataset's page."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import simplejson
from ckanext.landlab.schemaorg import Serializer

__all__ = ["landlab_structured_data"]


def landlab_structured_data(dataset: dict[str, Any]) -> str:
    """The dataset as schema.org describes it, safe inside of a page."""
    profiles = tk.aslist(tk.config.get("ckanext.dcat.structured_data.profiles") or "schemaorg")
    graph = simplejson.loads(Serializer(profiles=profiles).serialize_dataset(dataset, _format="jsonld"))
    return simplejson.dumps(graph, sort_keys=True, cls=simplejson.JSONEncoderForHTML)
