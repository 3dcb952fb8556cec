"""What is to be mended in a record before it is published: each finding with field, severity and what to do.

    findings = of_record(record, Context(base="https://daten.musterstadt.de", organization=organization))
    conforms(findings)   # what GovData's validator would say
    ready(findings)      # conforms, and nothing is missing that GovData or this product insists on

A finding comes from the demands of DCAT-AP.de on the statements that the record makes (`conformity.py`), from values
that could not be written at all, or from a convention (`conventions.py`).  The words stand in `schemas/findings.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from ckanext.landlab import schemas
from ckanext.landlab.dcat import concepts, conventions
from ckanext.landlab.dcat.completeness import completed, described, table_of_record
from ckanext.landlab.dcat.conformity import Fault, faults
from ckanext.landlab.dcat.context import Context
from ckanext.landlab.dcat.demands import INFO, VIOLATION, WARNING
from ckanext.landlab.dcat.fields import Field, Fields, fields_of
from ckanext.landlab.dcat.graph import Graph
from ckanext.landlab.dcat.mapping import Record, Row, Table
from ckanext.landlab.dcat.ranges import Date, Iri, Mailbox, Number, Pattern, Telephone
from ckanext.landlab.dcat.terms import shorten, text_of
from ckanext.landlab.dcat.writing import values_of

Path = tuple[str | int, ...]
SEVERITIES = (VIOLATION, WARNING, INFO)
# Ranges whose values may turn out unwritable; geometries have a rule of their own (K04).
MAY_FAIL = (Date, Iri, Mailbox, Number, Pattern, Telephone)
MAX_SHOWN = 80  # characters of a value in a sentence


@dataclass(frozen=True)
class Finding:
    """One thing to mend."""

    severity: str
    rule: str
    path: Path
    message: Mapping[str, str]
    basis: str = "DCAT-AP.de 3.0"
    link: str = ""
    official: bool = False  # GovData's shapes say the same

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "severity": self.severity,
            "rule": self.rule,
            "field": self.path[0] if self.path else "",
            "path": list(self.path),
            "message": dict(self.message),
            "basis": self.basis,
            "link": self.link,
        }


def of_record(record: Record, context: Context | None = None, previous: Record | None = None) -> list[Finding]:
    """Everything to be mended in *record*, the worst first; *previous* is the record before a change."""
    context = context or Context()
    full = completed(record, context)
    table = table_of_record(record)
    fields = fields_of(table, full, context.address(record))
    found = [
        *_from_faults(faults(Graph.of(described(record, context))), fields),
        *_of_values(table, full),
        *_house(record, full),
        *(_from_rule(rule, broken) for rule, broken in conventions.broken(full, record, previous)),
    ]
    told = {finding.path for finding in found}
    found += (finding for finding in _recommended(table, full) if finding.path not in told)
    return sorted(dict.fromkeys(_seen_by_the_clerk(_joined(found), record)), key=_order)


def _joined(found: Iterable[Finding]) -> list[Finding]:
    """One finding where a value cannot be written and is therefore missing."""
    unwritable = {finding.path for finding in found if finding.rule == "unwritable"}
    missing = {finding.path for finding in found if finding.rule == "missing"}
    kept = (finding for finding in found if finding.rule != "missing" or finding.path not in unwritable)
    told = [replace(f, official=True) if f.rule == "unwritable" and f.path in missing else f for f in kept]
    return _licence_once(told)


def _licence_once(found: list[Finding]) -> list[Finding]:
    """A dataset without a licence lacks it once, not once for each of its files."""
    at_dataset = [finding for finding in found if finding.path == ("license_id",) and finding.severity == VIOLATION]
    at_files = [f for f in found if f.rule == "missing" and f.path[:1] == ("resources",) and f.path[-1] == "license"]
    if not (at_dataset and at_files):
        return found
    kept = [finding for finding in found if finding not in at_dataset and finding not in at_files]
    return [*kept, *(replace(finding, official=True) for finding in at_dataset)]


def _seen_by_the_clerk(found: Iterable[Finding], record: Record) -> Iterator[Finding]:
    """A file's access address is entered as `url` unless it has both, its licence at the dataset unless at the file."""
    resources = record.get("resources") or []
    for finding in found:
        match finding.path:
            case ("resources", int(index), "access_url") if not resources[index].get("access_url"):
                yield replace(finding, path=("resources", index, "url"))
            case ("resources", int(index), "license") if record.get("license_id") and not resources[index].get(
                "license"
            ):
                yield replace(finding, path=("license_id",))
            case _:
                yield finding


