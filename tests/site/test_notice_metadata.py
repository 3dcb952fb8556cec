"""Notices in what machines read: RDF, schema.org and the sentence at the end of a description."""

from __future__ import annotations

from pathlib import Path

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories
from ckan.tests.helpers import CKANTestApp
from ckanext.dcat.processors import RDFSerializer
from ckanext.landlab import entries, statements, surroundings
from ckanext.landlab.dcat.completeness import described
from ckanext.landlab.dcat.markup import to_html
from ckanext.landlab.dcat.shapes import shapes_of
from ckanext.landlab.dcat.syntax import parse, serialise
from ckanext.landlab.dcat.validation import VIOLATION, judge
from ckanext.landlab.legal.statement import short_line
from gauges import act, gauge, new_organization, started_site  # noqa: F401 the last two are fixtures
from legal_records import GAUGE
from pyoxigraph import NamedNode, RdfFormat, Store
from rdflib import RDF, Graph, Namespace

pytestmark = pytest.mark.usefixtures("site")

SCHEMA = Namespace("http://schema.org/")
RIGHTS = NamedNode("http://purl.org/dc/terms/rights")
PAGE = NamedNode("http://xmlns.com/foaf/0.1/page")
DESCRIPTION = NamedNode("http://purl.org/dc/terms/description")
FORMATS = {
    "ttl": RdfFormat.TURTLE,
    "rdf": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
    "nt": RdfFormat.N_TRIPLES,
}
LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")


@pytest.fixture(scope="module")
def dataset(site):
    owner = factories.Organization()
    files = [
        {"name": "CSV", "url": "https://daten.example/a.csv", "rights": "Alle Rechte vorbehalten"},
        {"name": "JSON", "url": "https://daten.example/a.json", "license": "http://dcat-ap.de/def/licenses/cc-zero"},
    ]
    english = [{"language": "en", "text": "Water level of the Queich."}]
    made = gauge(owner, "SENSOR", "SAFETY", resources=files, notes_translations=english, contact=GAUGE["custodian"])
    return act("package_show", id=made["id"])


def graph(dataset, version):
    store = Store()
    content = serialise(described(dataset, surroundings.context_of(dataset), version), "ttl")
    store.load(content, format=RdfFormat.TURTLE)
    return store


@pytest.mark.parametrize("version", ["2.0", "3.0"])
def test_each_distribution_has_exactly_one_rights_and_it_is_the_statement(dataset, version):
    store = graph(dataset, version)
    statement = NamedNode(statements.address_of(dataset["id"]))
    rights = [quad.object for quad in store.quads_for_pattern(None, RIGHTS, None)]
    assert rights == [statement] * len(dataset["resources"])
    assert not list(store.quads_for_pattern(statement, LABEL, None))


@pytest.mark.parametrize("version", ["2.0", "3.0"])
def test_the_dataset_points_to_the_page_with_its_notices(dataset, version):
    store = graph(dataset, version)
    node = NamedNode(f"http://test.ckan.net/dataset/{dataset['id']}")
    assert [quad.object for quad in store.quads_for_pattern(node, PAGE, None)] == [
        NamedNode(statements.address_of(dataset["id"]))
    ]


@pytest.fixture(scope="module")
def browser(site, application):
    return CKANTestApp(application.app)


def descriptions(browser, dataset, version, syntax):
    """How a harvester of the feed *version* reads the descriptions of *dataset*, by language."""
    store, found = Store(), browser.get(f"/feed/{version.replace('.', '-')}/all.{syntax}")
    store.load(found.data, format=FORMATS[syntax])
    node = NamedNode(f"http://test.ckan.net/dataset/{dataset['id']}")
    return {quad.object.language: quad.object.value for quad in store.quads_for_pattern(node, DESCRIPTION, None)}


