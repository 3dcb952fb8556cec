"""Reading is lenient: what can be read is read, what cannot is kept, and nothing stops it."""

import pytest
from ckanext.landlab.dcat import catalog, mapping, syntax
from ckanext.landlab.dcat.graph import Graph
from ckanext.landlab.dcat.terms import expand

NODE = "https://d.example/1"
HEAD = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix dcatde: <http://dcat-ap.de/def/dcatde/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix schema: <http://schema.org/> .
@prefix adms: <http://www.w3.org/ns/adms#> . @prefix locn: <http://www.w3.org/ns/locn#> .
<https://d.example/1> a dcat:Dataset ; dct:title "T"@de """


def graph(text: str) -> Graph:
    return syntax.parse(f"{HEAD}{text} .".encode(), "ttl").graph


def recovered(text: str):
    record, remarks = mapping.table("dataset").recover(NODE, graph(text))
    return record, {(remark.kind, remark.field) for remark in remarks}


def written(record, predicate: str) -> list[str]:
    return [o for s, p, o in mapping.table("dataset").describe(record, NODE) if p == expand(predicate)]


def test_of_two_dates_the_latest_is_written_and_both_are_kept():
    record, remarks = recovered('; dct:modified "2024-01-01"^^xsd:date, "2025-01-01"^^xsd:date')

    assert record["modified"] == "2025-01-01"
    assert "2024-01-01" in record["kept_statements"]
    assert ("surplus", "modified") in remarks
    assert written(record, "dct:modified") == [f'"2025-01-01"^^{expand("xsd:date")}']


def test_of_two_issue_dates_the_earliest_is_written():
    record, _ = recovered('; dct:issued "2024-01-01"^^xsd:date, "2025-01-01"^^xsd:date')

    assert record["issued"] == "2024-01-01"


def test_of_two_publishers_one_is_written_and_both_are_kept():
    record, remarks = recovered('; dct:publisher [ a foaf:Agent ; foaf:name "A" ], <https://d.example/b>')

    assert record["publisher"] == [{"uri": "https://d.example/b"}]
    assert '"A"' in record["kept_statements"]
    assert ("surplus", "publisher") in remarks
    assert written(record, "dct:publisher") == ["<https://d.example/b>"]


def test_an_emptied_field_lets_the_kept_value_through_again():
    record, _ = recovered('; dct:modified "2024-01-01"^^xsd:date, "2025-01-01"^^xsd:date')

    del record["modified"]

    assert written(record, "dct:modified") == [f'"2024-01-01"^^{expand("xsd:date")}']


def test_an_unclear_licence_is_kept_as_it_came():
    text = '; dcat:distribution [ a dcat:Distribution ; dct:license "Nutzungsbedingungen der Stadt" ]'
    record, _ = recovered(text)

    assert record["resources"][0]["license"] == "Nutzungsbedingungen der Stadt"
    assert written(record, "dct:license") == ['"Nutzungsbedingungen der Stadt"']


@pytest.mark.parametrize("came", ["dl-de-by-2.0", "http://dcat-ap.de/def/licenses/dl-by-de/2_0"])
def test_a_clear_licence_becomes_the_one_of_the_list(came):
    term = f"<{came}>" if came.startswith("http") else f'"{came}"'
    record, remarks = recovered(f"; dcat:distribution [ a dcat:Distribution ; dct:license {term} ]")

    assert record["resources"][0]["license"] == "http://dcat-ap.de/def/licenses/dl-by-de/2.0"
    assert ("converted", "license") in remarks


def test_a_licence_that_names_its_source_gives_it_to_the_attribution_text():
    licence = r'"{\"id\": \"dl-by-de/2.0\", \"quelle\": \"Stadt Mannheim\"}"'
    record, _ = recovered(f"; dcat:distribution [ a dcat:Distribution ; dct:license {licence} ]")

    assert record["resources"][0]["license"] == "http://dcat-ap.de/def/licenses/dl-by-de/2.0"
    assert record["resources"][0]["licenseAttributionByText"] == "Stadt Mannheim"


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ('; dct:language "de"', "language", ["http://publications.europa.eu/resource/authority/language/DEU"]),
        ('; dct:publisher "Amt"', "publisher", [{"name": "Amt"}]),
        ('; dct:issued "31.12.2024"', "issued", "2024-12-31"),
        ('; dct:modified "2024-12-31 08:00"', "modified", "2024-12-31T08:00:00"),
        ("; dct:identifier <https://d.example/id>", "identifier", "https://d.example/id"),
        ('; dcatde:contributorID "http://daten.rlp.de"', "contributorID", ["http://daten.rlp.de"]),
        ('; dcat:contactPoint [ a vcard:Kind ; vcard:hasEmail "a@b.de" ]', "contact", [{"email": "a@b.de"}]),
        ('; dct:title "Titel"@en', "title", "T"),
        ('; dct:spatial "Mannheim"', "spatial_coverage", [{"text": "Mannheim"}]),
        ("; <http://dcat-ap.de/def/dcatde/1_0contributorID> <http://x.example/1>", "contributorID", ["http://x.example/1"]),
    ],
)  # fmt: skip
def test_wrong_spellings_are_read(text, field, value):
    assert recovered(text)[0][field] == value


