"""A small catalogue for tests of feeds: five records of the sample, loaded once for a module."""

from dataclasses import replace

import pytest
from ckan.tests.helpers import CKANTestApp, call_action
from ckanext.landlab import sample as catalogue
from ckanext.landlab.stack.sample.records import sample

SAMPLE = sample()
NAMES = ("bevoelkerung-rebenau", "bevoelkerung-2025", "baumkataster", "pegelstaende", "leistungsbezug-baubloecke")
LITTLE = replace(SAMPLE, entries=tuple(entry for entry in SAMPLE.entries if entry.record["name"] in NAMES))
TREES = next(entry.record["id"] for entry in LITTLE.entries if entry.record["name"] == "baumkataster")


@pytest.fixture(scope="module")
def loaded(reset_db, reset_index):
    """The little sample, once: a test that changes it puts it back."""
    reset_db()
    reset_index()
    catalogue.load(LITTLE, lambda name: None)


@pytest.fixture(scope="module")
def app(loaded, application):
    """One browser for a module."""
    return CKANTestApp(application.app)


def change(action, **values):
    return call_action(action, {"user": "admin"}, **values)


@pytest.fixture(scope="module")
def headers(loaded):
    """Request headers by which a user is known."""

    def of(name):
        return {"Authorization": change("api_token_create", user=name, name=f"of {name}")["token"]}

    return of
