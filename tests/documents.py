"""The documents that both search engines are asked about: real titles and texts of German catalogues, combined."""

from __future__ import annotations

import functools
import json
import random
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

CATALOGS = Path(__file__).parents[2] / "shared" / "testdata" / "catalogs"
NUMBER = 2000
_TERMS = "http://purl.org/dc/terms/"


@functools.cache
def texts() -> dict[str, list[str]]:
    """The German titles, descriptions and keywords of the test catalogues, each once."""
    if not CATALOGS.is_dir():
        pytest.skip(f"NOT TESTED: {CATALOGS} is not there", allow_module_level=True)
    wanted = {f"{_TERMS}title": "title", f"{_TERMS}description": "notes", "http://www.w3.org/ns/dcat#keyword": "tags"}
    found: dict[str, dict[str, None]] = {name: {} for name in wanted.values()}
    for file in sorted(CATALOGS.glob("*.rdf")):
        for triple in parse(path=str(file), format=RdfFormat.RDF_XML):
            name = wanted.get(triple.predicate.value)
            if name:
                found[name][triple.object.value] = None
    assert len(found["title"]) > 200
    return {name: list(values) for name, values in found.items()}


def made(count: int = NUMBER) -> Iterator[dict]:
    """*count* documents, always the same."""
    chance = random.Random(5)
    return (_document(number, chance) for number in range(count))


def _document(number: int, chance: random.Random) -> dict:
    text = texts()
    title = text["title"][number % len(text["title"])]
    if number >= len(text["title"]):
        title = f"{title} {chance.choice(['', '2019', '2020', '2021', 'Nord', 'Süd'])} {chance.choice(text['tags'])}"
    day = datetime(2018, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=chance.randrange(200_000_000))
    tags = chance.sample(text["tags"], chance.randrange(5))
    name = f"datensatz-{number:04}"
    document = {
        "index_id": f"{number:05}",
        "id": f"{chance.getrandbits(64):016x}",
        "site_id": "test",
        "name": name,
        "title": title,
        "title_string": title,
        "notes": chance.choice(text["notes"]),
        "tags": tags,
        "entity_type": "package",
        "dataset_type": chance.choices(["dataset", "harvest", "showcase"], [18, 1, 1])[0],
        "state": chance.choices(["active", "draft", "deleted"], [18, 1, 1])[0],
        "capacity": chance.choices(["public", "private"], [9, 1])[0],
        "permission_labels": chance.sample(["public", "member-1", "member-2", "creator-9"], 2),
        "organization": chance.choice(["stadt-a", "stadt-b", "landkreis-c", "gemeinde-d"]),
        "groups": chance.sample(["umwelt", "verkehr", "bildung", "wirtschaft"], chance.randrange(3)),
        "license_id": chance.choice(["dl-de-by-2.0", "dl-de-zero-2.0", "cc-by/4.0", "other-closed"]),
        "res_format": chance.choices(["CSV", "PDF", "GeoJSON", "WMS", "XLSX"], k=chance.randrange(4)),
        "res_name": [f"Datei {each}" for each in range(chance.randrange(3))],
        "metadata_created": day.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "metadata_modified": (day + timedelta(days=chance.randrange(400))).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "views_total": chance.randrange(500),
        "extras_quelle": chance.choice(["eigene Erhebung", "Fortschreibung des Zensus", "Sensor Nr. 7"]),
        "quelle": chance.choice(["eigene Erhebung", "Zensus", "Sensor"]),
        "vocab_thema": chance.sample(["a", "b", "c"], 1),
        "data_dict": json.dumps({"name": name, "title": title}),
        "validated_data_dict": json.dumps({"name": name}),
    }
    if chance.random() < 0.6:
        document["views_recent"] = chance.randrange(20)
    if chance.random() < 0.4:
        document["issued_date"] = day.strftime("%Y-%m-%dT00:00:00Z")
    if chance.random() < 0.3:
        west, south = chance.uniform(6, 14), chance.uniform(47, 54)
        document |= {"minx": west, "maxx": west + 1, "miny": south, "maxy": south + 1}
    return {key: value for key, value in document.items() if value != []}
