"""The pages on which feeds are declared: an administrator changes them, nobody else; errors stand at their field."""

import json

import pytest
from ckan import model
from ckan.lib.jobs import get_queue
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action
from ckanext.landlab.cli import landlab
from ckanext.landlab.feeds.feed import Feed
from ckanext.landlab.model import feed as store
from feed_case import LITTLE, TREES, app, change, headers, loaded

__all__ = ["app", "headers", "loaded"]

pytestmark = pytest.mark.usefixtures("loaded")

GOVDATA = {
    "name": "govdata",
    "title": "GovData",
    "version": "2.0",
    "contributor": "http://dcat-ap.de/def/contributors/stadtRebenau",
    "page_size": "50",
    "organizations": ["stadt-rebenau"],
    "origins": ["administrative_records"],
    "tags": "Umwelt, Bäume",
    "tags_excluded": "",
}
PAGES = ["", "/new", "/default", "/default/edit"]


@pytest.mark.parametrize("page", PAGES)
def test_only_administrators_see_the_pages(app, headers, page):
    app.get(f"/ckan-admin/feeds{page}", status=403)
    app.get(f"/ckan-admin/feeds{page}", headers=headers("redaktion"), status=403)
    app.get(f"/ckan-admin/feeds{page}", headers=headers("admin"), status=200)


@pytest.mark.parametrize("page", ["/new", "/default/edit", "/default/delete", "/rebuild"])
def test_only_administrators_change_anything(app, headers, page):
    app.post(f"/ckan-admin/feeds{page}", data=GOVDATA, headers=headers("redaktion"), status=403)

    assert [feed["name"] for feed in call_action("landlab_feed_list")] == ["default"]


