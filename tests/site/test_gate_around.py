"""Other ways round the gate: other kinds of datasets, people from elsewhere, notices that disappear afterwards."""

from __future__ import annotations

import pytest
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import call_action
from legal_records import PARAMETERS
from release_case import CHECKED, Case, confirmed, is_public, refused

pytestmark = pytest.mark.usefixtures("non_clean_db", "with_plugins")


@pytest.fixture
def case(monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.landlab.release.mode", "enforce")
    return Case()


@pytest.mark.parametrize("kind", ["data_service", "dataset_series", "foo", "Dataset", "dataset "])
def test_no_other_kind_carries_files_past_the_check(case, kind):
    given = {**case.record, "name": f"umweg-{case.name}", "type": kind, "endpoint_url": ["https://x.example/wfs"]}
    with pytest.raises(tk.ValidationError) as caught:
        call_action("package_create", {"user": case.editor, "ignore_auth": False}, **{**given, "private": False})
    assert "type" in caught.value.error_dict, caught.value.error_dict
    model.Session.rollback()
    assert model.Package.get(given["name"]) is None


@pytest.mark.parametrize("kind", ["data_service", "dataset_series"])
def test_another_kind_is_public_without_files_and_takes_none(case, kind):
    given = {**case.record, "name": f"ohne-{case.name}", "type": kind, "endpoint_url": ["https://x.example/wfs"]}
    made = call_action("package_create", {"user": case.editor}, **{**given, "resources": [], "private": False})
    assert is_public(made["id"])
    with pytest.raises(tk.ValidationError) as caught:
        call_action("resource_create", {"user": case.editor}, package_id=made["id"], url="https://x.example/a.csv")
    assert "Only datasets have files" in str(caught.value.error_dict)
    model.Session.rollback()
    assert not model.Package.get(made["id"]).resources


@pytest.fixture
def collaborators(case, monkeypatch):
    """Two people of no organisation who work along on the dataset: one may edit it, one even lets others in."""
    monkeypatch.setitem(tk.config, "ckan.auth.allow_dataset_collaborators", True)
    monkeypatch.setitem(tk.config, "ckan.auth.allow_admin_collaborators", True)
    people = [factories.User()["name"] for _ in range(2)]
    for name, capacity in zip(people, ("editor", "admin"), strict=True):
        given = {"id": case.id, "user_id": name, "capacity": capacity}
        call_action("package_collaborator_create", {"user": case.sysadmin}, **given)
    return people


def test_collaborators_change_the_data_and_get_nothing_past_the_check(case, collaborators):
    case.answer("E1", "yes")
    for name in collaborators:
        call_action("package_patch", {"user": name, "ignore_auth": False}, id=case.id, notes=f"Bäume von {name}.")
        said = " ".join(refused("package_patch", {"id": case.id, "private": False}, name))
        assert "ask an editor of the organisation" in said
        assert "E1" not in said  # what was answered stays inside
        refused("package_revise", {"match": {"id": case.id}, "update": {"private": False}}, name)
    assert not is_public(case.id)
    assert any(
        sentence.startswith("E1:")
        for sentence in refused("package_patch", {"id": case.id, "private": False}, case.editor)
    )


def test_collaborators_are_neither_who_answers_nor_the_second_pair_of_eyes(case, collaborators, app):
    case.answer_all()
    call_action("landlab_release_submit", {"user": case.editor, "ignore_auth": False}, id=case.id)
    for name in collaborators:
        user = {"user": name, "ignore_auth": False}
        for action, given in (
            ("landlab_release_show", {}),
            ("landlab_release_events", {}),
            ("landlab_release_answer", {"question": "E1", "choice": "no"}),
            ("landlab_release_submit", {}),
            ("landlab_release_return", {"reason": "nein"}),
            ("landlab_release_confirm", {"publish": True}),
        ):
            with pytest.raises(tk.NotAuthorized):
                call_action(action, dict(user), id=case.id, **given)
        token = call_action("api_token_create", {"user": name}, user=name, name="t")["token"]
        page = app.get(f"/dataset/{case.name}", headers={"Authorization": token}).body
        assert f"/dataset/edit/{case.name}" in page
        assert f"/dataset/{case.name}/freigabe" not in page
    assert not is_public(case.id)


def test_a_collaborator_may_publish_what_the_organisation_has_released(case, collaborators):
    confirmed(case)
    call_action("package_patch", {"user": collaborators[0], "ignore_auth": False}, id=case.id, private=False)
    assert is_public(case.id)


def test_a_public_dataset_keeps_the_notices_that_its_answers_ask_for(case):
    accuracy = {"code": "GEOACC", "parameters": PARAMETERS["GEOACC"]}
    call_action("package_patch", {"user": case.editor}, id=case.id, notices=[CHECKED, accuracy])
    case.answer("H4", "yes")
    confirmed(case, publish=True)
    (sentence,) = refused("package_patch", {"id": case.id, "notices": [CHECKED]}, case.editor)
    assert "GEOACC" in sentence
    assert len(call_action("package_show", id=case.id)["notices"]) == 2
    case.answer("H4", "no")
    call_action("package_patch", {"user": case.editor}, id=case.id, notices=[CHECKED])
    assert is_public(case.id)


@pytest.mark.parametrize("action", ["landlab_release_submit", "landlab_release_confirm"])
def test_what_blocks_can_neither_be_handed_in_nor_confirmed(case, action):
    case.answer_all()
    case.answer("E1", "yes")
    sentences = refused(action, {"id": case.id}, case.admin)
    assert any(sentence.startswith("E1:") for sentence in sentences)
    assert call_action("landlab_release_show", {"user": case.editor}, id=case.id)["state"] == "open"
    assert not is_public(case.id)
