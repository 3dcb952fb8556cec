"""What the templates of portals send where they have nothing to say, or say it in another kind of node or text."""

import json

import pytest
from ckanext.landlab.dcat import catalog, mapping, markup
from ckanext.landlab.dcat.completeness import completed, folded
from ckanext.landlab.dcat.context import Context
from ckanext.landlab.dcat.terms import TYPE, expand
from test_reading import graph, recovered, written


@pytest.mark.parametrize(
    "said",
    [
        "; dcat:contactPoint [ a vcard:Organization ]",
        '; dcat:contactPoint [ a vcard:Kind ; vcard:fn "" ; vcard:hasEmail <mailto:> ; vcard:hasTelephone <tel:> ]',
        '; dct:temporal [ a dct:PeriodOfTime ; schema:startDate "" ; schema:endDate "" ]',
        "; dcat:distribution [ a dcat:Distribution ]",
        '; dct:conformsTo [ a dct:Standard ; rdfs:label " " ]',
    ],
)
def test_a_node_that_says_nothing_is_not_written_and_that_is_told(said):
    record, remarks = recovered(said)

    assert (set(record), remarks) == ({"uri", "title"}, {("converted", "")})
    assert len(mapping.table("dataset").describe(record, record["uri"])) == 2


def test_an_empty_address_beside_a_full_one_goes():
    record, _ = recovered(
        "; dcat:contactPoint [ a vcard:Kind ; vcard:hasEmail <mailto:> ; vcard:hasURL <https://a.example> ]"
    )

    assert record["contact"] == [{"url": "https://a.example"}]


@pytest.mark.parametrize(
    ("came", "read"),
    [
        ('"a@b.example"', {"email": "a@b.example"}),
        ("<mailto:a@b.example>", {"uri": "mailto:a@b.example", "email": "a@b.example"}),
        ('"Amt für Grün"', {"name": "Amt für Grün"}),
    ],
)
def test_a_contact_may_be_no_more_than_its_address(came, read):
    record, _ = recovered(f"; dcat:contactPoint {came}")

    assert record["contact"] == [read]


@pytest.mark.parametrize(
    ("came", "read"),
    [
        ("https://d.example/a b.csv?x={1}", "https://d.example/a%20b.csv?x=%7B1%7D"),
        ("www.d.example/daten", "http://www.d.example/daten"),
        ("https://d.example/a oder https://d.example/b", None),
        ("siehe www.d.example", None),
        ("http://", None),
    ],
)
def test_an_address_as_text_becomes_an_iri_where_it_is_one(came, read):
    record, _ = recovered(f'; dcat:landingPage "{came}"')

    assert record.get("url") == read


def test_a_second_address_as_text_is_written_as_an_iri_too():
    record, remarks = recovered('; dcat:landingPage <https://a.example>, "https://d.example/a b"')

    assert record["url"] == "https://a.example"
    assert ("converted", "url") in remarks
    assert sorted(written(record, "dcat:landingPage")) == ["<https://a.example>", "<https://d.example/a%20b>"]


def test_a_distribution_may_be_no_more_than_its_address():
    record, _ = recovered('; dcat:distribution "https://d.example/a.xlsx"')

    assert record["resources"] == [{"access_url": "https://d.example/a.xlsx"}]


@pytest.mark.parametrize(
    ("came", "field"),
    [
        ("POLYGON((10 48,11 48,11 49,10 49,10 48))", "bbox"),
        ("http://sws.geonames.org/2954172/", "uri"),
        ("Augsburg", "text"),
    ],
)
def test_a_place_as_text_is_read_as_what_it_is(came, field):
    record, _ = recovered(f'; dct:spatial "{came}"')

    assert [list(place) for place in record["spatial_coverage"]] == [[field]]


@pytest.mark.parametrize("came", ["OGC:WMS", "OGC:WMS-1.3.0-http-get-map", "WMS 1.1.1", "wms"])
def test_a_service_of_geodata_is_read_with_its_version(came):
    record, _ = recovered(f'; dcat:distribution [ a dcat:Distribution ; dct:format "{came}" ]')

    assert record["resources"][0]["format"] == "WMS_SRVC"


