"""What the release check was told stays inside: no way out of the catalogue gives it away.

Every text that was written down holds a canary, and so do the names of those who answered and confirmed.
"""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from ckan import model
from ckan.common import asbool
from ckan.lib.search.common import make_connection
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import CKANTestApp, call_action
from ckanext.landlab.cli import landlab
from ckanext.landlab.model import release as table
from release_case import Case, upload
from sqlalchemy import text

CANARY = "Kanarienvogel"
WRITTEN = {
    "B1": ("yes", {}),
    "B2": ("no", {}),
    "B3": ("yes", {"method": f"{CANARY} Raster"}),
    "B4": ("yes", {"checked": f"{CANARY} Statistikstelle"}),
    "D1": ("yes", {}),
    "D2": ("yes", {"rights": f"{CANARY} Karte"}),
    "D3": ("yes", {}),
    "D4": ("yes", {"clause": f"{CANARY} Vertrag"}),
}
NOTICES = [
    {"code": "CHECK", "parameters": {"level": "sample", "method": "Begehung", "date": "2026-05-01"}},
    {"code": "ANON", "parameters": {"method": "Raster von 100 m"}},
    {"code": "THIRD", "parameters": {"part": "Karte", "source": "OpenStreetMap", "licence": "ODbL"}},
]
PEOPLE = "Vorname;E-Mail\n" + "\n".join(f"Anna;anna.{number}@geheim.example" for number in range(9))
SYNTAXES = ("ttl", "rdf", "jsonld", "nt")
ACTIONS = ("show", "events", "memo")


@pytest.fixture(scope="module")
def case(reset_db_once):
    """A dataset that was answered, given back, submitted, confirmed and published, with a file that was looked into."""
    before, tk.config["ckanext.landlab.release.mode"] = tk.config["ckanext.landlab.release.mode"], "enforce"
    case = Case()
    for name in (case.editor, case.admin):
        model.User.get(name).fullname = f"{CANARY} {name}"
    model.Session.commit()
    call_action("package_patch", {"user": case.editor}, id=case.id, notices=NOTICES)
    upload(case, PEOPLE.encode())
    for question, (choice, records) in WRITTEN.items():
        case.answer(question, choice, records)
    case.answer_all()
    call_action("landlab_release_submit", {"user": case.editor, "ignore_auth": False}, id=case.id)
    given = {"id": case.id, "reason": f"{CANARY} fehlt"}
    call_action("landlab_release_return", {"user": case.admin, "ignore_auth": False}, **given)
    call_action("landlab_release_submit", {"user": case.editor, "ignore_auth": False}, id=case.id)
    call_action("landlab_release_confirm", {"user": case.admin, "ignore_auth": False}, id=case.id, publish=True)
    yield case
    tk.config["ckanext.landlab.release.mode"] = before


@pytest.fixture(scope="module")
def app(case, application):
    return CKANTestApp(application.app)


def tells(content) -> list[str]:
    """What of the release stands in *content*."""
    if isinstance(content, bytes):
        content = content.decode("utf-8", errors="replace")
    written = content if isinstance(content, str) else json.dumps(content, default=str, ensure_ascii=False)
    signs = (CANARY, "geheim.example", "entered_by", "confirmed_by", "landlab_release", "Kanarien", "waiting_since")
    return [sign for sign in signs if sign in written]


def readers(case):
    return {"nobody": {}, **{role: case.login(getattr(case, role)) for role in ("member", "stranger", "editor")}}


def test_it_is_there_for_editors_so_that_the_rest_of_these_tests_can_fail(case):
    found = call_action("landlab_release_show", {"user": case.editor, "ignore_auth": False}, id=case.id)
    memo = call_action("landlab_release_memo", {"user": case.editor, "ignore_auth": False}, id=case.id)
    events = call_action("landlab_release_events", {"user": case.editor, "ignore_auth": False}, id=case.id)
    assert found["state"] == "released"
    assert {finding["kind"] for look in found["looks"] for finding in look["findings"]} == {"name", "email"}
    assert all(CANARY in json.dumps(told, ensure_ascii=False) for told in (found, memo, events))


def test_no_action_of_ckan_shows_it_to_anybody(case):
    for role in ("editor", "member", "sysadmin"):
        context = {"user": getattr(case, role), "ignore_auth": False}
        revised = {"match": {"id": case.id}, "update": {}}
        for action, given in (
            ("package_show", {"id": case.id}),
            ("package_show", {"id": case.id, "include_plugin_data": True} if role == "sysadmin" else {"id": case.id}),
            ("package_search", {"q": f"id:{case.id}", "include_private": True}),
            ("package_search", {"q": CANARY, "include_private": True}),
            ("package_autocomplete", {"q": "baeume"}),
            ("organization_show", {"id": case.organization["id"], "include_datasets": True}),
            ("package_activity_list", {"id": case.id, "include_hidden_activity": True}),
            *([("package_revise", revised)] if role != "member" else []),
        ):
            answer = call_action(action, dict(context), **given)
            said = json.dumps(answer, default=str, ensure_ascii=False)
            # An editor may read the names of people in CKAN itself; what they answered must not be there.
            said = said.replace(f"{CANARY} {case.editor}", "").replace(f"{CANARY} {case.admin}", "")
            assert tells(said) == [], (role, action)


