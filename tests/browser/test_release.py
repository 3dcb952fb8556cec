"""The release check in a browser: by keyboard alone from the login to the public dataset, and judged by axe-core."""

from __future__ import annotations

import json
from contextlib import suppress
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import started
from keyboard import enter, log_in, reach
from playwright.sync_api import Error, Page

YES = ("A1", "A2", "B5")
RECORD = {
    "title": "Baumkataster zur Probe",
    "notes": "Bäume an Straßen und in Parks.",
    "license_id": "http://dcat-ap.de/def/licenses/dl-zero-de/2.0",
    "origin": "urn:landlab:origin:administrative_records",
    "publisher": [{"name": "Stadt Musterstadt"}],
    "custodian": [{"name": "Grünflächenamt", "email": "gruen@musterstadt.example"}],
    "notices": [{"code": "CHECK", "parameters": {"level": "sample", "method": "Begehung", "date": "2026-05-01"}}],
    "private": True,
    "resources": [{"name": "Bäume", "url": "https://example.org/baeume.csv", "format": "CSV"}],
}
AXE = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}

CALL = """async ([action, given]) => {
  const token = document.querySelector("meta[name=_csrf_token], meta[name=csrf_token]");
  const answer = await fetch("/api/3/action/" + action, {
    method: "POST", body: JSON.stringify(given),
    headers: {"Content-Type": "application/json", "X-CSRFToken": token ? token.content : ""}});
  return await answer.text();
}"""


def call(page: Page, action: str, **given):
    """What an action of the API gives the person who is logged in."""
    answer = json.loads(page.evaluate(CALL, [action, given]))
    assert answer["success"], answer
    return answer["result"]


@pytest.fixture
def dataset(login) -> str:
    """A private dataset of the editor, whose release check nobody has begun."""
    page = login("redaktion")
    organization = call(page, "organization_list_for_user", permission="create_dataset")[0]["id"]
    made = call(page, "package_create", name=f"probe-{uuid4().hex[:8]}", owner_org=organization, **RECORD)
    page.context.clear_cookies()
    return made["name"]


def answer_all(page: Page) -> int:
    """Answer every question of the release check from its overview on; how many were asked."""
    enter(page, "a[href*='/freigabe/frage/']")
    asked = 0
    while "/frage/" in page.url:
        question = page.url.rpartition("/")[2]
        reach(page, "input[name=choice]")
        page.keyboard.press("Space")
        if question not in YES:
            page.keyboard.press("ArrowDown")
        enter(page, "button[value=next]")
        asked += 1
    return asked


def test_from_the_login_to_the_public_dataset_by_keyboard_alone(page, site, dataset):
    log_in(page, "redaktion", site.passwords["redaktion"])
    page.goto(f"/dataset/{dataset}")
    enter(page, f"a[href$='/dataset/{dataset}/freigabe']")
    asked = answer_all(page)
    assert asked == 28
    enter(page, "form[action$=vorlegen] button")
    page.context.clear_cookies()

    log_in(page, "admin", site.passwords["admin"])
    page.goto("/freigaben")
    enter(page, f"a[href$='/dataset/{dataset}/freigabe']")
    enter(page, "button[name=publish]")
    page.context.clear_cookies()

    assert page.goto(f"/dataset/{dataset}").status == 200


