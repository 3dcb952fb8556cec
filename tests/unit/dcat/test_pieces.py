"""A large JSON-LD document is read in pieces, which say what it says; without any it may not be large."""

from __future__ import annotations

import json

import pytest
from ckanext.landlab.dcat import pieces, syntax
from ckanext.landlab.dcat.fingerprint import fingerprint
from ckanext.landlab.errors import UnreadableGraph, UnsplittableGraph

CONTEXT = {"e": "http://e.example/"}
OBJECTS = [
    {
        "@id": f"http://a.example/{number}",
        "e:says": f'a "{number}" [}}, \\\\ ] {{ü',
        "e:has": [{"e:part": number}, "_:b"],
    }
    for number in range(40)
]
GRAPH = {"@context": CONTEXT, "@graph": OBJECTS}
LAYOUTS = {
    "context first": GRAPH,
    "context last": {"@graph": OBJECTS, "@context": CONTEXT},
    "an array": [{"@context": CONTEXT, **one} for one in OBJECTS],
    "a named graph": {"@id": "http://a.example/g", **GRAPH},
    "nothing in it": {"@context": CONTEXT, "@graph": []},
}


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(pieces, "PIECE", 300)
    monkeypatch.setattr(pieces, "_READ", 101)
    monkeypatch.setattr(pieces, "_NEAR", 10)


@pytest.fixture
def written(tmp_path):
    def _written(document, **options):
        file = tmp_path / "document.jsonld"
        text = document if isinstance(document, str) else json.dumps(document, **options)
        file.write_text(text, encoding="utf-8")
        return file

    return _written


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_pieces_say_what_the_document_says(written, tmp_path, layout, indent):
    file = written(LAYOUTS[layout], indent=indent, ensure_ascii=False)
    whole = syntax.parse(file.read_bytes(), "jsonld").graph

    parts = list(pieces.pieces(file))

    assert len(parts) == 1 if not len(whole) else len(parts) > 5
    assert max(map(len, parts)) < 2000
    read = syntax.parse_file(file, "jsonld", tmp_path / "graph").graph
    assert len(read) == len(whole)
    assert fingerprint(read) == fingerprint(whole)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(GRAPH)[:-40],
        json.dumps(GRAPH).replace('}, {"@id"', '} {"@id"'),
        json.dumps(GRAPH).replace('}, {"@id"', '}, , {"@id"'),
        json.dumps(GRAPH) + "]",
        "[",
        "",
    ],
)
def test_what_is_no_json_is_refused_as_a_whole(written, tmp_path, text):
    with pytest.raises(UnreadableGraph):
        syntax.parse_file(written(text), "jsonld", tmp_path / "graph")


NESTED = [
    {"@context": CONTEXT, "@id": "http://a.example/", "e:has": OBJECTS},
    {"@context": CONTEXT, "@graph": OBJECTS, "e:more": "1"},
    {"@context": CONTEXT, "@graph": {"@id": "http://a.example/", "e:has": OBJECTS}},
]


@pytest.mark.parametrize("document", NESTED)
def test_what_is_nested_is_read_at_once_and_refused_when_too_large(written, tmp_path, monkeypatch, document):
    file = written(document)

    assert len(syntax.parse_file(file, "jsonld", tmp_path / "graph").graph) > 100

    monkeypatch.setattr(syntax, "WHOLE", 1000)
    with pytest.raises(UnsplittableGraph):
        syntax.parse_file(file, "jsonld", tmp_path / "another")


def test_an_object_that_is_too_large_is_not_read(written, tmp_path, monkeypatch):
    monkeypatch.setattr(pieces, "MOST", 5000)
    monkeypatch.setattr(syntax, "WHOLE", 1000)

    with pytest.raises(UnsplittableGraph):
        list(pieces.pieces(written({"@graph": [{"@id": "http://a.example/", "http://e.example/": "x" * 6000}]})))
