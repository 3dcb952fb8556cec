"""What a form offers."""

from __future__ import annotations

from typing import Any

from ckanext.landlab import language
from ckanext.landlab.schemas import vocabularies, vocabulary

__all__ = ["landlab_choices", "landlab_stored_choices"]

_CODES = {"code"}  # ranges whose fields hold the code instead of the IRI


def landlab_choices(field: dict[str, Any]) -> list[dict[str, Any]]:
    """The concepts that the vocabulary of *field* offers, as CKAN's forms want choices."""
    if field["vocabulary"] not in vocabularies():
        return []
    reader = language.reader()
    by_code = field.get("rdf", {}).get("range") in _CODES
    return [
        {
            "value": concept.code if by_code else concept.iri,
            "label": concept.text(reader),
            "help": concept.facts.get("help", {}).get(reader, ""),
            "recommended": bool(concept.facts.get("recommended")),
        }
        for concept in vocabulary(field["vocabulary"]).concepts.values()
        if concept.facts.get("offered", True) and not concept.deprecated
    ]


def landlab_stored_choices(field: dict[str, Any], values: list[str]) -> list[dict[str, Any]]:
    """The same, and the stored *values* that are not offered, so that saving a form loses none."""
    choices = landlab_choices(field)
    offered = {choice["value"] for choice in choices}
    stored = [value for value in values if value and value not in offered]
    return [*({"value": value, "label": value, "help": "", "recommended": False} for value in stored), *choices]
