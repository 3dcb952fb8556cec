"""The sample catalogue comes in whole, comes in once, and goes away without a trace."""

import time
from dataclasses import replace

import pytest
from ckan import model
from ckan.tests.factories import Organization
from ckan.tests.helpers import call_action
from ckanext.landlab import sample as catalogue
from ckanext.landlab.cli import landlab
from ckanext.landlab.stack.sample.records import sample

SAMPLE = sample()
LITTLE = replace(SAMPLE, entries=SAMPLE.entries[:3])
PATIENCE = 20  # seconds: nobody waits longer for a first look

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")


def names(function, part):
    said = []
    function(part, said.append)
    return said


def test_the_whole_sample_comes_in_once_with_its_files(app):
    start = time.monotonic()
    created = names(catalogue.load, SAMPLE)
    seconds = time.monotonic() - start

    assert len(created) == len(SAMPLE.users) + len(SAMPLE.organizations) + len(SAMPLE.entries)
    assert seconds < PATIENCE
    assert names(catalogue.load, SAMPLE) == []
    published = sum(entry.stage == "published" for entry in SAMPLE.entries)
    assert call_action("package_search", rows=0)["count"] == published
    entry = next(entry for entry in SAMPLE.entries if entry.record["name"] == "baumkataster")
    resource = call_action("package_show", id="baumkataster")["resources"][0]
    assert resource["url_type"] == "upload"
    assert app.get(resource["url"]).data == entry.files[0].read_bytes()


def test_what_was_removed_leaves_nothing_and_can_come_again():
    created = names(catalogue.load, LITTLE)

    assert sorted(names(catalogue.remove, LITTLE)) == sorted(created)
    assert model.Session.query(model.Package).count() == 0
    assert names(catalogue.load, LITTLE) == created


def test_whoever_has_own_data_is_asked_first(cli):
    organization = Organization()

    answer = cli.invoke(landlab, ["sample", "load"], input="n\n")

    assert organization["name"] in answer.output
    assert answer.exit_code == 1
    assert model.Group.get("stadt-rebenau") is None
