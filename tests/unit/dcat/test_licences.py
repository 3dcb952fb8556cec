"""What portals write where a licence belongs, and what we make of it."""

from __future__ import annotations

import pytest
from ckanext.landlab import schemas
from ckanext.landlab.dcat.licences import MAX_LENGTH, Recognised, fold, licence_of

BASE = "http://dcat-ap.de/def/licenses/"

# Spelling → code, as seen in catalogues: GovData, Schleswig-Holstein, Brandenburg, GDI-DE, CKAN, Hamburg, NRW.
SEEN = {
    "http://dcat-ap.de/def/licenses/dl-by-de/2.0": "dl-by-de/2.0",
    "http://dcat-ap.de/def/licenses/dl-by-de/2_0": "dl-by-de/2.0",
    "https://www.dcat-ap.de/def/licenses/dl-zero-de/2.0/": "dl-zero-de/2.0",
    "http://dcat-ap.de/def/licenses/CC BY 4.0": "cc-by/4.0",
    "http://dcat-ap.de/def/licenses/official-work": "officialWork",
    "http://dcat-ap.de/def/licenses/od-bl": "odbl",
    "http://dcat-ap.de/def/licenses/od-bc": "odby",
    "http://dcat-ap.de/def/licenses/gpl/30": "gpl/3.0",
    "http://dcat-ap.de/def/licenses/cc-nc/3_0": "cc-by-nc-de/3.0",
    "http://dcat-ap.de/def/licenses/bsdlicense": "bsd",
    "dl-de-by-2.0": "dl-by-de/2.0",
    "DL-DE->BY-2.0": "dl-by-de/2.0",
    "dl-de/by-2-0": "dl-by-de/2.0",
    "dl-zero-de/2.0": "dl-zero-de/2.0",
    "https://www.govdata.de/dl-de/by-2-0": "dl-by-de/2.0",
    "http://www.govdata.de/dl-de/zero-2-0": "dl-zero-de/2.0",
    "Datenlizenz Deutschland – Namensnennung – Version 2.0": "dl-by-de/2.0",
    "Datenlizenz Deutschland Namensnennung 2.0": "dl-by-de/2.0",
    "Datenlizenz Deutschland - Zero - Version 2.0": "dl-zero-de/2.0",
    "Nutzungsbedingungen: Datenlizenz Deutschland – Namensnennung – Version 2.0 "
    "(https://www.govdata.de/dl-de/by-2-0)": "dl-by-de/2.0",
    "Die Daten stehen unter der Lizenz CC BY 4.0, Quelle: Stadt Musterstadt, https://www.musterstadt.de": "cc-by/4.0",
    "CC-BY-4.0": "cc-by/4.0",
    "cc-by-4.0": "cc-by/4.0",
    "CC BY 4.0": "cc-by/4.0",
    "https://creativecommons.org/licenses/by/4.0/": "cc-by/4.0",
    "http://creativecommons.org/licenses/by/4.0": "cc-by/4.0",
    "https://creativecommons.org/licenses/by/4.0/deed.de": "cc-by/4.0",
    "https://creativecommons.org/licenses/by/4.0/legalcode": "cc-by/4.0",
    "Creative Commons Namensnennung 4.0 International (CC BY 4.0)": "cc-by/4.0",
    "http://publications.europa.eu/resource/authority/licence/CC_BY_4_0": "cc-by/4.0",
    "cc-by": "cc-by",
    "CC-BY": "cc-by",
    "https://creativecommons.org/licenses/by/3.0/de/": "cc-by-de/3.0",
    "CC BY 3.0 DE": "cc-by-de/3.0",
    "https://creativecommons.org/licenses/by-nd/3.0/": "cc-by-nd/3.0",
    "CC BY-SA 4.0": "cc-by-sa/4.0",
    "CC BY-NC 4.0": "cc-by-nc/4.0",
    "cc-zero": "cc-zero",
    "CC0": "cc-zero",
    "CC0-1.0": "cc-zero",
    "CC0 1.0 Universal": "cc-zero",
    "https://creativecommons.org/publicdomain/zero/1.0/deed.de": "cc-zero",
    "http://www.opendefinition.org/licenses/cc-zero": "cc-zero",
    "https://creativecommons.org/publicdomain/mark/1.0/": "ccpdm/1.0",
    "odc-odbl": "odbl",
    "ODbL-1.0": "odbl",
    "Open Data Commons Open Database License (ODbL)": "odbl",
    "https://opendatacommons.org/licenses/odbl/1-0/": "odbl",
    "odc-by": "odby",
    "odc-pddl": "odcpddl",
    "geonutzv-de-2013-03-19": "geonutz/20130319",
    "http://dcat-ap.de/def/licenses/geoNutz/20130319": "geonutz/20130319",
    "http://dcat-ap.de/def/licenses/geonutz/20131001": "geoNutz/20131001",
    "http://www.geodatenzentrum.de/docpdf/geonutzv.pdf": "geonutz/20130319",
    "official-work": "officialWork",
    "Amtliches Werk, lizenzfrei nach §5 Abs. 1 UrhG": "officialWork",
    "http://www.gesetze-im-internet.de/urhg/__5.html": "officialWork",
    "app_commercial": "other-commercial",
    "other-closed": "other-closed",
    "other-open": "other-open",
    "gpl-3.0": "gpl/3.0",
    "Apache-2.0": "apache",
    "MPL-2.0": "mozilla",
    '{"id":"dl-by-de/2.0","name":"Datenlizenz Deutschland Namensnennung 2.0",'
    '"url":"https://www.govdata.de/dl-de/by-2-0"}': "dl-by-de/2.0",
}

