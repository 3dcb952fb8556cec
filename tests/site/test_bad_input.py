"""Bad values in every field at once: a sentence at each of them, in German and in English, and nothing is stored.

Which fields there are is read from the schema, so a new field is tested as soon as it has a row.
"""

from __future__ import annotations

import json
import time
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckanext.landlab.dcat import catalog, syntax
from release_case import Case

pytestmark = pytest.mark.usefixtures("non_clean_db", "with_plugins")

# What no form asks for, or what has tests of its own (`test_notice_places`).
APART = {"owner_org", "kept_statements", "language_tags", "notices"}
MEGABYTE = "x" * 1_000_000
EVERYWHERE = {
    "a mapping": {"de": {"deep": ["x"]}},
    "a truth value": True,
    "a long text": "x" * 120_000,
    "control characters": "Baum\x00\x07kataster",
}
SCRIPT = "<script>alert(1)</script>"
# Of each kind values that only it refuses.
BY_KIND = {
    "landlab_concept": ("http://nirgendwo.example/konzept", SCRIPT),
    "landlab_concepts": (["Unsinn"], [SCRIPT]),
    "landlab_date": ("31.02.2024", "gestern"),
    "landlab_decimal": ("NaN", "-1"),
    "landlab_duration": ("15 Minuten", "P"),
    "landlab_email": ("info(at)musterstadt.de", SCRIPT),
    "landlab_geometry": ("in der Mitte", "POINT(3500000 5400000)"),
    "landlab_keywords": ("a", SCRIPT),
    "landlab_markdown": (SCRIPT, "<b>Baum</b>"),
    "landlab_number": ("-1", "viele"),
    "landlab_reference": ("https://a b", "http://"),
    "landlab_references": (["https://a b"], ["http://"]),
    "landlab_siblings": (["kein Satz"], ["javascript:alert(1)"]),
    "landlab_telephone": ("ruf mich an", SCRIPT),
    "landlab_text": (SCRIPT, "<b>Baum</b>"),
    "landlab_texts": ([SCRIPT], ["<b>Baum</b>"]),
    "landlab_title": (SCRIPT, "<b>Baum</b>"),
    "landlab_upload": ("www.musterstadt.de", "javascript:alert(1)"),
    "landlab_uri": ("http://a b", "javascript:alert(1)"),
    "landlab_uris": (["http://a b"], ["javascript:alert(1)"]),
    "landlab_slug": ("Mit Leerzeichen", "ä"),
    "select": ("klingonisch", SCRIPT),
}
OPEN = {"language", "media-type", "regions", "country"}  # vocabularies of which any IRI may be right
TITLE = {"title": "Baumkataster"}


@pytest.fixture
def case():
    return Case()


def schema(kind="dataset"):
    return tk.h.scheming_get_dataset_schema(kind)


def parts(field: dict[str, Any]) -> list[dict[str, Any]]:
    return [part for part in field.get("repeating_subfields", ()) if part["field_name"] not in APART]


def spoilt(fields, bad):
    """A record in which every field and every part of a group is what *bad* says of the field."""
    return {
        field["field_name"]: [{part["field_name"]: bad(part) for part in parts(field)}] if parts(field) else bad(field)
        for field in fields
        if field["field_name"] not in APART
    }


def of_kind(number):
    def bad(field):
        if field.get("validators") == "ignore_empty landlab_uri":  # a hidden address
            return BY_KIND["landlab_uri"][number]
        if field.get("vocabulary") in OPEN:
            return [SCRIPT, "Nirgendwo"][number]
        return BY_KIND[field["preset"]][number]

    return bad


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
            named = [part["field_name"] for part in parts(field)]
            yield from (f"{field['field_name']}.{name}" for name in named) if named else [field["field_name"]]


def refused(app, case, language, record, action="package_create", user=""):
    login = case.login(user or case.editor)
    answer = app.post(f"/{language}/api/3/action/{action}", json=record, headers=login, status=409)
    return json.loads(answer.body)["error"]


ROUNDS = {name: lambda _, bad=bad: bad for name, bad in EVERYWHERE.items()}
ROUNDS |= {"what its kind refuses": of_kind(0), "what its kind refuses too": of_kind(1)}


def test_every_field_refuses_what_it_cannot_hold_with_a_sentence(case, app):
    rows, files = schema()["dataset_fields"], schema()["resource_fields"]
    before = model.Session.query(model.Package).count()
    silent = {}
    for name, bad in ROUNDS.items():
        record = {**spoilt(rows, bad), "owner_org": case.organization["id"], "state": "draft"}
        record["resources"] = [spoilt(files, bad)]

        german, english = (refused(app, case, language, record) for language in ("de", "en"))

        of_files = set(wanted(files)) - set(told(german["resources"][0], files))
        silent[name] = (set(wanted(rows)) - set(told(german, rows)), of_files)
        assert german != english
    assert silent == dict.fromkeys(ROUNDS, (set(), set()))
    assert (len(list(wanted(rows))), len(list(wanted(files)))) >= (100, 30)
    assert model.Session.query(model.Package).count() == before


def test_a_megabyte_in_a_field_of_each_kind_is_refused_at_once(case, app):
    seen: set[str] = set()

    def bad(field):
        new = field["preset"] not in seen
        seen.add(field["preset"])
        return MEGABYTE if new else "x"

    rows = schema()["dataset_fields"]
    record = {**spoilt(rows, bad), "owner_org": case.organization["id"], "state": "draft"}
    began = time.process_time()

    errors = refused(app, case, "de", record)

    assert str(errors).count("1000000 Zeichen") >= len(seen) > 18
    assert time.process_time() - began < 10


