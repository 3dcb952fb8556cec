"""A page speaks its reader's language where the dataset does, and marks the texts that do not."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from ckan.tests.helpers import call_action
from release_case import Case

pytestmark = pytest.mark.usefixtures("non_clean_db", "with_plugins")


@pytest.fixture
def made():
    case = Case()

    def create(**given):
        user = {"user": case.sysadmin, "landlab_exempt": "sample", "ignore_auth": True}
        file = {"url": "https://daten.example/a.csv", "name": "Liste", "description": "Alle Bäume.", "format": "CSV"}
        file |= {"name_translations": [{"language": "en", "text": "List"}]} if "title_translations" in given else {}
        record = {**case.record, "private": False, "title": f"Baumliste {case.name}", "notes": "Alle *Bäume*."}
        return call_action("package_create", user, **{**record, "resources": [file], **given})

    return create


def page(app, path: str) -> BeautifulSoup:
    return BeautifulSoup(app.get(path).body, "html.parser")


def shown(found: BeautifulSoup) -> list[tuple[str, str | None]]:
    """Title, description and first file of a dataset's page, each with its mark of a language."""
    parts = [found.select_one(name) for name in ("h1 span", "article > .landlab-prose", ".landlab-file h3 a")]
    return [(part.get_text(" ", strip=True), part.get("lang")) for part in parts]


def test_an_english_page_has_the_english_texts(app, made):
    dataset = made(
        title_translations=[{"language": "en", "text": "Trees & shrubs"}, {"language": "fr", "text": "Arbres"}],
        notes_translations=[{"language": "en", "text": "All *trees*."}],
    )
    english = page(app, f"/en/dataset/{dataset['name']}")
    assert shown(english) == [("Trees & shrubs", None), ("All trees .", None), ("List", None)]
    assert english.select_one("title").get_text().startswith("Trees & shrubs")
    german = page(app, f"/de/dataset/{dataset['name']}")
    assert shown(german) == [(dataset["title"], None), ("Alle Bäume .", None), ("Liste", None)]

    for path in ("hinweise", "hinweise/verlauf"):
        assert page(app, f"/en/dataset/{dataset['name']}/{path}").h1.span.get_text() == "Trees & shrubs"
        assert page(app, f"/de/dataset/{dataset['name']}/{path}").h1.span.get_text() == dataset["title"]

    case = Case()
    login = case.login(case.sysadmin)
    for path in (f"edit/{dataset['name']}", f"{dataset['name']}/freigabe", f"{dataset['name']}/nutzung"):
        for language, title in (("en", "Trees & shrubs"), ("de", dataset["title"])):
            found = BeautifulSoup(app.get(f"/{language}/dataset/{path}", headers=login).body, "html.parser")
            assert title in found.h1.get_text(), path
            assert title in found.select_one("title").get_text(), path

    (item,) = page(app, f"/en/dataset/?q=name:{dataset['name']}").select(".landlab-item")
    assert item.select_one("a").get_text(strip=True) == "Trees & shrubs"
    assert item.select_one("p").get_text(strip=True) == "All trees."


def test_a_text_in_another_language_is_marked(app, made):
    dataset = made()
    assert shown(page(app, f"/en/dataset/{dataset['name']}")) == [
        (dataset["title"], "de"),
        ("Alle Bäume .", "de"),
        ("Liste", "de"),
    ]
    (item,) = page(app, f"/en/dataset/?q=name:{dataset['name']}").select(".landlab-item")
    assert item.select_one("a")["lang"] == item.select_one("p")["lang"] == "de"
    assert page(app, f"/en/dataset/{dataset['name']}/resource/{dataset['resources'][0]['id']}").h1["lang"] == "de"


def test_a_record_that_came_in_english_is_marked_on_a_german_page(app, made):
    dataset = made(title="Trees", language_tags="title=en notes=")
    title, notes, _ = shown(page(app, f"/de/dataset/{dataset['name']}"))
    assert title == ("Trees", "en")
    assert notes == ("Alle Bäume .", None)
    title, notes, _ = shown(page(app, f"/en/dataset/{dataset['name']}"))
    assert title == ("Trees", None)
    assert notes == ("Alle Bäume .", None), "nobody has said which language that is"