def test_a_feed_is_declared_changed_and_taken_away(app, headers):
    admin = headers("admin")

    page = app.post("/ckan-admin/feeds/new", data=GOVDATA, headers=admin)

    assert "http://test.ckan.net/feed/govdata/catalog.jsonld" in page
    assert "The feed does not take datasets of this organisation." in page
    feed = call_action("landlab_feed_show", name="govdata")
    assert feed["tags"] == ["Bäume", "Umwelt"]
    assert (feed["organizations"], feed["origins"]) == (["stadt-rebenau"], ["administrative_records"])
    assert (feed["version"], feed["page_size"], feed["datasets"]) == ("2.0", 50, 1)

    form = app.get("/ckan-admin/feeds/govdata/edit", headers=admin)
    assert 'value="stadt-rebenau" checked' in form
    assert 'name="name"' not in form
    app.post("/ckan-admin/feeds/govdata/edit", data={**GOVDATA, "name": "x", "organizations": []}, headers=admin)
    assert call_action("landlab_feed_show", name="govdata")["organizations"] == []

    app.post("/ckan-admin/feeds/govdata/delete", headers=admin)
    app.get("/feed/govdata/catalog.ttl", status=404)


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"name": "Gov Data"}, "name", "Bitte verwenden Sie nur Kleinbuchstaben"),
        ({"name": ""}, "name", "Bitte geben Sie dem Feed einen Namen."),
        ({"name": "new"}, "name", "Diesen Namen hat schon eine Seite"),
        ({"contributor": "stadtRebenau"}, "contributor", "Bitte geben Sie die Adresse der Datenbereitsteller-ID an"),
        ({"page_size": "0"}, "page_size", "Bitte geben Sie eine ganze Zahl von 1 bis 1000 an."),
        ({"page_size": "0", "name": "", "version": "1.1"}, "page_size", "Bitte geben Sie eine ganze Zahl von 1 bis"),
        ({"version": "1.1"}, "version", "Bitte wählen Sie 3.0 oder 2.0."),
        ({"organizations": ["nirgendwo"]}, "organizations", "Es gibt keine Organisation mit dem Namen nirgendwo."),
        ({"origins": ["x"]}, "origins", "Es gibt keine Herkunftsart mit dem Kürzel x."),
        ({"sources_excluded": ["x"]}, "sources_excluded", "Es gibt keine Quelle mit der Kennung x."),
        ({"title": "<b>" * 100}, "title", "Bitte verwenden Sie höchstens 200 Zeichen."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(app, headers, wrong, field, sentence):
    page = app.post("/de/ckan-admin/feeds/new", data={**GOVDATA, **wrong}, headers=headers("admin"))

    assert sentence in page
    assert f'id="error-{field}"' in page
    assert f'href="#field-{field}"' in page
    assert 'value="Umwelt, Bäume"' in page
    assert "<b><b>" not in page
    assert [feed["name"] for feed in call_action("landlab_feed_list")] == ["default"]


def test_a_name_that_is_taken_is_refused(app, headers):
    change("landlab_feed_update", name="land")

    page = app.post("/de/ckan-admin/feeds/new", data={"name": "land", "page_size": "3"}, headers=headers("admin"))

    assert "Einen Feed dieses Namens gibt es schon." in page
    assert call_action("landlab_feed_show", name="land")["page_size"] == 100
    change("landlab_feed_delete", name="land")


def test_the_default_feed_cannot_be_taken_away(app, headers):
    with app.flask_app.test_client() as client:
        client.post("/de/ckan-admin/feeds/default/delete", headers=headers("admin"))
        page = client.get("/de/ckan-admin/feeds", headers=headers("admin"))

    assert "Der Standard-Feed kann nicht entfernt werden." in page.text


def test_entries_are_made_anew_in_the_background(app, headers):
    app.post("/ckan-admin/feeds/rebuild", headers=headers("admin"))

    assert get_queue().jobs[-1].meta["title"] == "All feed entries"


def test_the_pages_are_linked_from_the_administration(app, headers):
    assert 'href="/ckan-admin/feeds"' in app.get("/ckan-admin/", headers=headers("admin"))


def test_editors_see_what_the_harvester_takes_and_where_to_mend_it(app, headers):
    keywords = [{"name": tag["name"]} for tag in call_action("package_show", id=TREES)["tags"]]
    change("package_patch", id=TREES, tags=[], tag_string="")
    try:
        page = app.get("/de/feed/default/pruefung", headers=headers("redaktion"))
    finally:
        change("package_patch", id=TREES, tags=keywords)

    assert "Was dieser Abnehmer übernimmt" in page
    assert "Es fehlt ein Schlagwort. Bitte tragen Sie mindestens eines ein." in page
    assert "#field-tag_string" in page
    app.get("/feed/default/pruefung", status=403)
    app.get("/feed/nirgendwo/pruefung", headers=headers("redaktion"), status=404)
    app.get("/feed/default/pruefung?start=x", headers=headers("redaktion"), status=400)


def test_titles_are_in_the_language_of_the_page(app, headers):
    change("landlab_feed_update", name="sensoren", origins="sensors")
    dry_run = app.get("/en/feed/default/pruefung", headers=headers("redaktion")).body
    absences = app.get("/en/ckan-admin/feeds/sensoren", headers=headers("admin")).body
    german = app.get("/de/ckan-admin/feeds/sensoren", headers=headers("admin")).body
    change("landlab_feed_delete", name="sensoren")

    assert [name in dry_run for name in ("Tree register", "Baumkataster")] == [True, False]
    assert [name in absences for name in ("Tree register", "Baumkataster")] == [True, False]
    assert "Baumkataster" in german


def test_an_editor_is_told_of_the_own_organisations_only():
    change("user_create", name="murgfeld", email="murgfeld@murgfeld.example", password="Murgfelder-Wiesen-am-Bach")
    change("organization_member_create", id="landkreis-murgfeld", username="murgfeld", role="editor")

    told = {
        name: call_action("landlab_feed_dry_run", {"user": name, "ignore_auth": False}, name="default")
        for name in ("admin", "murgfeld")
    }

    assert [dataset["name"] for dataset in told["murgfeld"]["datasets"]] == ["pegelstaende"]
    assert (told["admin"]["count"], told["murgfeld"]["count"]) == (4, 1)
    with pytest.raises(tk.NotAuthorized):
        call_action("landlab_feed_dry_run", {"user": "", "ignore_auth": False}, name="default")


def test_the_command_leaves_with_one_if_anything_does_not_arrive(cli):
    other = next(entry.record["id"] for entry in LITTLE.entries if entry.record["name"] == "pegelstaende")
    before = call_action("package_show", id=other).get("identifier", "")
    clean = cli.invoke(landlab, ["feeds", "dry-run", "default"])
    change("package_patch", id=other, identifier=TREES)
    try:
        answer = cli.invoke(landlab, ["feeds", "dry-run", "default", "--json"])
    finally:
        change("package_patch", id=other, identifier=before)

    lines = [json.loads(line) for line in answer.stdout.splitlines() if line.startswith("{")]
    assert (clean.exit_code, answer.exit_code) == (0, 1)
    assert {line["id"] for line in lines if line["outcome"] == "rejected"} == {TREES, other}
    assert len(lines) == 4


def test_a_dataset_that_was_withdrawn_behind_the_back_of_ckan_does_not_end_the_command(cli, monkeypatch):
    monkeypatch.setattr("ckanext.landlab.cli.feeds.MOST", 1)
    (first,) = call_action("landlab_feed_dry_run", name="default", rows=1)["datasets"]
    package = model.meta.metadata.tables["package"].update().where(model.Package.id == first["id"])
    model.Session.execute(package.values(state="draft"))
    model.Session.commit()
    model.Session.remove()
    try:
        answer = cli.invoke(landlab, ["feeds", "dry-run", "default", "--json"])
    finally:
        model.Session.execute(package.values(state="active"))
        model.Session.commit()

    assert len([line for line in answer.stdout.splitlines() if line.startswith("{")]) == 3


def test_the_start_page_gives_the_default_feed_where_rdf_is_asked_for(app):
    change("landlab_feed_update", name="default", page_size=3)
    wanted = {"Accept": "text/html;q=0.3, application/rdf+xml"}

    answer, page = app.get("/", headers=wanted), app.get("/")

    assert answer.data == app.get("/catalog.rdf").data
    assert answer.headers["ETag"]
    assert "Accept" in answer.vary
    assert page.content_type.startswith("text/html")
    change("landlab_feed_delete", name="default")


def test_an_identifier_that_two_datasets_have_is_told_of_both(app):
    feed, identifier = Feed(), call_action("package_show", id=TREES)["identifier"]
    ids = store.chosen(feed, None, 0, 9)
    other = call_action("package_show", id="pegelstaende")
    found = [store.doubles(feed, ids)]

    for said in (identifier, other["identifier"]):
        change("package_patch", id=other["id"], identifier=said)
        found += [store.doubles(feed, ids), store.doubles(feed, [TREES])]

    assert found == [set(), {TREES, other["id"]}, {TREES}, set(), set()]
