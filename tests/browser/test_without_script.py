"""The form of a dataset without JavaScript: every page can be filled in, groups can be added and taken away."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

NEXT = "button[name=save][value=next]"
GROUP = "custodian"


@pytest.fixture
def plain(browser: Browser, site) -> Iterator[Page]:
    """A window in which no script runs, of an editor who has logged in."""
    context = browser.new_context(base_url=site.address, locale="de-DE", java_script_enabled=False)
    page = context.new_page()
    page.goto("/user/login")
    page.fill("#field-login", "redaktion")
    page.fill("#field-password", site.passwords["redaktion"])
    send(page, "#content button[type=submit], main button[type=submit]")
    yield page
    context.close()


def send(page: Page, button: str) -> None:
    """Press *button* and wait for the whole page it leads to."""
    with page.expect_navigation():
        page.click(button)


def unfold(page: Page) -> None:
    """Show what is voluntary."""
    page.locator("#dataset-edit > details.landlab-more").last.locator("> summary").click()


def first_page(page: Page) -> None:
    page.goto("/dataset/new")
    page.fill("#field-title", "Sitzbänke")
    page.select_option("#field-owner_org", label="Stadt Rebenau")
    page.fill("#field-notes", "Alle öffentlichen Sitzbänke mit Standort.")
    page.check("input[name=origin][value='urn:landlab:origin:administrative_records']")
    page.fill("#field-tag_string", "Sitzbank, Park")
    unfold(page)
    page.select_option("#field-title_translations-0-language", "de-simple")
    page.fill("#field-title_translations-0-text", "Bänke zum Sitzen")
    send(page, NEXT)


def test_a_dataset_is_described_without_a_script_and_nothing_is_lost_on_an_error(plain):
    page = plain
    first_page(page)
    address = page.url
    assert page.locator(f"#field-{GROUP}-0-name").count() == 1, page.locator("body").inner_text()

    page.fill(f"#field-{GROUP}-0-name", "Grünflächenamt")
    page.fill(f"#field-{GROUP}-0-email", "gruen(at)rebenau.example")
    page.fill(f"#field-{GROUP}-1-name", "Tiefbauamt")
    page.fill(f"#field-{GROUP}-1-email", "tiefbau@rebenau.example")
    send(page, NEXT)
    names = [page.input_value(f"#field-{GROUP}-{number}-{part}") for number in (0, 1) for part in ("name", "email")]
    assert "Das ist keine E-Mail-Adresse" in page.locator("body").inner_text()
    assert names == ["Grünflächenamt", "gruen(at)rebenau.example", "Tiefbauamt", "tiefbau@rebenau.example"]
    page.fill(f"#field-{GROUP}-0-email", "gruen@rebenau.example")
    send(page, NEXT)

    page.goto(address)
    assert page.input_value(f"#field-{GROUP}-1-name") == "Tiefbauamt"
    assert page.input_value(f"#field-{GROUP}-2-name") == ""
    for part in ("name", "email"):
        page.fill(f"#field-{GROUP}-0-{part}", "")
    send(page, NEXT)
    page.goto(address)
    assert page.input_value(f"#field-{GROUP}-0-name") == "Tiefbauamt"
    assert page.input_value(f"#field-{GROUP}-1-name") == ""

    for number, (language, text) in enumerate([("de-simple", "Bänke zum Sitzen"), ("en", "Benches")]):
        page.goto(address.rpartition("/")[0] + "/1")
        if language == "en":
            unfold(page)
            page.select_option(f"#field-title_translations-{number}-language", language)
            page.fill(f"#field-title_translations-{number}-text", text)
            send(page, NEXT)
            page.goto(address.rpartition("/")[0] + "/1")
        assert page.input_value(f"#field-title_translations-{number}-language") == language
        assert page.input_value(f"#field-title_translations-{number}-text") == text