def conforms(findings: Iterable[Finding]) -> bool:
    """Whether the official shapes would let the record pass."""
    return not any(finding.official and finding.severity == VIOLATION for finding in findings)


def ready(findings: Iterable[Finding]) -> bool:
    """Whether the record may go to GovData: no Violation from whomever."""
    return not any(finding.severity == VIOLATION for finding in findings)


def refusing(findings: Iterable[Finding]) -> list[Finding]:
    """Those that keep a record from being published here; the words say which do not (`publishable`)."""
    said = {**_texts()["fields"], **_texts()["rules"]}
    return [
        finding
        for finding in findings
        if finding.severity == VIOLATION and not said.get(finding.rule, {}).get("publishable")
    ]


def counts(findings: Iterable[Finding]) -> dict[str, int]:
    """How many findings of each severity."""
    severities = [finding.severity for finding in findings]
    return {severity: severities.count(severity) for severity in SEVERITIES}


def _order(finding: Finding) -> tuple[int, tuple[str, ...]]:
    return SEVERITIES.index(finding.severity), tuple(str(step).zfill(4) for step in finding.path)


def _from_faults(found: Iterable[Fault], fields: Fields) -> Iterator[Finding]:
    for fault in found:
        if fault.focus in fields.foreign or _is_silent(fault):
            continue
        where = fields.field(fault.focus, fault.predicate, fault.value)
        words = _words("fields", _sentence(fault), where, value=_shown(fault.value), **_list(fault), **_needed(fault))
        yield Finding(fault.severity, fault.rule, where.path, words, link=_links()["spec"], official=fault.official)


def _sentence(fault: Fault) -> str:
    """Which sentence tells of *fault*."""
    if fault.rule == "deprecated" and not fault.about:
        return "deprecated-alone"
    if fault.rule != "kind" or not fault.demand:
        return fault.rule
    if fault.demand.vocabulary:
        return "list"
    return "kind-literal" if fault.demand.kind == "literal" else "kind-node"


def _is_silent(fault: Fault) -> bool:
    """A list that this site does not have cannot be checked; words where a concept belongs are told once."""
    no_list = fault.rule == "list" and not schemas.vocabulary(fault.about).concepts
    return no_list or (fault.rule == "list" and fault.value[0] == '"')


def _list(fault: Fault) -> dict[str, Any]:
    name = fault.about or (fault.demand.vocabulary if fault.demand and fault.rule == "kind" else "")
    if concepts.known(name):
        return {"list": schemas.vocabulary(name).title}
    return {"instead": name} if name else {}


def _needed(fault: Fault) -> dict[str, Any]:
    if fault.rule != "any":
        return {}
    kind = next(name for name, names in _exceptions()["any"].items() if shorten(fault.predicate) in names)
    return {"needed": _texts()["needed"][kind]}


def _of_values(table: Table, record: Record) -> Iterator[Finding]:
    """Values that leave no statement, and concepts that are out of use or newer than the list that others have."""
    for row, path, value in _values(table, record, ()):
        if isinstance(row.range, MAY_FAIL) and not row.range.node and not row.range.write(value, row.vocabulary):
            words = _words("fields", "unwritable", Field(path, row.place), value=_shown(value))
            yield Finding(VIOLATION, "unwritable", path, words)
        concept = concepts.found(row.vocabulary, str(value)) if row.vocabulary and not row.range.node else None
        if concept and (concept.deprecated or "later_than" in concept.facts):
            rule = "withdrawn" if concept.deprecated else "newer"
            facts = {"value": concept.label, "list": schemas.vocabulary(row.vocabulary).title}
            yield Finding(INFO, rule, path, _words("fields", rule, Field(path, row.place), **facts))


