"""Values of controlled vocabularies; stored is the IRI, accepted is the code as well."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _
from ckanext.landlab import language
from ckanext.landlab.dcat import regions
from ckanext.landlab.logic.kinds import Check, many, of_field, one
from ckanext.landlab.logic.validators.address import is_iri
from ckanext.landlab.schemas import Concept, Vocabulary, vocabulary

__all__ = ["landlab_concept", "landlab_concepts", "landlab_publisher_type"]

# Vocabularies of which only the common part is shipped: any other IRI may be right, findings tell when it is not.
OPEN = {"language", "media-type", "regions", "country"}


def _check(field: dict[str, Any]) -> Check:
    keeps_code = field.get("rdf", {}).get("range") == "code"

    def check(text: str) -> str:
        known = vocabulary(field["vocabulary"])  # not before there is a value: most fields are empty
        concept = known.concepts.get(text) or known.by_code(text) or _place(text, known)
        if concept is None and known.name in OPEN and is_iri(text):
            return text
        if concept is None:
            message = _("“{value}” is not in the list “{list}”. Please choose one of its entries.")
            raise tk.Invalid(
                message.format(value=text[:100], list=known.title.get(language.reader(), known.title["en"]))
            )
        return concept.code if keeps_code else concept.iri

    return check


def _place(text: str, known: Vocabulary) -> Concept | None:
    """The place of this name, if the list is that of places and no other place has the name."""
    if known.name != "regions" or is_iri(text):
        return None
    named = [region for region in regions.search(text) if regions.fold(region.name) == regions.fold(text)]
    if len(named) > 1:
        keys = ", ".join(f"{region.name} ({region.key})" for region in named[:5])
        message = _("There are several places of this name. Please enter the key of the one you mean: {keys}")
        raise tk.Invalid(message.format(keys=keys))
    return known.concepts.get(named[0].iri) if named else None


@of_field
def landlab_concept(field: dict[str, Any], schema: dict[str, Any]) -> Any:
    """One concept of the vocabulary that *field* names."""
    return one(_check(field))


@of_field
def landlab_concepts(field: dict[str, Any], schema: dict[str, Any]) -> Any:
    """Several concepts of the vocabulary that *field* names."""
    return many(_check(field))


def landlab_publisher_type(value: Any, context: dict[str, Any]) -> Any:
    """The kind of body that publishes the catalogue, a concept of the vocabulary publisher-type."""
    return one(_check({"vocabulary": "publisher-type"}))(value, context)
