"""Bad values in every field at once, sent to the API: a sentence at each, German and English, and nothing is stored.

Which fields there are is read from the schema, so a new field is tested as soon as it has a row.
"""

from __future__ import annotations

import json
import time
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
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


# How many fields of each kind of record, and of its files, were there when this was written.
KINDS = {"dataset": (100, 30), "dataset_series": (20, 0), "data_service": (40, 0)}
AT_ONCE = 25  # fields of a megabyte in one request
ROUNDS = {name: lambda _, bad=bad: bad for name, bad in EVERYWHERE.items()}
ROUNDS |= {"what its kind refuses": of_kind(0), "what its kind refuses too": of_kind(1)}


def test_every_field_refuses_what_it_cannot_hold_with_a_sentence(case, app):
    before = model.Session.query(model.Package).count()
    for kind, least in KINDS.items():
        rows, files = schema(kind)["dataset_fields"], schema(kind)["resource_fields"]
        silent = {}
        for name, bad in ROUNDS.items():
            record = {**spoilt(rows, bad), "owner_org": case.organization["id"], "state": "draft", "type": kind}
            record["resources"] = [spoilt(files, bad)] if files else []

            german, english = (refused(app, case, language, record) for language in ("de", "en"))

            of_files = set(wanted(files)) - set(told(german["resources"][0], files)) if files else set()
            silent[name] = (set(wanted(rows)) - set(told(german, rows)), of_files)
            assert german != english
        assert silent == dict.fromkeys(ROUNDS, (set(), set())), kind
        assert (len(list(wanted(rows))), len(list(wanted(files)))) >= least
    assert model.Session.query(model.Package).count() == before


def test_a_megabyte_is_refused_at_once_in_every_field(case, app):
    for kind in KINDS:
        rows = schema(kind)["dataset_fields"]
        names = list(wanted(rows))
        for first in range(0, len(names), AT_ONCE):
            turn = iter(range(-first, len(names)))
            record = spoilt(rows, lambda _, turn=turn: MEGABYTE if 0 <= next(turn) < AT_ONCE else "x")
            record |= {"owner_org": case.organization["id"], "state": "draft", "type": kind}
            began = time.process_time()

            errors = refused(app, case, "de", record)

            chosen = names[first : first + AT_ONCE]
            assert set(chosen) - set(told(errors, rows)) == set()
            assert str(errors).count("1000000 Zeichen") >= len(chosen)
            assert time.process_time() - began < 10


def test_a_megabyte_is_refused_in_every_field_of_a_file_and_of_an_organisation(case, app):
    files, bodies = schema()["resource_fields"], of_organisation()
    names = list(wanted(files))
    for first in range(0, len(names), AT_ONCE):
        turn = iter(range(-first, len(names)))
        file = spoilt(files, lambda _, turn=turn: MEGABYTE if 0 <= next(turn) < AT_ONCE else "x")
        record = {**TITLE, "owner_org": case.organization["id"], "state": "draft", "resources": [file]}

        errors = refused(app, case, "de", record)["resources"][0]

        chosen = names[first : first + AT_ONCE]
        assert set(chosen) - set(told(errors, files)) == set()
        assert str(errors).count("1000000 Zeichen") >= len(chosen)
    record = {"title": "Stadt Musterstadt", **{field["field_name"]: MEGABYTE for field in bodies}}

    errors = refused(app, case, "de", record, "organization_create", case.sysadmin)

    assert {field["field_name"] for field in bodies} - set(errors) == set()
    assert all("1000000 Zeichen" in errors[field["field_name"]][0] for field in bodies), errors


def of_organisation():
    return [
        {"preset": "landlab_slug", **field}
        for field in tk.h.scheming_get_organization_schema("organization")["fields"]
        if field["field_name"] not in ("image_url", "title")  # CKAN's own: a file, and any text
    ]


def test_every_field_of_an_organisation_refuses_what_it_cannot_hold(case, app):
    fields = of_organisation()
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