def test_a_text_keeps_the_language_that_it_came_with():
    record, _ = recovered('; dct:description "Only English"@en ; dcat:keyword "ohne", "Wörter"')

    assert record["notes"] == "Only English"
    assert record["language_tags"].split() == ["notes=en", "tag_string="]
    assert written(record, "dct:description") == ['"Only English"@en']
    assert written(record, "dcat:keyword") == ['"ohne"', '"Wörter"']


def test_keywords_that_ckan_refuses_are_keywords_all_the_same():
    record, _ = recovered('; dcat:keyword "Rad/Fuß"@de, "x"@de, "gut"@de')

    assert record["tags"] == [{"name": "gut"}]
    assert {one["text"] for one in record["keyword_translations"]} == {"Rad/Fuß", "x"}
    assert sorted(written(record, "dcat:keyword")) == ['"Rad/Fuß"@de', '"gut"@de', '"x"@de']


def test_a_contact_takes_along_what_was_said_about_it():
    text = (
        '; dcat:contactPoint [ a vcard:Kind ; vcard:fn "A" ; vcard:hasLocality "Ort" ], [ a vcard:Kind ; vcard:fn "B" ]'
    )
    record, _ = recovered(text)

    record["contact"] = [one for one in record["contact"] if one["name"] == "B"]

    assert written(record, "vcard:hasLocality") == []


@pytest.mark.parametrize(
    "text",
    [
        "; dcat:distribution <https://d.example/1>",
        "; dct:publisher <https://d.example/1>",
        "; dct:publisher _:a . _:a dct:creator _:b . _:b dct:creator _:a",
        '; dcat:distribution "keine" ; dct:temporal "gestern" ; dct:spatial [ locn:geometry "quatsch" ]',
        '; adms:sample [ a dcat:Distribution ; dcat:accessURL "x" ; adms:sample _:c ] . _:c adms:sample _:c',
        '; dct:title <https://d.example/2>, _:d . _:d dct:title "deep"',
        '; dct:issued "bald", 7, true ; dct:language 3, _:x ; dcat:theme _:x',
    ],
)
def test_nonsense_is_read_and_written_again(text):
    source = graph(text)

    harvest = catalog.read(source)
    again = Graph.of(harvest.statements())

    assert harvest.records[NODE]["title"] == "T"
    assert {p for _, p, _ in source} <= {p for _, p, _ in again}


def test_ten_thousand_distributions_are_read():
    many = ", ".join(f"<https://d.example/f/{n}>" for n in range(10_000))
    body = "".join(f'. <https://d.example/f/{n}> a dcat:Distribution ; dct:title "{n}"' for n in range(10_000))

    record, _ = recovered(f"; dcat:distribution {many} {body}")

    assert len(record["resources"]) == 10_000


def test_a_very_deep_chain_ends():
    chain = "".join(f". _:n{n} <https://e.example/p> _:n{n + 1}" for n in range(5000))

    record, _ = recovered(f"; <https://e.example/p> _:n0 {chain}")

    assert record["kept_statements"].count("\n") >= 5000


def test_a_service_without_address_is_given_one():
    service = '[ a dcat:DataService ; dct:title "API"@de ; dcat:endpointURL <https://api.example/> ]'
    file = "<https://d.example/f>"
    text = f"; dcat:distribution {file} . {file} a dcat:Distribution ; dcat:accessService {service}"
    harvest = catalog.read(graph(text))
    service = harvest.of_kind("data_service")[0]

    assert service["title"] == "API"
    assert harvest.records[NODE]["resources"][0]["access_services"] == [service["uri"]]
    assert harvest.records[NODE]["resources"][0]["url"] == ""


def test_files_stand_by_title_and_everything_else_by_what_it_says():
    years = ("2010", "9", "2019", "2020")
    files = [
        f'[ a dcat:Distribution ; dct:title "Haushalt {year}"@de ; dcat:accessURL <https://a.example> ]'
        for year in years
    ]
    topics = ["<https://t.example/B>", "<https://t.example/A>"]
    agents = [f'[ a foaf:Agent ; foaf:name "{name}" ; <https://e.example/p> [ ] ]' for name in ("Zoo", "Amt")]
    lists = {
        "dcat:distribution": files,
        "dct:conformsTo": topics,
        "dct:creator": agents,
        "dcat:keyword": ['"bäume"@de', '"Amt"@de'],
    }

    def read(turned: int):
        said = [f"{name} {', '.join(values[::turned])}" for name, values in lists.items()]
        return catalog.read(graph(f"; {' ; '.join(said[::turned])}")).records[NODE]

    record = read(1)
    assert [file["name"] for file in record["resources"]] == [
        f"Haushalt {year}" for year in ("9", "2010", "2019", "2020")
    ]
    assert record["conforms_to"] == ["https://t.example/A", "https://t.example/B"]
    assert [tag["name"] for tag in record["tags"]] == ["Amt", "bäume"]
    assert read(-1) == record
