"""RDF that is well-formed and nonsense: what can be read is read, nothing is lost, and everything comes to an end."""

import time

import pytest
from ckanext.landlab.dcat import catalog, kept, markup, syntax
from ckanext.landlab.dcat.terms import expand

HEAD = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix : <https://d.example/> .
"""
ONE = '<https://d.example/1> a dcat:Dataset ; dct:title "Bäume"@de ; '
XML = (
    '<?xml version="1.0" encoding="{encoding}"?>{doctype}<rdf:RDF '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dct="http://purl.org/dc/terms/" '
    'xmlns:dcat="http://www.w3.org/ns/dcat#"><dcat:Dataset rdf:about="https://d.example/1">{inner}</dcat:Dataset></rdf:RDF>'
)
ADDRESS = "https://d.example/1"


def read(data: str | bytes, name: str = "ttl") -> catalog.Harvest:
    return catalog.read(syntax.parse((HEAD + data).encode() if isinstance(data, str) else data, name).graph)


def written(harvest: catalog.Harvest, name: str = "nt") -> list[bytes]:
    return sorted(syntax.serialise(harvest.statements(), name).splitlines())


SHARED = "".join(f"<urn:d{n}> a dcat:Dataset ; dct:publisher <urn:p> ; dct:license <urn:l> ." for n in range(4))
CHAIN = "".join(f"<urn:x{n}> <urn:p> <urn:x{n + 1}> ." for n in range(900))
CASES = {
    "its own distribution": ONE + "dcat:distribution :1 .",
    "dataset and distribution in one": ONE + "a dcat:Distribution ; dcat:distribution :1 .",
    "dataset and everything else in one": ONE + "a dcat:DataService, foaf:Agent ; dct:publisher :1 ; dct:spatial :1 .",
    "a cycle of blank nodes": ONE
    + 'dct:publisher _:a . _:a foaf:name "A" ; dct:publisher _:a ; foaf:knows _:b . _:b foaf:knows _:a .',
    "a cycle of addresses": ONE + "dct:publisher :p . :p foaf:maker :p, :1 .",
    "lists": ONE + 'dcat:distribution ( :a ) ; dcat:keyword ( "a" "b" ) .',
    "literals where nodes belong": ONE
    + 'dcat:distribution "x.csv" ; dct:publisher "Amt" ; dcat:contactPoint "a@b.example" ; dct:spatial "Mannheim" ;'
    ' dct:temporal "2020" ; dcat:landingPage "keine" .',
    "dates that are none": ONE + 'dct:issued "gestern", "2020-13-45"^^xsd:date ; dct:modified [] ; dct:temporal [] .',
    "a chain of blank nodes": ONE + "<urn:p> " + "[ <urn:p> " * 500 + '"x"' + " ]" * 500 + " .",
    "a chain of addresses": f"{ONE} <urn:p> <urn:x0> . {CHAIN}",
    "records in records": ONE + 'dct:hasPart [ a dcat:Dataset ; dct:title "Teil" ; dcat:distribution'
    ' [ dct:isPartOf [ a dcat:Dataset ; dct:title "tief" ] ] ] .',
    "catalogues in each other": ONE
    + "dct:isPartOf :a . :a a dcat:Catalog ; dcat:catalog :b . :b a dcat:Catalog ; dcat:catalog :a .",
    "an agent that several describe": SHARED
    + "<urn:p> foaf:name 'P' ; <urn:q> [ <urn:r> 'x' ], [ <urn:r> 'x' ], [ <urn:r> 'y' ] ."
    " <urn:l> <urn:q> [ <urn:r> 'z' ] .",
    "a file that is named in two ways": ONE
    + "<urn:analytics> :f ; dcat:distribution :f . :f dct:title 'f' ; dct:rights [ <urn:p> 'x' ] ; <urn:q> [] .",
}


@pytest.mark.parametrize("text", CASES.values(), ids=CASES)
def test_it_is_read_and_a_second_trip_changes_nothing(text):
    first = read(text)
    assert first.records

    for name in syntax.FORMATS:
        again = catalog.read(syntax.parse(syntax.serialise(first.statements(), name), name).graph)
        assert written(again) == written(first)


def test_nothing_is_multiplied_from_trip_to_trip():
    harvest = read(CASES["an agent that several describe"])
    size = len(written(harvest))
    for _ in range(3):
        harvest = read(b"\n".join(written(harvest)), "nt")

    assert len(written(harvest)) == size


@pytest.mark.parametrize("file", ["<https://d.example/r{n}>", '[ a dcat:Distribution ; dct:title "r{n}" ]'])
def test_ten_thousand_distributions(file):
    harvest = read(ONE + "dcat:distribution " + ", ".join(file.format(n=n) for n in range(10_000)) + " .")

    assert len(harvest.records[ADDRESS]["resources"]) == 10_000
    assert sum(b"distribution>" in line for line in written(harvest)) == 10_000


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "iso-8859-15", "windows-1252", "utf-16", "utf-16-le"])
def test_xml_is_read_in_the_encoding_that_it_names(encoding):
    text = XML.format(encoding=encoding, doctype="", inner="<dct:title>Straßenbäume</dct:title>")

    assert read(text.encode(encoding), "rdf").records[ADDRESS]["title"] == "Straßenbäume"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "latin-1", "windows-1252", "utf-16"])
def test_the_other_syntaxes_are_read_in_the_encodings_that_portals_send(encoding):
    assert read((HEAD + ONE + ".").encode(encoding)).records[ADDRESS]["title"] == "Bäume"


def test_entities_that_abbreviate_are_read():
    doctype = '<!DOCTYPE rdf:RDF [<!ENTITY d "https://d.example/">]>'
    inner = '<dct:title>A</dct:title><dcat:landingPage rdf:resource="&d;seite"/>'

    text = XML.format(encoding="utf-8", doctype=doctype, inner=inner)

    assert read(text.encode(), "rdf").records[ADDRESS]["url"] == "https://d.example/seite"


def test_odd_language_tags_are_mended_or_dropped():
    inner = '<dct:title xml:lang="de_DE">A</dct:title><dct:title xml:lang="in German">B</dct:title>'
    harvest = read(XML.format(encoding="utf-8", doctype="", inner=inner).encode(), "rdf")

    titles = [line.rpartition(b"title> ")[2] for line in written(harvest) if b"title>" in line]

    assert titles == [b'"A"@de-de .', b'"B" .'] or titles == [b'"A"@de-DE .', b'"B" .']


@pytest.mark.parametrize("name", syntax.FORMATS)
def test_control_characters_never_reach_a_document(name):
    harvest = read(ONE + r'dct:description "a\u0000b\u0007\uFFFEc" ; <urn:odd> "x\u0001y" .')

    again = catalog.read(syntax.parse(syntax.serialise(harvest.statements(), name), name).graph)

    assert again.records[ADDRESS]["notes"] == "abc"
    assert '"xy"' in again.records[ADDRESS]["kept_statements"]


def test_relative_addresses_of_json_ld_are_taken_from_the_document():
    dataset = b"http://www.w3.org/ns/dcat#Dataset"
    text = b'{"@id": "/1", "@type": "%s", "http://purl.org/dc/terms/relation": {"@id": "x"}}' % dataset

    graph = syntax.parse(text, "jsonld", "https://d.example/catalog").graph

    assert list(catalog.read(graph).records) == ["https://d.example/1"]
    assert all(term.startswith("<https://") for s, _, o in graph for term in (s, o) if o != expand("dcat:Dataset"))


def test_an_empty_text_says_nothing_and_is_remarked():
    harvest = read(ONE + 'dct:description "" ; dct:identifier " ", "7" .')

    record = harvest.records[ADDRESS]
    assert (record.get("notes"), record["identifier"]) == (None, "7")
    assert {remark.kind for remark in harvest.remarks[ADDRESS]} == {"converted"}


@pytest.mark.parametrize(
    "line",
    ["<a> <urn:b> <urn:c> .", '<urn:a> <urn:b> "x"@de_DE .', r'<urn:a> <urn:b> "\u0007" .', r'<urn:a> <urn:b> "\q" .',
     "<urn:a b> <urn:b> <urn:c> .", '"x" <urn:b> <urn:c> .', "_:b-0 <urn:b> <urn:c> .", r'<urn:a> <urn:b> "\uD800" .'],
)  # fmt: skip
def test_kept_text_that_no_parser_would_read_is_passed_over(line):
    assert kept.read(f"{line}\n_:self <urn:b> _:b0 .") == (("_:self", "<urn:b>", "_:b0"),)


UNITS = (
    "**",
    "** a",
    "__a ",
    "`",
    "![",
    "[a](",
    "<!--",
    "<a ",
    "<b>x ",
    "</b>",
    " ",
    "\n",
    "# #",
    "- ",
    "<br>",
    "<p> ",
)


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("lead", ["", "<p>"])
def test_thirty_thousand_letters_of_markup_take_no_time(unit, lead):
    text = (lead + unit * 30_000)[:30_000]
    start = time.process_time()

    markup.to_html(markup.to_markdown(markup.to_html(text)))

    assert time.process_time() - start < 6  # each was a matter of minutes, or of no end


def test_a_megabyte_of_text_stays_text():
    text = "wort <b>fett **" * 70_000

    assert markup.to_markdown(text) == text
    assert "<" not in markup.to_html(text)


ALIKE = {
    "many that are alike": lambda n: "\n".join(f'_:self <urn:p> _:b{i} .\n_:b{i} <urn:p> "x" .' for i in range(n)),
    "a ring": lambda n: "\n".join(f"_:self <urn:p> _:b{i} .\n_:b{i} <urn:p> _:b{(i + 1) % n} ." for i in range(n)),
    "many rings": lambda n: "\n".join(
        f"_:self <urn:p> _:b{i} .\n_:b{i} <urn:p> _:b{i // 4 * 4 + (i + 1) % 4} ." for i in range(n)
    ),
}


@pytest.mark.parametrize("case", ALIKE)
def test_nodes_that_nobody_can_tell_apart_are_named_in_little_time_and_none_is_lost(case):
    began = time.process_time()

    said = kept.placed(ALIKE[case](2000), "<urn:d>", "_:r", {}, lambda predicate: False)

    assert len({subject for subject, _, _ in said if subject[0] == "_"}) == 2000
    assert len(said) == 4000
    assert time.process_time() - began < 2  # 0.1 s on a quiet machine; a search for the labels would not end


def test_a_whole_list_of_concepts_is_not_kept_with_each_dataset():
    concepts = "".join(f"<urn:s> <urn:has> <urn:c{n}> . <urn:c{n}> <urn:in> <urn:s> ." for n in range(kept.MOST))
    datasets = "".join(f'<urn:d{n}> a dcat:Dataset ; dct:title "T" ; dcat:theme <urn:c{n}> .' for n in range(3))

    harvest = read(concepts + datasets)

    assert [record["kept_statements"] for record in harvest.records.values()] == [
        f"<urn:c{n}> <urn:in> <urn:s> ." for n in range(3)
    ]
    beyond = [
        remark.statement[0] for remarks in harvest.remarks.values() for remark in remarks if remark.kind == "beyond"
    ]
    assert beyond == ["<urn:s>"] * 3
    assert harvest.rest.count("<urn:has>") == kept.MOST
