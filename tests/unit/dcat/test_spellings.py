"""What portals send in words of their own is read where it means one thing only, and stays as it came elsewhere."""

import pytest
from test_reading import recovered, written

INSPIRE = "<http://inspire.ec.europa.eu/metadata-codelist/MaintenanceFrequency/annually>"


@pytest.mark.parametrize("predicate", ["rdfs:label", "skos:prefLabel", "vcard:fn", "schema:name", "dct:title"])
def test_a_body_may_carry_its_name_under_another_word(predicate):
    record, remarks = recovered(f'; dct:publisher [ a foaf:Agent ; {predicate} "Stadt Potsdam" ]')

    assert [agent["name"] for agent in record["publisher"]] == ["Stadt Potsdam"]
    assert ("converted", "name") in remarks
    assert '"Stadt Potsdam"' in written(record, "foaf:name")


def test_a_body_with_two_names_keeps_both_as_they_came():
    record, _ = recovered('; dct:publisher [ a foaf:Agent ; foaf:name "Stadt"@de ; rdfs:label "Amt"@de ]')

    assert record["publisher"][0]["name"] == "Stadt"
    assert written(record, "rdfs:label") == ['"Amt"@de']


def test_blanks_at_the_ends_of_words_go_and_the_change_is_told():
    record, remarks = recovered('; dcat:keyword "Potsdam "@de ; dct:identifier " a-1 "')

    assert record["tags"] == [{"name": "Potsdam"}]
    assert record["identifier"] == "a-1"
    assert {("converted", "tag_string"), ("converted", "identifier")} <= remarks


@pytest.mark.parametrize(
    "said", ['rdf:value "application/pdf"', 'rdfs:label "PDF"', 'rdf:value "x" ; rdfs:label "pdf"']
)
def test_a_format_may_stand_one_node_further(said):
    record, remarks = recovered(f"; dcat:distribution [ a dcat:Distribution ; dct:format [ a dct:IMT ; {said} ] ]")

    assert record["resources"][0]["format"] == "PDF"
    assert ("converted", "format") in remarks


@pytest.mark.parametrize("said", ['rdfs:label "Eigenbau"', 'rdfs:label "PDF" ; dct:description "Version 1.7"'])
def test_a_node_that_says_more_than_a_format_is_kept_whole(said):
    file = f"dcat:accessURL <https://d.example/f> ; dct:format [ a dct:IMT ; {said} ]"
    record, _ = recovered(f"; dcat:distribution [ a dcat:Distribution ; {file} ]")

    assert "format" not in record["resources"][0]
    assert all(f'"{word}"' in record["resources"][0]["kept_statements"] for word in said.split('"')[1::2])


def test_what_arcgis_hub_sends_is_understood():
    file = """dcat:accessUrl "https://hub.d.example/f" ; dct:format <https://hub.d.example/ftype/GEOJSON>"""
    language = "<https://hub.d.example/lang/GER>"
    record, _ = recovered(f"; dct:language {language} ; dcat:distribution [ a dcat:Distribution ; {file} ]")

    assert record["language"] == ["http://publications.europa.eu/resource/authority/language/DEU"]
    assert record["resources"][0]["format"] == "GEOJSON"
    assert record["resources"][0]["access_url"] == "https://hub.d.example/f"


def test_a_path_that_only_looks_like_a_list_is_no_concept():
    record, _ = recovered("; dct:language <https://hub.d.example/lang/page>")

    assert record["language"] == ["https://hub.d.example/lang/page"]


@pytest.mark.parametrize(
    ("came", "code"),
    [
        ("<https://opendata.d.example/id/theme/Umwelt%20und%20Klima>", "ENVI"),
        ("<https://opendata.d.example/id/theme/Gesundheit>", "HEAL"),
        ('"politik_wahlen"', "GOVE"),
        ('"Öffentliche Verwaltung, Haushalt und Steuern"', "GOVE"),
    ],
)
def test_a_category_of_before_becomes_the_theme_that_came_of_it(came, code):
    record, _ = recovered(f"; dcat:theme {came}")

    assert record["theme"] == [f"http://publications.europa.eu/resource/authority/data-theme/{code}"]


