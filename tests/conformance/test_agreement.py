"""Our findings and GovData's official shapes say the same: rule by rule, file by file, and on spoilt records.

`LANDLAB_FULL=1` takes 10,000 spoilt records instead of 1,500, and the reference engine on 300 of them instead of 30.
"""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from pathlib import Path

import mutations
import pytest
from ckanext.landlab import schemas
from ckanext.landlab.dcat import catalog, findings, syntax
from ckanext.landlab.dcat.adoption import adopted
from ckanext.landlab.dcat.completeness import completed, described, table_of_record
from ckanext.landlab.dcat.conformity import faults
from ckanext.landlab.dcat.context import Context
from ckanext.landlab.dcat.demands import demands
from ckanext.landlab.dcat.fields import fields_of
from ckanext.landlab.dcat.shapes import shapes_of
from ckanext.landlab.dcat.terms import expand, shorten
from ckanext.landlab.dcat.validation import Catalogue, conforms, judge
from rules import official_rules
from trip import read

TESTDATA = Path(__file__).parents[3] / "shared" / "testdata"
FULL = bool(os.environ.get("LANDLAB_FULL"))
SPOILT, REFERENCE = (10_000, 300) if FULL else (1_500, 30)
CONTEXT = Context(base="https://daten.musterstadt.example")
IN_SCHEME = "http://www.w3.org/2004/02/skos/core#inScheme"
WRONG_NAMESPACE = "http://data.europa.eu/r5r#availability"
EXPECTED = json.loads((TESTDATA / "expected.json").read_text(encoding="utf-8"))["files"]


@pytest.fixture(scope="module")
def shapes():
    return shapes_of(TESTDATA / "shapes", "3.0")


@pytest.fixture(scope="module")
def catalogue(shapes):
    return Catalogue(shapes)


def our_rules() -> set[tuple[str, ...]]:
    """The same of our demands, without what we say beyond the shapes."""
    rules = set()
    for class_, demanded in demands().items():
        for d in demanded.of:
            place = (shorten(class_), shorten(d.predicate))
            said = {
                ("least", str(d.least), d.severity, bool(d.least) and d.ours != "least"),
                ("most", str(d.most), d.severity, bool(d.most)),
                ("kind", d.kind, d.severity, bool(d.kind)),
                ("class", shorten(d.type) if d.type else "", d.type_severity, bool(d.type)),
                ("datatype", shorten(d.datatype) if d.datatype else "", d.severity, bool(d.datatype)),
                ("list", d.vocabulary, d.list_severity, bool(d.vocabulary) and d.ours != "list"),
            }
            rules |= {(*place, *rule[:3]) for rule in said if rule[3] and d.ours != "all"}
    return rules


def test_every_official_rule_is_ours(shapes):
    official, ours = official_rules(shapes.graph), our_rules()

    assert len(official) == 292
    left = {rule for rule in official - ours if rule[1] != WRONG_NAMESPACE}
    assert left == {("dcat:Catalog", "dct:creator", "most", "1", "Violation")}
    # The class that is asked for implies the kind.
    agents = ("dct:contributor", "geodcatap:custodian", "geodcatap:originator")
    assert ours - official == {("dcat:Dataset", name, "kind", "node", "Violation") for name in agents}


def test_the_differences_name_properties_of_ours():
    differences = schemas.read("conformity")["differences"]

    assert len(differences) == 8
    for entry in differences:
        assert set(entry) == {"id", "properties", "official", "ours", "reason"}
        assert all(expand(name) for name in entry["properties"])


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_file_gets_the_official_verdict_and_the_same_faults(catalogue, name):
    graph = syntax.parse((TESTDATA / name).read_bytes(), syntax.syntax_of(Path(name).suffix)).graph

    found = [fault for fault in faults(graph) if fault.official]
    official = catalogue.judge(graph)

    assert any(fault.severity == "Violation" for fault in found) is not conforms(official)
    assert conforms(official) == EXPECTED[name]["profiles"]["v30_de_spec"]["conforms"]
    assert {_place(fault) for fault in found} == {_official_place(result) for result in official}


def _place(fault) -> tuple[str, str, str]:
    """Severity, node and property of a fault; of a wrong concept the concept, as the shapes report it."""
    if fault.rule == "list" and fault.value[0] != '"' and fault.about != "media-type":
        return fault.severity, _node(fault.value), "list"
    return fault.severity, _node(fault.focus), "any" if fault.rule == "any" else fault.predicate[1:-1]


def _official_place(result) -> tuple[str, str, str]:
    focus = "_" if result.focus.startswith("_:") else result.focus
    path = "list" if result.path == IN_SCHEME else result.path if result.path.startswith("http") else "any"
    return result.severity, focus, path


def _node(term: str) -> str:
    return "_" if term[0] == "_" else term[1:-1] if _absolute(term) else f"urn:relative:{term[1:-1]}"


def _absolute(term: str) -> bool:
    return ":" in term


def test_the_records_of_every_file_get_the_official_verdict(catalogue):
    """Whatever a file says, of each record in it our findings and the official shapes say the same."""
    disagreed, verdicts = [], Counter()
    for name in sorted(EXPECTED):
        for record in catalog.read(read(name)).records.values():
            ours, official = both(record, catalogue.judge)
            verdicts[ours, official] += 1
            if ours != official:
                disagreed.append((name, record["uri"]))

    assert disagreed == []
    assert verdicts == {(True, True): 301, (False, False): 271}


def test_what_portals_without_rdf_hold_gets_the_official_verdict(catalogue):
    """Datasets as CKAN portals show them, moved into our fields."""
    files = sorted((TESTDATA / "ckan-json").glob("*.json"))
    shown = [json.loads(file.read_text(encoding="utf-8")) for file in files]

    verdicts = [both(adopted(answer.get("result", answer)).record, catalogue.judge) for answer in shown]

    assert verdicts == [(False, False)] * 2


def spoilt(count: int):
    """*count* records: first the sound ones, then spoilt ones, the same in every run."""
    sound = mutations.records()
    chance = random.Random(3)
    for number in range(count):
        record = sound[number % len(sound)]
        yield mutations.spoilt(record, table_of_record(record), chance) if number >= len(sound) else record


def both(record, judged) -> tuple[bool, bool]:
    """What our findings and the official shapes say of *record*: valid or not.

    Records that it points at are described beside it in short; they are judged where they stand in full.
    """
    fields = fields_of(table_of_record(record), completed(record, CONTEXT), CONTEXT.address(record))
    foreign = {node[1:-1] for node in fields.foreign}
    results = [result for result in judged(described(record, CONTEXT)) if result.focus not in foreign]
    return findings.conforms(findings.of_record(record, CONTEXT)), conforms(results)


def test_spoilt_records_get_the_official_verdict(catalogue):
    verdicts = [both(record, catalogue.judge) for record in spoilt(SPOILT)]

    assert len(verdicts) == SPOILT
    assert [number for number, (ours, official) in enumerate(verdicts) if ours != official] == []
    valid = sum(ours for ours, _ in verdicts)
    assert 0.25 < valid / SPOILT < 0.6  # else the suite would show little


def test_the_reference_engine_says_the_same(shapes):
    chosen = list(spoilt(16 + 10 * REFERENCE))[16::10]

    verdicts = [both(record, lambda graph: judge(graph, shapes)) for record in chosen]

    assert len(verdicts) == REFERENCE
    assert [number for number, (ours, official) in enumerate(verdicts) if ours != official] == []
