"""The site that `make run` starts, seen by somebody with a browser."""

import pytest


def test_the_start_page_is_german_and_loads_without_an_error(page):
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("response", lambda answer: complaints.append(answer.url) if answer.status >= 400 else None)

    page.goto("/")

    assert page.locator("html").get_attribute("lang") == "de"
    assert page.locator("a", has_text="Datensätze").first.is_visible()
    assert complaints == []


@pytest.mark.parametrize("name", ["admin", "redaktion", "mitglied"])
def test_every_sample_user_gets_in(login, name):
    page = login(name)

    assert page.locator(f"a[href$='/user/{name}']").first.is_visible()
