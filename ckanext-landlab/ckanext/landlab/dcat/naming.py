"""Which nodes of a graph are records, and addresses for those that came without one.

An address that is made up here follows from what the node says of itself (identifier, page, title) and from the node
above it, never from its place in the document: the next harvest has to find the same dataset again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from itertools import count

from ckanext.landlab.dcat.fingerprint import fingerprint
from ckanext.landlab.dcat.graph import Graph
from ckanext.landlab.dcat.terms import Term, expand, iri, is_empty, looks_like_iri, text_of

KINDS = {"dcat:Dataset": "dataset", "dcat:DatasetSeries": "dataset_series", "dcat:DataService": "data_service"}
_CLASSES = {expand(name): kind for name, kind in KINDS.items()}
_CATALOG = expand("dcat:Catalog")
_TITLE, _ACCESS = expand("dct:title"), expand("dcat:accessService")
_IDENTIFIER = expand("dct:identifier")
_TELLING = (
    _IDENTIFIER,
    *map(expand, ("adms:identifier", "foaf:homepage", "dcat:landingPage", "dcat:endpointURL", "dct:title")),
)
_LONGEST = 60  # letters of a name


def named(graph: Graph, base: str = "") -> tuple[Graph, Mapping[Term, str], Mapping[Term, Term]]:
    """*graph* with an address for every record, its records and their kinds, and which blank nodes were named how.

    *base* is the address of the document; what hangs on no named node is named below it.
    """
    nodes = _records(graph)
    nameless = [node for node in nodes if node[0] == "_"]
    if not nameless:
        return graph, _sorted(nodes), {}
    names = _names(graph, nodes, _ranked(graph, nodes, nameless), iri(base) if base else "")
    return graph.renamed(names), _sorted({names.get(node, node): kind for node, kind in nodes.items()}), names


def _sorted(nodes: Mapping[Term, str]) -> dict[Term, str]:
    return dict(sorted(nodes.items(), key=lambda item: (item[1] != "catalog", item[0])))


def _records(graph: Graph) -> dict[Term, str]:
    nodes = dict.fromkeys(graph.instances(_CATALOG), "catalog")
    for node in graph.instances(*_CLASSES):
        if node in nodes:
            continue
        kinds = [_CLASSES[type_] for type_ in graph.types(node) if type_ in _CLASSES]
        nodes[node] = "dataset_series" if "dataset_series" in kinds else kinds[0]
    for node in _parts_of_files(graph, nodes):
        del nodes[node]
    return nodes


def _parts_of_files(graph: Graph, nodes: Mapping[Term, str]) -> set[Term]:
    """The services without a title that a distribution points at: no record of their own can be made of them."""
    untitled = {
        n for n, kind in nodes.items() if kind == "data_service" and all(map(is_empty, graph.values(n, _TITLE)))
    }
    return {value for _, predicate, value in graph if predicate == _ACCESS and value in untitled} if untitled else set()


def _ranked(graph: Graph, nodes: Mapping[Term, str], nameless: Iterable[Term]) -> Iterator[Term]:
    """The *nameless* in an order of their own; only those that say the same of themselves are looked at as a whole."""
    alike: dict[tuple[bool, str, str], list[Term]] = {}
    for node in nameless:
        rank = nodes[node] != "catalog", _telling(graph, node), _told(graph, node)
        alike.setdefault(rank, []).append(node)
    for rank in sorted(alike):
        members = alike[rank]
        if len(members) > 1:
            members.sort(key=lambda node: fingerprint(graph.about(graph.reached(node, nodes))))
        yield from members


def _names(graph: Graph, nodes: Mapping[Term, str], nameless: Iterable[Term], base: Term) -> dict[Term, Term]:
    nameless = list(nameless)
    above = graph.parents(nameless)
    names: dict[Term, Term] = {}
    taken: set[Term] = set()
    for node in nameless:
        parents = sorted(names.get(parent, parent) for parent in above.get(node, ()))
        names[node] = next(
            name
            for name in _addresses(graph, node, nodes[node], next((p for p in parents if p[0] == "<"), base))
            if name not in taken and not graph.properties(name)
        )
        taken.add(names[node])
    return names


def _addresses(graph: Graph, node: Term, kind: str, above: Term) -> Iterator[Term]:
    """Addresses for *node*, the best first: its identifier if that is one, else a name below *above*."""
    text = _telling(graph, node)
    if looks_like_iri(text) and graph.values(node, _IDENTIFIER):
        yield iri(text)
    told = _told(graph, node)[:8]
    place = f"{above[:-1]}{'-' if '#' in above else '#'}" if above else "<urn:landlab:"
    name = f"{place}{kind}-{_slug(text) or told}"
    yield f"{name}>"
    yield from (f"{name}-{told}{number or ''}>" for number in count())


def _telling(graph: Graph, node: Term) -> str:
    """The text by which *node* can be known: the first of its identifiers, pages and titles that there is."""
    texts = (sorted(text_of(v) for v in graph.values(node, predicate) if v[0] != "_") for predicate in _TELLING)
    return next((text.strip() for found in texts for text in found if text.strip()), "")


def _told(graph: Graph, node: Term) -> str:
    return fingerprint(line for line in graph.about([node]) if line[2][0] != "_")


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss")).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", re.sub(r"^https?://(www\.)?", "", plain)))[:_LONGEST].strip("-")
