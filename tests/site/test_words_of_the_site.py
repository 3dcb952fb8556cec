"""What a site says of itself: pages of errors, mails of accounts and the start page, in the reader's language."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.lib import mailer
from ckan.tests import factories
from ckan.tests.helpers import call_action, changed_config
from release_case import Case

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


KINDS = {
    "dataset": ("Datensätze", "Datensätze durchsuchen", "Keine Datensätze gefunden", "Datasets", "Search datasets"),
    "dataset_series": (
        "Datensatzserien", "Datensatzserien durchsuchen", "Keine Datensatzserien gefunden",
        "Dataset series", "Search dataset series",
    ),
    "data_service": (
        "Datenservices", "Datenservices durchsuchen", "Keine Datenservices gefunden",
        "Data services", "Search data services",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_the_search_of_each_kind_calls_it_by_its_name(app, kind):
    german, english = (page(app, f"/{language}/{kind}/?q=xyzzy", 200) for language in ("de", "en"))

    def words(found):
        label = found.select_one("label[for='landlab-search-text']").get_text()
        return found.h1.get_text(), label, found.select_one(".landlab-found").get_text(strip=True)

    title, label, nothing, english_title, english_label = KINDS[kind]
    assert words(german) == (title, label, f"{nothing} für „xyzzy“")
    assert words(english) == (english_title, english_label, f"No {english_title.lower()} found for “xyzzy”")
    for found, name in ((german, title), (english, english_title)):
        assert found.title.get_text().startswith(name)
        assert name in found.select_one(".breadcrumb .active").get_text()


def test_a_file_is_called_so_and_organisations_are_spelt_as_in_the_menu(app):
    case = Case()
    headers = case.login(case.editor)
    form = BeautifulSoup(app.get(f"/en/dataset/{case.id}/resource/new", headers=headers).body, "html.parser")
    assert form.title.get_text().startswith("Add a file - Baumkataster")
    assert "Add a file" in form.select_one(".breadcrumb").get_text()
    assert "resource" not in form.select_one(".breadcrumb").get_text().lower()
    told = {"title_translations": [{"language": "en", "text": "Tree register"}]}
    call_action("package_patch", {"user": case.editor}, id=case.id, **told)

    standing = app.get(f"/en/organization/{case.organization['name']}/metadaten", headers=headers).body

    assert "Organisations" in BeautifulSoup(standing, "html.parser").select_one(".breadcrumb").get_text()
    assert "Tree register" in standing
    german = app.get(f"/de/organization/{case.organization['name']}/metadaten", headers=headers).body
    assert "Tree register" not in german
