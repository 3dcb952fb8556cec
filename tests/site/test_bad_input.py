"""Bad values in every field at once: a sentence at each of them, in German and in English, and nothing is stored."""

from __future__ import annotations

import json

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from release_case import Case

pytestmark = pytest.mark.usefixtures("non_clean_db", "with_plugins")

# Not asked for in a form, or CKAN's own.
APART = {"name", "owner_org", "kept_statements", "language_tags", "notices"}
BAD = {
    "a mapping": {"de": {"deep": ["x"]}},
    "a megabyte": "x" * 1_000_000,
    "control characters": "Baum\x00\x07kataster",
}


@pytest.fixture(scope="module")
def case():
    return Case()


def schema():
    return tk.h.scheming_get_dataset_schema("dataset")


def spoilt(fields, bad):
    """A record in which every field and every part of a group is *bad*."""
    return {
        field["field_name"]: [{part["field_name"]: bad for part in parts(field)}] if parts(field) else bad
        for field in fields
        if field["field_name"] not in APART
    }


def parts(field):
    return [part for part in field.get("repeating_subfields", ()) if part["field_name"] not in APART]


def told(errors, fields):
    """The fields with a sentence, parts of groups as field.part."""
    for field in fields:
        found = errors.get(field["field_name"])
        for reason in found if isinstance(found, list) else [found]:
            if isinstance(reason, dict):
                yield from (f"{field['field_name']}.{part}" for part, sentences in reason.items() if sentences)
            elif reason:
                yield field["field_name"]


def wanted(fields):
    for field in fields:
        if field["field_name"] not in APART:
            hidden = {"landlab_kept"}
            named = [part["field_name"] for part in parts(field) if part.get("preset") not in hidden]
            yield from (f"{field['field_name']}.{name}" for name in named) if named else [field["field_name"]]


def refused(app, case, language, record):
    answer = app.post(
        f"/{language}/api/3/action/package_create", json=record, headers=case.login(case.editor), status=409
    )
    return json.loads(answer.body)["error"]


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_every_field_refuses_it_with_a_sentence(case, app, bad):
    rows, files = schema()["dataset_fields"], schema()["resource_fields"]
    file = {**spoilt(files, bad), "url": bad}
    record = {**spoilt(rows, bad), "owner_org": case.organization["id"], "state": "draft", "resources": [file]}
    before = model.Session.query(model.Package).count()

    german, english = (refused(app, case, language, record) for language in ("de", "en"))

    assert set(wanted(rows)) - set(told(german, rows)) == set()
    assert set(wanted(files)) - set(told(german["resources"][0], files)) == set()
    assert len(list(wanted(rows))) > 60
    assert german != english
    assert model.Session.query(model.Package).count() == before


@pytest.mark.parametrize("bad", [["Stadt Musterstadt"], "Stadt Musterstadt", {"name": "Stadt"}, [None], 5])
def test_anything_but_groups_is_refused_where_groups_are_wanted(case, app, bad):
    record = {"title": "x", "owner_org": case.organization["id"], "state": "draft"}

    errors = refused(
        app, case, "de", {**record, "publisher": bad, "resources": [{"url": "https://a.example", "notices": bad}]}
    )
    of_files = refused(app, case, "de", {**record, "resources": bad})

    assert "Hier wird eine Liste von Gruppen erwartet" in errors["publisher"][0]
    assert "Hier wird eine Liste von Gruppen erwartet" in errors["resources"][0]["notices"][0]
    assert "Hier wird eine Liste von Gruppen erwartet" in of_files["resources"][0]


@pytest.mark.parametrize("field", ["kept_statements", "language_tags"])
def test_what_no_person_fills_in_cannot_make_a_record_unreadable(case, app, field):
    record = {
        **case.record,
        "name": f"kaputt-{field}-{case.name}".replace("_", "-"),
        "private": False,
        field: '{"x": [1]} <oops',
    }

    answer = app.post("/api/3/action/package_create", json=record, headers=case.login(case.editor))
    name = json.loads(answer.body)["result"]["name"]

    assert app.get(f"/dataset/{name}", headers=case.login(case.editor), status=200)
    assert app.get(f"/dataset/{name}.ttl", headers=case.login(case.editor), status=200)
