"""What ckanext-dcat's endpoints and its parser make of a dataset, by our table."""

import pytest
from ckan.tests import factories
from ckanext.dcat.processors import RDFParser
from pyoxigraph import RdfFormat, Store, parse

ENVIRONMENT = "http://publications.europa.eu/resource/authority/data-theme/ENVI"
SUPPLIER = "http://dcat-ap.de/def/contributors/openGovernmentDataPortalRheinlandPfalz"
FORMATS = {"ttl": RdfFormat.TURTLE, "rdf": RdfFormat.RDF_XML, "jsonld": RdfFormat.JSON_LD}

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")


@pytest.fixture
def organization():
    return factories.Organization(title="Stadt Rebenau", contributorID=SUPPLIER)


@pytest.fixture
def trees(organization):
    return factories.Dataset(
        title="Baumkataster",
        notes="Alle **Bäume**.",
        owner_org=organization["id"],
        theme=[ENVIRONMENT],
        origin="urn:landlab:origin:administrative_records",
        custodian=[{"name": "Grünflächenamt", "email": "gruen@rebenau.example"}],
        license_id="http://dcat-ap.de/def/licenses/dl-zero-de/2.0",
        resources=[{"url": "https://rebenau.example/trees.csv", "name": "Bäume", "format": "CSV"}],
    )


def graph(app, address: str, syntax: str) -> Store:
    answer = app.get(f"{address}.{syntax}")
    assert answer.status_code == 200
    store = Store()
    store.extend(parse(answer.data, format=FORMATS[syntax], base_iri="http://localhost/"))
    return store


def ask(store: Store, pattern: str) -> bool:
    prefixes = """PREFIX dcat: <http://www.w3.org/ns/dcat#> PREFIX dct: <http://purl.org/dc/terms/>
        PREFIX foaf: <http://xmlns.com/foaf/0.1/> PREFIX dcatde: <http://dcat-ap.de/def/dcatde/>"""
    return bool(store.query(f"{prefixes} ASK {{ {pattern} }}"))


def test_a_dataset_is_given_out_with_what_its_organisation_says(app, trees):
    found = graph(app, f"/dataset/{trees['id']}", "ttl")

    assert ask(found, f"?d a dcat:Dataset ; dct:title 'Baumkataster'@de ; dcatde:contributorID <{SUPPLIER}>")
    assert ask(found, "?d dct:publisher ?a . ?a a foaf:Agent ; foaf:name 'Stadt Rebenau'@de")
    assert ask(found, f"?d dcat:theme <{ENVIRONMENT}>")
    assert ask(found, "?d dct:description 'Alle <b>Bäume</b>.'@de")
    assert ask(found, "?x a dcat:Distribution ; dct:license <http://dcat-ap.de/def/licenses/dl-zero-de/2.0>")


def test_the_syntaxes_say_the_same(app, trees):
    sizes = {syntax: len(graph(app, f"/dataset/{trees['id']}", syntax)) for syntax in FORMATS}

    assert len(set(sizes.values())) == 1, sizes


def test_the_names_of_the_national_profile_have_their_prefixes(app, trees):
    text = app.get(f"/dataset/{trees['id']}.ttl").get_data(as_text=True)

    assert "dcatde:contributorID" in text
    assert "ns1" not in text


def test_the_catalogue_names_its_publisher_and_its_language_as_an_iri(app, trees):
    found = graph(app, "/catalog", "rdf")

    assert ask(found, "?c a dcat:Catalog ; dct:publisher ?a . ?a a foaf:Agent ; foaf:name ?name")
    assert ask(found, "?c dct:language <http://publications.europa.eu/resource/authority/language/ENG>")
    assert ask(found, "?c dcat:dataset ?d . ?d dct:title 'Baumkataster'@de")


def test_a_private_dataset_is_not_given_out(app, organization):
    about = {"license_id": "http://dcat-ap.de/def/licenses/dl-zero-de/2.0", "origin": "urn:landlab:origin:sensors"}
    custodian = [{"name": "Grünflächenamt"}]
    hidden = factories.Dataset(owner_org=organization["id"], private=True, custodian=custodian, **about)

    assert app.get(f"/dataset/{hidden['id']}.ttl").status_code in (403, 404)
    assert hidden["id"] not in app.get("/catalog.ttl").get_data(as_text=True)


def test_the_parser_of_ckanext_dcat_reads_by_our_table(app, trees):
    parser = RDFParser(profiles=["landlab_dcat_ap_de"])
    parser.parse(app.get(f"/dataset/{trees['id']}.ttl").get_data(as_text=True), _format="ttl")

    (read,) = list(parser.datasets())

    assert (read["title"], read["theme"]) == ("Baumkataster", [ENVIRONMENT])
    assert read["custodian"][0]["name"] == "Grünflächenamt"
    assert read["resources"][0]["url"] == "https://rebenau.example/trees.csv"