class TestDescription:
    """One sentence with the link at its end: GovData shows people nothing else of what we say."""

    @pytest.fixture(scope="class")
    def feeds(self, site):
        for version in ("2.0", "3.0"):
            act("landlab_feed_update", name=version.replace(".", "-"), title=version, version=version)

    @pytest.mark.parametrize("syntax", list(FORMATS))
    @pytest.mark.parametrize("version", ["2.0", "3.0"])
    def test_every_feed_ends_it_with_the_way_to_the_notices(self, feeds, browser, dataset, version, syntax):
        address = statements.address_of(dataset["id"])
        found = descriptions(browser, dataset, version, syntax)
        assert found == {
            "de": f"{dataset['notes']}\n\n{short_line(address, 'de')}",
            "en": f"Water level of the Queich.\n\n{short_line(address, 'en')}",
        }
        assert found["de"].endswith(address)

    def test_where_there_is_markup_the_address_is_a_link(self, dataset):
        record = {**dataset, "notes": "Wasserstand *ungeprüft*."}
        address = statements.address_of(dataset["id"])
        assert f'<a href="{address}">{address}</a>' in to_html(surroundings.led(record)["notes"])

    def test_a_record_from_elsewhere_keeps_its_words(self, dataset):
        assert surroundings.led({**dataset, "uri": "https://elsewhere.example/1"})["notes"] == dataset["notes"]

    def test_it_is_switchable(self, feeds, browser, dataset, monkeypatch):
        monkeypatch.setitem(tk.config, "ckanext.landlab.notices.in_description", False)
        list(entries.refresh_all([dataset["id"]]))
        assert descriptions(browser, dataset, "3.0", "nt") == {
            "de": dataset["notes"],
            "en": "Water level of the Queich.",
        }
        monkeypatch.undo()
        list(entries.refresh_all([dataset["id"]]))
        assert "/hinweise" in descriptions(browser, dataset, "3.0", "nt")["de"]

    def test_the_page_does_not_repeat_what_stands_beside_it(self, dataset):
        assert "/hinweise" not in act("package_show", id=dataset["id"])["notes"]

    @pytest.mark.parametrize("version", ["2.0", "3.0"])
    def test_the_official_shapes_find_no_violation_in_the_feed(self, feeds, browser, dataset, version):
        shapes = Path(__file__).parents[3] / "shared" / "testdata" / "shapes"
        if not shapes.is_dir():
            pytest.skip(f"NOT CHECKED against the official shapes: there is no {shapes}")
        found = browser.get(f"/feed/{version.replace('.', '-')}/all.ttl")
        graph = parse(found.data, "ttl").graph
        assert sum(predicate == f"<{DESCRIPTION.value}>" for _, predicate, _ in graph) >= 2
        assert [r for r in judge(graph, shapes_of(shapes, version)) if r.severity == VIOLATION] == []


class TestSearchEngines:
    @pytest.fixture(scope="class")
    def told(self, dataset):
        content = RDFSerializer(profiles=["landlab_schemaorg"]).serialize_dataset(dataset, _format="nt")
        return Graph().parse(data=content, format="nt")

    def test_the_licence_is_the_licence(self, told, dataset):
        (node,) = told.subjects(RDF.type, SCHEMA.Dataset)
        assert {str(value) for value in told.objects(node, SCHEMA.license)} == {
            "https://www.govdata.de/dl-de/by-2-0",
            "https://creativecommons.org/publicdomain/zero/1.0/",
        }

    def test_a_notice_never_appears_as_a_licence(self, told):
        licences = {str(value) for value in told.objects(None, SCHEMA.license)}
        assert not [value for value in licences if "hinweise" in value or "Rechte" in value]
        assert len(licences) == 2

    def test_each_file_has_its_own_licence(self, told):
        found = {str(told.value(file, SCHEMA.name)): str(told.value(file, SCHEMA.license)) for file in self.files(told)}
        assert found == {
            "CSV": "https://www.govdata.de/dl-de/by-2-0",
            "JSON": "https://creativecommons.org/publicdomain/zero/1.0/",
        }

    def test_usage_information_and_credit_are_given(self, told, dataset):
        (node,) = told.subjects(RDF.type, SCHEMA.Dataset)
        assert str(told.value(node, SCHEMA.usageInfo)) == statements.address_of(dataset["id"])
        lines = {str(value) for value in told.objects(node, SCHEMA.creditText)}
        assert act("landlab_statement_show", id=dataset["id"], language="de")["attribution"]["text"] in lines

    def files(self, told):
        return list(told.subjects(RDF.type, SCHEMA.DataDownload))
