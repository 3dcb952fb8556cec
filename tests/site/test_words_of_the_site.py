"""What a site says of itself: pages of errors, mails of accounts and the start page, in the reader's language."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.lib import mailer
from ckan.tests import factories
from ckan.tests.helpers import call_action, changed_config

pytestmark = pytest.mark.usefixtures("non_clean_db", "with_plugins")


def page(app, path: str, status: int) -> BeautifulSoup:
    return BeautifulSoup(app.get(path, status=status).body, "html.parser")


def test_an_unknown_address_is_said_in_the_readers_language(app):
    german = page(app, "/de/gibt-es-nicht", 404)
    assert german.h1.get_text() == "Seite nicht gefunden"
    assert "Tippfehler" in german.select_one("#error-content").get_text()
    assert german.select_one("#error-content a[href='/de/dataset/']")
    assert "requested URL" not in german.get_text()
    english = page(app, "/en/gibt-es-nicht", 404)
    assert english.h1.get_text() == "Page not found"
    assert english.title.get_text().startswith("Page not found")


def test_what_is_said_of_an_error_stays(app):
    text = page(app, "/de/dataset/gibt-es-nicht", 404).select_one("#error-content").get_text()
    assert "Seite nicht gefunden" in text
    assert "Datensatz nicht gefunden" in text


def test_who_may_not_look_is_led_to_the_login(app):
    forbidden = page(app, "/de/ckan-admin/config", 403)
    assert forbidden.h1.get_text() == "Kein Zugriff"
    assert forbidden.select_one("#error-content a[href*='/user/login']")


def test_what_the_server_says_is_escaped(app):
    assert "<script>" not in app.get("/dataset/<script>alert(1)</script>", status=404).body


def test_mails_of_accounts_are_plain_text_and_say_sie(app):
    user = model.User.get(factories.User()["name"])
    organization = factories.Organization(title='Amt "Grün & Blau"')
    mailer.create_reset_key(user)
    title = "Daten & Karten der Stadt „Musterstadt“"
    with changed_config("ckan.site_title", title), app.flask_app.test_request_context("/de/"):
        reset = mailer.get_reset_link_body(user)
        invitation = mailer.get_invite_body(user, organization, "editor")
    for text in (reset, invitation):
        assert title in text
        assert "&amp;" not in text
        assert "&#34;" not in text
        assert f"\n{mailer.get_reset_link(user)}\n".split("?")[0] in text
        assert " Du " not in text
    assert 'Amt "Grün & Blau"' in invitation


def test_the_start_page_has_one_search_and_the_words_of_the_administration(app):
    administrator = factories.Sysadmin()["name"]
    try:
        call_action("config_option_update", {"user": administrator}, **{"ckan.site_intro_text": "Willkommen *hier*."})
        start = page(app, "/de/", 200)
    finally:
        call_action("config_option_update", {"user": administrator}, **{"ckan.site_intro_text": ""})
    assert len(start.select("form[role=search]")) == 1
    assert start.select_one(".landlab-hero em").get_text() == "hier"
    assert len(page(app, "/de/about", 200).select("form[role=search]")) == 1
