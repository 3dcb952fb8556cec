"""The pages on which feeds are declared: an administrator changes them, nobody else; errors stand at their field."""

import pytest
from ckan.lib.jobs import get_queue
from ckan.tests.helpers import call_action
from feed_case import app, change, headers, loaded

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
