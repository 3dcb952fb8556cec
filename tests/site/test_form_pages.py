"""The form of a dataset: two people at once, and the way from each field to its paragraph."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action
from legal_records import PARAMETERS
from release_case import CHECKED, Case

pytestmark = pytest.mark.usefixtures("non_clean_db", "with_plugins")


@pytest.fixture
def case(monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.landlab.release.mode", "enforce")
    return Case()


def sent(page: str) -> dict[str, str]:
    """What a browser sends of the form on *page* if nothing is typed."""
    form = BeautifulSoup(page, "html.parser").select_one("#dataset-edit")
    values = {}
    for field in form.select("input[name], select[name], textarea[name]"):
        if field.get("type") in ("checkbox", "radio") and not field.has_attr("checked"):
            continue
        chosen = field.select_one("option[selected]") if field.name == "select" else None
        text = field.get_text() if field.name == "textarea" else field.get("value", "")
        values[field["name"]] = chosen["value"] if chosen else "" if field.name == "select" else text
    return values


def notices(case):
    return {notice["code"] for notice in call_action("package_show", id=case.id)["notices"]}


def test_the_second_of_two_editors_of_a_page_is_told_and_nothing_is_lost(case, app):
    at = f"/de/dataset/edit/{case.name}/3"
    mine = sent(app.get(at, headers=case.login(case.editor)).body)
    assert mine["notices-0-code"] == CHECKED["code"]
    anon = {"code": "ANON", "parameters": PARAMETERS["ANON"]}
    call_action("package_patch", {"user": case.admin}, id=case.id, notices=[CHECKED, anon])

    mine |= {"notices-1-code": "KNOWN", "save": "read"}
    mine |= {f"notices-1-{name}": value for name, value in PARAMETERS["KNOWN"].items()}
    page = app.post(at, data=mine, headers=case.login(case.editor), follow_redirects=False)
    assert page.status_code == 200
    assert "Jemand anderes hat diese Seite inzwischen gespeichert" in page.body
    assert PARAMETERS["KNOWN"]["description"] in page.body
    assert notices(case) == {"CHECK", "ANON"}

    again = {**sent(page.body), "save": "read"}
    assert app.post(at, data=again, headers=case.login(case.editor), follow_redirects=False).status_code == 302
    assert notices(case) == {"CHECK", "KNOWN"}


def test_another_page_that_somebody_saves_is_in_nobodys_way(case, app):
    at = f"/dataset/edit/{case.name}/3"
    mine = sent(app.get(at, headers=case.login(case.editor)).body)
    call_action("package_patch", {"user": case.admin}, id=case.id, title="Bäume der Stadt")
    answer = app.post(at, data={**mine, "save": "read"}, headers=case.login(case.editor), follow_redirects=False)
    assert answer.status_code == 302
    assert call_action("package_show", id=case.id)["title"] == "Bäume der Stadt"


def test_every_field_leads_to_its_paragraph(case, app):
    headers = case.login(case.editor)
    file = call_action("package_show", id=case.id)["resources"][0]["id"]
    pages = [f"/dataset/edit/{case.name}/{number}" for number in range(1, 6)]
    pages.append(f"/dataset/{case.name}/resource/{file}/edit")
    wanted: set[str] = set()
    for path in pages:
        form = BeautifulSoup(app.get(path, headers=headers).body, "html.parser")
        fields = [
            field for field in form.select(".landlab-field") if not field.find_parent(class_="landlab-notice-row")
        ]
        own = [field for field in fields if field.select_one(".landlab-why a[href*='leitfaden/metadaten']")]
        assert len(own) > 3, path
        without = [field.get_text(" ", strip=True)[:40] for field in fields if field not in own]
        assert [words for words in without if "Add a notice" not in words] == [], path
        wanted |= {
            link["href"].partition("#")[2] for link in form.select(".landlab-why a[href*='leitfaden/metadaten']")
        }
    chapter = BeautifulSoup(app.get("/leitfaden/metadaten").body, "html.parser")
    assert len(wanted) > 40
    lost = [anchor for anchor in sorted(wanted) if not chapter.find(id=anchor)]
    assert not lost, lost


def test_what_follows_a_group_that_was_taken_away_is_whole(case):
    """Its number is not that of its place; each field counts for itself, in a dataset and in a file."""
    user = {"user": case.sysadmin, "landlab_exempt": "sample", "ignore_auth": True}
    typed = {
        "title_translations-0-language": "en",
        "title_translations-0-text": "Trees",
        "notes_translations-1-language": "fr",
        "notes_translations-1-text": "Arbres.",
    }
    call_action("package_patch", dict(user), id=case.id, **typed)
    file = {"description_translations-0-language": "en", "description_translations-0-text": "All."}
    file |= {"name_translations-2-language": "en", "name_translations-2-text": "List"}
    made = call_action("resource_create", dict(user), package_id=case.id, url="https://daten.example/a.csv", **file)

    dataset = call_action("package_show", id=case.id)
    assert dataset["title_translations"] == [{"language": "en", "text": "Trees"}]
    assert dataset["notes_translations"] == [{"language": "fr", "text": "Arbres."}]
    assert made["name_translations"] == [{"language": "en", "text": "List"}]
    assert made["description_translations"] == [{"language": "en", "text": "All."}]
