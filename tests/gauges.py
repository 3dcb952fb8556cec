"""A published dataset of a gauge on a real site, for every test that needs one with notices."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import CKANTestApp, call_action
from ckanext.landlab.legal.notices import vocabulary
from legal_records import GAUGE, PARAMETERS
from werkzeug.datastructures import FileStorage

# Line endings and a byte-order mark that a careless copy would change.
BYTES = b"\xef\xbb\xbfZeit;Wert\r\n2026-11-23;12,5\r\n\x00\xff"


@pytest.fixture(scope="module", name="site")
def started_site(reset_db_once):
    """One empty database for a whole module."""


@pytest.fixture(name="organization")
def new_organization():
    return factories.Organization()


@pytest.fixture(scope="module", name="browser")
def browser_of_a_module(site, application):
    return CKANTestApp(application.app)


@pytest.fixture(scope="module", name="full")
def full_gauge(site):
    """A dataset with every notice there is, and two files: one uploaded, one that is linked and cannot be had."""
    owner = factories.Organization()
    act("landlab_notices_update", level="organization", id=owner["id"], legal_profile="RP")
    linked = {"name": "Verweis", "url": "http://127.0.0.1:9/pegel.csv", "format": "CSV"}
    dataset = gauge(owner, *vocabulary().notices, resources=[linked])
    uploaded(dataset, "messwerte.csv", BYTES)
    return act("package_show", id=dataset["id"])


def page(browser, address: str, **headers: str):
    """What the site answers at *address*, redirects not followed."""
    return browser.get(address, headers=headers, follow_redirects=False)


def opened(response) -> zipfile.ZipFile:
    """The ZIP that came."""
    return zipfile.ZipFile(io.BytesIO(response.data))


def act(action: str, context: dict[str, Any] | None = None, **values: Any) -> Any:
    """Call *action* as an administrator, or as the *context* says."""
    return call_action(action, context or {"user": administrator()}, **values)


def administrator() -> str:
    known = model.Session.query(model.User).filter_by(sysadmin=True, name="verwaltung").first()
    return known.name if known else factories.Sysadmin(name="verwaltung")["name"]


def chosen(*codes: str) -> list[dict[str, Any]]:
    return [{"code": code, "parameters": PARAMETERS[code]} for code in codes]


def gauge(owner: dict[str, Any], *codes: str, **changes: Any) -> dict[str, Any]:
    """A published dataset of sensors with the notices *codes*."""
    values = {
        "title": GAUGE["title"],
        "notes": "Wasserstand der Queich, alle fünfzehn Minuten.",
        "owner_org": owner["id"],
        "license_id": GAUGE["license_id"],
        "origin": GAUGE["origin"],
        "publisher": GAUGE["publisher"],
        "custodian": GAUGE["custodian"],
        "notices": chosen(*codes),
        **changes,
    }
    return factories.Dataset(**{key: value for key, value in values.items() if value is not tk.missing})


def uploaded(dataset: dict[str, Any], name: str, content: bytes) -> dict[str, Any]:
    """A file with *content* uploaded to *dataset*."""
    upload = FileStorage(io.BytesIO(content), filename=name)
    values = {"package_id": dataset["id"], "name": name, "url": name, "upload": upload}
    return act("resource_create", **values)


def refusal(make: Callable[[], Any]) -> str:
    """The sentences with which *make* is refused."""
    with pytest.raises(tk.ValidationError) as refused:
        make()
    return json.dumps(refused.value.error_dict, ensure_ascii=False)
