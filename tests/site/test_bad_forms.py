"""Bad values in every field of every form: a sentence at each, nothing that was typed is lost, nothing is stored."""

from __future__ import annotations

from uuid import uuid4

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests.helpers import call_action
from release_case import Case
from test_bad_input import APART, MEGABYTE, ROUNDS, of_organisation, parts

pytestmark = pytest.mark.usefixtures("non_clean_db", "with_plugins")


@pytest.fixture
def case():
    return Case()


def form_of(fields, bad, before="", groups=(0,)):
    """What a person fills in of these fields, groups numbered as *groups* says."""
    for field in fields:
        if field["field_name"] in APART or field.get("form_snippet", "shown") in (None, "landlab_hidden.html"):
            continue
        name = before + field["field_name"]
        if parts(field):
            for number in groups:
                yield from form_of(parts(field), bad, f"{name}-{number}-")
        else:
            yield name, bad(field)


def too_long(field):
    """A text over its bound, within what a form may send in all."""
    return "x" * (100_001 if field["preset"] in ("landlab_markdown", "landlab_keywords", "landlab_slug") else 2_001)


FORM_ROUNDS = {**ROUNDS, "a long text": too_long}
del FORM_ROUNDS["a mapping"], FORM_ROUNDS["a truth value"]


# How many fields to fill in the forms of each kind of record had when this was written.
LEAST = {"dataset": 90, "dataset_series": 15, "data_service": 30}


def test_the_forms_say_it_at_each_field_and_lose_nothing(case, app):
    login, user = case.login(case.editor), {"user": case.sysadmin}
    given = {"owner_org": case.organization["id"], "notes": "Jedes Jahr.", "private": True}
    given |= {"publisher": [{"name": "Amt"}], "endpoint_url": ["https://geo.example/wfs"], "title": "Zählungen"}
    wrong = []
    for kind, least in LEAST.items():
        id_ = case.id
        if kind != "dataset":
            id_ = call_action("package_create", dict(user), type=kind, name=f"k-{uuid4().hex}", **given)["id"]
        stored = model.Package.get(id_).metadata_modified
        for round_, bad in FORM_ROUNDS.items():
            seen = 0
            for number, page in enumerate(tk.h.scheming_get_dataset_form_pages(kind), start=1):
                typed = dict(form_of(page["fields"], bad, groups=(0, 1)))
                sent = dict(form_of(page["fields"], bad, groups=(0, 3)))  # two between were taken away

                answer = app.post(f"/de/{kind}/edit/{id_}/{number}", data=sent, headers=login, status=200)

                wrong += [(kind, round_, *one) for one in _all_missing(answer, typed)]
                seen += len(typed)
            assert seen > least
        assert model.Package.get(id_).metadata_modified == stored
    assert wrong == []


def test_the_form_of_a_file_says_it_at_each_field_and_loses_nothing(case, app):
    file = call_action("package_show", id=case.id)["resources"][0]
    wrong, seen = [], 0
    for round_, bad in FORM_ROUNDS.items():
        typed = dict(form_of(tk.h.scheming_get_dataset_schema("dataset")["resource_fields"], bad))
        address = f"/de/dataset/{case.id}/resource/{file['id']}/edit"

        sent = {**typed, "save": "go-dataset-complete"}
        answer = app.post(address, data=sent, headers=case.login(case.editor), status=200)

        wrong += [(round_, *one) for one in _all_missing(answer, typed)]
        seen += len(typed)
    assert wrong == []
    assert seen > 25 * len(FORM_ROUNDS)
    assert call_action("package_show", id=case.id)["resources"][0] == file


def test_a_file_sent_without_the_name_of_a_button_is_saved_or_refused_with_nothing_lost(case, app):
    login, file = case.login(case.editor), call_action("package_show", id=case.id)["resources"][0]
    new, edit = f"/de/dataset/{case.id}/resource/new", f"/de/dataset/{case.id}/resource/{file['id']}/edit"
    typed = {"url": "https://example.org/parks.csv", "name": "Parks", "format": "CSV"}
    wrong = {**typed, "format": "Unsinn"}
    for button in ({}, {"save": ""}, {"save": "veröffentlichen"}, {"save": ["", "x"]}):
        for address in (new, edit):
            refused = app.post(address, data={**wrong, **button}, headers=login, status=200)

            assert list(_all_missing(refused, {"format": "Unsinn"})) == []
            assert "https://example.org/parks.csv" in refused.body
        assert app.post(new, data=button, headers=login, status=200)  # nothing typed is an error at the address
    assert call_action("package_show", id=case.id)["resources"] == [file]

    for address, data in ((new, typed), (new, {**typed, "id": file["id"]}), (edit, typed)):
        assert app.post(address, data=data, headers=login, follow_redirects=False).status_code == 302

    files = call_action("package_show", id=case.id)["resources"]
    assert [(one["name"], one["url"]) for one in files] == [("Parks", typed["url"])] * 2


