"""The content security policy blocks nothing of our own pages, and everything that somebody would smuggle in."""

import pytest
from conftest import started
from playwright.sync_api import expect

PUBLIC = (
    "/",
    "/dataset/",
    "/organization/",
    "/organization/stadt-rebenau",
    "/user/login",
    "/user/reset",
    "/hinweise",
    "/leitfaden",
)
INTERNAL = (
    "/dashboard/datasets",
    "/dataset/new",
    "/organization/edit/stadt-rebenau",
    "/user/admin/api-tokens",
    "/user/edit/admin",
    "/ckan-admin/",
    "/ckan-admin/config",
    "/freigaben",
    "/ckan-admin/feeds",
    "/organization/stadt-rebenau/nutzung",
    "/harvest",
)
LISTEN = """
window.blocked = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.blocked.push([event.violatedDirective, event.blockedURI, event.sourceFile, event.lineNumber].join(" ")));
"""


@pytest.fixture
def watched(page):
    page.add_init_script(LISTEN)
    return page


def blocked_on(page, path):
    answer = page.goto(path)
    assert answer.status in (200, 404), f"{path}: {answer.status}"
    page.wait_for_load_state("networkidle")
    return page.evaluate("window.blocked")


def some_dataset(page):
    found = page.request.get("/api/3/action/package_search?rows=1&q=res_format:CSV").json()["result"]["results"][0]
    return found["name"], found["resources"][0]["id"]


def test_no_public_page_is_blocked_in_anything(watched):
    name, resource = some_dataset(watched)
    paths = (*PUBLIC, f"/dataset/{name}", f"/dataset/{name}/resource/{resource}", f"/dataset/{name}/hinweise")
    found = {path: blocked_on(watched, path) for path in paths}

    assert {path: blocked for path, blocked in found.items() if blocked} == {}


def test_no_page_behind_the_login_is_blocked_in_anything(watched, login):
    login("admin")
    name, resource = some_dataset(watched)
    own = ("edit/{}", "{}/freigabe", "{}/nutzung", "{}/resource/new", "{}/resource/" + resource + "/edit")
    paths = (*INTERNAL, *(f"/dataset/{path.format(name)}" for path in own))
    found = {path: blocked_on(watched, path) for path in paths}

    assert {path: blocked for path, blocked in found.items() if blocked} == {}


def test_a_key_is_made_and_revoked_without_a_violation(watched, login):
    login("admin")
    watched.goto("/user/admin/api-tokens")
    watched.fill("[name=name]", "Prüfung")
    watched.click("button[value=create]")
    watched.locator("#api-tokens-table code", has_text="Prüfung").first.wait_for()
    started(watched)
    assert watched.locator("#revoke-tokens-button").is_disabled()

    watched.locator("#api-tokens-table [name=token]").first.check()

    expect(watched.locator("#revoke-tokens-button")).to_be_enabled()
    assert watched.evaluate("window.blocked") == []


def test_a_script_that_is_smuggled_into_a_page_does_not_run(watched):
    watched.goto("/")
    watched.evaluate(
        """() => {
          const script = document.createElement("script");
          script.textContent = "window.taken = true";
          document.body.append(script);
          document.body.insertAdjacentHTML("beforeend", '<img src="x" onerror="window.taken = true">');
        }"""
    )
    watched.wait_for_function("window.blocked.length >= 2")

    assert watched.evaluate("window.taken") is None
    assert len(watched.evaluate("window.blocked")) >= 2
