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
    "/ckan-admin/feeds",
    "/ckan-admin/feeds/new",
    "/ckan-admin/feeds/default",
    "/ckan-admin/feeds/default/edit",
    "/feed/default/pruefung",
]
PATIENCE = 120  # seconds until a worker has taken the run up and ended it


@pytest.fixture(scope="module")
def administrator(browser, site):
    """A window of the administrator, who has declared a source (our own catalogue) and had it harvested."""
    context = browser.new_context(base_url=site.address, locale="de-DE")
    page = logged_in(context.new_page(), site, "admin")
    page.goto("/harvest/new")
    page.fill("#field-url", f"{site.address}/organization/landkreis-murgfeld/catalog.ttl")
    page.fill("#field-title", "Unser eigener Katalog")
    page.fill("#field-name", "selbst")
    page.select_option("#field-frequency", "MANUAL")
    page.get_by_role("button", name="Speichern").click()
    page.wait_for_url("**/harvest/**selbst")
    page.goto("/harvest/admin/selbst")
    page.get_by_role("button", name="Jetzt").click()
    page.wait_for_load_state()
    until = time.monotonic() + PATIENCE
    while page.get_by_role("heading", name="Letzter Lauf").count() == 0 and time.monotonic() < until:
        time.sleep(1)
        page.goto("/harvest/admin/selbst")
    yield page
    context.close()


def test_the_run_is_told_in_german_with_what_was_left_out_and_why(administrator):
    administrator.goto("/harvest/admin/selbst")
    text = administrator.locator("main, [role=main]").first.inner_text()

    assert "Letzter Lauf" in text
    assert "Auf anderem Weg schon hier" in text
    assert "Er wurde hier als" in text


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
