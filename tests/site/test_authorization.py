"""Who may do what with releases, notices and the guideline: every action and every page that changes something."""

from __future__ import annotations

import re

import pytest
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.landlab.logic.auth import guideline, notices, release
from release_case import Case

pytestmark = pytest.mark.usefixtures("non_clean_db", "with_plugins")

ROLES = ("nobody", "stranger", "collaborator", "member", "editor", "admin")
ALL, NONE = frozenset(ROLES), frozenset[str]()
LOGGED_IN = ALL - {"nobody"}
INSIDE = LOGGED_IN - {"stranger"}
EDITORS = frozenset({"editor", "admin"})
ADMINS = frozenset({"admin"})
INTERNAL_ACTIONS = ("show", "answer", "submit", "return", "memo", "events", "look")
ALLOWED = {
    **dict.fromkeys((f"landlab_release_{name}" for name in INTERNAL_ACTIONS), EDITORS),
    "landlab_release_confirm": ADMINS,  # the editor has entered the answers
    "landlab_release_queue": LOGGED_IN,
    "landlab_release_remind": NONE,
    "landlab_release_rule_show": EDITORS | {"member"},
    "landlab_release_rule_update": ADMINS,
    **dict.fromkeys(("landlab_statement_show", "landlab_notice_history"), INSIDE),  # of a private dataset
    **dict.fromkeys(("landlab_notice_list", "landlab_notice_show", "landlab_notices_show"), ALL),
    **dict.fromkeys((f"landlab_notice_{name}" for name in ("version_create", "review", "withdraw")), NONE),
    "landlab_notices_update": ADMINS,
    **dict.fromkeys(("landlab_guideline_show", "landlab_guideline_versions"), ALL),
    **dict.fromkeys(("landlab_guideline_update", "landlab_guideline_readers"), NONE),
    "landlab_guideline_acknowledge": LOGGED_IN,
}


@pytest.fixture
def case(monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.landlab.release.mode", "enforce")
    monkeypatch.setitem(tk.config, "ckan.auth.allow_dataset_collaborators", True)
    case = Case()
    case.answer("A1", "yes")
    return case


def names(case: Case) -> dict[str, str]:
    """The name of the person in each role."""
    helper = factories.User()["name"]
    given = {"id": case.id, "user_id": helper, "capacity": "editor"}
    call_action("package_collaborator_create", {"user": case.sysadmin}, **given)
    people = {role: getattr(case, role) for role in ("stranger", "member", "editor", "admin")}
    return {"nobody": "", "collaborator": helper, **people}


def may(action: str, user: str, given: dict[str, str]) -> bool:
    about = {"user": user, "auth_user_obj": model.User.get(user) if user else None}
    try:
        tk.check_access(action, about, dict(given))
    except tk.NotAuthorized:
        return False
    return True


def test_every_action_is_for_those_it_is_meant_for(case):
    assert set(ALLOWED) == {name for module in (release, notices, guideline) for name in module.__all__}
    owner = case.organization["id"]
    people = {**names(case), "sysadmin": case.sysadmin}
    for action, allowed in ALLOWED.items():
        given = {"id": owner, "level": "organization"} if action == "landlab_notices_update" else {"id": case.id}
        found = {role for role, name in people.items() if may(action, name, {**given, "organization_id": owner})}
        assert found == allowed | {"sysadmin"}, action


def test_the_notices_of_the_portal_belong_to_its_administrators(case):
    people = names(case)
    assert [role for role in ROLES if may("landlab_notices_update", people[role], {"level": "portal"})] == []


INTERNAL = ("landlab_release.", "landlab_notices.edit", "landlab_notices.portal", "landlab_notices.organization")
OPEN_TO_ALL = ("landlab_guideline.acknowledge", "landlab_release.queue", "landlab_release.rule")  # tried elsewhere


def guarded(app, case: Case) -> list[tuple[str, str]]:
    """Method and address of every page of ours that changes something or shows what is internal."""
    found = []
    for rule in app.flask_app.url_map.iter_rules():
        ours = rule.endpoint.startswith(("landlab_release.", "landlab_notices.", "landlab_guideline."))
        if not ours or rule.endpoint in OPEN_TO_ALL:
            continue
        address = re.sub(r"<(?:\w+:)?question>", "B1", str(rule))
        address = re.sub(r"<(?:\w+:)?code>", "GEN", re.sub(r"<(?:\w+:)?chapter>", "offen", address))
        address = re.sub(r"<(?:\w+:)?organization>", case.organization["name"], address)
        address = re.sub(r"<(?:\w+:)?id>", case.name, address)
        assert "<" not in address or "ending" in address, address
        if "POST" in rule.methods:
            found.append(("POST", address))
        if "GET" in rule.methods and rule.endpoint.startswith(INTERNAL):
            found.append(("GET", address))
    return found


@pytest.mark.parametrize("role", ["nobody", "stranger"])
def test_no_page_works_for_somebody_from_outside(case, app, role):
    headers = case.login(case.stranger) if role == "stranger" else {}
    pages = guarded(app, case)
    assert len(pages) >= 18, pages
    for method, address in pages:
        answer = app.test_client().open(address, method=method, data={"id": case.id}, headers=headers)
        refused = answer.status_code == 403 or (answer.status_code == 302 and "/user/login" in answer.location)
        assert refused, (method, address, answer.status_code)
