"""The sample catalogue comes in whole, comes in once, and goes away without a trace."""

import time
from dataclasses import replace
from pathlib import Path

import pytest
from ckan import model
from ckan.tests.factories import Organization
from ckan.tests.helpers import call_action
from ckanext.landlab import sample as catalogue
from ckanext.landlab.cli import landlab
from ckanext.landlab.dcat.catalog import LINKS, read
from ckanext.landlab.dcat.shapes import shapes_of
from ckanext.landlab.dcat.syntax import parse
from ckanext.landlab.dcat.validation import VIOLATION, judge
from ckanext.landlab.schemas import vocabulary
from ckanext.landlab.stack.sample.records import sample

SAMPLE = sample()
LITTLE = replace(SAMPLE, entries=SAMPLE.entries[:3])
SHAPES = Path(__file__).parents[3] / "shared" / "testdata" / "shapes"
PATIENCE = 20  # seconds of our own work: the clock on the wall depends on what else runs on the machine

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")


def violations(document):
    """What GovData's shapes for 3.0 have against *document*; needs the folder with them."""
    if not SHAPES.is_dir():
        pytest.skip(f"NOT CHECKED against the official shapes: there is no {SHAPES}")
    return [
        result
        for result in judge(parse(document, "ttl").graph, shapes_of(SHAPES, "3.0"))
        if result.severity == VIOLATION
    ]


def names(function, part):
    said = []
    function(part, said.append)
    return said


def test_the_whole_sample_comes_in_once_with_its_files(app):
    start = time.process_time()
    created = names(catalogue.load, SAMPLE)
    seconds = time.process_time() - start

    assert len(created) == len(SAMPLE.users) + len(SAMPLE.organizations) + len(SAMPLE.entries)
    assert seconds < PATIENCE
    assert names(catalogue.load, SAMPLE) == []
    published = sum(entry.stage == "published" for entry in SAMPLE.entries)
    assert call_action("package_search", rows=0)["count"] == published
    entry = next(entry for entry in SAMPLE.entries if entry.record["name"] == "baumkataster")
    resource = call_action("package_show", id="baumkataster")["resources"][0]
    assert resource["url_type"] == "upload"
    assert app.get(resource["url"]).data == entry.files[0].read_bytes()
    assert_releases_stand()
    assert violations(app.get("/feed/default/all.ttl").data) == []
    assert_each_page_stands_alone(app)


def assert_each_page_stands_alone(app):
    """GovData's importer drops a whole run for one bad page: none is empty, too large, or lacks what it points to."""
    call_action("landlab_feed_update", {"user": "admin"}, name="default", page_size=12)
    seen, path = [], "/catalog.ttl?page=1"
    while path:
        page = app.get(path).data
        graph = parse(page, "ttl").graph
        found = read(graph)
        listed = [value for _, predicate, value in graph if predicate in LINKS.values()]
        assert listed
        assert 1_000 < len(page) < 50_000_000
        assert all(record.get("title") for record in found.records.values())
        assert violations(page) == []
        seen += listed
        path = found.next_page.removeprefix("http://test.ckan.net")
    everything = parse(app.get("/feed/default/all.ttl").data, "ttl").graph
    assert sorted(seen) == sorted(value for _, predicate, value in everything if predicate in LINKS.values())


def as_user(name, action, **values):
    return call_action(action, {"user": name, "ignore_auth": False}, **values)


def assert_releases_stand():
    """Released, blocked, waiting for the second pair of eyes, past the review date: as people would have left it."""
    states = {}
    for entry in SAMPLE.entries:
        if entry.record["type"] == "dataset":
            told = as_user("redaktion", "landlab_release_show", id=entry.record["id"])
            states.setdefault(told["state"], []).append(entry.record["name"])
    released = [entry.record for entry in SAMPLE.entries if entry.record["name"] in states["released"]]
    assert {name: names for name, names in states.items() if name != "released"} == {
        "open": ["leistungsbezug-baubloecke"],
        "due": ["spielplaetze"],
        "waiting": ["schulwegunfaelle"],
    }
    assert {record["origin"] for record in released} == set(vocabulary("origin").concepts)
    blocked = as_user("redaktion", "landlab_release_show", id="leistungsbezug-baubloecke")
    assert [block["code"] for block in blocked["blocks"]] == ["B3", "J"]
    assert blocked["looks"][0]["findings"]
    queue = as_user("freigabe", "landlab_release_queue")
    assert ([row["name"] for row in queue["waiting"]], [row["name"] for row in queue["due"]]) == (
        ["schulwegunfaelle"],
        ["spielplaetze"],
    )
    playgrounds = call_action("package_show", id="spielplaetze")["statement"]["notices"]
    assert "2026-06-30" in next(n["parameters"]["review"] for n in playgrounds if n["code"] == "AGE")
    memo = as_user("redaktion", "landlab_release_memo", id="pegelstaende")
    assert (memo["confirmation"]["entered_by"], memo["confirmation"]["confirmed_by"]) == ("Redaktion", "Freigabe")
    confirmed = as_user("freigabe", "landlab_release_confirm", id="schulwegunfaelle")
    assert confirmed["state"] == "released"


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
