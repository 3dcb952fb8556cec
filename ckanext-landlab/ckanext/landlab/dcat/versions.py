"""DCAT-AP.de 3.0 and 2.0 from the same record.

Which property says a field in 2.0 stands in its row (`rdf.v2`); here is the rest: values that 2.0 takes from another
list and what of 2.0 says itself otherwise in 3.0 (both in `schemas/conversions.yaml`), and dates that 2.0 knows only as
days and times.  No single document can satisfy both: adms:status, the checksum algorithms, byteSize and locn:geometry
contradict each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from ckanext.landlab import schemas
from ckanext.landlab.dcat.concepts import conversions
from ckanext.landlab.dcat.context import Record
from ckanext.landlab.dcat.terms import TYPE, Statement, Term, expand, iri, parts

VERSIONS = ("3.0", "2.0")
READ = ("1.0", "1.0.1", "1.0.2", "1.1", "2.0", "3.0")

_PLACE, _ALGORITHM = expand("dct:Location"), expand("spdx:algorithm")
_YEAR, _MONTH, _DAY = expand("xsd:gYear"), expand("xsd:gYearMonth"), expand("xsd:date")


def in_version(statements: Iterable[Statement], version: str) -> list[Statement]:
    """*statements* with their values as *version* wants them, each once."""
    unique = dict.fromkeys(statements)
    if version != "2.0":
        return list(unique)
    bare, unsayable = _bare_places(unique), _unsayable(unique)
    return list(
        dict.fromkeys(
            (s, p, _in_2(o)) for s, p, o in unique if (s, p) not in bare and s not in unsayable and o not in unsayable
        )
    )


def _unsayable(statements: Iterable[Statement]) -> set[Term]:
    """The checksums by a method that 2.0 has no concept for: without one it refuses them."""
    return {s for s, p, o in statements if p == _ALGORITHM and o in _only_in_3()}


@cache
def _only_in_3() -> frozenset[Term]:
    algorithms = schemas.vocabulary("checksum-algorithm").concepts
    return frozenset(iri(algorithm) for algorithm in algorithms) - _values_in_2().keys()


def _bare_places(statements: Iterable[Statement]) -> set[tuple[Term, Term]]:
    """The classes of places of which nothing else is said: 2.0 asks every typed place for its geometry."""
    said = Counter(subject for subject, _, _ in statements)
    return {(s, p) for s, p, o in statements if o == _PLACE and p == TYPE and s[0] == "<" and said[s] == 1}


def _in_2(term: Term) -> Term:
    if term[0] == "<":
        return _values_in_2().get(term, term)
    if term.endswith((_YEAR, _MONTH)):
        text, _, datatype = parts(term)
        return f'"{text}{"-01-01" if datatype == _YEAR else "-01"}"^^{_DAY}'
    return term


def succeeded(record: Record) -> Record:
    """*record* with what only 2.0 can say in the fields that say it in 3.0, as far as there are any."""
    full = dict(record)
    for entry in conversions()["successors"]:
        if not entry.get("becomes") or not full.get(entry["field"]):
            continue
        values = full[entry["field"]]
        there: list[Any] = list(full.get(entry["becomes"]) or [])
        for value in values if isinstance(values, list) else [values]:
            new: Any = {entry["part"]: value} if "part" in entry else value
            said = [item.get(entry["part"]) for item in there] if "part" in entry else there
            if value not in said:
                there.append(new)
        full[entry["becomes"]] = there
    return full


@cache
def _values_in_2() -> Mapping[Term, Term]:
    lists = [(schemas.vocabulary(entry["vocabulary"]), entry["means"]) for entry in conversions()["values_in_2"]]
    found = [(vocabulary.by_code(code), value) for vocabulary, means in lists for code, value in means.items()]
    return {iri(concept.iri): iri(value) for concept, value in found if concept}
