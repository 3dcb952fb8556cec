"""What happens around a release: looks into files, mails, reviews, own harvest sources, the rule of four eyes."""

from __future__ import annotations

import io
import json
import logging
from datetime import timedelta

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from ckan import model
from ckan.lib import mailer
from ckan.lib.jobs import DEFAULT_QUEUE_NAME, get_queue
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action
from ckanext.landlab import release, statements
from ckanext.landlab.legal.parameters import written_day
from ckanext.landlab.model import release as table
from release_case import Case, confirmed, overdue, upload
from werkzeug.datastructures import FileStorage

pytestmark = pytest.mark.usefixtures("non_clean_db", "with_plugins")


@pytest.fixture
def case(monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.landlab.release.mode", "enforce")
    return Case()


@pytest.fixture
def mails(monkeypatch):
    """The mails that the job worker would hand to the mail server, the only thing here that is not ours to run."""
    sent = []
    monkeypatch.setattr(
        mailer, "mail_recipient", lambda name, mail, subject, body, **more: sent.append((mail, subject, body))
    )
    return sent


def work_off():
    queue = get_queue(DEFAULT_QUEUE_NAME)
    for job in queue.jobs:
        if "mail about a release" in str(job.meta.get("title")):
            job.perform()
        job.delete()


PEOPLE = "Vorname;E-Mail\n" + "\n".join(f"Anna;anna.{number}@geheim.example" for number in range(9))


def test_a_file_is_looked_into_when_it_is_uploaded(case, app, caplog):
    caplog.set_level(logging.DEBUG)
    upload(case, PEOPLE.encode())
    told = call_action("landlab_release_show", {"user": case.editor}, id=case.id)
    (look,) = told["looks"]
    assert {(finding["kind"], finding["question"]) for finding in look["findings"]} == {("name", "B1"), ("email", "B1")}
    page = app.get(f"/dataset/{case.name}/freigabe/frage/B1", headers=case.login(case.editor)).body
    assert "E-mail addresses" in page
    assert "noticed: E-mail addresses, Names" in app.get(f"/dataset/{case.name}", headers=case.login(case.editor)).body
    stored = repr(table.looks_of(case.id))
    assert not any("geheim.example" in text for text in (page, stored, repr(told), caplog.text))


def test_what_is_new_in_a_renewed_file_asks_again(case):
    resource = upload(case, b"Art;Jahr\nLinde;1980\n")
    confirmed(case)
    file = FileStorage(io.BytesIO(PEOPLE.encode()), filename="liste.csv")
    call_action("resource_patch", {"user": case.editor}, id=resource["id"], upload=file)
    told = call_action("landlab_release_show", {"user": case.editor}, id=case.id)
    assert "B1" in {step["id"] for step in told["steps"] if step["state"] == "reopened"}


def test_confirmers_get_a_mail_and_a_reminder_after_three_days(case, mails):
    case.answer_all()
    call_action("landlab_release_submit", {"user": case.editor}, id=case.id)
    work_off()
    admin = model.User.get(case.admin)
    assert [mail for mail, _, body in mails if case.name in body] == [admin.email]
    call_action("landlab_release_remind")
    waiting = table.RELEASES.c.dataset_id == case.id
    long_ago = table.now() - timedelta(days=4)
    model.Session.execute(sa.update(table.RELEASES).where(waiting).values(waiting_since=long_ago))
    model.Session.commit()
    call_action("landlab_release_remind")
    call_action("landlab_release_remind")
    work_off()
    assert [subject.startswith("Reminder") for _, subject, body in mails if case.name in body] == [False, True]


def test_past_its_review_date_a_dataset_stays_public_and_says_so(case, app, mails):
    confirmed(case, publish=True)
    before = call_action("package_show", id=case.id)["statement"]
    past = overdue(case.id)

    page = BeautifulSoup(app.get(f"/de/dataset/{case.name}").body, "html.parser")
    shown = call_action("package_show", id=case.id)
    text = app.get(f"/dataset/{case.id}/hinweise.txt").body
    told = call_action("landlab_release_show", {"user": case.editor}, id=case.id)
    queue = call_action("landlab_release_queue", {"user": case.admin})
    call_action("landlab_release_remind")
    work_off()

    assert written_day(past, "de") in page.select_one(".landlab-due-banner").get_text()
    assert not shown["private"]
    (age,) = [entry for entry in shown["statement"]["notices"] if entry["code"] == "AGE"]
    assert age["source"]["level"] == "review"
    assert age["parameters"] == {"review": past.isoformat()}
    assert written_day(past, "de") in page.select_one(".landlab-statement").get_text()
    assert "By the catalogue: the review is overdue" in text
    assert "AGE" not in str(before["notices"])
    assert told["state"] == "due"
    assert told["lacking"] == []
    assert case.id in {row["id"] for row in queue["due"]}
    mailboxes = {mail for mail, subject, body in mails if case.name in body and "past its review date" in subject}
    assert mailboxes == {"gruen@musterstadt.example", model.User.get(case.admin).email}


def test_a_new_confirmation_takes_the_notice_away_and_history_knows_when_it_stood(case):
    confirmed(case, publish=True)
    past = overdue(case.id)
    then = call_action("package_show", id=case.id)["statement"]["version"]

    call_action("landlab_release_confirm", {"user": case.admin, "ignore_auth": False}, id=case.id)

    now = call_action("package_show", id=case.id)["statement"]
    assert "AGE" not in str(now["notices"])
    assert now["version"] > then
    memo = call_action("landlab_release_memo", {"user": case.editor}, id=case.id)
    assert [notice["code"] for notice in memo["present"]] == ["CHECK"]
    first, second = table.reviews_of(case.id)
    assert first.due == past
    moments = (first.ended - timedelta(seconds=1), first.ended, second.confirmed)
    assert [codes_at(case.id, moment) for moment in moments] == [["CHECK"], ["AGE", "CHECK"], ["CHECK"]]
    assert any("AGE" in str(version.as_dict("de")) for version in statements.history(case.id))


def codes_at(dataset, moment):
    return [entry.notice.code for entry in statements.statement_at(dataset, moment).standing]


def test_a_review_more_than_24_months_off_is_refused(case):
    case.answer_all()
    for day in ("2999-01-01", "2020-01-01", "bald"):
        with pytest.raises(tk.ValidationError) as caught:
            call_action("landlab_release_confirm", {"user": case.admin}, id=case.id, review_by=day)
        assert "review_by" in caught.value.error_dict


def test_what_comes_from_elsewhere_says_that_it_was_not_checked_here(case, app):
    context = {"user": case.sysadmin, "ignore_auth": True, "landlab_harvested": True}
    made = tk.get_action("package_create")(context, {**case.record, "name": f"fremd-{case.name}", "private": False})
    assert "Not checked here" in app.get(f"/dataset/{made['name']}").body


def test_an_organisation_may_do_with_two_eyes(case, app):
    case.answer_all()
    with pytest.raises(tk.NotAuthorized):
        call_action("landlab_release_confirm", {"user": case.editor, "ignore_auth": False}, id=case.id)
    headers, form = case.login(case.admin), {"organization_id": case.organization["id"], "four_eyes": "false"}
    try:
        app.post("/freigaben/regel", data=form, headers=headers, follow_redirects=True)
        told = call_action("landlab_release_confirm", {"user": case.editor, "ignore_auth": False}, id=case.id)
        assert told["state"] == "released"
    finally:
        app.post("/freigaben/regel", data={**form, "four_eyes": "true"}, headers=headers, follow_redirects=True)
    app.post("/freigaben/regel", data=form, headers=case.login(case.editor), status=403)


def test_the_link_adds_a_notice_with_its_parameters_asked(case, app):
    case.answer("H8", "yes")
    headers = case.login(case.editor)
    overview = BeautifulSoup(app.get(f"/dataset/{case.name}/freigabe", headers=headers).body, "html.parser")
    link = overview.select_one("#notice-SAFETY a")["href"]
    form = BeautifulSoup(app.get(link, headers=headers).body, "html.parser")
    rows = form.select(".landlab-notice-rows [name^=notices-]")
    assert "SAFETY" in {row.get("value") for row in rows if row["name"].endswith("-code")}
    assert any(row["name"].endswith("-channel") for row in rows)


def test_an_own_harvest_source_is_held_back(case, monkeypatch):
    tables = model.meta.metadata.tables
    source, job = (table.now().isoformat() + kind for kind in ("source", "job"))
    stamp = table.now().replace(tzinfo=None)
    address = f"https://own.example/{case.name}"
    values = {
        "id": source,
        "url": address,
        "title": "",
        "description": "",
        "config": "",
        "created": stamp,
        "type": "dcat_rdf",
    }
    model.Session.execute(tables["harvest_source"].insert().values(**values, active=True))
    model.Session.execute(tables["harvest_job"].insert().values(id=job, source_id=source, created=stamp, status="New"))
    found = {"guid": "g", "current": True, "gathered": stamp, "state": "WAITING", "harvest_job_id": job}
    model.Session.execute(
        tables["harvest_object"].insert().values(id=source + "o", harvest_source_id=source, package_id=case.id, **found)
    )
    model.Session.commit()

    monkeypatch.setitem(tk.config, "ckanext.landlab.release.own_sources", address)
    call_action("package_patch", {"user": case.sysadmin}, id=case.id, private=False)
    held = call_action("package_show", id=case.id)["private"]
    monkeypatch.setitem(tk.config, "ckanext.landlab.release.own_sources", "")
    call_action("package_patch", {"user": case.sysadmin}, id=case.id, private=False)

    assert held
    assert not call_action("package_show", id=case.id)["private"]
    assert call_action("landlab_release_show", {"user": case.editor}, id=case.id)["state"] == "exempt"


def test_a_public_service_that_names_the_dataset_is_its_interface(case):
    dataset = release.dataset_of(case.id)
    assert not release.is_served(dataset)
    given = {
        "title": "Dienst der Bäume",
        "type": "data_service",
        "owner_org": case.organization["id"],
        "endpoint_url": ["https://example.org/wfs"],
        "serves_dataset": [tk.url_for("dataset.read", id=case.id, _external=True, locale="default")],
    }
    user = {"user": case.sysadmin}
    service = call_action("package_create", user, name=f"dienst-{case.name}", private=True, **given)
    assert not release.is_served(dataset)
    call_action("package_patch", user, id=service["id"], private=False)
    assert release.is_served(dataset)
    assert not release.is_served({**dataset, "id": "another", "name": "baeum"})
    elsewhere = [f"https://portal.example/dataset/{name}" for name in (case.id, case.name)]
    stored = model.Package.get(service["id"])
    stored.extras = {**stored.extras, "serves_dataset": json.dumps(elsewhere)}  # as one that came from elsewhere
    model.Session.commit()
    assert not release.is_served(dataset)


def test_what_was_answered_goes_with_a_purged_dataset_and_the_history_stays(case):
    upload(case, PEOPLE.encode())
    confirmed(case)
    assert table.looks_of(case.id)
    call_action("dataset_purge", {"user": case.sysadmin}, id=case.id)
    assert not table.looks_of(case.id)
    held = sa.select(table.RELEASES).where(table.RELEASES.c.dataset_id == case.id)
    assert model.Session.execute(held).first() is None
    history = sa.select(table.EVENTS).where(table.EVENTS.c.dataset_id == case.id)
    assert model.Session.execute(history).first()


@pytest.mark.parametrize(("syntax", "status"), [("ttl", 200), ("nt", 200), ("n3", 200), ("exe", 404)])
def test_the_rdf_of_a_dataset_in_a_syntax_that_nobody_writes_is_not_found(case, app, syntax, status):
    answer = app.get(f"/dataset/{case.id}.{syntax}", headers=case.login(case.editor), expect_errors=True)
    assert answer.status_code == status


def test_the_page_of_a_dataset_describes_it_for_search_engines(case, app):
    call_action("package_patch", {"user": case.sysadmin}, id=case.id, title="Bäume < 5 m & Hecken")
    page = BeautifulSoup(app.get(f"/dataset/{case.name}", headers=case.login(case.editor)).body, "html.parser")
    (script,) = page.find_all("script", type="application/ld+json")
    described = [node for node in json.loads(script.string)["@graph"] if node["@type"] == "schema:Dataset"]
    assert [node["schema:name"] for node in described] == ["Bäume < 5 m & Hecken"]
    assert "<" not in script.string
