"""Strict publishing: what GovData would refuse is refused at its field; drafts are told, what is public is not held."""

from __future__ import annotations

import json

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests.helpers import call_action
from ckanext.landlab.harvest.taking import Found, Place, take
from release_case import Case

pytestmark = pytest.mark.usefixtures("non_clean_db", "with_plugins")

CONTACT = [{"name": "Open Data", "email": "opendata@musterstadt.example"}]
UNREACHABLE = [{"name": "Open Data"}]  # a contact that nobody can reach is a Violation of the official shapes


@pytest.fixture
def case():
    return Case()


def made(case, **given):
    return call_action("package_create", {"user": case.editor}, **{**case.record, "private": False, **given})


def changed(case, **given):
    return call_action("package_patch", {"user": case.editor}, **given)


def refused(case, **given):
    with pytest.raises(tk.ValidationError) as error:
        changed(case, **given)
    return error.value.error_dict


def test_a_draft_may_be_wrong_and_is_told(case):
    draft = made(case, contact=UNREACHABLE, state="draft")

    told = call_action("landlab_dataset_check", id=draft["id"])

    assert [f["path"] for f in told["findings"] if f["severity"] == "Violation" and f["rule"] != "K12"] == [
        ["contact", 0, "email"]
    ]


def test_the_draft_of_an_editors_program_is_one_and_takes_files_until_it_is_published(case):
    def act(action, **given):
        return tk.get_action(action)({"user": case.editor}, given)

    gaps = {"title": "Bäume", "notes": "Bäume.", "owner_org": case.organization["id"]}
    draft = act("package_create", **gaps, name=f"luecken-{case.name}", state="draft")
    act("resource_create", package_id=draft["id"], url="https://example.org/a.csv", name="a")
    with pytest.raises(tk.ValidationError) as refusal:
        act("package_patch", id=draft["id"], state="active")

    assert draft["state"] == model.Package.get(draft["id"]).state == "draft"
    assert {"license_id", "origin"} <= set(refusal.value.error_dict)


def test_publishing_is_refused_with_the_sentence_at_the_field(case):
    draft = made(case, contact=UNREACHABLE, state="draft")

    errors = refused(case, id=draft["id"], state="active")

    assert list(errors) == ["contact"]
    assert "lacks what it makes no sense without" in next(iter(errors["contact"][0].values()))[0]
    assert model.Package.get(draft["id"]).state == "draft"
    assert changed(case, id=draft["id"], state="active", contact=CONTACT)["state"] == "active"


def test_an_uploaded_file_has_no_address_yet_and_is_not_refused(case):
    file = {"url": "bäume 2026.csv", "url_type": "upload", "format": "CSV"}

    stored = made(case, resources=[file])["resources"][0]

    assert "/download/" in stored["url"]


def test_a_private_dataset_waits_without_being_refused(case):
    assert made(case, contact=UNREACHABLE, private=True)["private"]


def test_what_is_public_is_refused_only_what_makes_it_worse(case):
    dataset = made(case)
    package = model.Package.get(dataset["id"])
    package.extras = {**package.extras, "contact": json.dumps(UNREACHABLE)}
    model.Session.commit()

    assert changed(case, id=dataset["id"], title="Bäume")["title"] == "Bäume"
    assert list(refused(case, id=dataset["id"], publisher=[{"email": "a@musterstadt.example"}])) == ["publisher"]


def test_a_harvested_dataset_can_be_edited_although_its_source_left_much_out(case):
    record = {
        "title": "Radwege",
        "type": "dataset",
        "uri": f"https://other.example/{case.name}",
        "theme": ["http://a.example/x"],
    }
    remarks = {"counts": {}, "lines": []}
    found = Found(record["uri"], "dataset", record, "mark", [record["uri"]], remarks)
    assert take(found, Place(case.organization["id"], case.organization["id"]), None).what == "created"
    name = model.Session.query(model.Package.name).filter_by(title="Radwege").scalar()

    edited = changed(case, id=name, notes="Alle Radwege.")

    assert (edited["notes"], edited["theme"]) == ("Alle Radwege.", record["theme"])
    assert "title" in refused(case, id=name, title="")
    assert "theme" in refused(case, id=name, theme=["http://a.example/y"])


def test_the_pages_for_editors_tell_how_datasets_stand(case, app):
    made(case, name=f"offen-{case.name}", contact=UNREACHABLE, state="draft", title="Offene Frage")
    hvd = {"hvd_category": ["http://data.europa.eu/bna/c_ac64a52d"], "contact": []}
    made(case, name=f"hoch-{case.name}", title="Hoher Wert", private=True, **hvd)
    organization = f"/organization/{case.organization['name']}"

    overview = app.get(f"{organization}/metadaten", headers=case.login(case.editor)).body
    owed = app.get(f"{organization}/hochwertige-daten", headers=case.login(case.editor)).body
    catalogue = app.get("/metadaten", headers=case.login(case.editor)).body

    assert "Offene Frage" in overview
    assert overview.index("Offene Frage") < overview.index("Hoher Wert")
    assert "Next best step" in overview
    assert "Offene Frage" not in owed
    assert [owed.count("landlab-owed"), owed.count("landlab-done")] == [2, 2]  # no API and no contact
    assert case.organization["title"] in catalogue
    assert call_action("landlab_catalogue_check")["points"] > 0


@pytest.mark.parametrize(
    "page", ["/organization/{name}/metadaten", "/organization/{name}/hochwertige-daten", "/metadaten"]
)
def test_only_editors_see_how_datasets_stand(case, app, page):
    address = page.format(name=case.organization["name"])

    assert app.get(address, headers=case.login(case.stranger), status=403)
    assert app.get(address, status=403)


def test_what_a_page_says_follows_the_dataset(case):
    dataset = made(case, contact=UNREACHABLE, private=True)
    ready = lambda: {  # noqa: E731
        each["id"]: each["ready"]
        for each in call_action("landlab_organization_check", id=case.organization["id"], rows=200)["datasets"]
    }[dataset["id"]]
    before = ready()

    changed(case, id=dataset["id"], contact=CONTACT)

    assert (before, ready()) == (False, False)  # nobody has a contributor ID here
    assert "K12" in [f["rule"] for f in call_action("landlab_dataset_check", id=dataset["id"])["findings"]]
    call_action("dataset_purge", {"user": case.sysadmin}, id=dataset["id"])
    assert dataset["id"] not in [
        each["id"] for each in call_action("landlab_organization_check", id=case.organization["id"])["datasets"]
    ]
