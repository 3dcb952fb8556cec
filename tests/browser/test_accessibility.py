"""axe finds nothing that WCAG 2.2 A or AA forbids, and nothing has to be scrolled sideways at 320 pixels."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest
from conftest import started

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PUBLIC = [
    "/",
    "/about",
    "/dataset",
    "/dataset?q=bäume",
    "/dataset/baumkataster",
    "/dataset/baumkataster/resource/4a6d339b-e727-567d-975d-78b545e808ed",
    "/organization",
    "/organization/stadt-rebenau",
]
FORMS = [
    "/dataset/new",
    *(f"/dataset/edit/baumkataster/{page}" for page in range(1, 6)),
    "/dataset/baumkataster/resource/new",
    "/dataset/wetterstationen",
    "/data_service/edit/parkdatendienst/1",
    "/organization/stadt-rebenau/metadaten",
    "/organization/stadt-rebenau/hochwertige-daten",
    "/metadaten",
]


@pytest.fixture(scope="session")
def axe() -> str:
    package = find_spec("axe_playwright_python")
    assert package
    assert package.origin
    return Path(package.origin).with_name("axe.min.js").read_text(encoding="utf-8")


def violations(page, path: str, axe: str) -> list[str]:
    """What axe finds on the page at *path*, with everything unfolded."""
    assert page.goto(path).status == 200
    started(page)
    page.evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true")
    page.evaluate(axe)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    assert len(found["passes"]) > 10
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found["violations"]]


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_is_accessible(page, axe, path):
    assert violations(page, path, axe) == []


@pytest.mark.parametrize("path", FORMS)
def test_a_page_for_editors_is_accessible(login, axe, path):
    assert violations(login("redaktion"), path, axe) == []


@pytest.mark.parametrize("path", PUBLIC)
def test_a_narrow_screen_needs_no_scrolling_sideways(page, path):
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(path)
    started(page)

    assert page.evaluate("document.documentElement.scrollWidth") == 320