def test_every_field_of_an_organisation_refuses_what_it_cannot_hold(case, app):
    fields = [
        {"preset": "landlab_slug", **field}
        for field in tk.h.scheming_get_organization_schema("organization")["fields"]
        if field["field_name"] not in ("image_url", "title")  # CKAN's own: a file, and any text
    ]
    silent = {}
    for name, bad in ROUNDS.items():
        record = {"title": "Stadt Musterstadt", **{field["field_name"]: bad(field) for field in fields}}

        german, english = (
            refused(app, case, language, record, "organization_create", case.sysadmin) for language in ("de", "en")
        )

        silent[name] = {field["field_name"] for field in fields} - set(german)
        assert german != english
    assert silent == {name: set() for name in ROUNDS}
    assert len(fields) > 13


def test_anything_but_groups_is_refused_where_groups_are_wanted(case, app):
    record, sentence = (
        {**TITLE, "owner_org": case.organization["id"], "state": "draft"},
        "Hier wird eine Liste von Gruppen",
    )
    for bad in (["Stadt Musterstadt"], "Stadt Musterstadt", {"name": "Stadt"}, [None], 5, True):
        file = {"url": "https://a.example", "notices": bad}

        errors = refused(app, case, "de", {**record, "publisher": bad, "resources": [file]})
        of_files = refused(app, case, "de", {**record, "resources": bad})

        assert sentence in errors["publisher"][0]
        assert sentence in errors["resources"][0]["notices"][0]
        assert sentence in of_files["resources"][0]


GARBAGE = (
    '{"x": [1]} <oops\n<http://a> <http://b> "\\u0000" .\n_:self <http://b> _:b0 .',
    'title=<script> notes="x" title=de-',
    {"x": [1]},
)


def test_what_no_person_fills_in_cannot_make_a_record_unreadable(case, app):
    for number, bad in enumerate(GARBAGE):
        hidden = {"kept_statements": bad, "language_tags": bad}
        record = {**case.record, **hidden, "name": f"kaputt-{number}-{case.name}", "private": False}
        record["resources"] = [{**record["resources"][0], **hidden}]
        record["publisher"] = [{**record["publisher"][0], **hidden}]

        made = app.post("/api/3/action/package_create", json=record, headers=case.login(case.editor), status=200)

        name = json.loads(made.body)["result"]["name"]
        for page in ("", ".ttl", ".rdf", ".jsonld"):
            assert app.get(f"/dataset/{name}{page}", headers=case.login(case.editor), status=200)
        turtle = app.get(f"/dataset/{name}.ttl").body
        (read,) = catalog.read(syntax.parse(turtle.encode(), "ttl").graph).of_kind("dataset")
        assert (read["title"], len(read["resources"])) == ("Baumkataster", 1)

    record = {**TITLE, "owner_org": case.organization["id"], "state": "draft"}
    errors = refused(app, case, "de", {**record, "kept_statements": "a\x00", "language_tags": "b\ud800"})

    assert "Steuerzeichen" in errors["kept_statements"][0]
    assert "Steuerzeichen" in errors["language_tags"][0]


def test_an_organisation_that_is_none_is_refused(case, app):
    for bad in ("nirgendwo", "x" * 120_000, "a\x00b", {"id": 1}, True, 5):
        record = {**TITLE, "owner_org": bad, "state": "draft"}
        answer = app.post("/de/api/3/action/package_create", json=record, headers=case.login(case.editor))

        assert answer.status_code in (403, 409)
        assert json.loads(answer.body)["error"]


def form_of(fields, bad, before=""):
    """What a person fills in of these fields, groups numbered."""
    for field in fields:
        if field["field_name"] in APART or field.get("form_snippet", "shown") in (None, "landlab_hidden.html"):
            continue
        name = before + field["field_name"]
        if parts(field):
            yield from form_of(parts(field), bad, f"{name}-0-")
        else:
            yield name, bad(field)


def too_long(field):
    """A text over its bound, within what a form may send in all."""
    return "x" * (100_001 if field["preset"] in ("landlab_markdown", "landlab_keywords", "landlab_slug") else 2_001)


FORM_ROUNDS = {**ROUNDS, "a long text": too_long}
del FORM_ROUNDS["a mapping"], FORM_ROUNDS["a truth value"]


def test_the_form_says_it_at_each_field_and_loses_nothing(case, app):
    stored, login = model.Package.get(case.id).metadata_modified, case.login(case.editor)
    pages = [page["fields"] for page in tk.h.scheming_get_dataset_form_pages("dataset")]
    seen, wrong = 0, []
    for round_, bad in FORM_ROUNDS.items():
        for number, fields in enumerate(pages, start=1):
            given = dict(form_of(fields, bad))

            answer = app.post(f"/de/dataset/edit/{case.id}/{number}", data=given, headers=login, status=200)

            shown = BeautifulSoup(answer.body, "html.parser")
            wrong += [(round_, name, why) for name, value in given.items() for why in _missing(shown, name, value)]
            seen += len(given)
    assert wrong == []
    assert seen > 90 * len(FORM_ROUNDS)
    assert model.Package.get(case.id).metadata_modified == stored


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
