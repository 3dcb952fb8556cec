"""Harvest sources: what a run takes in, changes and deletes, and what it leaves alone."""

from __future__ import annotations

import gzip
import json

import pytest
from ckan import model
from ckan import plugins as p
from ckan.lib.redis import connect_to_redis
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.activity.model import Activity
from ckanext.harvest.model import HarvestJob, HarvestObject
from ckanext.landlab import entries, following
from ckanext.landlab.harvest import importing, running
from ckanext.landlab.harvest.harvester import Harvester
from ckanext.landlab.model import harvest as store
from harvest_case import HEAD, catalogue, dataset, outcome, upstream  # noqa: F401 a fixture

pytestmark = pytest.mark.usefixtures("upstream")


@pytest.fixture
def here(upstream):  # noqa: F811
    return upstream


def test_a_catalogue_comes_in_is_found_and_costs_nothing_the_second_time(here):
    here.give("trees", "paths")

    first, second = here.harvest(), here.harvest()

    assert (outcome(first), first.failure, first.remark) == ({"created": 2}, "", "")
    assert outcome(second) == {"unchanged": 2}
    found = call_action("package_search", q="trees")["results"]
    assert [(one["title"], one["owner_org"]) for one in found] == [("Trees", here.organization["id"])]
    assert "girth" in found[0]["kept_statements"]
    assert {extra["key"]: extra["value"] for extra in found[0]["extras"]}["harvest_source_id"] == here.source


def test_only_what_changed_is_written_and_keeps_its_address(here):
    here.give("trees", "paths")
    here.harvest()
    before = {one.title: (one.id, one.resources[0].id, one.metadata_modified) for one in datasets()}

    here.give(dataset("trees", "Bäume"), "paths")
    run = here.harvest()

    after = {one.title: (one.id, one.resources[0].id, one.metadata_modified) for one in datasets()}
    assert outcome(run) == {"changed": 1, "unchanged": 1}
    assert after["Paths"] == before["Paths"]
    assert after["Bäume"][:2] == before["Trees"][:2]


def datasets() -> list[model.Package]:
    model.Session.expire_all()
    return model.Session.query(model.Package).filter_by(state="active", type="dataset").all()


def test_another_syntax_order_or_packing_is_no_change(here):
    here.give("trees", "paths")
    here.harvest()

    here.pages["/catalog.ttl"] = (200, gzip.compress(catalogue(["paths", "trees"])), {"Content-Type": "image/png"})

    assert outcome(here.harvest()) == {"unchanged": 2}


def test_deletions_follow_and_what_comes_back_is_the_same_dataset(here):
    here.give("trees", "paths")
    here.harvest()
    ids = {one.title: one.id for one in datasets()}

    here.give("trees")
    gone = here.harvest()
    left = here.titles()
    here.give("trees", "paths")
    back = here.harvest()

    assert (outcome(gone), left) == ({"deleted": 1, "unchanged": 1}, ["Trees"])
    assert outcome(back) == {"created": 1, "unchanged": 1}
    assert {one.title: one.id for one in datasets()} == ids


MANY = [f"set{number}" for number in range(12)]


BAD = [
    (catalogue([]), "no dataset in it"),
    (HEAD.encode(), "no dataset in it"),
    (catalogue(["trees"])[:-40], "not readable as Turtle"),
    ((500, b"", {}), "error 500"),
    ((404, b"", {}), "error 404"),
    ((200, catalogue(["trees"]), {"Content-Length": "9999", "Connection": "close"}), "broke off"),
    ((200, b"<html><body>Wartung</body></html>", {}), "web page"),
    ((200, b"\x00\x01\x02", {}), "neither RDF/XML"),
    (catalogue(["trees"], follows="/catalog.ttl"), "in circles"),
    (catalogue(["trees"], follows="file:///etc/passwd"), "no address of the web"),
    (catalogue(["trees"], follows="http://169.254.169.254/"), "own network"),
]


def test_a_bad_page_deletes_nothing_and_says_why(here, monkeypatch):
    monkeypatch.setattr("ckanext.landlab.harvest.pages.ATTEMPTS", 1)
    here.give("trees", "paths")
    here.harvest()
    failures = []

    for page, _said in BAD:
        here.pages["/catalog.ttl"] = page
        failures.append(here.harvest().failure)

    assert [said for (_page, said), failure in zip(BAD, failures, strict=True) if said not in failure] == []
    assert here.titles() == ["Paths", "Trees"]
    here.give("trees", "paths")
    assert outcome(here.harvest()) == {"unchanged": 2}


def test_pages_are_followed_and_a_page_that_repeats_ends_the_run(here):
    here.give("trees", follows="/catalog.ttl?page=2")
    here.pages["/catalog.ttl?page=2"] = catalogue(["paths"])
    assert outcome(here.harvest()) == {"created": 2}

    here.pages["/catalog.ttl?page=2"] = catalogue(["paths"], follows="/catalog.ttl?page=3")
    here.pages["/catalog.ttl?page=3"] = catalogue(["paths"], follows="/catalog.ttl?page=4")
    run = here.harvest()

    assert "in circles" in run.failure
    assert here.titles() == ["Paths", "Trees"]


