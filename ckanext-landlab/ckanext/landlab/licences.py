"""CKAN's licence list is the dcat-ap.de list, so that a licence is an IRI everywhere."""

from __future__ import annotations

from typing import Any

from ckan.model.license import License, LicenseRegister
from ckanext.landlab import language
from ckanext.landlab.schemas import Concept, vocabulary

LICENCES = "licenses"


class Licence(License):
    """One entry of the list, whose title speaks the reader's language."""

    def __init__(self, concept: Concept) -> None:
        super().__init__(
            {
                "id": concept.iri,
                "url": concept.facts.get("text") or concept.iri,
                "status": "deleted" if concept.deprecated else "active",
                "od_conformance": "approved" if concept.facts.get("open") else "rejected",
                "osd_conformance": "not reviewed",
                "domain_content": False,
                "domain_data": True,
                "domain_software": False,
                "is_generic": concept.code.startswith("other-"),
                "family": "",
                "maintainer": "",
            }
        )
        self._concept = concept

    @property
    def title(self) -> str:
        return self._concept.text(language.reader())

    def license_dictize(self) -> dict[str, Any]:
        return {**super().license_dictize(), "title": self.title}


class LicenceList(LicenseRegister):
    """The register that CKAN asks for licences."""

    def __init__(self, concepts: list[Concept]) -> None:
        self.licenses = [Licence(concept) for concept in concepts]


def register() -> LicenceList:
    """The dcat-ap.de licences in the order of their list."""
    return LicenceList(list(vocabulary(LICENCES).concepts.values()))
