"""A catalogue read from a file of statements gives the records that it gives from memory."""

from __future__ import annotations

import os
import tracemalloc

import pytest
from ckanext.landlab.dcat import catalog, stored, syntax
from ckanext.landlab.errors import UnreadableGraph

DOCUMENT = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix hydra: <http://www.w3.org/ns/hydra/core#> .
<https://a.example/> a dcat:Catalog ; dcat:dataset <https://a.example/1>, _:nameless .
<https://a.example/1> a dcat:Dataset ; dct:title "Bäume"@de, "Trees"@en ; dct:publisher _:office ;
    <https://a.example/unknown> [ dct:title "kept" ] ; dcat:distribution _:file .
_:file a dcat:Distribution ; dcat:accessURL <https://a.example/trees.csv>, <https://a.example/a b.csv> .
_:office a foaf:Agent ; foaf:name "Amt für Grün" .
_:nameless a dcat:Dataset ; dct:title "Wege"@de ; dct:identifier "https://a.example/paths" ; dct:publisher _:office .
<https://a.example/?page=1> a hydra:PagedCollection ; hydra:totalItems 7 ; hydra:nextPage "https://a.example/?page=2" .
"""


@pytest.fixture(params=["ttl", "rdf", "nt", "jsonld"])
def document(request, tmp_path):
    statements = list(syntax.parse(DOCUMENT.encode(), "ttl").graph)
    file = tmp_path / f"document.{request.param}"
    file.write_bytes(syntax.serialise(statements, request.param))
    return file


def found(graph):
    return {
        item.address: (item.kind, item.content[0], item.fingerprint)
        for item in catalog.items(graph, "https://a.example")
    }


def test_records_are_the_same_from_memory_and_from_a_file(document, tmp_path, monkeypatch):
    monkeypatch.setattr(stored, "AT_HAND", 2)
    name = document.suffix.lstrip(".")
    near = syntax.parse(document.read_bytes(), name).graph
    far = syntax.parse_file(document, name, tmp_path / "graph").graph

    assert len(far) == len(near)
    assert (catalog.total_items(far), catalog.next_page(far)) == (7, "https://a.example/?page=2")
    assert found(far) == found(near)
    assert list(found(far)) == ["https://a.example/1", "https://a.example/paths"]


def test_addresses_are_mended_and_told(tmp_path):
    file = tmp_path / "document.ttl"
    file.write_text(DOCUMENT, encoding="utf-8")

    assert syntax.parse_file(file, "ttl", tmp_path / "graph").mended == [
        ("https://a.example/a b.csv", "https://a.example/a%20b.csv")
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (DOCUMENT[:-60], "ttl"),
        ('<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">', "rdf"),
        ('<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><r>&a;</r>', "rdf"),
        ('{"@context": "https://remote.example/context.jsonld", "@id": "urn:x"}', "jsonld"),
    ],
)
def test_what_breaks_off_or_reaches_out_is_refused(text, name, tmp_path):
    file = tmp_path / "document"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(UnreadableGraph):
        syntax.parse_file(file, name, tmp_path / "graph")


def peak(rows: int, folder) -> int:
    file = folder / f"{rows}.nt"
    lines = (f'<https://a.example/{n}> <http://purl.org/dc/terms/title> "{"x" * 100} {n}" .' for n in range(rows))
    file.write_text("\n".join(lines), encoding="utf-8")
    tracemalloc.start()
    graph = syntax.parse_file(file, "nt", folder / f"graph-{rows}").graph
    for number in range(rows):
        graph.properties(f"<https://a.example/{number}>")
    size = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return size


@pytest.mark.skipif(not os.environ.get("LANDLAB_FULL"), reason="half a minute; LANDLAB_FULL=1")
def test_memory_does_not_grow_with_the_document(tmp_path, monkeypatch):
    monkeypatch.setattr(stored, "AT_HAND", 10)
    peak(100, tmp_path)

    assert peak(12_000, tmp_path) < 2 * peak(3_000, tmp_path)