def test_what_follows_other_datasets_does_not_wait_for_the_end_of_a_run(here, monkeypatch):
    written, redis, waiting = [], connect_to_redis(), following._name("waiting")
    take_in = importing.take_in_or_give_up

    def taken(*arguments):
        redis.sadd(waiting, "while records are taken in")
        take_in(*arguments)

    monkeypatch.setattr(running, "BEAT", -1)
    monkeypatch.setattr(importing, "take_in_or_give_up", taken)
    monkeypatch.setattr(entries, "refresh_all", lambda ids: written.extend(ids) or [])
    redis.sadd(waiting, "while pages are read")
    here.give("trees")

    here.harvest()

    assert written == ["while pages are read", "while records are taken in"]


def test_empty_pages_without_end_end_the_run(here):
    here.give("trees", follows="/catalog.ttl?page=2")
    for number in range(2, 15):
        here.pages[f"/catalog.ttl?page={number}"] = catalogue([], follows=f"/catalog.ttl?page={number + 1}")

    run = here.harvest()

    assert run.failure.startswith(f"{here.address}/catalog.ttl?page=12: This page is empty like those before it")


def test_a_catalogue_that_gives_less_than_it_says_loses_nothing(here):
    here.give("trees", "paths")
    here.harvest()

    here.give("trees", total=2)
    run = here.harvest()

    assert (outcome(run), run.failure) == ({"unchanged": 1}, "")
    assert "Nothing was deleted" in run.remark
    assert here.titles() == ["Paths", "Trees"]


def test_most_of_a_catalogue_is_deleted_only_when_a_person_confirms_it(here):
    here.give(*MANY)
    here.harvest()

    here.give(MANY[0])
    careful = here.harvest()
    there = len(here.titles())
    store.note(careful.job_id, here.source, confirmed=True)
    model.repo.commit()
    confirmed = here.harvest()

    assert "Confirm the deletion" in careful.remark
    assert (there, here.titles()) == (12, ["Set0"])
    assert outcome(confirmed) == {"deleted": 11, "unchanged": 1}


def test_a_record_without_title_is_rejected_with_the_reason_and_the_others_come_in(here):
    here.give("trees", dataset("paths").replace('dct:title "Paths"@de ;', ""))

    run, again = here.harvest(), here.harvest()

    assert outcome(run) == {"created": 1, "rejected": 1}
    assert outcome(again) == {"rejected": 1, "unchanged": 2}
    assert [(row.address, row.reason) for row in store.records(here.source, store.REJECTED)] == [
        ("https://upstream.example/paths", "It has no title.")
    ]


def test_the_log_says_what_was_converted(here):
    old = '<http://dcat-ap.de/def/dcatde/1_0/maintainer> [ a foaf:Agent ; foaf:name "Amt" ] ;'
    here.give(dataset("trees", more=old))
    here.harvest()

    (row,) = store.records(here.source, store.TAKEN)
    assert row.remarks["counts"]["kept"] >= 1
    assert [line["field"] for line in row.remarks["lines"] if line["kind"] == "converted"]


def test_the_configuration_may_only_give_a_priority():
    harvester = Harvester()

    assert [harvester.validate_config(text) for text in ("", '{"priority": 5}')] == ["", '{"priority": 5}']
    for text in ('{"x": 1}', '{"priority": "5"}', "[]", "{"):
        with pytest.raises(ValueError, match=r".+"):
            harvester.validate_config(text)


def test_activities_are_written_only_where_the_site_wants_them(here, monkeypatch):
    def activities() -> list[str]:
        return [kind for (kind,) in model.Session.query(Activity.activity_type).filter(Activity.object_id.in_(ids()))]

    def ids():
        return [one.id for one in datasets()]

    here.give("trees")
    here.harvest()
    silent = activities()
    monkeypatch.setitem(tk.config, "ckanext.landlab.harvest.activities", True)
    here.give(dataset("trees", "Bäume"))
    here.harvest()
    told = activities()
    monkeypatch.setitem(tk.config, "ckanext.landlab.harvest.activities", False)
    call_action("package_patch", {"user": factories.Sysadmin()["name"]}, id=ids()[0], version="2")

    assert (silent, told) == ([], ["changed package"])
    assert activities() == ["changed package"] * 2  # what people save tells as before


def test_what_the_harvester_of_ckanext_dcat_brings_is_not_refused_either(here):
    """It names neither custodian nor origin, and another version of which nothing is known here."""
    here.give(dataset("trees", more="dct:isVersionOf <https://upstream.example/older> ;"))
    admin = {"user": factories.Sysadmin()["name"]}
    here.pages["/other.ttl"] = here.pages["/catalog.ttl"]
    with p.use_plugin("dcat_rdf_harvester") as harvester:
        source = here.new_source("/other.ttl", source_type="dcat_rdf")
        made = call_action("harvest_job_create", admin, source_id=source)
        job = HarvestJob.get(made["id"])
        for id_ in harvester.gather_stage(job):
            harvester.fetch_stage(HarvestObject.get(id_))
            assert harvester.import_stage(HarvestObject.get(id_)) is True

    (taken,) = datasets()
    assert (taken.title, taken.private) == ("Trees", False)
    assert json.loads(taken.extras["is_version_of"]) == ["https://upstream.example/older"]