@pytest.mark.parametrize("came", ["https://opendata.d.example/id/theme/Bildung", "https://d.example/themes/ENVI"])
def test_a_theme_that_could_mean_several_or_none_stays(came):
    record, _ = recovered(f"; dcat:theme <{came}>")

    assert record["theme"] == [came]


@pytest.mark.parametrize(
    ("came", "read"),
    [
        ("2019-05-06T00:00:00+0200", "2019-05-06T00:00:00+02:00"),
        ("2019-05-06 10:00 +0100", "2019-05-06T10:00:00+01:00"),
        ("2019/05/06", "2019-05-06"),
        ("2019-5-6", "2019-05-06"),
        ("20190506", "2019-05-06"),
        ("6.5.2019", "2019-05-06"),
        ("201911", None),
        ("2019-13-01", None),
    ],
)
def test_a_date_in_another_form_is_read_where_it_means_one_day(came, read):
    record, _ = recovered(f'; dct:modified "{came}"')

    assert record.get("modified") == read
    assert (came in record.get("kept_statements", "")) is (read is None)


@pytest.mark.parametrize("came", ['"R/P1Y"', '"yearly"', '"annually"', "<http://purl.org/cld/freq/annual>", INSPIRE])
def test_a_frequency_of_iso_is_read(came):
    record, _ = recovered(f"; dct:accrualPeriodicity {came}")

    assert record["frequency"].endswith("/frequency/ANNUAL")


@pytest.mark.parametrize("came", ['"de_DE"', "<http://lexvo.org/id/iso639-3/deu>", "<http://i.example/iso639-2/ger>"])
def test_a_language_of_another_list_is_read(came):
    record, _ = recovered(f"; dct:language {came}")

    assert record["language"] == ["http://publications.europa.eu/resource/authority/language/DEU"]


@pytest.mark.parametrize("came", ["a@b.example", "mailto:mailto:a@b.example", "mailto:%20a@b.example"])
def test_a_mail_address_is_read_however_it_was_wrapped(came):
    record, _ = recovered(f"; dcat:contactPoint [ a vcard:Kind ; vcard:hasEmail <{came}> ]")

    assert record["contact"][0]["email"] == "a@b.example"


def test_a_page_where_a_mail_address_belongs_stays_a_page():
    record, _ = recovered("; dcat:contactPoint [ a vcard:Kind ; vcard:hasEmail <https://b.example/kontakt?an=a@b> ]")

    assert record["contact"][0]["email"] == "https://b.example/kontakt?an=a@b"


@pytest.mark.parametrize("came", ['".csv"', '"CSV; charset=utf-8"', '"text/csv;charset=UTF-8"'])
def test_a_format_with_something_around_it_is_read(came):
    record, _ = recovered(f"; dcat:distribution [ a dcat:Distribution ; dct:format {came} ; dcat:mediaType {came} ]")

    assert (record["resources"][0]["format"], record["resources"][0]["mimetype"]) == ("CSV", "text/csv")


@pytest.mark.parametrize("came", ["2016-01-01/2016-12-31", "start=2016-01-01; end=2016-12-31;"])
def test_a_period_in_words_is_read(came):
    record, remarks = recovered(f'; dct:temporal "{came}"')

    assert record["temporal_coverage"] == [{"start": "2016-01-01", "end": "2016-12-31"}]
    assert ("converted", "temporal_coverage") in remarks


@pytest.mark.parametrize("came", ["2010-2016", "seit 2010", "2016-01-01/heute"])
def test_words_that_are_no_period_are_kept(came):
    record, _ = recovered(f'; dct:temporal "{came}"')

    assert "temporal_coverage" not in record
    assert came in record["kept_statements"]
