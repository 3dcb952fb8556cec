"""Documents in and out: what is refused, what is mended, and that the same statements give the same bytes."""

import pytest
from ckanext.landlab.dcat import syntax
from ckanext.landlab.dcat.terms import literal, parts
from ckanext.landlab.errors import UnreadableGraph
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal

RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e.example/"'


def test_xml_entities_are_refused():
    bomb = f'<!DOCTYPE r [<!ENTITY a "lol"><!ENTITY b "&a;&a;">]><rdf:RDF {RDF}/>'

    with pytest.raises(UnreadableGraph, match="entities"):
        syntax.parse(bomb.encode(), "rdf")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_xml_entities_are_refused_in_other_encodings(encoding):
    bomb = (
        f'<?xml version="1.0" encoding="utf-16"?><!DOCTYPE r [<!ENTITY a "lol"><!ENTITY b "&a;&a;">]><rdf:RDF {RDF}/>'
    )

    with pytest.raises(UnreadableGraph):
        syntax.parse(bomb.encode(encoding), "rdf")


def test_remote_contexts_of_json_ld_are_refused():
    with pytest.raises(UnreadableGraph, match="context"):
        syntax.parse(b'{"@context": "https://schema.org/", "@id": "http://a.example/", "name": "x"}', "jsonld")


@pytest.mark.parametrize(
    ("name", "document"),
    [
        ("ttl", "<http://a.example/x> <http://a.example/p> <tel:+49 40 4 28> , <http://b.example/[1]|{2}> ."),
        ("nt", "<http://a.example/x> <http://a.example/p> <tel:+49 40 4 28> .\n"),
        ("rdf", f'<rdf:RDF {RDF}><rdf:Description rdf:about="http://a.example/x y" e:p="1"/></rdf:RDF>'),
        ("jsonld", '{"@id": "http://a.example/x", "http://a.example/p": {"@id": "tel:+49 40"}}'),
    ],
)  # fmt: skip
def test_illegal_iris_are_mended_and_reported(name, document):
    parsed = syntax.parse(document.encode(), name)

    assert parsed.mended
    assert all(" " in came or "[" in came for came, _ in parsed.mended)
    assert not any(" " in term for statement in parsed.graph for term in statement if term[0] == "<")


@pytest.mark.parametrize("name", syntax.FORMATS)
@pytest.mark.parametrize("data", [b"<html><body>Wartung</body></html>", b"\xff\xfe\x00", b"<a> <b> .", b'{"a": '])
def test_what_is_no_rdf_is_said(name, data):
    with pytest.raises(UnreadableGraph, match=name):
        syntax.parse(data, name)


@pytest.mark.parametrize(
    ("before", "word", "encoding"),
    [
        ("", "Straße", "utf-8"),
        ("\n\n", "Straße", "utf-8"),
        ("", "Stra\x0bße\x1f", "utf-8"),
        ("", "Stra&#11;ße&#x1F;", "utf-8"),
        ("", "Straße", "windows-1252"),
    ],
)
def test_xml_with_small_mistakes_is_read(before, word, encoding):
    head = f'{before}<?xml version="1.0" encoding="utf-8"?>'
    document = f'{head}<rdf:RDF {RDF}><rdf:Description rdf:about="http://a.example/x" e:p="{word}"/></rdf:RDF>'

    assert [o for _, _, o in syntax.parse(document.encode(encoding), "rdf").graph] == ['"Straße"']


CONTROLS = [chr(code) for code in range(32) if code not in (9, 10, 13)]
SOUND = st.text(st.characters(codec="utf-8", exclude_characters=[*CONTROLS, "\ufffe", "\uffff"]))


@given(SOUND, st.sampled_from(["", "de", "en-gb"]))
def test_literals_are_written_as_the_parser_writes_them(text, language):
    term = literal(text, language)

    assert term == str(Literal(text, language=language) if language else Literal(text))
    assert parts(term)[:2] == (text, language)


@pytest.mark.parametrize(
    ("name", "head", "found"),
    [
        (".ttl", b"", "ttl"),
        ("application/rdf+xml; charset=utf-8", b"", "rdf"),
        ("", b'<?xml version="1.0"?><rdf:RDF xmlns:rdf="x">', "rdf"),
        ("", b'{"@graph": []}', "jsonld"),
        ("text/html", b"@prefix dct: <http://purl.org/dc/terms/> .", "ttl"),
        ("text/html", b"<!doctype html>", ""),
    ],
)
def test_the_syntax_is_found_by_name_or_first_bytes(name, head, found):
    assert syntax.syntax_of(name, head) == found