def test_words_with_a_colon_are_no_address():
    record, _ = recovered('; dcat:distribution [ a dcat:Distribution ; dct:format "WWW:LINK-1.0-http--link" ]')
    described = mapping.table("dataset").describe(record, record["uri"])

    assert '"WWW:LINK-1.0-http--link"' in {value for _, _, value in described}


@pytest.mark.parametrize(("came", "read"), [("12 345", 12345), ("12345 Bytes", 12345), ("2,5 MB", None), ("2,5", None)])
def test_a_number_of_bytes_is_read_where_it_is_one(came, read):
    record, _ = recovered(f'; dcat:distribution [ a dcat:Distribution ; dct:title "x" ; dcat:byteSize "{came}" ]')

    assert record["resources"][0].get("size") == read


@pytest.mark.parametrize("came", ["2023-02-30", "2023-02-29T00:00:00", "0000", "2023-04-31Z"])
def test_a_day_that_is_not_in_the_calendar_is_kept_as_it_came(came):
    record, _ = recovered(f'; dct:modified "{came}"')

    assert "modified" not in record
    assert written(record, "dct:modified") == [f'"{came}"']


def test_a_language_tag_of_three_letters_is_the_one_of_two():
    record, remarks = recovered('; dct:description "Bäume"@ger, "Trees"@eng ; dcat:keyword "Baum"@de, "Park"@deu')

    assert (record["notes"], record["notes_translations"]) == ("Bäume", [{"language": "en", "text": "Trees"}])
    assert record["tags"] == [{"name": "Baum"}, {"name": "Park"}]
    assert "language_tags" not in record
    assert {("converted", name) for name in ("notes", "notes_translations", "tag_string")} <= remarks


def test_the_version_under_its_older_name_is_not_written_beside_the_newer():
    record, remarks = recovered('; <http://www.w3.org/2002/07/owl#versionInfo> "1.0" ; dcat:version "1.0"')

    assert record["version"] == "1.0"
    assert ("surplus", "version") in remarks
    assert (written(record, "dcat:version"), written(record, "owl:versionInfo")) == (['"1.0"'], [])
    older = mapping.table("dataset").describe(record, record["uri"], "2.0")
    assert [p for _, p, o in older if o == '"1.0"'] == [expand("owl:versionInfo")]


@pytest.mark.parametrize("node", ["[ a skos:Concept ; {} ]", "<https://d.example/taxonomy/2>"])
def test_a_category_of_the_portals_own_is_the_theme_of_its_name(node):
    label = 'skos:prefLabel "Verkehr"@de'
    more = f" . <https://d.example/taxonomy/2> a skos:Concept ; {label}" if "{}" not in node else ""
    record, remarks = recovered(f"; dcat:theme {node.format(label)}{more}")

    assert record["theme"] == ["http://publications.europa.eu/resource/authority/data-theme/TRAN"]
    assert ("converted", "theme") in remarks


def test_an_identifier_that_is_an_address_has_it_as_notation():
    record, _ = recovered("; adms:identifier <https://doi.org/10.5/x>")

    assert written(record, "skos:notation") == [f'"https://doi.org/10.5/x"^^{expand("xsd:anyURI")}']
    assert written(record, "adms:identifier") == ["<https://doi.org/10.5/x>"]


def test_the_licence_of_the_dataset_holds_for_files_without_one():
    files = "[ a dcat:Distribution ; dct:title 'a' ; dct:license <http://dcat-ap.de/def/licenses/cc-zero> ]"
    files += ", [ a dcat:Distribution ; dct:title 'b' ]"
    record, _ = recovered(f"; dct:license <https://www.govdata.de/dl-de/by-2-0> ; dcat:distribution {files}")

    full = completed(folded(record), Context())

    base = "http://dcat-ap.de/def/licenses/"
    assert [one["license"] for one in full["resources"]] == [f"{base}cc-zero", f"{base}dl-by-de/2.0"]
    assert "<https://www.govdata.de/dl-de/by-2-0>" in written(record, "dct:license")


@pytest.mark.parametrize("level", ["administrativeDistrict", "european", "municipality"])
def test_a_level_of_the_older_list_is_read(level):
    record, _ = recovered(
        f"; dcatde:politicalGeocodingLevelURI <http://dcat-ap.de/def/politicalGeocoding/Level/1_0/{level}>"
    )

    assert record["politicalGeocodingLevelURI"] == [f"http://dcat-ap.de/def/politicalGeocoding/Level/{level}"]


