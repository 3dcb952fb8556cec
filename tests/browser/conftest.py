"""A browser before the running site with its sample data.

The site is the one that `landlab up` starts, in `var/browser`, emptied for each session, or the one with sample data
that runs at the address in `LANDLAB_BROWSER_SITE`.  The browser is Debian's
Chromium, or the one that `LANDLAB_BROWSER` names; without any, all these tests are skipped and say so.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Browser, Page, sync_playwright

CHECKOUT = Path(__file__).parents[2]
LANDLAB = Path(sys.executable).with_name("landlab")
USERS = CHECKOUT / "ckanext-landlab" / "ckanext" / "landlab" / "stack" / "sample" / "users.yaml"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FOREIGN = ("CKAN_SQLALCHEMY_URL", "CKAN_REDIS_URL", "CKAN_SOLR_URL", "CKAN_SITE_URL")
START = 600  # seconds
STARTED = """() => {
  const modules = window.ckan?.module;
  const named = [...document.querySelectorAll("body [data-module]")].flatMap((part) => part.dataset.module.split(" "));
  return !modules || !named.some((name) => modules.registry[name]) || Object.keys(modules.instances).length > 0;
}"""
SETTINGS = "[app:main]\nckanext.landlab.internal_hosts = 127.0.0.1 localhost\n"  # so that the site can harvest itself


@dataclass(frozen=True)
class Site:
    """A running site: where it is, and the passwords of its sample users."""

    address: str
    passwords: dict[str, str]


@pytest.fixture(scope="session")
def program() -> str:
    """The browser to use."""
    named = os.environ.get("LANDLAB_BROWSER")
    found = next(filter(None, map(shutil.which, [named] if named else BROWSERS)), None)
    if not found:
        pytest.skip("NO BROWSER FOUND: nothing of tests/browser is tested. Install Debian's chromium.")
    return found


@pytest.fixture(scope="session")
def site(program: str) -> Iterator[Site]:
    """The site with its sample data."""
    users = yaml.safe_load(USERS.read_text(encoding="utf-8"))["users"]
    passwords = {user["name"]: user["password"] for user in users}
    if running := os.environ.get("LANDLAB_BROWSER_SITE"):
        yield Site(running, passwords)
        return
    data = Path(os.environ.get("LANDLAB_BROWSER_DATA", CHECKOUT / "var" / "browser")).resolve()
    environment = {name: value for name, value in os.environ.items() if name not in FOREIGN}

    def landlab(*arguments: str) -> str:
        ended = subprocess.run(
            [LANDLAB, "--data", data, *arguments],
            env=environment,
            capture_output=True,
            text=True,
            timeout=START,
            check=False,
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    if (data / "secrets.json").exists():
        landlab("reset", "--yes")
    data.mkdir(parents=True, exist_ok=True)
    (data / "site.ini").write_text(SETTINGS, encoding="utf-8")
    landlab("up", "--detach")
    yield Site(json.loads(landlab("status", "--json"))["address"], passwords)
    landlab("down")


@pytest.fixture(scope="session")
def browser(program: str) -> Iterator[Browser]:
    """One browser for all tests."""
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        launched = playwright.chromium.launch(executable_path=program, args=arguments)
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """A new window of a German visitor; paths are relative to the site."""
    context = browser.new_context(base_url=site.address, locale="de-DE")
    yield context.new_page()
    context.close()


@pytest.fixture
def login(page: Page, site: Site):
    """Logs the page's visitor in as one of the sample users."""

    return lambda name: logged_in(page, site, name)


def started(page: Page) -> Page:
    """*page* when its scripts do their work: CKAN starts its modules only when their texts have come."""
    page.wait_for_load_state()
    page.wait_for_function(STARTED)
    return page


def logged_in(page: Page, site: Site, name: str) -> Page:
    """*page* with one of the sample users logged in."""
    page.goto("/user/login")
    page.fill("#field-login", name)
    page.fill("#field-password", site.passwords[name])
    page.press("#field-password", "Enter")
    page.wait_for_url(lambda url: "/user/login" not in url)
    return page