def test_differences_of_the_activity_stream_do_not_show_it(case, app):
    for activity in call_action("package_activity_list", {"user": case.sysadmin}, id=case.id):
        kept = call_action("activity_show", {"user": case.sysadmin, "ignore_auth": False}, id=activity["id"])
        said = json.dumps(kept, default=str, ensure_ascii=False)
        assert tells(said.replace(f"{CANARY} {case.editor}", "").replace(f"{CANARY} {case.admin}", "")) == []
        different = {"id": activity["id"], "object_type": "package", "diff_type": "unified"}
        if activity["activity_type"] == "changed package":
            assert tells(call_action("activity_diff", {"user": case.sysadmin, "ignore_auth": False}, **different)) == []
    stored = (
        model.Session.execute(text("SELECT data FROM activity WHERE object_id = :id"), {"id": case.id}).scalars().all()
    )
    assert len(stored) > 3
    said = json.dumps(stored, default=str, ensure_ascii=False)
    assert tells(said.replace(f"{CANARY} {case.editor}", "").replace(f"{CANARY} {case.admin}", "")) == []


def test_the_search_index_does_not_hold_it(case):
    found = make_connection().search(q=f"id:{case.id}", fq="site_id:test", rows=10, fl="*")
    assert len(found.docs) == 1
    assert "validated_data_dict" in found.docs[0]
    assert tells(found.docs) == []


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_no_feed_and_no_rdf_of_the_dataset_shows_it(case, app, syntax):
    call_action("landlab_feed_update", {"user": case.sysadmin}, name="alt", title="Alt", version="2.0")
    own = f"/organization/{case.organization['name']}"
    found = 0
    alone = f"/dataset/{case.id}.{'n3' if syntax == 'nt' else syntax}"  # ckanext-dcat's own page knows no N-Triples
    feeds = ("/catalog", "/feed/default/all", "/feed/alt/all", f"{own}/catalog")
    for path in (*(f"{feed}.{syntax}" for feed in feeds), alone):
        answer = app.get(path, headers=case.login(case.editor))
        assert answer.status_code == 200
        found += case.id.encode() in answer.data
        assert tells(answer.data) == [], path
    assert found == 5


def test_the_files_of_the_export_do_not_hold_it(case, cli, tmp_path):
    assert cli.invoke(landlab, ["feeds", "export", str(tmp_path)]).exit_code == 0
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert len(files) > 8
    assert [file.name for file in files if tells(file.read_bytes())] == []


def test_the_package_does_not_hold_it(case, app):
    archive = zipfile.ZipFile(io.BytesIO(app.get(f"/dataset/{case.id}/paket.zip").data))
    own = [name for name in archive.namelist() if name != "daten/liste.csv"]
    assert {"HINWEISE.txt", "LIZENZ.txt", "datapackage.json", "metadata.ttl", "SHA256SUMS"} <= set(own)
    assert [name for name in own if tells(archive.read(name))] == []


@pytest.mark.parametrize("role", ["nobody", "member", "stranger"])
def test_no_page_shows_it_to_those_who_are_not_editors(case, app, role):
    headers = readers(case)[role]
    at = f"/dataset/{case.name}"
    for path in (
        at,
        f"{at}/hinweise",
        f"{at}/hinweise.json",
        f"{at}/hinweise.txt",
        f"{at}/hinweise/verlauf",
        "/dataset",
    ):
        assert tells(app.get(path, headers=headers).data) == [], path
    for path in (f"{at}/freigabe", f"{at}/freigabe/frage/B3", f"{at}/freigabe/vermerk", f"{at}/freigabe/vermerk.pdf"):
        answer = app.get(path, headers=headers, follow_redirects=False)
        assert answer.status_code in (302, 403), path
        assert tells(answer.data) == []


@pytest.mark.parametrize("role", ["nobody", "member", "stranger"])
@pytest.mark.parametrize("action", ACTIONS)
def test_no_action_of_ours_shows_it_to_those_who_are_not_editors(case, app, role, action):
    answer = app.get(f"/api/3/action/landlab_release_{action}?id={case.id}", headers=readers(case)[role])
    assert answer.status_code == 403
    assert tells(answer.json["error"]) == []


def test_its_tables_hold_no_value_of_a_file(case):
    looks = table.looks_of(case.id)
    assert asbool(looks)
    assert "geheim.example" not in repr(looks)
    assert "Anna" not in repr(looks)
