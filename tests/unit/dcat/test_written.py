"""Every syntax says the same to every reader, whatever came in."""

import hypothesis.strategies as st
import pytest
from ckanext.landlab.dcat.rdfxml import sayable
from ckanext.landlab.dcat.syntax import FORMATS, parse, serialise
from ckanext.landlab.dcat.terms import expand, literal
from hypothesis import given
from rdflib import Graph
from rdflib.compare import isomorphic

ABOUT = "<http://rebenau.example/dataset/1>"
THEIR_NAMES = {"ttl": "turtle", "rdf": "xml", "jsonld": "json-ld", "nt": "nt"}
ODD = [
    (ABOUT, expand("rdf:type"), expand("dcat:Dataset")),
    (ABOUT, expand("rdf:type"), "<http://rebenau.example/Größe?a=1&b=2>"),
    (ABOUT, expand("dct:title"), literal('Bäume & „Sträucher“ <alt> \\ ]]> "x"\r\n\t', "de")),
    (ABOUT, expand("dct:title"), literal("", "de-at")),
    (ABOUT, expand("dct:issued"), literal("2026-11-23", "", expand("xsd:date"))),
    (ABOUT, expand("dct:extent"), literal("1", "", "<http://rebenau.example/?a=1&b=2>")),
    (ABOUT, expand("dct:spatial"), "<geo:49.2,8.1>"),
    (ABOUT, expand("dct:source"), "<urn:isbn:3-446>"),
    (ABOUT, expand("dct:source"), "_:n1"),
    (ABOUT, expand("dct:conformsTo"), "<vcard:Organization>"),
    (ABOUT, expand("dct:modified"), literal("2026", "", "<xsd:gYear>")),
    ("<dcat:Dataset>", expand("rdf:type"), "<foaf:Agent>"),
    ("<dcat:Dataset>", expand("dct:title"), literal("Größe", "de")),
    ("_:n1", expand("locn:geometry"), literal("POINT(8 49)", "", expand("geo:wktLiteral"))),
    ("_:n1", expand("geo:asWKT"), literal("POINT(8 49)", "", expand("geo:wktLiteral"))),
    ("_:n1", "<http://unknown.example/ns#says>", literal("x")),
    ("_:n1", "<http://unknown.example/12x>", "<mailto:a@b.example>"),
    ("_:n1", "<http://unknown.example/größe>", "_:n2"),
    ("_:n2", expand("dcat:mediaType"), "<https://www.iana.org/assignments/media-types/text/csv>"),
]


def read_by_rdflib(statements, syntax):
    return Graph().parse(data=serialise(statements, syntax), format=THEIR_NAMES[syntax])


@pytest.mark.parametrize("syntax", FORMATS)
def test_what_is_odd_is_written_so_that_both_readers_find_it(syntax):
    assert set(parse(serialise(ODD, syntax), syntax).graph) >= {t for t in ODD if "_:" not in t[0] + t[2]}
    assert isomorphic(read_by_rdflib(ODD, syntax), read_by_rdflib(ODD, "nt"))


def test_what_xml_cannot_say_is_left_out_and_named_so():
    cannot = [
        (ABOUT, "<http://unknown.example/12>", literal("x")),
        (ABOUT, "<http://unknown.example/>", literal("x")),
    ]
    bell = (ABOUT, expand("dct:title"), literal("Gl\u0007ocke", "de"))

    assert sayable([*ODD, *cannot, bell]) == [*ODD, (ABOUT, expand("dct:title"), '"Glocke"@de')]
    assert isomorphic(read_by_rdflib([*ODD, *cannot], "rdf"), read_by_rdflib(ODD, "nt"))


@given(st.lists(st.text(max_size=40), max_size=5))
def test_any_text_reads_the_same_in_every_syntax(texts):
    statements = sayable(
        (ABOUT, expand("dct:title"), literal(text.encode("utf-8", "ignore").decode())) for text in texts
    )

    assert len({frozenset(parse(serialise(statements, syntax), syntax).graph) for syntax in FORMATS}) == 1
