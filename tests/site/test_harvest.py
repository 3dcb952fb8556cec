"""`ckan landlab harvest`: what it takes in, what it refuses, and that a second time costs nothing."""

import re
from types import SimpleNamespace

import ckan.plugins.toolkit as tk
import pytest
import responses
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.landlab.cli import landlab
from ckanext.landlab.harvest.words import read
from ckanext.landlab.model.harvest import RECORDS

TREES = "https://example.org/dataset/trees"
CATALOGUE = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
<https://example.org/> a dcat:Catalog ; dct:title "Katalog"@de ; dcat:dataset <https://example.org/dataset/trees> .
<https://example.org/dataset/trees> a dcat:Dataset ; dct:title "{title}"@de ; dct:description "Alle <b>Bäume</b>."@de ;
    dcat:theme <http://publications.europa.eu/resource/authority/data-theme/ENVI> ;
    <https://example.org/girth> "3 m" ;
    dct:publisher [ a foaf:Agent ; foaf:name "Amt für Grün" ] ; dcat:distribution <https://example.org/trees.csv> .
<https://example.org/trees.csv> a dcat:Distribution ; dcat:accessURL <https://example.org/trees.csv> ;
    dct:license <http://dcat-ap.de/def/licenses/dl-zero-de/2.0> .
