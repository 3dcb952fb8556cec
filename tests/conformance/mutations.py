"""Valid records, and what can go wrong with them: drop, double, mistype, wrong list, wrong kind of node."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ckanext.landlab.dcat import catalog, mapping, syntax
from ckanext.landlab.dcat.mapping import Row, Table

TESTDATA = Path(__file__).parents[3] / "shared" / "testdata"
# Where the records come from that are spoilt.
SOURCES = (
    "examples/own/valid-maximal-3.0.ttl",
    "examples/own/valid-minimal-3.0.ttl",
    "examples/spec30/Dataset-und-Distribution.ttl",
    "examples/spec30/DatasetSeries.ttl",
    "testcases/v2.0/konventionen/konv12_13.ttl",
    "portals/proxy-hydra.rdf",
)
SCALARS = [
    "",
    "foo",
    "foo bar",
    "2024-02-30",
    "01.02.2024",
    "-1",
    "1,5",
    7,
    1.5,
    True,
    "P1D",
    "äöü ß",
    "x" * 300,
    "http://",
]
ADDRESSES = [
    "http://example.org/unknown",
    "http://publications.europa.eu/resource/authority/language/DEU",
    "http://publications.europa.eu/resource/authority/file-type/CSV",
    "http://publications.europa.eu/resource/authority/access-right/SENSITIVE",
    "http://dcat-ap.de/def/licenses/dl-by-de/2_0",
    "http://dcat-ap.de/def/contributors/nobody",
    "http://purl.org/adms/status/Completed",
    "http://dcat-ap.de/def/hashAlgorithms/md/5",
    "mailto:a@example.org",
    "urn:uuid:1",
]
TERMS = [
    '"words"',
    '"words"@en',
    '"2024"^^<http://www.w3.org/2001/XMLSchema#gYear>',
    '"1"^^<http://www.w3.org/2001/XMLSchema#decimal>',
    "<http://example.org/node>",
    "_:b0",
    *(f"<{address}>" for address in ADDRESSES),
]
OUTDATED = [
    "http://dcat-ap.de/def/dcatde/politicalGeocodingURI",
    "http://dcat-ap.de/def/dcatde/legalBasis",
    "http://www.w3.org/2002/07/owl#versionInfo",
    "http://purl.org/dc/terms/isVersionOf",
    "http://purl.org/dc/terms/spatial",
]


def records() -> list[dict[str, Any]]:
    """The datasets, series and services of the sources."""
    found = []
    for name in SOURCES:
        graph = syntax.parse((TESTDATA / name).read_bytes(), syntax.syntax_of(Path(name).suffix)).graph
        harvest = catalog.read(graph)
        found += [record for kind in ("dataset", "dataset_series", "data_service") for record in harvest.of_kind(kind)]
    return found


def spoilt(record: dict[str, Any], table: Table, chance: random.Random) -> dict[str, Any]:
    """A copy of *record* with one to three mistakes."""
    copied = copy.deepcopy(record)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        holder, rows = chance.choice(list(_holders(copied, table)))
        chance.choice((_drop, _double, _mistype, _other_list, _other_kind, _outdated))(
            holder, chance.choice(rows), chance
        )
    return copied


def _holders(record: dict[str, Any], table: Table) -> Iterator[tuple[dict[str, Any], tuple[Row, ...]]]:
    yield record, table.rows
    for row in table.rows:
        for value in record.get(row.field) or () if row.parts else ():
            if isinstance(value, dict) and row.parts:
                yield from _holders(value, row.parts)


def _drop(holder: dict[str, Any], row: Row, chance: random.Random) -> None:
    present = [name for name in holder if name not in ("id", "type", "uri")]
    if present:
        holder.pop(chance.choice(present))


def _double(holder: dict[str, Any], row: Row, chance: random.Random) -> None:
    value = holder.get(row.field)
    if isinstance(value, list):
        holder[row.field] = [*value, *copy.deepcopy(value)]
    else:
        _keep(holder, row, chance.choice(TERMS))
        _keep(holder, row, chance.choice(TERMS))


def _mistype(holder: dict[str, Any], row: Row, chance: random.Random) -> None:
    if row.parts is None:
        value = chance.choice(SCALARS)
        holder[row.field] = [value] if row.binding.many and row.field != "tag_string" else value


def _other_list(holder: dict[str, Any], row: Row, chance: random.Random) -> None:
    if row.parts is None and row.field != "tag_string":
        value = chance.choice(ADDRESSES)
        holder[row.field] = [value] if row.binding.many else value


def _other_kind(holder: dict[str, Any], row: Row, chance: random.Random) -> None:
    if chance.random() < 0.7:
        holder.pop(row.field, None)
    _keep(holder, row, chance.choice(TERMS))


def _outdated(holder: dict[str, Any], row: Row, chance: random.Random) -> None:
    _said(holder, f"<{chance.choice(OUTDATED)}>", chance.choice(TERMS))


def _keep(holder: dict[str, Any], row: Row, term: str) -> None:
    _said(holder, row.via or row.predicate, term)


def _said(holder: dict[str, Any], predicate: str, term: str) -> None:
    holder["kept_statements"] = "\n".join(filter(None, [holder.get("kept_statements"), f"_:self {predicate} {term} ."]))


def table_of(record: dict[str, Any]) -> Table:
    return mapping.table(record.get("type") or "dataset")
