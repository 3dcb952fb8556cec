"""What the start page shows: counts by topic and origin, the newest datasets, the organisations."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.search import SearchError
from ckanext.landlab import language
from ckanext.landlab.schemas import Concept, vocabulary

__all__ = ["landlab_start"]

_NEWEST = 6
_MOST = 100  # organisations


def landlab_start() -> dict[str, Any]:
    """Counts, topics, origins, newest datasets and organisations; zeros and empty lists while search is away."""
    query = {
        "q": "*:*",
        "fq": "dataset_type:dataset",
        "rows": _NEWEST,
        "sort": "metadata_created desc",
        "facet.field": ["theme", "origin", "organization"],
        "facet.limit": _MOST,
    }
    try:
        found = tk.get_action("package_search")({}, query)
    except SearchError:
        found = {"count": 0, "results": [], "search_facets": {}}
    counts = {name: _counts(facet) for name, facet in found["search_facets"].items()}
    return {
        "count": found["count"],
        "newest": found["results"],
        "themes": sorted(_offered("data-theme", counts.get("theme", {})), key=lambda theme: theme["label"].casefold()),
        "origins": _offered("origin", counts.get("origin", {})),
        "organizations": sorted(
            found["search_facets"].get("organization", {}).get("items", []), key=lambda item: item["display_name"]
        ),
    }


def _counts(facet: dict[str, Any]) -> dict[str, int]:
    return {item["name"]: item["count"] for item in facet["items"]}


def _offered(name: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    """The concepts of vocabulary *name* that datasets have, with label and count, in the order of the list."""
    return [_entry(concept, counts[iri]) for iri, concept in vocabulary(name).concepts.items() if counts.get(iri)]


def _entry(concept: Concept, count: int) -> dict[str, Any]:
    reader = language.reader()
    explanation = concept.facts.get("help", {})
    return {
        "iri": concept.iri,
        "code": concept.code,
        "label": concept.text(reader),
        "help": explanation.get(reader, ""),
        "count": count,
    }
