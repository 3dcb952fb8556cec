"""A whole catalogue: its own node with paging on the way out, all of its records on the way in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ckanext.landlab.dcat import kept, mapping
from ckanext.landlab.dcat.completeness import folded
from ckanext.landlab.dcat.context import Record
from ckanext.landlab.dcat.fingerprint import Fingerprints
from ckanext.landlab.dcat.graph import Graph
from ckanext.landlab.dcat.naming import named
from ckanext.landlab.dcat.order import settled
from ckanext.landlab.dcat.reading import KINDS, Remark
from ckanext.landlab.dcat.terms import TYPE, Statement, Term, expand, iri, literal, text_of
from ckanext.landlab.dcat.versions import in_version, succeeded

THEMES = "http://publications.europa.eu/resource/authority/data-theme"
LINKS = {
    "dataset": expand("dcat:dataset"),
    "data_service": expand("dcat:service"),
    # dcat:dataset would demand that a series is a dcat:Dataset as well; this only says that it is in the catalogue
    "dataset_series": expand("dcat:resource"),
}
_RECORD = expand("dcat:CatalogRecord")
_PAGES = {
    "next": ("hydra:nextPage", "hydra:next"),
    "previous": ("hydra:previousPage", "hydra:previous"),
    "first": ("hydra:firstPage", "hydra:first"),
    "last": ("hydra:lastPage", "hydra:last"),
}
_NEXT = tuple(expand(name) for name in _PAGES["next"])
_TOTAL = expand("hydra:totalItems")
_PAGED = (expand("hydra:PagedCollection"), expand("hydra:PartialCollectionView"))


@dataclass(frozen=True, kw_only=True)
class Page:
    """Where a page of a catalogue stands among the others: addresses, and the numbers of records."""

    current: str
    total: int
    size: int
    first: str = ""
    last: str = ""
    next: str = ""
    previous: str = ""


def described(
    catalog: Record, address: str, links: Iterable[tuple[str, str]], version: str = "3.0", page: Page | None = None
) -> list[Statement]:
    """What a catalogue says of itself: fields of catalog.yaml, and *links*, CKAN type and IRI of its records."""
    record = {"theme_taxonomy": [THEMES], **catalog}
    node = iri(address)
    statements = mapping.table("catalog").describe(record, address, version)
    statements += [(node, LINKS.get(kind, LINKS["dataset"]), iri(target)) for kind, target in links]
    return in_version([*statements, *(_paging(page) if page else ())], version)


def _paging(page: Page) -> list[Statement]:
    """The page as Hydra names it and harvesters of CKAN portals look for it: older and newer names, literals."""
    node = iri(page.current)
    statements = [(node, TYPE, _PAGED[0])]
    for name, properties in _PAGES.items():
        address = getattr(page, name)
        statements += [(node, expand(prefixed), literal(address)) for prefixed in properties if address]
    integer = expand("xsd:integer")
    statements.append((node, expand("hydra:totalItems"), f'"{page.total}"^^{integer}'))
    statements.append((node, expand("hydra:itemsPerPage"), f'"{page.size}"^^{integer}'))
    return statements


@dataclass
class Harvest:
    """What a document holds: records by their nodes, remarks on each, and what belongs to none of them.

    A fingerprint stands for all that a record was read from; it is the same in every syntax and order, so a record
    whose fingerprint has not changed need not be looked at again.
    """

    records: dict[str, Record] = field(default_factory=dict)
    fingerprints: dict[str, str] = field(default_factory=dict)
    remarks: dict[str, list[Remark]] = field(default_factory=dict)
    catalogs: dict[str, Record] = field(default_factory=dict)
    named: Mapping[Term, Term] = field(default_factory=dict)  # blank nodes that were given an address
    rest: str = ""  # statements that no record reaches, as N-Triples
    next_page: str = ""

    def of_kind(self, kind: str) -> list[Record]:
        return [record for record in self.records.values() if record["type"] == kind]

    def statements(self, version: str = "3.0") -> list[Statement]:
        """The document again, written from its records; addresses are those it came with."""
        written: list[Statement] = []
        for address, catalog in self.catalogs.items():
            written += mapping.table("catalog").describe(catalog, address, version)
        for address, record in self.records.items():
            full = succeeded(unfolded(record)) if version == "3.0" else unfolded(record)
            written += mapping.table(record["type"]).describe(full, address, version)
        return in_version([*written, *kept.read(self.rest)], version)


@dataclass(frozen=True)
class Item:
    """One record of a document, where it stands; nothing is read before somebody asks for it."""

    node: Term
    kind: str
    graph: Graph
    apart: frozenset[Term]  # nodes that are records of their own
    fingerprints: Fingerprints

    @property
    def address(self) -> str:
        return self.node[1:-1]

    @cached_property
    def fingerprint(self) -> str:
        """Stands for all that the record can be read from."""
        return self.fingerprints.of(self.graph.reached(self.node, self.apart))

    @cached_property
    def content(self) -> tuple[Record, list[Remark], set[Term]]:
        """The record, what became of its statements, and the nodes that it was read from."""
        record, remarks, seen = mapping.table(self.kind).recover_seen(self.node, self.graph, self.apart)
        return (record if self.kind == "catalog" else {**folded(record), "type": self.kind}), remarks, seen


def read(graph: Graph, base: str = "") -> Harvest:
    """Every record in *graph*: datasets, series, services and catalogues; *base* is where the document came from."""
    graph, nodes, names = named(graph, base)
    harvest = Harvest(named=names)
    visited: set[Term] = set()
    for item in _items(graph, nodes):
        record, harvest.remarks[item.address], seen = item.content
        visited |= seen
        if item.kind == "catalog":
            harvest.catalogs[item.address] = record
        else:
            harvest.records[item.address] = record
            harvest.fingerprints[item.address] = item.fingerprint
    harvest.rest = kept.written(settled(statement for statement in graph if statement[0] not in visited))
    harvest.next_page = next_page(graph)
    return harvest


def items(graph: Graph, base: str = "") -> Iterator[Item]:
    """The records in *graph* without its catalogues, one after the other; only one of them is held at a time."""
    graph, nodes, _names = named(graph, base)
    return (item for item in _items(graph, nodes) if item.kind != "catalog")


def _items(graph: Graph, nodes: Mapping[Term, str]) -> Iterator[Item]:
    # An entry without address hangs on its catalogue.
    entries = (node for node in graph.instances(_RECORD) if node[0] == "<")
    apart = frozenset([*nodes, *entries])
    fingerprints = Fingerprints(graph)
    return (Item(node, kind, graph, apart, fingerprints) for node, kind in nodes.items())


def unfolded(record: Record) -> Record:
    """The way back of `folded`: the address of each file where the table looks for it."""
    if "resources" not in record:
        return record
    resources = [
        {**resource, "access_url": resource.get("access_url") or resource.get("url")}
        for resource in record["resources"]
    ]
    return {**record, "resources": resources}


def next_page(graph: Graph) -> str:
    """The address of the page that follows, or an empty text."""
    pages = graph.instances(*_PAGED)
    return next((text_of(v) for page in pages for name in _NEXT for v in graph.values(page, name)), "")


def total_items(graph: Graph) -> int:
    """How many records the document says there are on all pages; 0 if it does not say."""
    said = (text_of(v) for page in graph.instances(*_PAGED) for v in graph.values(page, _TOTAL))
    return max((int(text) for text in said if text.isascii() and text.isdigit()), default=0)


def summary(remarks: Iterable[Remark]) -> dict[str, Any]:
    """How many remarks of each kind there are."""
    counts = Counter(remark.kind for remark in remarks)
    return {kind: counts[kind] for kind in KINDS}
