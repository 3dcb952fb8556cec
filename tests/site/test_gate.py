"""No dataset becomes public unless its release check is passed, whichever way is tried."""

from __future__ import annotations

import pytest
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import call_action, call_auth
from release_case import ANSWERS, Case, confirmed, is_public, refused

pytestmark = pytest.mark.usefixtures("non_clean_db", "with_plugins")


@pytest.fixture
def case(monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.landlab.release.mode", "enforce")
    return Case()


def test_a_new_dataset_cannot_be_created_public(case):
    sentences = refused("package_create", {**case.record, "name": f"neu-{case.name}", "private": False}, case.editor)
    assert any(f"/dataset/neu-{case.name}/freigabe" in sentence for sentence in sentences)
    assert model.Package.get(f"neu-{case.name}") is None


@pytest.mark.parametrize("action", ["package_update", "package_patch"])
def test_the_api_cannot_publish(case, action):
    shown = call_action("package_show", {"user": case.editor, "ignore_auth": False}, id=case.id)
    given = {**shown, "private": False} if action == "package_update" else {"id": case.id, "private": False}
    refused(action, given, case.editor)
    assert not is_public(case.id)


def test_revise_cannot_publish(case):
    refused("package_revise", {"match": {"id": case.id}, "update": {"private": False}}, case.editor)
    assert not is_public(case.id)


def test_the_bulk_action_cannot_publish(case):
    refused("bulk_update_public", {"datasets": [case.id], "org_id": case.organization["id"]}, case.admin)
    assert not is_public(case.id)


def test_a_draft_cannot_be_made_active_and_public(case):
    draft = call_action(
        "package_create", {"user": case.editor}, **{**case.record, "name": f"entwurf-{case.name}", "state": "draft"}
    )
    refused("package_patch", {"id": draft["id"], "private": False, "state": "active"}, case.editor)
    assert not is_public(draft["id"])


def test_a_deleted_dataset_cannot_come_back_public(case):
    call_action("package_delete", {"user": case.editor}, id=case.id)
    refused("package_patch", {"id": case.id, "private": False, "state": "active"}, case.sysadmin)
    assert not is_public(case.id)


def test_a_new_file_with_the_switch_to_public_is_refused(case):
    given = {"match": {"id": case.id}, "update": {"private": False, "resources": [{"url": "https://x.example/a.csv"}]}}
    refused("package_revise", given, case.editor)
    assert not is_public(case.id)


@pytest.mark.parametrize("flag", ["landlab_exempt", "landlab_harvested", "context"])
def test_a_client_cannot_exempt_itself(case, flag, app):
    token = call_action("api_token_create", {"user": case.editor}, user=case.editor, name="t")["token"]
    given = {"id": case.id, "private": False, flag: {"landlab_exempt": "x"}}
    answer = app.post("/api/3/action/package_patch", json=given, headers={"Authorization": token})
    assert answer.status_code == 409
    assert "release_check" in answer.json["error"]
    assert not is_public(case.id)


def test_the_form_cannot_publish_and_says_why(case, app):
    shown = call_action("package_show", id=case.id)
    keys = ("name", "title", "notes", "owner_org", "license_id", "origin")
    agent = {"custodian-0-name": "Grünflächenamt", "custodian-0-email": "gruen@musterstadt.example"}
    form = {**{key: shown[key] for key in keys}, **agent, "private": "False", "save": "go"}
    answer = app.post(f"/dataset/edit/{case.id}", data=form, headers=case.login(case.editor), follow_redirects=True)
    assert "release check is not passed" in answer.body
    assert not is_public(case.id)


def test_the_publish_button_cannot_publish_and_leads_to_the_check(case, app):
    draft = call_action(
        "package_create",
        {"user": case.editor},
        **{**case.record, "name": f"entwurf2-{case.name}", "state": "draft", "private": False},
    )
    answer = app.post(f"/dataset/publish/{draft['id']}", headers=case.login(case.editor))
    assert f"/dataset/{draft['name']}/freigabe" in answer.body
    assert "release check is not passed" in answer.body
    assert not is_public(draft["id"])


def test_the_last_page_of_the_form_cannot_publish(case, app, monkeypatch):
    draft = call_action(
        "package_create",
        {"user": case.editor},
        **{**case.record, "name": f"entwurf3-{case.name}", "state": "draft", "private": False},
    )
    file = {"id": "", "url": "https://x.example/a.csv", "name": "Bäume", "format": "CSV", "save": "go-metadata"}
    page, login = f"/dataset/{draft['id']}/resource/new", case.login(case.editor)
    answer = app.post(page, data=file, headers=login)
    assert "release check is not passed" in answer.body
    assert not is_public(draft["id"])
    monkeypatch.setitem(tk.config, "ckanext.landlab.release.mode", "off")
    app.post(page, data=file, headers=login)
    assert is_public(draft["id"])


@pytest.mark.parametrize("action", ["resource_create", "resource_update", "resource_patch", "resource_delete"])
def test_what_is_done_to_a_file_publishes_nothing(case, action):
    file = call_action("package_show", {"user": case.editor}, id=case.id)["resources"][0]
    given = {
        "package_id": case.id,
        "url": "https://x.example/a.csv",
        "name": "Bäume",
        "format": "CSV",
        "private": False,
    }
    if action != "resource_create":
        given["id"] = file["id"]
    tk.get_action(action)({"user": case.editor, "auth_user_obj": model.User.get(case.editor)}, given)
    assert not is_public(case.id)


def test_another_organisation_publishes_nothing(case):
    other = factories.Organization()
    user = {"user": case.sysadmin}
    call_action("package_owner_org_update", user, id=case.id, organization_id=other["id"])
    assert not is_public(case.id)
    refused("package_patch", {"id": case.id, "owner_org": other["id"], "private": False}, case.sysadmin)
    assert not is_public(case.id)


def test_what_one_person_released_does_not_move_public_to_where_two_are_asked(case):
    alone, other, two = (factories.Organization() for _ in range(3))
    keeper = {"user": case.sysadmin, "ignore_auth": False}
    for organization in (alone, other):
        call_action("landlab_release_rule_update", keeper, organization_id=organization["id"], four_eyes=False)
    call_action("package_patch", keeper, id=case.id, owner_org=alone["id"])
    for question, choice in ANSWERS.items():
        case.answer(question, choice, user=case.sysadmin)
    call_action("landlab_release_confirm", keeper, id=case.id, publish=True)

    told = refused("package_patch", {"id": case.id, "owner_org": two["id"]}, case.sysadmin)
    told += refused("package_owner_org_update", {"id": case.id, "organization_id": two["id"]}, case.sysadmin)
    assert sum(sentence.startswith("J:") for sentence in told) > 1
    assert call_action("package_show", id=case.id)["owner_org"] == alone["id"]
    call_action("package_patch", keeper, id=case.id, owner_org=other["id"])
    assert is_public(case.id)
    call_action("package_patch", keeper, id=case.id, owner_org=two["id"], private=True)


def test_a_released_dataset_is_published_by_every_way(case):
    confirmed(case)
    call_action("package_patch", {"user": case.editor, "ignore_auth": False}, id=case.id, private=False)
    assert is_public(case.id)
    call_action("bulk_update_private", {"user": case.admin}, datasets=[case.id], org_id=case.organization["id"])
    assert not is_public(case.id)
    call_action("bulk_update_public", {"user": case.admin}, datasets=[case.id], org_id=case.organization["id"])
    assert is_public(case.id)


def test_the_confirmation_can_publish_at_once(case):
    confirmed(case, publish=True)
    assert is_public(case.id)


def test_a_file_swapped_while_private_asks_again_before_publication(case):
    confirmed(case)
    call_action(
        "resource_create",
        {"user": case.editor},
        package_id=case.id,
        url="https://x.example/neu.csv",
        format="CSV",
        name="Neu",
    )

    refused("package_patch", {"id": case.id, "private": False}, case.editor)

    told = call_action("landlab_release_show", {"user": case.editor}, id=case.id)
    again = {step["id"]: step["reopened"] for step in told["steps"] if step["state"] == "reopened"}
    assert "B5" in again
    assert "Neu" in again["B5"]


def test_answering_again_alone_is_not_enough(case):
    confirmed(case)
    call_action(
        "resource_create",
        {"user": case.editor},
        package_id=case.id,
        url="https://x.example/neu.csv",
        format="CSV",
        name="Neu",
    )
    case.answer_all()

    sentences = refused("package_patch", {"id": case.id, "private": False}, case.editor)

    assert any(sentence.startswith("J:") for sentence in sentences)


def test_a_new_file_in_a_public_dataset_reopens_and_leaves_it_public(case):
    confirmed(case, publish=True)
    call_action(
        "resource_create",
        {"user": case.editor},
        package_id=case.id,
        url="https://x.example/neu.csv",
        format="CSV",
        name="Neu",
    )
    assert is_public(case.id)
    assert call_action("landlab_release_show", {"user": case.editor}, id=case.id)["state"] == "reopened"
    events = call_action("landlab_release_events", {"user": case.editor}, id=case.id)
    assert events[0]["kind"] == "reopened"


def test_a_site_may_refuse_such_a_change(case, monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.landlab.release.changes", "refuse")
    confirmed(case, publish=True)
    refused(
        "resource_create",
        {"package_id": case.id, "url": "https://x.example/neu.csv", "format": "CSV", "name": "Neu"},
        case.editor,
    )
    assert len(call_action("package_show", id=case.id)["resources"]) == 1


def test_another_licence_reopens_the_licence_question(case):
    confirmed(case, publish=True)
    call_action(
        "package_patch", {"user": case.editor}, id=case.id, license_id="http://dcat-ap.de/def/licenses/cc-by/4.0"
    )
    told = call_action("landlab_release_show", {"user": case.editor}, id=case.id)
    assert {step["id"] for step in told["steps"] if step["state"] == "reopened"} == {"D6", "G3"}


def test_a_changed_answer_takes_the_confirmation_back(case):
    confirmed(case, publish=True)
    case.answer("H4", "yes")
    told = call_action("landlab_release_show", {"user": case.editor}, id=case.id)
    assert "GEOACC" in told["lacking"]
    assert [block["code"] for block in told["blocks"]] == ["J"]


def test_the_harvester_and_the_sample_are_exempt(case):
    for flag, value in (("landlab_harvested", True), ("landlab_exempt", "sample")):
        given = {**case.record, "name": f"{flag}-{case.name}".replace("_", "-"), "private": False}
        made = tk.get_action("package_create")({"user": case.sysadmin, "ignore_auth": True, flag: value}, given)
        assert is_public(made["id"])
        told = call_action("landlab_release_show", {"user": case.sysadmin}, id=made["id"])
        assert told["state"] == "exempt"


def test_a_warning_lets_through_and_is_recorded(case, monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.landlab.release.mode", "warn")
    call_action("package_patch", {"user": case.editor}, id=case.id, private=False)
    assert is_public(case.id)
    events = call_action("landlab_release_events", {"user": case.editor}, id=case.id)
    assert events[0]["kind"] == "published_unchecked"


def test_off_does_not_ask(case, monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.landlab.release.mode", "off")
    call_action("package_patch", {"user": case.editor}, id=case.id, private=False)
    assert is_public(case.id)


def test_nothing_internal_is_shown_or_indexed(case):
    case.answer("B1", "yes")
    case.answer("B2", "yes", {"law": "https://geheim.example/vorschrift"})
    confirmed(case, publish=True)
    shown = call_action("package_show", id=case.id)
    found = call_action("package_search", fq=f"id:{case.id}")["results"]
    asked = call_action("package_search", q="geheim.example")
    assert "geheim.example" not in repr(shown)
    assert len(found) == 1
    assert "geheim.example" not in repr(found)
    assert asked["count"] == 0
    assert not any("release" in key for key in shown)


def test_strangers_do_not_see_the_answers(case):
    for user in (None, case.member, case.stranger):
        for action in (
            "landlab_release_show",
            "landlab_release_events",
            "landlab_release_memo",
            "landlab_release_answer",
        ):
            with pytest.raises(tk.NotAuthorized):
                call_auth(action, {"user": user, "model": model}, id=case.id)
    for user in (case.editor, case.admin, case.sysadmin):
        assert call_auth("landlab_release_show", {"user": user, "model": model}, id=case.id)
