"""A person without a mouse: goes by Tab, types, chooses, presses Enter."""

from __future__ import annotations

from conftest import started
from playwright.sync_api import Page


def reach(page: Page, selector: str) -> None:
    """Press Tab until the keyboard is at *selector*."""
    for _ in range(250):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector} on {page.url}")


def enter(page: Page, selector: str) -> None:
    """Reach *selector*, press Enter and wait for the page it leads to."""
    reach(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    started(page)


def write(page: Page, selector: str, text: str) -> None:
    """Reach the input *selector* and type *text*; in a list to choose from the entry that begins so."""
    reach(page, selector)
    page.keyboard.type(text)


def log_in(page: Page, name: str, password: str) -> None:
    page.goto("/user/login")
    write(page, "#field-login", name)
    write(page, "#field-password", password)
    with page.expect_navigation():
        page.keyboard.press("Enter")