def _values(table: Table, record: Record, above: Path) -> Iterator[tuple[Row, Path, Any]]:
    """Every value of *record* and of the groups in it, with its row and path."""
    for row in table.rows:
        values = values_of(record, row.field)
        for index, value in enumerate(values):
            path = (*above, row.field, index) if isinstance(record.get(row.field), list) else (*above, row.field)
            if row.parts is None:
                yield row, path, value
            elif isinstance(value, dict):
                yield from _values(row.parts, value, path)


def _recommended(table: Table, record: Record) -> Iterator[Finding]:
    """Fields that DCAT-AP.de recommends and that are empty, for the dataset and each of its files."""
    yield from _empty(table, record, ())
    files = next((row.parts for row in table.rows if row.field == "resources"), None)
    for index, resource in enumerate(record.get("resources") or () if files else ()):
        yield from _empty(files, resource, ("resources", index))


def _empty(table: Table | None, record: Record, above: Path) -> Iterator[Finding]:
    for row in table.rows if table else ():
        if row.obligation == "recommended" and row.field != "resources" and not values_of(record, row.field):
            if row.vocabulary and not schemas.vocabulary(row.vocabulary).concepts:
                continue  # a list that this site has not imported: there is nothing to choose
            path = (*above, row.field)
            words = _words("fields", "recommended", Field(path, row.place))
            yield Finding(INFO, "recommended", path, words, link=_links()["spec"])


def _house(record: Record, full: Record) -> Iterator[Finding]:
    """What this product insists on although DCAT-AP.de does not (the contributor ID has a rule of its own)."""
    if record.get("uri") or record.get("type") not in (None, "", "dataset"):
        return
    licensed = any(resource.get("license") for resource in full.get("resources") or ())
    for name in _exceptions()["house"]:
        if name != "contributorID" and not values_of(full, name) and not (name == "license_id" and licensed):
            words = _words("rules", "house", Field((name,), f"dataset.{name}"))
            yield Finding(VIOLATION, "house", (name,), words, basis="LandLab")


def _from_rule(rule: str, found: conventions.Found) -> Finding:
    said = _texts()["rules"][rule]
    number = rule[1:] if rule[0] == "K" else ""
    basis = said.get("basis") or (rule if number else "DCAT-AP.de 3.0")
    link = _links()["convention"].format(number=number) if number else _links()["hvd" if basis == "HVD" else "spec"]
    where = Field(found.path, ".".join(["dataset", *(step for step in found.path if isinstance(step, str))]))
    return Finding(said["severity"], rule, found.path, _words("rules", rule, where, **found.words), basis, link)


def _words(group: str, rule: str, where: Field, **facts: Any) -> Mapping[str, str]:
    """The sentence of *rule* in German and English; facts may be words or words per language."""
    said = _texts()[group][rule]
    return _Sentence(
        {
            language: said[language].format_map(
                {"label": where.label(language), "value": "", "list": "", "instead": "", "needed": ""}
                | {key: fact[language] if isinstance(fact, Mapping) else fact for key, fact in facts.items()}
            )
            for language in ("de", "en")
        }
    )


class _Sentence(dict[str, str]):
    """Words per language that can stand in a set."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(tuple(self.items()))


def _shown(value: Any) -> str:
    text = str(value)
    if text[:1] in ('"', "<"):
        text = text_of(text) if text[0] == '"' else text[1:-1]
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"


@cache
def _exceptions() -> Mapping[str, Any]:
    return schemas.read("conformity")


@cache
def _texts() -> Mapping[str, Any]:
    return schemas.read("findings")


def _links() -> Mapping[str, str]:
    return _texts()["links"]