"""

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")


@pytest.fixture
def harvest(cli, tmp_path):
    """Write a catalogue into a file and harvest it."""
    organization = factories.Organization()["name"]

    def harvested(text: str, *options: str, name: str = "catalogue.ttl", obj: object = None):
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        return cli.invoke(landlab, ["harvest", str(file), "--organization", organization, *options], obj=obj)

    return harvested


def datasets() -> list[model.Package]:
    return model.Session.query(model.Package).filter_by(state="active").all()


def counts(output: str) -> dict[str, int]:
    words = ("created", "changed", "unchanged", "duplicate", "rejected")
    lines = [line.split() for line in output.splitlines()]
    return {line[0]: int(line[1]) for line in lines if len(line) == 2 and line[0] in words}


def test_a_dataset_comes_in_and_is_found(harvest):
    result = harvest(CATALOGUE.format(title="Bäume"))

    assert result.exit_code == 0, result.output
    assert counts(result.output) == {"created": 1, "changed": 0, "unchanged": 0, "duplicate": 0, "rejected": 0}
    found = call_action("package_search", q="Bäume")["results"]
    assert [(dataset["uri"], dataset["title"], dataset["notes"]) for dataset in found] == [
        (TREES, "Bäume", "Alle **Bäume**.")
    ]
    assert "girth" in found[0]["kept_statements"]


def test_a_second_time_changes_nothing_and_a_new_title_only_itself(harvest):
    harvest(CATALOGUE.format(title="Bäume"))
    before = datasets()[0]
    resource = before.resources[0].id

    again = harvest(CATALOGUE.format(title="Bäume"))
    changed = harvest(CATALOGUE.format(title="Bäume der Stadt"))

    assert counts(again.output) == {"created": 0, "changed": 0, "unchanged": 1, "duplicate": 0, "rejected": 0}
    assert counts(changed.output) == {"created": 0, "changed": 1, "unchanged": 0, "duplicate": 0, "rejected": 0}
    model.Session.expire_all()
    assert [(d.id, d.title, d.resources[0].id) for d in datasets()] == [(before.id, "Bäume der Stadt", resource)]


def test_a_dry_run_writes_nothing(harvest):
    result = harvest(CATALOGUE.format(title="Bäume"), "--dry-run")

    assert counts(result.output)["created"] == 1
    assert datasets() == []


def test_a_dataset_without_title_is_rejected_with_the_reason(harvest):
    result = harvest(CATALOGUE.replace('dct:title "{title}"@de ;', ""))

    assert result.exit_code == 1
    assert counts(result.output)["rejected"] == 1
    assert "It has no title." in result.output
    assert datasets() == []


def test_a_dataset_of_another_organisation_is_left_alone(harvest, cli, tmp_path):
    harvest(CATALOGUE.format(title="Bäume"))
    file = tmp_path / "catalogue.ttl"
    other = factories.Organization()["name"]

    result = cli.invoke(landlab, ["harvest", str(file), "--organization", other])

    assert counts(result.output) == {"created": 0, "changed": 0, "unchanged": 0, "rejected": 0, "duplicate": 1}
    assert "It is here already as “Bäume”" in result.output


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("<html><body>Not found</body></html>", "catalogue.html", "This is a web page"),
        ("just some words", "catalogue.txt", "neither RDF/XML nor"),
        ("@prefix dcat: <http://www.w3.org/ns/dcat#> . <a> a dcat:Dataset ; ", "broken.ttl", "not readable as Turtle"),
        (
            "<?xml version='1.0'?><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>",
            "a.rdf",
            "as RDF/XML",
        ),
        ("<urn:a> <urn:b> <urn:c> .", "a.nt", "There is no dataset in it."),
    ],
)
def test_what_is_no_catalogue_is_refused_with_a_sentence(harvest, text, name, said):
    result = harvest(text, name=name)

    assert result.exit_code == 1
    assert said in result.output
    assert datasets() == []


def test_a_missing_file_and_an_unknown_organisation_are_named(cli):
    organization = factories.Organization()["name"]

    missing = cli.invoke(landlab, ["harvest", "nowhere.ttl", "--organization", organization])
    unknown = cli.invoke(landlab, ["harvest", "nowhere.ttl", "--organization", "nobody"])

    assert (missing.exit_code, unknown.exit_code) == (1, 1)
    assert "nowhere.ttl: No such file" in missing.output
    assert "no organisation 'nobody'" in unknown.output


class TestAddress:
    """The network outside is the one thing that is not real here."""

    PAGE = (
        CATALOGUE
        + """
    @prefix hydra: <http://www.w3.org/ns/hydra/core#> .
    <https://example.org/catalog.ttl> a hydra:PagedCollection ; hydra:nextPage "{next}" .
    """
    )

    def harvested(self, cli, address: str):
        organization = factories.Organization()["name"]
        return cli.invoke(landlab, ["harvest", address, "--organization", organization])

    @pytest.fixture(autouse=True)
    def search_service(self):
        responses.add_passthru(re.compile(r"http://(\w+:[^@/]*@)?127\.0\.0\.1:"))

    @responses.activate
    def test_pages_are_followed(self, cli):
        first = "https://example.org/catalog.ttl"
        responses.get(first, self.PAGE.format(title="Bäume", next=f"{first}?page=2"), content_type="text/turtle")
        second = CATALOGUE.format(title="Wege").replace("trees", "paths")
        responses.get(f"{first}?page=2", second, content_type="text/turtle")

        result = self.harvested(cli, first)

        assert counts(result.output)["created"] == 2
        assert sorted(dataset.title for dataset in datasets()) == ["Bäume", "Wege"]

    @responses.activate
    def test_paging_in_circles_ends(self, cli):
        first = "https://example.org/catalog.ttl"
        responses.get(first, self.PAGE.format(title="Bäume", next=first), content_type="text/turtle")

        result = self.harvested(cli, first)

        assert result.exit_code == 1
        assert "was read already" in result.output
        assert datasets() == []

    @responses.activate
    def test_an_error_of_the_server_is_named(self, cli):
        responses.get("https://example.org/catalog.ttl", "gone", status=410)

        result = self.harvested(cli, "https://example.org/catalog.ttl")

        assert result.exit_code == 1
        assert "The server answers with the error 410." in result.output

    def test_a_server_that_is_not_there_is_named(self, cli, monkeypatch):
        monkeypatch.setitem(tk.config, "ckanext.landlab.internal_hosts", "127.0.0.1:9")
        result = self.harvested(cli, "http://127.0.0.1:9/catalog.ttl")

        assert result.exit_code == 1
        assert "cannot be reached" in result.output

    def test_the_own_network_is_closed_unless_a_setting_opens_it(self, cli):
        result = self.harvested(cli, "http://127.0.0.1:9/catalog.ttl")

        assert result.exit_code == 1
        assert "ckanext.landlab.internal_hosts" in result.output


def test_reasons_are_noted_in_each_language(harvest, application):
    site = SimpleNamespace(app=application.app)
    harvest(CATALOGUE.replace('dct:title "{title}"@de ;', ""), obj=site)

    (row,) = model.Session.execute(sa.select(RECORDS.c.reason))
    assert [read(row.reason, language)[0] for language in ("de", "en")] == ["Er hat keinen Titel.", "It has no title."]
