"""What a node says where a field wants a value: an address, a label, a word that means a concept, or nothing at all.

*visited* takes the nodes whose statements are in the record by that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ckanext.landlab.dcat import concepts
from ckanext.landlab.dcat.graph import Graph
from ckanext.landlab.dcat.ranges import GERMAN, Labelled
from ckanext.landlab.dcat.terms import TYPE, Term, expand, is_empty, parts, text_of
from ckanext.landlab.dcat.writing import LABEL, local_name

if TYPE_CHECKING:
    from ckanext.landlab.dcat.mapping import Row

WORDS = (*map(expand, ("rdf:value", "skos:notation", "dct:identifier", "dct:title", "skos:prefLabel")), LABEL)
BY_LABEL = ("data-theme",)  # not licences, whose addresses are passed on as they are (convention 34)

Properties = Mapping[Term, list[Term]]


def is_hollow(graph: Graph, node: Term, visited: set[Term]) -> bool:
    """Whether *node* is a blank one of which only its class is said, as a form left empty makes it."""
    properties = graph.properties(node) if node[0] == "_" else {}
    if not properties or any(p != TYPE and not all(map(is_empty, said)) for p, said in properties.items()):
        return False
    visited.add(node)
    return True


def labelled(graph: Graph, row: Row, term: Term, visited: set[Term]) -> Any:
    """An address, or the words of a literal or of a node that has a German label and nothing else."""
    if term[0] == "<":
        return term[1:-1] if Labelled.is_address(term[1:-1]) else None
    if term[0] == '"':
        return text_of(term).strip() or None
    properties = graph.properties(term)
    label = properties.get(LABEL, ())
    if len(label) != 1 or properties.get(TYPE, [row.type]) != [row.type] or set(properties) - {LABEL, TYPE}:
        return None
    text, language, _ = parts(label[0]) if label[0][0] == '"' else ("", "", "")
    visited.add(term)
    return text if language == GERMAN and not Labelled.is_address(text) else None


def behind(row: Row, term: Term, properties: Properties, visited: set[Term]) -> Any:
    """A value that stands one node further, as vCard's `hasValue` does, or a word there that means a concept."""
    value = next((values for predicate, values in properties.items() if local_name(predicate) == "hasValue"), ())
    if len(value) == 1:
        visited.add(term)
        return row.range.read(value[0], row.vocabulary)
    if set(properties) - {TYPE, *WORDS}:
        return None
    read = (row.range.read(word, row.vocabulary) for word in _words(properties))
    meant = next((one for one in read if one and row.range.write(one, row.vocabulary)[0] == "<"), None)
    if meant:
        visited.add(term)
    return meant


def by_label(graph: Graph, row: Row, term: Term) -> Any:
    """The concept that a portal's own concept means by its label; nothing for one of the list, or without label."""
    if row.vocabulary not in BY_LABEL or term[0] != "<" or concepts.listed(row.vocabulary, term[1:-1]):
        return None
    found = (concepts.found(row.vocabulary, text_of(word)) for word in _words(graph.properties(term)))
    meant = {concept.iri for concept in found if concept}
    return meant.pop() if len(meant) == 1 else None


def _words(properties: Properties) -> Iterator[Term]:
    said: Iterable[list[Term]] = (properties.get(predicate, []) for predicate in WORDS)
    return (value for values in said for value in values if value[0] == '"')
