"""The site that `make run` starts, seen by somebody with a browser."""

import pytest
from conftest import started


def test_the_start_page_is_german_and_loads_without_an_error(page):
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("response", lambda answer: complaints.append(answer.url) if answer.status >= 400 else None)

    page.goto("/")
    started(page)

    assert page.locator("html").get_attribute("lang") == "de"
    assert page.locator("a", has_text="Datensätze").first.is_visible()
    assert complaints == []


@pytest.mark.parametrize("name", ["admin", "redaktion", "mitglied"])
def test_every_sample_user_gets_in(login, name):
    page = login(name)

    assert page.locator(f"a[href$='/user/{name}']").first.is_visible()


def test_a_file_shows_its_notices_before_the_download(page):
    page.goto("/dataset/baumkataster")
    with page.expect_navigation():
        page.get_by_role("link", name="Baumkataster (CSV)", exact=True).click()

    notices = page.get_by_role("region", name="Bevor Sie die Daten nutzen").bounding_box()
    download = page.get_by_role("link", name="Herunterladen (CSV").bounding_box()
    assert notices["y"] + notices["height"] <= download["y"]
    assert page.get_by_text("Verbindlich ist: Baumschutzsatzung").first.is_visible()


def test_a_place_is_told_in_words(page):
    page.goto("/dataset/baumkataster")

    assert page.get_by_text("8,150° bis 8,260° Länge, 49,030° bis 49,120° Breite").is_visible()


def test_the_catalogue_says_what_it_is(page):
    page.goto("/about")

    assert page.get_by_role("heading", name="Darf ich die Daten nutzen?").is_visible()
    assert "CKAN ist die" not in page.locator("main, [role=main]").first.inner_text()
