"""A dump of the DataStore carries where its licence and its notices are, on a DataStore that really runs."""

from __future__ import annotations

import json
import os
from itertools import product
from pathlib import Path

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import psycopg2
import pytest
from ckan.tests import factories
from ckan.tests.helpers import _get_test_app
from ckanext.datastore.cli import permissions_sql
from ckanext.landlab.stack.postgres import SUPERUSER
from gauges import act, gauge, uploaded
from psycopg2 import sql
from sqlalchemy.engine import URL, make_url

STORE, READER = "datastore_test", "datastore_test_reader"
FOLDER = Path(os.environ.get("LANDLAB_TEST_DATA", Path(__file__).parents[2] / "var" / "test"))


def run(address: URL, *statements: sql.Composable | str) -> None:
    connection = psycopg2.connect(address.render_as_string(hide_password=False))
    connection.autocommit = True
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    connection.close()


@pytest.fixture(scope="module")
def store():
    """The addresses for writing and reading, after CKAN's own statement of the permissions was carried out."""
    main = make_url(tk.config["sqlalchemy.url"])
    secrets = json.loads((FOLDER / "secrets.json").read_text(encoding="utf-8"))
    master = main.set(username=SUPERUSER, password=secrets["postgres"], database="postgres")
    reader, database = sql.Identifier(READER), sql.Identifier(STORE)
    run(master, sql.SQL("DROP DATABASE IF EXISTS {}").format(database))
    run(master, sql.SQL("DROP ROLE IF EXISTS {}").format(reader))
    run(master, sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'reader'").format(reader))
    run(master, sql.SQL("CREATE DATABASE {} OWNER {}").format(database, sql.Identifier(main.username)))
    asked = permissions_sql(main.database, STORE, main.username, main.username, READER)
    run(master.set(database=STORE), "\n".join(line for line in asked.splitlines() if not line.startswith("\\")))
    write = main.set(database=STORE)
    return write, write.set(username=READER, password="reader")


@pytest.fixture(scope="module")
def settings(store):
    write, read = (address.render_as_string(hide_password=False) for address in store)
    plugins = [*tk.config["ckan.plugins"], "datastore"]
    return {"ckan.plugins": plugins, "ckan.datastore.write_url": write, "ckan.datastore.read_url": read}


@pytest.fixture(scope="module")
def resource(settings, reset_db_once):
    kept = {key: tk.config.get(key) for key in settings}
    tk.config.update(settings)
    p.load_all()
    dataset = gauge(factories.Organization(), "SENSOR")
    made = uploaded(dataset, "messwerte.csv", b"Zeit;Wert\n2026-11-23;12\n")
    fields = [{"id": "Zeit", "type": "text"}, {"id": "Wert", "type": "int"}]
    records = [{"Zeit": "2026-11-23", "Wert": 12}]
    act("datastore_create", resource_id=made["id"], fields=fields, records=records, force=True)
    yield made
    tk.config.update(kept)
    p.load_all()


def test_a_dump_carries_its_links_and_a_dump_that_does_not_exist_none(resource):
    # One test for all: CKAN's pytest plugin takes the settings of the DataStore back after each.
    browser, address = _get_test_app().test_client(), f"http://test.ckan.net/dataset/{resource['package_id']}"
    for method, form in product(("GET", "HEAD"), ("csv", "json")):
        answer = browser.open(f"/datastore/dump/{resource['id']}?format={form}", method=method)
        assert answer.status_code == 200
        assert (b"2026-11-23" in answer.data) == (method == "GET")
        assert answer.headers.getlist("Link") == [
            '<https://www.govdata.de/dl-de/by-2-0>; rel="license"',
            f'<{address}/hinweise>; rel="terms-of-service"',
            f'<{address}.jsonld>; rel="describedby"; type="application/ld+json"',
        ]
        assert "Link" in answer.headers["Access-Control-Expose-Headers"]
    missing = browser.get("/datastore/dump/nirgends")
    assert missing.status_code == 404
    assert missing.headers.getlist("Link") == []