# What must stay as it came, because it names no single licence of the list.
UNCLEAR = [
    "",
    "   ",
    "license",
    "Nutzungsbedingungen der LHP",
    "Es gelten keine Zugriffsbeschränkungen",
    "http://dcat-ap.de/def/licenses/",
    "http://dcat-ap.de/def/licenses/cc-nc",
    "http://wiki.data.gouv.fr/wiki/Licence_Ouverte_/_Open_Licence",
    "http://publications.europa.eu/resource/authority/licence/COM_REUSE",
    "Datenlizenz Deutschland",
    "Datenlizenz Deutschland Namensnennung",
    "CC BY 3.0",
    "https://creativecommons.org/licenses/by/3.0/",
    "CC BY-NC-SA 4.0",
    "https://creativecommons.org/licenses/by-nc-sa/4.0/",
    "CC BY-NC-ND 4.0",
    "CC BY 2.0",
    "CC BY 4.0 oder CC BY-SA 4.0",
    "CC BY 4.0 und ODbL 1.0",
    "Nicht unter CC BY 4.0",
    "CC BY 4.0, ausgenommen die Bilder",
    "notspecified",
    "other-at",
    "Public Domain",
    "geonutz",
    '{"id": "dl-by-de/2.0", "url": "https://www.govdata.de/dl-de/zero-2-0"}',
    '{"id": ["dl-by-de/2.0"]}',
    "{broken",
    "CC BY 4.0 " * (MAX_LENGTH // 10 + 1),
]


@pytest.mark.parametrize(("spelling", "code"), SEEN.items())
def test_a_clear_spelling_is_recognised(spelling, code):
    assert licence_of(spelling) == Recognised(BASE + code)


@pytest.mark.parametrize("spelling", UNCLEAR)
def test_an_unclear_spelling_is_left_alone(spelling):
    assert licence_of(spelling) is None


def test_the_source_to_be_named_comes_along():
    text = '{"id":"dl-by-de/2.0","quelle":" Stadt Musterstadt, Amt für Geodaten "}'

    assert licence_of(text) == Recognised(f"{BASE}dl-by-de/2.0", "Stadt Musterstadt, Amt für Geodaten")


def test_every_entry_of_the_list_is_recognised_by_each_of_its_names():
    names = 0
    for iri, concept in schemas.vocabulary("licenses").concepts.items():
        own = [concept.code, iri, *concept.label.values(), *concept.facts.get("legacy", ()), *_texts(concept)]
        for name in own:
            names += 1
            assert licence_of(name) == Recognised(iri), name
    assert names == 215


def _texts(concept):
    return [concept.facts[key] for key in ("text", "spdx", "opendefinition") if key in concept.facts]


def test_what_is_declared_ambiguous_is_not_recognised():
    declared = [entry["says"] for entry in schemas.read("licence_spellings")["ambiguous"]]

    assert len(declared) == 14
    assert [spelling for spelling in declared if licence_of(spelling)] == []


def test_every_spelling_has_a_source():
    groups = schemas.read("licence_spellings")["spellings"]

    assert all(group["source"] for group in groups)
    assert sum(len(group["says"]) for group in groups) == 107


def test_suites_are_as_large_as_they_were():
    assert (len(SEEN), len(UNCLEAR)) == (64, 29)


def test_folding_keeps_words_and_digits_only():
    assert fold("https://www.GovData.de/dl-de/by-2-0/") == "govdata de dl de by 2 0"
    assert fold("Datenlizenz Deutschland – Zero – Version 2.0") == "datenlizenz deutschland zero 2 0"
