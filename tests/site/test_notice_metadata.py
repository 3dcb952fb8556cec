"""Notices in what machines read: RDF, schema.org and the sentence at the end of a description."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories
from ckanext.dcat.processors import RDFSerializer
from ckanext.landlab import statements, surroundings
from ckanext.landlab.dcat.completeness import described
from ckanext.landlab.dcat.syntax import serialise
from gauges import act, gauge, new_organization, started_site  # noqa: F401 the last two are fixtures
from pyoxigraph import NamedNode, RdfFormat, Store
from rdflib import RDF, Graph, Namespace

pytestmark = pytest.mark.usefixtures("site")

SCHEMA = Namespace("http://schema.org/")
RIGHTS = NamedNode("http://purl.org/dc/terms/rights")
PAGE = NamedNode("http://xmlns.com/foaf/0.1/page")
LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")


@pytest.fixture(scope="module")
def dataset(site):
    owner = factories.Organization()
    files = [
        {"name": "CSV", "url": "https://daten.example/a.csv", "rights": "Alle Rechte vorbehalten"},
        {"name": "JSON", "url": "https://daten.example/a.json", "license": "http://dcat-ap.de/def/licenses/cc-zero"},
    ]
    return act("package_show", id=gauge(owner, "SENSOR", "SAFETY", resources=files)["id"])


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


def test_a_description_for_harvesters_ends_with_the_way_to_the_notices(dataset, monkeypatch):
    led = statements.leading(dataset)
    assert led["notes"].startswith(dataset["notes"])
    assert led["notes"].endswith(statements.address_of(dataset["id"]))
    assert not dataset["notes"].endswith("/hinweise")
    monkeypatch.setitem(tk.config, "ckanext.landlab.notices.in_description", False)
    assert statements.leading(dataset)["notes"] == dataset["notes"]


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