def test_no_limits_of_inspire_is_public():
    limits = "<http://inspire.ec.europa.eu/metadata-codelist/LimitationsOnPublicAccess/noLimitations>"
    record, _ = recovered(f"; dct:accessRights {limits}")

    assert record["access_rights"].endswith("/access-right/PUBLIC")


@pytest.mark.parametrize("service", ["_:service", "<https://d.example/wms>"])
def test_a_service_without_a_title_stays_with_its_file(service):
    said = f"{service} a dcat:DataService ; dcat:endpointURL <https://d.example/wms?> ."
    file = f"<https://d.example/f> a dcat:Distribution ; dcat:accessService {service} . {said}"

    harvest = catalog.read(graph(f"; dcat:distribution <https://d.example/f> . {file.rstrip('. ')}"))

    assert list(harvest.records) == ["https://d.example/1"]
    described = {(predicate, value) for _, predicate, value in harvest.statements()}
    assert {(TYPE, expand("dcat:DataService")), (expand("dcat:endpointURL"), "<https://d.example/wms?>")} <= described


def test_a_service_without_a_title_and_file_is_reported_as_before():
    harvest = catalog.read(graph(". <https://d.example/wms> a dcat:DataService ; dct:title ' '"))

    assert list(harvest.records) == ["https://d.example/1", "https://d.example/wms"]


def test_rights_in_words_are_words_in_2_0_and_a_node_in_3_0():
    record, _ = recovered("; dcat:distribution [ a dcat:Distribution ; dct:rights 'frei' ]")
    table = mapping.table("dataset")

    said = {
        v: [o for _, p, o in table.describe(record, record["uri"], v) if p == expand("dct:rights")]
        for v in ("2.0", "3.0")
    }

    assert (said["2.0"], said["3.0"][0][:2]) == (['"frei"'], "_:")


def test_a_second_text_that_only_2_0_can_say_is_kept_under_its_name_of_today():
    record, remarks = recovered('; dcatde:geocodingDescription "Umland"@de ; dcatde:geocodingText "Stadt"')

    assert record["geocodingDescription"] == ["Umland"]
    assert ("older", "geocodingDescription") in remarks
    assert (written(record, "dcatde:geocodingDescription"), written(record, "dcatde:geocodingText")) == ([], [])
    described = mapping.table("dataset").describe(record, record["uri"], "2.0")
    assert sorted(o for _, p, o in described if p == expand("dcatde:geocodingDescription")) == [
        '"Stadt"',
        '"Umland"@de',
    ]


def test_a_hard_space_is_the_same_on_every_trip():
    html = markup.to_html("*a*&nbsp;b")

    assert markup.to_html(markup.to_markdown(html)) == html


@pytest.mark.parametrize("came", ["BOX(8 49,9 50)", "ENVELOPE(8,9,50,49)", "8,49,9,50", "8.0, 49, 9, 50"])
def test_a_box_is_read_as_its_polygon(came):
    record, _ = recovered(f'; dct:spatial [ a dct:Location ; dcat:bbox "{came}" ], "{came}"')

    outlines = [json.loads(place["bbox"])["coordinates"][0] for place in record["spatial_coverage"]]
    assert outlines == [[[8, 49], [9, 49], [9, 50], [8, 50], [8, 49]]] * 2


@pytest.mark.parametrize("came", ["49,8,50,200", "9,49,8,50", "8,49,9", "BOX(a b,c d)"])
def test_numbers_that_are_no_box_are_kept(came):
    record, _ = recovered(f'; dct:spatial [ a dct:Location ; skos:prefLabel "x"@de ; dcat:bbox "{came}" ]')

    assert "POLYGON" not in str(record)
    assert "Polygon" not in str(record)


def test_of_two_values_the_one_that_means_a_concept_is_written():
    older = "<http://publications.europa.eu/mdr/authority/frequency/ANNUAL>"
    record, remarks = recovered(f'; dct:accrualPeriodicity {older}, "infrequent"')

    assert record["frequency"].endswith("/frequency/ANNUAL")
    assert ("surplus", "frequency") in remarks
