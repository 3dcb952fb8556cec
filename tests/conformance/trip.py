"""How much of a document is still there after the trip RDF → records → RDF."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from ckanext.landlab.dcat import catalog, syntax
from ckanext.landlab.dcat.graph import Graph
from ckanext.landlab.dcat.reading import KINDS
from ckanext.landlab.dcat.terms import Statement, Term

TESTDATA = Path(__file__).parents[3] / "shared" / "testdata"
FOLDERS = ("catalogs", "examples", "portals", "testcases")


def documents() -> list[str]:
    """Every RDF document of the test data, by its path."""
    files = (file for folder in FOLDERS for file in sorted((TESTDATA / folder).rglob("*")) if file.is_file())
    return [str(file.relative_to(TESTDATA)) for file in files if file.suffix in (".ttl", ".rdf", ".jsonld")]


def read(name: str) -> Graph:
    return syntax.parse((TESTDATA / name).read_bytes(), syntax.syntax_of(Path(name).suffix)).graph


@dataclass
class Trip:
    """What became of the statements of a document: how many came again as they were, which were said otherwise."""

    total: int = 0
    same: int = 0
    converted: list[Statement] = field(default_factory=list)
    surplus: list[Statement] = field(default_factory=list)
    older: list[Statement] = field(default_factory=list)
    lost: list[Statement] = field(default_factory=list)


def trip(source: Graph, harvest: catalog.Harvest, written: Graph) -> Trip:
    """Compare *source*, the document that *harvest* was read from, with what is *written* from it."""
    names = harvest.named
    source = Graph.of((names.get(s, s), p, names.get(o, o)) for s, p, o in source)
    places = _places(source, written)
    explained: dict[str, set[Statement]] = {kind: set() for kind in KINDS}
    for remarks in harvest.remarks.values():
        for remark in remarks:
            explained[remark.kind].add(remark.statement)
    result = Trip(total=len(source))
    above: dict[Term, list[Statement]] = {}
    for link in source:
        above.setdefault(link[2], []).append(link)
    for statement in source:
        if _stands(statement, places, written):
            result.same += 1
            continue
        kinds = (kind for kind in ("surplus", "older", "converted") if _within(statement, explained[kind], above))
        getattr(result, next(kinds, "lost")).append(statement)
    return result


def _stands(statement: Statement, places: dict[Term, set[Term]], written: Graph) -> bool:
    subject, predicate, value = statement
    values = {value} | places.get(value, set())
    return any(not values.isdisjoint(written.values(s, predicate)) for s in {subject} | places.get(subject, set()))


def _within(statement: Statement, explained: set[Statement], above: dict[Term, list[Statement]]) -> bool:
    """Whether a remark speaks of the statement itself or of the link to the node that it hangs on."""
    links = [statement]
    for _ in range(4):
        if not explained.isdisjoint(links):
            return True
        links = [link for subject, _, _ in links if subject[0] == "_" for link in above.get(subject, ())]
    return False


def _places(source: Graph, written: Graph) -> dict[Term, set[Term]]:
    """For each blank node the nodes that stand in its place: found from node to node, by the statements they share."""
    places = {node: {node} for node in source.subjects if node[0] == "<"} | _of_roots(source, written)
    ahead = list(places)
    done: set[tuple[Term, Term]] = set()
    while ahead:
        node = ahead.pop(0)
        for predicate, values in source.properties(node).items():
            for value in values:
                if value[0] != "_":
                    continue
                for place in places[node]:
                    best = _most_alike(value, written.values(place, predicate), source, written)
                    if best and (value, best) not in done:
                        done.add((value, best))
                        places.setdefault(value, set()).add(best)
                        ahead.append(value)
    return places


def _of_roots(source: Graph, written: Graph) -> dict[Term, set[Term]]:
    """The same for the blank nodes at which nothing points."""
    below = {value for _, _, value in source}
    nodes = [node for node in written.subjects if node[0] == "_"]
    roots = [node for node in source.subjects if node[0] == "_" and node not in below]
    return {node: {best} for node in roots if (best := _most_alike(node, nodes, source, written))}


def _most_alike(value: Term, candidates: list[Term], source: Graph, written: Graph) -> Term:
    if len(candidates) == 1:
        return candidates[0]
    said = {(p, o) for p, values in source.properties(value).items() for o in values}

    def shared(candidate: Term) -> int:
        properties = written.properties(candidate)
        return 2 * len(said & {(p, o) for p, values in properties.items() for o in values}) + len(
            names & set(properties)
        )

    names = {p for p, _ in said}
    nodes = [candidate for candidate in candidates if candidate[0] != '"']
    return max(nodes, key=lambda candidate: (shared(candidate), candidate[0] == "_"), default="")
