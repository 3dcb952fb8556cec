"""The statement of a dataset as mapping and as plain text, and the vocabulary as SKOS."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from ckanext.landlab.legal import skos
from ckanext.landlab.legal.inheritance import Assignment, Level
from ckanext.landlab.legal.notices import vocabulary
from ckanext.landlab.legal.responsibilities import Body
from ckanext.landlab.legal.statement import Site, as_text, short_line, statement_of
from legal_records import GAUGE, PARAMETERS
from pyoxigraph import Literal, NamedNode, RdfFormat, Store

SITE = Site("https://daten.example", Body("Stadt Landau, Hauptamt"))
PORTAL = Level("portal", "Offene Daten", (Assignment("NOENDORSE", {}),))


def gauge(*codes, **changes):
    notices = [{"code": code, "parameters": PARAMETERS[code]} for code in codes]
    return {**GAUGE, "notices": notices, **changes}


def statement(record, **facts):
    return statement_of(record, [PORTAL], {}, SITE, **facts)


def test_the_mapping_carries_notices_with_text_source_and_version():
    told = statement(gauge("SENSOR")).as_dict("de")
    assert told["address"] == "https://daten.example/dataset/6f1c1f8e-0001/hinweise"
    assert [(n["code"], n["source"]["level"], n["version"]) for n in told["notices"]] == [
        ("SENSOR", "dataset", 1),
        ("NOENDORSE", "portal", 1),
    ]
    assert told["notices"][0]["severity_label"] == "Vorsicht"
    assert "Radarsonde" in told["notices"][0]["text"]
    assert told["attribution"]["text"].startswith("Stadt Landau in der Pfalz: „Pegel der Queich“")


@pytest.mark.parametrize("code", list(vocabulary().notices))
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_code_appears_in_the_plain_text(code, language):
    text = as_text(statement(gauge(code)), language)
    assert vocabulary().notices[code].label[language] in text
    assert f"Text: {code}, " in text


def test_the_plain_text_says_version_address_licence_and_roles():
    text = as_text(statement(gauge(), valid_from=datetime(2026, 11, 23, tzinfo=timezone.utc)), "de")
    for words in (
        "Fassung vom 2026-11-23 00:00:00 UTC",
        "https://daten.example/dataset/6f1c1f8e-0001/hinweise",
        "Datenlizenz Deutschland – Namensnennung – Version 2.0",
        "Wer ist wofür verantwortlich?",
        "Tiefbauamt, tiefbauamt@landau.example",
    ):
        assert words in text


def test_two_licences_give_two_attributions():
    files = [{"id": "b"}, {"id": "a", "license": "http://dcat-ap.de/def/licenses/cc-zero"}]
    told = statement(gauge(resources=files)).as_dict("de")
    assert [entry["demand"] for entry in told["attributions"]] == ["required", "courtesy"]


def test_the_name_that_the_publisher_asks_for_stands_in_the_line():
    told = statement(gauge(resources=[{"id": "a", "licenseAttributionByText": "Landau, Amt 66"}])).as_dict("de")
    assert told["attribution"]["text"].startswith("Landau, Amt 66: ")


def test_identity_changes_with_facts_and_not_with_the_language():
    before = statement(gauge("SENSOR")).identity()
    assert statement(gauge("SENSOR")).identity() == before
    assert statement(gauge("SENSOR", "AGE")).identity() != before
    assert statement(gauge("SENSOR", license_id="http://dcat-ap.de/def/licenses/cc-zero")).identity() != before
    assert statement(gauge("SENSOR", custodian=[{"name": "Bauhof"}])).identity() != before


def test_the_short_line_leads_to_the_statement():
    assert short_line(statement(gauge()).address, "de").endswith("https://daten.example/dataset/6f1c1f8e-0001/hinweise")


@pytest.mark.parametrize(("syntax", "rdf_format"), [("ttl", RdfFormat.TURTLE), ("jsonld", RdfFormat.JSON_LD)])
def test_the_vocabulary_is_given_out_as_skos(syntax, rdf_format):
    address = "https://daten.example/hinweise"
    store = Store()
    store.load(skos.serialized(address, {}, syntax), format=rdf_format)
    for code, notice in vocabulary().notices.items():
        node = NamedNode(f"{address}#{code}")
        labels = {quad.object for quad in store.quads_for_pattern(node, NamedNode(f"{skos.SKOS}prefLabel"), None)}
        assert labels == {Literal(notice.label["de"], language="de"), Literal(notice.label["en"], language="en")}
        assert list(store.quads_for_pattern(node, NamedNode(f"{skos.SKOS}inScheme"), NamedNode(address)))