def test_series_and_services_have_no_files_and_no_form_for_them(case, app):
    given = {"owner_org": case.organization["id"], "notes": "x", "title": "Zählungen", "publisher": [{"name": "Amt"}]}
    given |= {"endpoint_url": ["https://geo.example/wfs"], "resources": [{"url": "https://example.org/a.csv"}]}
    for kind in ("dataset_series", "data_service"):
        with pytest.raises(tk.ValidationError, match="Only datasets have files"):
            call_action("package_create", {"user": case.editor}, type=kind, name=f"mit-{uuid4().hex}", **given)
    for kind in ("dataset_series", "data_service"):
        for address in (f"/de/{kind}/{case.id}/resource/new", f"/de/{kind}/{case.id}/resource/x/edit"):
            for answer in (app.get(address), app.post(address, data={"url": "https://example.org/a.csv"})):
                assert (answer.status_code, "Nur Datensätze haben Dateien" in answer.body) == (404, True)


def test_the_form_of_a_file_of_a_draft_refuses_with_nothing_lost(case, app):
    login, wrong = case.login(case.editor), {"url": "https://example.org/parks.csv", "format": "Unsinn"}
    given = {**case.record, "name": f"entwurf-{uuid4().hex}", "state": "draft"}
    draft = call_action("package_create", {"user": case.editor}, **given)
    new = f"/dataset/{draft['id']}/resource/new"
    edit = new.replace("new", draft["resources"][0]["id"] + "/edit")
    for address in (new, edit):
        answer = app.post(address, data=wrong, headers=login, status=200)

        assert list(_all_missing(answer, {"format": wrong["format"]})) == []
        assert wrong["url"] in answer.body
        assert app.post(address, data=wrong, headers=case.login(case.stranger), status=403)
    for garbage in ({"a__x": "x"}, {"a": "x", "a__0__b": "x"}):
        for address in (new, edit, f"/dataset/new/{draft['id']}/1"):
            assert app.post(address, data=garbage, headers=login, status=400)
    assert app.post(edit.replace(draft["resources"][0]["id"], "keine"), data=wrong, headers=login, status=404)
    assert app.post(new, data={**wrong, "id": "keine"}, headers=login, status=404)
    stored = call_action("package_show", {"user": case.editor}, id=draft["id"])
    assert (stored["state"], stored["resources"]) == ("draft", draft["resources"])


def test_the_form_of_an_organisation_says_it_at_each_field_and_loses_nothing(case, app):
    before = model.Group.get(case.organization["id"])
    stored = (before.title, before.name, dict(before.extras))
    wrong = []
    for round_, bad in FORM_ROUNDS.items():
        typed = {"title": "Stadt Musterstadt", **{field["field_name"]: bad(field) for field in of_organisation()}}
        typed = {name: value[0] if isinstance(value, list) else value for name, value in typed.items()}
        address = f"/de/organization/edit/{case.organization['id']}"

        answer = app.post(address, data=typed, headers=case.login(case.sysadmin), status=200)

        wrong += [(round_, *one) for one in _all_missing(answer, {n: v for n, v in typed.items() if n != "title"})]
    after = model.Group.get(case.organization["id"])
    assert wrong == []
    assert (after.title, after.name, dict(after.extras)) == stored


def test_a_megabyte_in_any_form_is_refused_with_a_page(case, app):
    file = call_action("package_show", id=case.id)["resources"][0]["id"]
    forms = {
        f"/de/dataset/edit/{case.id}/1": "notes",
        f"/de/organization/edit/{case.organization['id']}": "description",
    }
    forms |= {"/de/dataset/new": "notes", f"/de/dataset/{case.id}/resource/{file}/edit": "description"}
    for address, field in forms.items():
        answer = app.post(address, data={field: MEGABYTE}, headers=case.login(case.sysadmin))

        assert answer.status_code in (200, 413), address
        assert "1000000 Zeichen" in answer.body or "kürzen Sie es" in answer.body, address


def _all_missing(answer, typed):
    shown = BeautifulSoup(answer.body, "html.parser")
    return [(name, why) for name, value in typed.items() for why in _missing(shown, name, value)]


def _missing(shown, name, value):
    """What the page with errors lacks at the field *name*: the sentence, or what was typed."""
    entries = shown.find_all(["input", "textarea", "select"], attrs={"name": name})
    by_scheming = entries[0].find_parent(class_="error") if entries else None
    error = shown.find(id=f"error-{name}") or (by_scheming and by_scheming.find(class_="error-block"))
    if not error or not error.text.strip():
        yield "no sentence"
    typed = value[0] if isinstance(value, list) else value
    given = [str(entry.get("value") or entry.text).lstrip()[:5] for entry in entries if entry.name != "select"]
    if given and typed[:5] not in given:
        yield "not what was typed"
