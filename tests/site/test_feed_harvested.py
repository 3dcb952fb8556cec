"""GovData as a client: ckanext-dcat's harvester, run by ckanext-harvest over HTTP, pulls a feed page by page.

It reads with the profile that this site registers; that foreign profiles find the same is tested in test_feeds.py.
"""

import json
import os
import re
from threading import Thread
from uuid import uuid4

import pytest
from ckan import model
from ckan import plugins as p
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action
from ckanext.dcat.harvesters import DCATRDFHarvester
from ckanext.harvest import model as harvest
from ckanext.harvest.tests.lib import run_harvest_job
from ckanext.landlab import entries, moved, surroundings
from ckanext.landlab.checks import statements_of
from ckanext.landlab.dcat.syntax import FORMATS, MEDIA_TYPES
from feed_case import app, change, headers, loaded
from werkzeug.serving import make_server

__all__ = ["app", "headers", "loaded"]

pytestmark = pytest.mark.usefixtures("loaded")

OURS = "stadt-rebenau, landkreis-murgfeld"
DATASETS = 3  # and a series, which ckanext-dcat does not take
VERSIONS = {"3.0": 4, "2.0": 3}  # what the feed shows: 2.0 knows no series
SHORT = [("3.0", "ttl"), ("2.0", "rdf")]  # all of them with LANDLAB_FULL
CASES = [(v, s) for v in VERSIONS for s in FORMATS] if os.environ.get("LANDLAB_FULL") else SHORT


def without_our_rules(self, package_dict, dcat_dict, harvest_object):
    """A portal above has no rules of ours on which notices a kind of origin needs."""
    return {**package_dict, "origin": "urn:landlab:origin:administrative_records"}


@pytest.fixture(scope="module")
def server(app):
    """The site over HTTP."""
    server = make_server("127.0.0.1", 0, app.flask_app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def address(app, server, monkeypatch):
    """The address of the site, which its feeds name, and its records where they name each other."""
    before = surroundings.site()
    monkeypatch.setitem(app.flask_app.config, "SERVER_NAME", None)
    stand(f"http://127.0.0.1:{server.server_port}", monkeypatch)
    list(entries.refresh_all())
    yield surroundings.site()
    stand(before, monkeypatch)


def stand(address, monkeypatch):
    """Have the site stand at *address* from now on."""
    before = surroundings.site()
    monkeypatch.setitem(tk.config, "ckan.site_url", address)
    moved.move(before)


@pytest.fixture(scope="module")
def harvester(loaded):
    with p.use_plugin("dcat_rdf_harvester") as theirs, pytest.MonkeyPatch.context() as patch:
        patch.setattr(DCATRDFHarvester, "modify_package_dict", without_our_rules)
        yield theirs


def harvested(source):
    """What came from *source* and says what, by address; not when CKAN stored it, which their update always renews."""
    objects = model.Session.query(harvest.HarvestObject).filter_by(harvest_source_id=source, current=True)
    records = [surroundings.stored(model.Package.get(found.package_id)) for found in objects]
    return {record["uri"]: (record["id"], unlabelled(statements_of(record))) for record in records}


def unlabelled(statements):
    """*statements* without the labels of blank nodes, which follow the order in which a reader found them."""
    return sorted(re.sub(r"_:\w+", "_:", " ".join(statement)) for statement in statements)


def run(source, harvester):
    job = harvest.HarvestJob(source=harvest.HarvestSource.get(source))
    job.save()
    results = run_harvest_job(job, harvester)
    problems = [error.message for error in job.gather_errors]
    problems += [error.message for result in results.values() for error in result["errors"]]
    return problems


@pytest.mark.parametrize(("version", "syntax"), CASES)
def test_every_dataset_arrives_once_and_a_second_run_changes_none(address, harvester, version, syntax):
    name = f"f{version[0]}{syntax}"
    change("landlab_feed_update", name=name, version=version, page_size=2, organizations=OURS)
    if not model.Group.get("abnehmer"):
        change("organization_create", name="abnehmer", title="Abnehmer")
    source = change(
        "harvest_source_create",
        name=f"quelle-{uuid4().hex[:8]}",
        title="Quelle",
        url=f"{address}/feed/{name}/catalog.{syntax}?x={uuid4().hex}",
        source_type="dcat_rdf",
        owner_org="abnehmer",
        config=json.dumps({"rdf_format": MEDIA_TYPES[syntax]}),
    )["id"]

    assert run(source, harvester) == []

    first = harvested(source)
    assert call_action("landlab_feed_show", name=name)["datasets"] == VERSIONS[version]
    assert len(first) == DATASETS
    assert run(source, harvester) == []
    assert harvested(source) == first
    change("harvest_source_clear", id=source)
    change("landlab_feed_delete", name=name)
