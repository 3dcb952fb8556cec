"""What the benches of feeds share: the sample in a CKAN of their own, and as many copies of it as are wanted.

Times are processor seconds of the CKAN process, or by the clock where a test says so.  `pytest -s` shows the figures.
"""

import gc
import time
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from ckan import model
from ckan import plugins as p
from ckan.config.middleware import make_app
from ckan.lib.search.common import make_connection
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import CKANTestApp, call_action
from ckanext.landlab import sample as catalogue
from ckanext.landlab.stack.sample.records import sample


class Watch:
    seconds = 0.0


@contextmanager
def measured(clock=time.process_time):
    gc.collect()  # what was measured before leaves its garbage to whoever comes next
    watch, start = Watch(), clock()
    yield watch
    watch.seconds = clock() - start


@pytest.fixture(scope="module", autouse=True)
def _catalogue(reset_db, reset_index):
    p.load_all()
    reset_db()
    reset_index()
    catalogue.load(sample(), lambda name: None)
    leave_out_what_only_we_can_write()
    yield
    p.unload_all()


@pytest.fixture(scope="module")
def app(_catalogue):
    return CKANTestApp(make_app(tk.config))


def leave_out_what_only_we_can_write():
    """ckanext-dcat breaks off at files that name the service that serves them by its address."""
    for dataset in call_action("package_search", rows=1000)["results"]:
        for file in dataset.get("resources") or ():
            if file.get("access_services"):
                context = {"user": "admin", "landlab_exempt": "bench"}
                call_action("resource_patch", context, id=file["id"], access_services=[])


def copy_entries(count):
    """Copy the sample's datasets in the database until *count* are shown."""
    there = model.Session.execute(sa.text("SELECT count(*) FROM landlab_feed_item")).scalar_one()
    shown = "WHERE id IN (SELECT dataset_id FROM landlab_feed_item)"
    for table, keys, where in (
        ("package", ("id", "name"), shown),
        ("landlab_feed_item", ("dataset_id",), ""),
        ("landlab_feed_entry", ("dataset_id",), ""),
    ):
        columns = [column["name"] for column in sa.inspect(model.Session.connection()).get_columns(table)]
        rest = [name for name in columns if name not in (*keys, "number")]
        copied = ", ".join([f"{key} || '-{count}-' || n" for key in keys] + rest)
        names = ", ".join([*keys, *rest])
        copy = f"INSERT INTO {table} ({names}) SELECT {copied} FROM {table}, generate_series(2, :count) n {where}"  # noqa: S608 our own names
        model.Session.execute(sa.text(copy), {"count": -(-count // there)})
    model.Session.commit()
    with model.ensure_engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("VACUUM ANALYZE"))  # as PostgreSQL does by itself some minutes later


def copy_index(count):
    """Copy what the index holds of public datasets until there are *count*: ckanext-dcat reads nothing else."""
    connection = make_connection(decode_dates=False)
    query = {"fq": "+entity_type:package +capacity:public +state:active", "fl": "*", "rows": 1000}
    documents = [dict(found) for found in connection.search("*:*", **query).docs]
    for number in range(2, -(-count // len(documents)) + 1):
        connection.add([copied(document, f"{count}-{number}") for document in documents], commit=False)
    connection.commit()


def copied(document, number):
    """*document* of the index as that of another dataset."""
    there, other = document["id"], f"{document['id']}-{number}"
    texts = {name: document[name].replace(there, other) for name in ("data_dict", "validated_data_dict")}
    left_out = {"_version_", "score"}
    kept = {name: value for name, value in document.items() if name not in left_out}
    return {**kept, **texts, "id": other, "name": f"{document['name']}-{number}", "index_id": other}
