"""schema.org for search engines: the licence as licence, the notices as usage information, the line as credit.

ckanext-dcat's profile takes `rights` for a licence where a file has none; with us that would call a page of notices a
licence.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from ckanext.dcat.processors import RDFSerializer
from ckanext.dcat.profiles.base import SCHEMA
from ckanext.dcat.profiles.schemaorg import SchemaOrgProfile
from ckanext.landlab import statements
from ckanext.landlab.schemas import vocabulary
from rdflib import Literal, URIRef


class LandlabSchemaOrgProfile(SchemaOrgProfile):
    """What search engines read on a dataset's page."""

    def graph_from_dataset(self, dataset_dict: dict[str, Any], dataset_ref: Any) -> None:
        super().graph_from_dataset(_without_rights(dataset_dict), dataset_ref)

    def additional_fields(self, dataset_ref: Any, dataset_dict: dict[str, Any]) -> None:
        """Replace what the profile took for a licence, and add where the notices stand and how to name the source."""
        statement = statements.statement(dataset_dict)
        self.g.remove((dataset_ref, SCHEMA.license, None))
        for distribution in list(self.g.objects(dataset_ref, SCHEMA.distribution)):
            self.g.remove((distribution, SCHEMA.license, None))
        for attribution in statement.attributions("de"):
            if attribution.url:
                self.g.add((dataset_ref, SCHEMA.license, URIRef(attribution.url)))
            if attribution.line:
                self.g.add((dataset_ref, SCHEMA.creditText, Literal(attribution.line)))
        self.g.add((dataset_ref, SCHEMA.usageInfo, URIRef(statement.address)))
        for file in dataset_dict.get("resources") or ():
            self._file(dataset_ref, dataset_dict, file)

    def _file(self, dataset_ref: Any, dataset: dict[str, Any], file: dict[str, Any]) -> None:
        concept = vocabulary("licenses").concepts.get(file.get("license") or dataset.get("license_id") or "")
        if concept is None or not concept.facts.get("text"):
            return
        for distribution in self.g.objects(dataset_ref, SCHEMA.distribution):
            if str(distribution).endswith(f"/resource/{file['id']}"):
                self.g.add((distribution, SCHEMA.license, URIRef(concept.facts["text"])))


class Serializer(RDFSerializer):
    """ckanext-dcat's own, but it remembers its profiles, for which that one looks through all packages at each page."""

    def _load_profiles(self, profile_names: Any) -> Any:
        return _classes(tuple(profile_names))


@cache
def _classes(profiles: tuple[str, ...]) -> Any:
    return RDFSerializer(profiles=list(profiles))._profiles


def _without_rights(dataset: dict[str, Any]) -> dict[str, Any]:
    files = [{key: value for key, value in file.items() if key != "rights"} for file in dataset.get("resources") or ()]
    return {**dataset, "resources": files}
