"""DCAT-AP.de for ckanext-dcat: its endpoints and its harvester read and write by the table of schemas/dataset.yaml."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from ckanext.dcat.profiles import RDFProfile
from ckanext.landlab.catalogue import feed_named, record_of
from ckanext.landlab.dcat import adoption, catalog, completeness
from ckanext.landlab.dcat.syntax import parse, serialise
from ckanext.landlab.dcat.terms import NAMESPACES, Statement
from ckanext.landlab.feeds.feed import DEFAULT, Feed
from ckanext.landlab.surroundings import context_of
from rdflib import Graph

_LEFT_OUT = ("contact", "publisher", "creator")


class LandlabProfile(RDFProfile):
    """DCAT-AP.de 3.0, in both directions."""

    def graph_from_dataset(self, dataset_dict: dict[str, Any], dataset_ref: Any) -> None:
        self._add(completeness.described(dataset_dict, context_of(dataset_dict)))

    def graph_from_catalog(self, catalog_dict: dict[str, Any] | None, catalog_ref: Any) -> None:
        self._add(catalog.described(record_of(feed_named(DEFAULT) or Feed()), str(catalog_ref), ()))

    def parse_dataset(self, dataset_dict: dict[str, Any], dataset_ref: Any) -> dict[str, Any]:
        """Fill *dataset_dict* in place: the parser drops what is returned."""
        dataset_dict.update(_records(self.g).get(str(dataset_ref), {}))
        dataset_dict.setdefault("extras", [])  # where ckanext-dcat's harvesters put the address they know it by
        return dataset_dict

    def _add(self, statements: list[Statement]) -> None:
        for prefix, namespace in NAMESPACES.items():
            self.g.bind(prefix, namespace, replace=True)
        self.g.parse(data=serialise(statements, "nt"), format="nt")


class DcatdeKeysProfile(RDFProfile):
    """A help for `dcatap_de`: before it when writing (`landlab_dcatde,dcatap_de`), behind it when reading."""

    def graph_from_dataset(self, dataset_dict: dict[str, Any], dataset_ref: Any) -> None:
        """Change *dataset_dict* in place: the next profile is given the same one."""
        full = adoption.flattened(completeness.completed(dataset_dict, context_of(dataset_dict)))
        dataset_dict.clear()
        dataset_dict.update(full)

    def parse_dataset(self, dataset_dict: dict[str, Any], dataset_ref: Any) -> dict[str, Any]:
        """Add what ckanext-dcat leaves to another profile, because our schema has fields of these names."""
        record = _records(self.g).get(str(dataset_ref), {})
        dataset_dict.update({name: record[name] for name in _LEFT_OUT if record.get(name)})
        return dataset_dict


_READ: WeakKeyDictionary[Graph, dict[str, dict[str, Any]]] = WeakKeyDictionary()


def _records(graph: Graph) -> dict[str, dict[str, Any]]:
    """The records in *graph*, read once: the parser makes a profile for each dataset, but hands all one graph."""
    if graph not in _READ:
        data = graph.serialize(format="nt", encoding="utf-8")
        _READ[graph] = catalog.read(parse(data, "nt").graph).records
    return _READ[graph]
