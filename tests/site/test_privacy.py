"""Who is erased is found nowhere in the database; what the law wants kept stays, with the role in place of the name."""

import json
from uuid import uuid4

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.landlab import privacy
from ckanext.landlab.cli import landlab
from click.testing import CliRunner
from release_case import Case

pytestmark = pytest.mark.usefixtures("non_clean_db", "with_plugins")

FULLNAME, EMAIL = "Theodora Löwenmuth", "loewenmuth@rebenau.example"
CONTENT = {"package", "package_extra", "landlab_feed_entry", "resource"}  # what an editor typed into datasets


@pytest.fixture
def leaving(monkeypatch):
    """Somebody who has confirmed a release, and leaves; with the case."""
    person = factories.UserWithToken(fullname=FULLNAME, email=f"{uuid4().hex[:6]}.{EMAIL}", about="Sachgebiet 12")
    case = Case()
    member = {"id": case.organization["id"], "object": person["id"], "object_type": "user", "capacity": "admin"}
    call_action("member_create", {"user": case.sysadmin}, **member)
    case.answer_all()
    for action in ("submit", "confirm"):
        user = case.editor if action == "submit" else person["name"]
        call_action(f"landlab_release_{action}", {"user": user, "ignore_auth": False}, id=case.id)
    call_action("package_patch", {"user": person["name"]}, id=case.id, notes="Bäume, geprüft.")
    call_action("landlab_guideline_acknowledge", {"user": person["name"]})
    call_action("follow_dataset", {"user": person["name"]}, id=case.id)
    return case, model.User.get(person["id"])


def places_of(*words):
    """Every table of the database in which one of the words stands anywhere."""
    inspector = sa.inspect(model.meta.engine)
    found = set()
    for table in inspector.get_table_names():
        for word in words:
            query = sa.text(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE :word')  # noqa: S608 names of our tables
            written = (word, json.dumps(word)[1:-1])
            if any(model.Session.execute(query, {"word": f"%{text}%"}).scalar() for text in written):
                found.add(table)
    return found


def test_every_column_that_leads_to_a_person_is_known():
    inspector = sa.inspect(model.meta.engine)
    suspicious = ("user_id", "author_id", "creator_user_id", "entered_by", "follower_id")
    found = {
        (table, column["name"])
        for table in inspector.get_table_names()
        for column in inspector.get_columns(table)
        if column["name"] in suspicious or column["name"].endswith("_by_id")
    }

    assert len(found) > 10
    assert found - {(trace.table, trace.column) for trace in privacy.TRACES} == set()


def test_a_report_tells_everything_that_is_stored(leaving):
    told = privacy.report(leaving[1])

    assert told["account"]["email"].endswith(EMAIL)
    tables = {trace["table"] for trace in told["traces"]}
    assert {"activity", "member", "landlab_release_event", "landlab_acknowledgement", "api_token"} <= tables


def test_who_is_erased_is_nowhere_and_the_release_keeps_the_role(leaving):
    case, person = leaving
    identifier, words = person.id, (FULLNAME, person.email, person.name)
    assert places_of(*words) >= {"user", "landlab_release_event"}

    ended = CliRunner().invoke(landlab, ["privacy", "erase", person.name, "--yes"], catch_exceptions=False)

    assert ended.exit_code == 0, ended.output
    model.Session.expire_all()
    assert places_of(*words[1:]) - CONTENT == set()
    assert not standing(FULLNAME, case.id)
    events = call_action("landlab_release_events", {"ignore_auth": True}, id=case.id)
    assert "confirmed" in {event["kind"] for event in events}
    told = call_action("landlab_release_show", {"user": case.editor}, id=case.id)
    assert told["confirmation"]["confirmed_by"] == "Administration"
    gone = model.User.get(identifier)
    assert (gone.state, gone.email, gone.about, gone.sysadmin) == ("deleted", None, None, False)
    left = {trace["table"] for trace in privacy.report(gone)["traces"]}
    assert left <= {trace.table for trace in privacy.TRACES if trace.fate == privacy.STAYS}


def standing(word, dataset):
    """Whether a word stands in what is recorded of the release of *dataset*."""
    query = sa.text("SELECT content FROM landlab_release_event WHERE dataset_id = :id")
    rows = model.Session.execute(query, {"id": dataset}).scalars()
    return any(word in json.dumps(content, ensure_ascii=False) for content in rows)


def test_commands_say_what_they_have_done(leaving):
    person = leaving[1]
    runner = CliRunner()

    told = json.loads(runner.invoke(landlab, ["privacy", "report", person.email]).output)

    assert told["account"]["name"] == person.name
    assert "activity: " in runner.invoke(landlab, ["privacy", "tidy"]).output
    unknown = runner.invoke(landlab, ["privacy", "report", "gibt-es-nicht"])
    assert unknown.exit_code == 1
    assert "no user" in unknown.output


def test_what_is_older_than_it_may_be_is_deleted():
    old = sa.text("UPDATE activity SET timestamp = timestamp - interval '10 years' WHERE object_id = :id")
    model.Session.execute(old, {"id": Case().id})
    model.Session.commit()

    assert privacy.tidy()["activity"] >= 1
    assert privacy.tidy()["activity"] == 0