def complaints(page: Page) -> list[str]:
    """What axe-core complains of, with the elements."""
    started(page)  # a page whose style is still on its way is not the page that people see
    found = Axe().run(page, options=AXE).response["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


def judged(page: Page, width: int) -> list[str]:
    """What axe-core complains of in a window of this *width*, with everything unfolded, and what is too wide for it."""
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true")
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return [*complaints(page), *(["wider than the window"] if wide else [])]


def test_axe_sees_a_picture_without_words(page):
    page.set_content('<html lang="de"><title>x</title><img src="x.png"></html>')
    assert [complaint.partition(":")[0] for complaint in complaints(page)] == ["image-alt"]


REPEATED_ID = """() => [...document.querySelectorAll('[id]')].map((element) => element.id)
    .filter((id, place, all) => all.indexOf(id) !== place)"""


def assert_accessible(page: Page, place: str, widths=(1280, 320)) -> None:
    """The menu hides behind no button at any width, so it is open whenever axe-core looks."""
    found = {width: told for width in widths if (told := judged(page, width))}
    assert found == {}, place
    assert page.evaluate(REPEATED_ID) == [], place
    assert page.locator(".landlab-menu a:visible").count() >= 4, place


@pytest.mark.parametrize("language", ["de", "en"])
def test_axe_finds_nothing_in_the_guideline(page, language):
    """The print view holds all chapters: it is judged wide."""
    page.goto(f"/{language}/leitfaden")
    chapters = page.eval_on_selector_all("section a[href*='/leitfaden/']", "links => links.map((link) => link.href)")
    assert len(chapters) == 12
    assert_accessible(page, "index")
    page.goto(f"/{language}/begriffe")
    assert_accessible(page, "terms")
    page.goto(f"/{language}/leitfaden/druck")
    assert_accessible(page, "print", widths=[1280])
    for address in chapters:
        assert page.goto(address).status == 200
        assert_accessible(page, address)


@pytest.mark.parametrize("language", ["de", "en"])
def test_axe_finds_nothing_on_the_pages_of_the_release_check(page, login, dataset, language):
    login("admin")
    at = f"/{language}/dataset/{dataset}/freigabe"
    for path in (
        at,
        f"{at}/frage/B3",
        f"/{language}/dataset/leistungsbezug-baubloecke/freigabe",
        f"/{language}/dataset/schulwegunfaelle/freigabe",
        f"/{language}/dataset/baumkataster/freigabe/vermerk",
        f"/{language}/freigaben",
        f"/{language}/leitfaden/kenntnisse",
        f"/{language}/leitfaden/offen/versionen",
    ):
        assert page.goto(path).status == 200, path
        assert_accessible(page, path)
    page.goto(f"{at}/frage/B2")
    page.eval_on_selector("form.landlab-question", "form => form.noValidate = true")
    page.check("#choice-yes")
    page.fill("#record-law", "Gemeindeordnung")
    with page.expect_navigation():
        page.click("button[value=next]")
    assert page.locator("#errors").is_visible()
    assert_accessible(page, "a question with an error")


@pytest.mark.parametrize("language", ["de", "en"])
def test_axe_finds_nothing_where_two_write_the_same_chapter(page, login, language):
    """Preview, the sentence to the second, and what differs."""
    login("admin")
    page.goto(f"/{language}/leitfaden/offen/bearbeiten")
    with page.expect_navigation():
        page.click("button[value=preview]")
    assert page.locator(".landlab-preview").is_visible()
    assert_accessible(page, "preview")
    page.eval_on_selector("input[name=version]", "field => field.value = 99")
    page.fill("#text", "## Etwas anderes")
    with page.expect_navigation():
        page.click("button[value=save]")
    assert page.locator("#errors").is_visible()
    assert page.locator(".landlab-removed").count() > 3
    assert page.input_value("#text") == "## Etwas anderes"
    assert_accessible(page, "two at once")


def test_nothing_is_wider_than_320_pixels(page, login, dataset):
    login("admin")
    page.set_viewport_size({"width": 320, "height": 900})
    for path in (
        f"/dataset/{dataset}/freigabe",
        f"/dataset/{dataset}/freigabe/frage/B3",
        "/leitfaden/pruefweg",
        "/begriffe",
    ):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


EXPLAINING = (
    "/dataset/baumkataster",
    "/dataset/edit/baumkataster",
    "/dataset/baumkataster/hinweise",
    "/leitfaden/nutzen",
)
REPEATED = """() => [...document.querySelectorAll('[role=tooltip]')].map((text) => text.id)
    .filter((id, place, all) => all.indexOf(id) !== place)"""


@pytest.mark.parametrize("path", EXPLAINING)
def test_terms_explain_themselves_in_texts_and_forms(login, path):
    """WCAG 1.4.13: on focus and hover, dismissed by Escape, hoverable, staying; within the window at 320 px."""
    page = login("redaktion")
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(path, wait_until="networkidle")  # CKAN starts its modules when their texts have come
    terms = page.locator(".landlab-term:visible")
    assert terms.count() >= 2
    assert page.evaluate(REPEATED) == []
    for term in terms.all()[:5]:
        text = term.locator("[role=tooltip]")
        page.mouse.move(0, 0)
        term.locator("a").focus()
        assert text.is_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        page.keyboard.press("Escape")
        assert not text.is_visible()
        page.evaluate("document.activeElement.blur()")
        for _attempt in range(3):  # a page that still moves may slip away from under the mouse
            term.locator("a").hover()
            with suppress(Error):
                text.hover(timeout=3000)
                break
        assert text.is_visible()
