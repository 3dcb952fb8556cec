"""The pages of notices under axe-core: no violation of WCAG 2.2 A and AA, wide and narrow, German and English."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
import pytest
from conftest import started

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDTHS = (1280, 320)

OPEN = (
    "/hinweise",
    "/hinweise/SENSOR",
    "/dataset/{dataset}",
    "/dataset/{dataset}/hinweise",
    "/dataset/{dataset}/hinweise?v=99",
    "/dataset/{dataset}/hinweise/verlauf",
)
ADMINISTRATION = ("/hinweise/SENSOR/bearbeiten", "/ckan-admin/hinweise", "/organization/hinweise/{organization}")


@pytest.fixture
def names(page):
    """A public dataset of the sample data with a notice, and its organisation."""
    found = page.request.get("/api/3/action/package_search?rows=100").json()["result"]["results"]
    dataset = next(entry for entry in found if entry.get("notices"))
    return {"dataset": dataset["name"], "organization": dataset["organization"]["name"]}


def violations(page):
    started(page)  # a page whose style is still on its way is not the page that people see
    for details in page.locator("details").all():
        details.evaluate("element => element.open = true")
    page.evaluate(AXE.read_text(encoding="utf-8"))  # a script tag is what the content policy forbids
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
    return [(entry["id"], [node["target"] for node in entry["nodes"]]) for entry in found]


def overflow(page):
    """By how many pixels the page is wider than the window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def assert_accessible(page, address):
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(address)
        assert violations(page) == [], f"{address} at {width}"
        assert overflow(page) <= 0, f"{address} at {width}"


def test_the_judge_finds_what_is_wrong(page):
    page.set_content("<html><body><img src='x'><button></button></body></html>")
    assert {rule for rule, _nodes in violations(page)} >= {"image-alt", "button-name"}


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("address", OPEN)
def test_what_everybody_sees(page, names, address, language):
    assert_accessible(page, f"/{language}{address.format(**names)}")


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("address", ADMINISTRATION)
def test_what_administrators_see(login, names, address, language):
    assert_accessible(login("admin"), f"/{language}{address.format(**names)}")


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_form_with_errors(login, names, language):
    page = login("admin")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"/{language}/organization/hinweise/{names['organization']}")
        started(page)
        page.select_option("#notices-add", "SENSOR")
        page.locator("form:has(#legal_profile) button[type=submit]").click()
        page.wait_for_selector("[aria-invalid=true]")
        assert violations(page) == []
        assert overflow(page) <= 0
