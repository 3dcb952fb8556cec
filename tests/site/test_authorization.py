"""Who may do what with releases, notices and the guideline: every action and every page that changes something."""

from __future__ import annotations

import re
from uuid import uuid4

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
FOR_EVERYBODY = ("landlab_guideline.acknowledge", "landlab_release.queue", "landlab_release.rule")  # tried elsewhere
NEW = tuple(f"landlab_form.{kind}_new" for kind in ("dataset", "dataset_series", "data_service"))  # tried below
PARTS = {"question": "B1", "code": "GEN", "chapter": "offen", "page": "2", "kind": "dataset", "name": "fuer-alle"}


def pages(app, case: Case) -> list[tuple[str, str, str]]:
    """Method, address and endpoint of every page of ours that changes something or shows what is internal."""
    file = call_action("package_show", id=case.id)["resources"][0]["id"]
    made = {"organization": case.organization["name"], "source": source(case.sysadmin), "resource_id": file}
    given = {**PARTS, **made, "id": case.name}
    found = []
    for rule in app.flask_app.url_map.iter_rules():
        if not rule.endpoint.startswith("landlab_"):
            continue
        address = re.sub(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", lambda part: given.get(part[1], part[0]), str(rule))
        if "POST" in rule.methods:
            assert "<" not in address, address
            found.append(("POST", address, rule.endpoint))
        if "GET" in rule.methods and rule.endpoint.startswith(INTERNAL):
            found.append(("GET", address, rule.endpoint))
    return found


def source(user: str) -> str:
    """The name of a harvest source, made for this question."""
    given = {"name": f"quelle-{uuid4().hex[:8]}", "title": "Quelle", "source_type": "landlab_dcat_ap_de"}
    address = f"https://example.org/{given['name']}"
    return call_action("harvest_source_create", {"user": user}, url=address, **given)["name"]


@pytest.mark.parametrize("role", ["nobody", "stranger"])
def test_no_page_works_for_somebody_from_outside(case, app, role):
    headers = case.login(case.stranger) if role == "stranger" else {}
    guarded = [page for page in pages(app, case) if page[2] not in (*FOR_EVERYBODY, *NEW)]
    assert len(guarded) >= 35, guarded
    for method, address, _endpoint in guarded:
        answer = app.test_client().open(address, method=method, data={"id": case.id}, headers=headers)
        is_hidden = answer.status_code == 404 and "/resource/" in address  # CKAN denies that there is such a file
        refused = answer.status_code == 403 or (answer.status_code == 302 and "/user/login" in answer.location)
        assert refused or is_hidden, (method, address, answer.status_code)


def test_no_form_is_taken_from_a_page_of_somebody_else(case, app, monkeypatch):
    """Each view is asked in the session of an administrator, who may do everything, but without the form's token."""
    person = factories.Sysadmin(password="lang-und-geheim")
    browser = app.test_client()
    browser.post("/user/login", data={"login": person["name"], "password": "lang-und-geheim"})
    assert browser.get("/ckan-admin/feeds").status_code == 200
    forms = [address for method, address, _endpoint in pages(app, case) if method == "POST"]
    assert len(forms) >= 32, forms
    monkeypatch.setitem(app.flask_app.config, "WTF_CSRF_ENABLED", True)
    found = {address: browser.post(address, data={"id": case.id}).status_code for address in forms}
    assert found == dict.fromkeys(forms, 400)


def test_a_new_record_that_brings_the_identifier_of_another_gets_its_own(case, app):
    """Here everybody may make records of no organisation, the stranger too."""
    for kind in ("dataset", "dataset_series", "data_service"):
        given = {"id": case.id, "title": "Mein", "name": f"mein-{uuid4().hex[:8]}"}
        answer = app.post(f"/{kind}/new", data=given, headers=case.login(case.stranger), follow_redirects=False)
        assert answer.status_code == 302
        assert case.id not in answer.location
        assert case.name not in answer.location
