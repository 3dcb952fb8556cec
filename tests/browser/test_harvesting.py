"""Pages around harvesting, in and out: a source is declared, run and looked at; each page is fit for everybody."""

from __future__ import annotations

import time

import pytest
from conftest import logged_in
from test_accessibility import axe, violations

__all__ = ["axe"]

PAGES = [
    "/harvest",
    "/harvest/new",
    "/harvest/selbst",
    "/harvest/edit/selbst",
    "/harvest/admin/selbst",
    "/harvest/admin/webseite",
    "/ckan-admin/feeds",
    "/ckan-admin/feeds/new",
    "/ckan-admin/feeds/default",
    "/ckan-admin/feeds/default/edit",
    "/feed/default/pruefung",
]
SOURCES = [
    ("selbst", "Unser eigener Katalog", "/organization/landkreis-murgfeld/catalog.ttl"),
    ("webseite", "Eine Webseite statt eines Katalogs", "/about"),
]
PATIENCE = 120  # seconds until a worker has taken the run up and ended it


@pytest.fixture(scope="module")
def administrator(browser, site):
    """A window of the administrator, who has had two sources harvested: our own catalogue, and a web page."""
    context = browser.new_context(base_url=site.address, locale="de-DE")
    page = logged_in(context.new_page(), site, "admin")
    for name, title, path in SOURCES:
        page.goto("/harvest/new")
        page.fill("#field-url", f"{site.address}{path}")
        page.fill("#field-title", title)
        page.fill("#field-name", name)
        page.select_option("#field-frequency", "MANUAL")
        page.get_by_role("button", name="Speichern").click()
        page.wait_for_url(f"**/harvest/**{name}")
        page.goto(f"/harvest/admin/{name}")
        with page.expect_navigation():
            page.get_by_role("button", name="Jetzt").click()
    until = time.monotonic() + PATIENCE
    for name, _title, _path in SOURCES:
        page.goto(f"/harvest/admin/{name}")
        while page.get_by_role("heading", name="Letzter Lauf").count() == 0 and time.monotonic() < until:
            time.sleep(1)
            page.goto(f"/harvest/admin/{name}")
    yield page
    context.close()


def test_the_run_is_told_in_german_with_what_was_left_out_and_why(administrator):
    administrator.goto("/harvest/admin/selbst")
    text = administrator.locator("main, [role=main]").first.inner_text()

    assert "Letzter Lauf" in text
    assert "Auf anderem Weg schon hier" in text
    assert "Er wurde hier als" in text


def test_a_run_that_fails_is_told_in_german_without_numbers(administrator):
    administrator.goto("/harvest/admin/webseite")
    text = administrator.locator("main, [role=main]").first.inner_text()

    assert "Der letzte Lauf ist fehlgeschlagen. Der Katalog bleibt, wie er war." in text
    assert "Das ist eine Webseite" in text
    assert "gefunden" not in text


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_and_as_narrow_as_the_screen(administrator, axe, path, language):
    assert violations(administrator, f"/{language}{path}", axe) == []

    administrator.set_viewport_size({"width": 320, "height": 800})
    try:
        administrator.goto(f"/{language}{path}")
        assert violations(administrator, f"/{language}{path}", axe) == []
        assert administrator.evaluate("document.documentElement.scrollWidth") == 320
    finally:
        administrator.set_viewport_size({"width": 1280, "height": 720})
