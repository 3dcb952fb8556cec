"""Another spelling on the search page, and similar datasets on a dataset's page, with either engine."""

import pytest
from bs4 import BeautifulSoup
from ckan.tests.factories import Dataset, Organization

LICENCE, ORIGIN = "http://dcat-ap.de/def/licenses/dl-zero-de/2.0", "urn:landlab:origin:administrative_records"

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")


@pytest.fixture
def town():
    """Four datasets on playgrounds, one of them private, and one on dogs."""
    office = Organization()["id"]
    common = {"owner_org": office, "custodian": [{"name": "Amt"}], "license_id": LICENCE, "origin": ORIGIN}
    for number, place in enumerate(("Nordstadt", "Südstadt", "Altstadt")):
        title = f"Spielplätze der {place}"
        Dataset(name=f"spiel-{number}", title=title, notes="Rutschen und Schaukeln", **common)
    Dataset(name="geheim", title="Spielplätze mit Schwermetall", notes="Rutschen, Altlasten", private=True, **common)
    Dataset(name="hunde", title="Hundesteuer", notes="Angemeldete Hunde", **common)


def page(app, address):
    return BeautifulSoup(app.get(address).body, "html.parser")


def suggested(app, text, more=""):
    return page(app, f"/de/dataset/?q={text}{more}").select_one(".landlab-suggestion")


def test_a_word_that_nobody_wrote_brings_the_one_that_was_meant(app, town):
    offered = suggested(app, "Hundestauer", "&sort=title_string+asc&page=2")

    assert offered.get_text(" ", strip=True) == "Meinten Sie hundesteuer ?"
    assert offered.a["href"] == "?q=hundesteuer&sort=title_string+asc"
    assert [link["href"] for link in page(app, f"/de/dataset/{offered.a['href']}").select("h3 a")] == [
        "/de/dataset/hunde"
    ]


def test_nothing_is_offered_that_finds_no_more(app, town):
    assert suggested(app, "Hundesteuer") is None
    assert suggested(app, "xyzxyz") is None
    assert suggested(app, "Hundestauer", "&tags=gibtesnicht") is None


def test_the_words_of_private_datasets_stay_private(app, town):
    assert suggested(app, "Schwermetal") is None


def test_a_page_names_the_datasets_most_like_it_and_no_private_one(app, town):
    links = page(app, "/de/dataset/spiel-0").select("section[aria-labelledby=landlab-alike] a")

    assert {link["href"] for link in links} == {"/de/dataset/spiel-1", "/de/dataset/spiel-2"}
    assert page(app, "/de/dataset/hunde").select("section[aria-labelledby=landlab-alike]") == []
