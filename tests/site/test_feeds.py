"""What harvesters see of a site: complete, in every syntax, and gone at once."""

import gzip
from uuid import uuid4

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action
from ckanext.dcat.processors import RDFParser
from ckanext.landlab import entries, surroundings
from ckanext.landlab.cli import landlab
from ckanext.landlab.dcat.catalog import read
from ckanext.landlab.dcat.completeness import described
from ckanext.landlab.dcat.fingerprint import fingerprint
from ckanext.landlab.dcat.syntax import FORMATS, parse
from ckanext.landlab.feeds.feed import Absence, feed_of
from ckanext.landlab.logic.action.feed_reach import _item
from ckanext.landlab.model import feed as store
from ckanext.landlab.model.feed_condition import condition
from ckanext.landlab.model.feed_item import ENTRIES, ITEMS, PACKAGE
from ckanext.landlab.model.feed_state import summary
from ckanext.landlab.surroundings import context_of
from feed_case import LITTLE, TREES, app, change, loaded
from sqlalchemy import select

__all__ = ["app", "loaded"]

BLOCKED = next(entry.record["id"] for entry in LITTLE.entries if entry.stage == "blocked")
PUBLIC = [e.record["id"] for e in LITTLE.entries if e.stage == "published" and e.record["type"] == "dataset"]
THEIR_NAMES = {"ttl": "turtle", "rdf": "xml", "jsonld": "json-ld", "nt": "nt"}

pytestmark = pytest.mark.usefixtures("loaded")


def harvest(app, path, **arguments):
    answer = app.get(path, **arguments)
    assert answer.status_code == 200, answer.data
    return read(parse(answer.data, path.partition("?")[0].rpartition(".")[2]).graph)


def titles(app, path, **arguments):
    return sorted(record["title"] for record in harvest(app, path, **arguments).records.values())


ALL = [
    "Baumkataster",
    "Bevölkerung nach Stadtteilen",
    "Bevölkerung nach Stadtteilen 2025",
    "Wasserstände der Kreispegel",
]


@pytest.mark.parametrize("syntax", FORMATS)
def test_a_harvester_finds_every_public_dataset(app, syntax):
    assert titles(app, f"/catalog.{syntax}") == ALL
    assert titles(app, f"/feed/default/all.{syntax}") == ALL


@pytest.mark.parametrize("version", ["3.0", "2.0"])
def test_all_syntaxes_say_the_same(app, version):
    change("landlab_feed_update", name="gleich", version=version)
    graphs = {syntax: parse(app.get(f"/feed/gleich/all.{syntax}").data, syntax).graph for syntax in FORMATS}
    change("landlab_feed_delete", name="gleich")

    assert len(graphs["nt"]) > 300
    assert len({fingerprint(graph) for graph in graphs.values()}) == 1  # whatever blank nodes are called


def test_an_organisation_has_a_feed_of_its_own(app):
    assert titles(app, "/organization/landkreis-murgfeld/catalog.ttl") == ["Wasserstände der Kreispegel"]
    assert app.get("/organization/nirgendwo/catalog.ttl", status=404)
    assert app.get("/feed/nirgendwo/catalog.ttl", status=404)
    assert app.get("/catalog.csv", status=404)
    assert app.get("/feed/a%00b/catalog.ttl", status=404)
    assert app.get("/organization/a%00b/catalog.ttl", status=404)


def test_pages_follow_each_other_and_none_is_empty(app):
    change("landlab_feed_update", name="default", page_size=3)

    first = harvest(app, "/catalog.ttl")
    second = harvest(app, first.next_page.removeprefix("http://test.ckan.net"))

    assert "page=2" in first.next_page
    assert second.next_page == ""
    assert {**first.records, **second.records}.keys() == harvest(app, "/feed/default/all.ttl").records.keys()
    app.get("/catalog.ttl?page=3", status=404)
    app.get("/catalog.ttl?page=0", status=400)
    app.get("/catalog.ttl?page=eins", status=400)
    change("landlab_feed_delete", name="default")


def test_what_is_withdrawn_is_gone_at_once_for_everybody(app):
    known = app.get("/catalog.ttl")
    headers = {"If-None-Match": known.headers["ETag"]}
    assert app.get("/catalog.ttl", headers=headers).status_code == 304

    change("package_patch", id=TREES, private=True)

    assert "Baumkataster" not in titles(app, "/catalog.ttl", headers=headers)
    sysadmin = {"Authorization": call_action("api_token_create", user="admin", name="x")["token"]}
    assert "Baumkataster" not in titles(app, "/catalog.ttl", headers=sysadmin)
    gone = app.get("/feed/default/deleted.json").json["deleted"]
    assert [entry["address"].rpartition("/")[2] for entry in gone] == [TREES]

    change("package_patch", id=TREES, private=False)

    assert titles(app, "/catalog.ttl") == ALL
    assert app.get("/feed/default/deleted.json").json["deleted"] == []


def test_a_change_behind_the_back_of_ckan_withdraws_a_dataset(app):
    package = model.meta.metadata.tables["package"].update().where(model.Package.id == TREES)
    model.Session.execute(package.values(state="draft"))
    model.Session.commit()
    try:
        assert "Baumkataster" not in titles(app, "/catalog.ttl")
    finally:
        model.Session.execute(package.values(state="active"))
        model.Session.commit()


def test_drafts_and_blocked_datasets_leave_no_trace(app):
    everything = app.get("/feed/default/all.nt").data + app.get("/feed/default/deleted.json").data

    assert BLOCKED.encode() not in everything


def test_a_harvester_that_asks_for_changes_gets_only_these(app):
    stamp = call_action("landlab_feed_show", name="default")["changed"].replace("+", "%2B")
    change("package_patch", id=TREES, version="2026-Q4")

    changed = titles(app, f"/catalog.ttl?modified_since={stamp}")

    assert "Baumkataster" in changed
    for odd in ("gestern", "0001-01-01T00:00:00%2B23:59", "9999-12-31T23:59:59-23:59"):
        app.get(f"/catalog.ttl?modified_since={odd}", status=400)


def test_head_and_packing(app):
    head = app.flask_app.test_client().head("/catalog.ttl")
    packed = app.get("/catalog.ttl", headers={"Accept-Encoding": "gzip"})

    assert head.data == b""
    assert "Content-Length" not in head.headers
    assert head.headers["ETag"] == packed.headers["ETag"]
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == app.get("/catalog.ttl").data


def test_a_file_points_at_the_statement_of_its_dataset(app):
    statement = f"<http://test.ckan.net/dataset/{TREES}/hinweise>"

    lines = app.get("/feed/default/all.nt").data.decode().splitlines()

    assert sum(line.endswith(f"<http://purl.org/dc/terms/rights> {statement} .") for line in lines) == 2


@pytest.mark.parametrize("syntax", FORMATS)
@pytest.mark.parametrize("version", ["3.0", "2.0"])
def test_the_harvester_of_ckanext_dcat_gets_every_dataset_once_and_finds_the_next_page(app, version, syntax):
    change("landlab_feed_update", name="seiten", version=version, page_size=2)
    found, path = [], f"/feed/seiten/catalog.{syntax}"
    while path:
        parser = RDFParser(profiles=["euro_dcat_ap_3" if version == "3.0" else "euro_dcat_ap_2"])
        parser.parse(app.get(path).data.decode(), THEIR_NAMES[syntax])
        for dataset in parser.datasets():
            assert dataset["title"]
            assert dataset["resources"]
            facts = {extra["key"]: extra["value"] for extra in dataset["extras"]} | dataset
            found.append(facts["identifier"])
        path = (parser.next_page() or "").removeprefix("http://test.ckan.net")

    assert sorted(found) == sorted(PUBLIC)


def test_version_2_knows_no_series(app):
    change("landlab_feed_update", name="govdata", title="GovData", version="2.0")

    assert titles(app, "/feed/govdata/catalog.rdf") == [
        title for title in ALL if title != "Bevölkerung nach Stadtteilen"
    ]
    assert b"http://www.w3.org/ns/dcat#inSeries" not in app.get("/feed/govdata/catalog.nt").data


def test_why_a_dataset_is_missing_is_said(app):
    change("landlab_feed_update", name="sensoren", origins="sensors", tags_excluded="Hochwasser")

    absences = {row["title"]: row["reason"] for row in change("landlab_feed_absences", name="sensoren")}

    assert absences["Baumkataster"] == "The feed does not take datasets of this origin."
    assert absences["Wasserstände der Kreispegel"] == "It has a keyword that the feed leaves out."
    assert titles(app, "/feed/sensoren/catalog.ttl") == []
    with pytest.raises(tk.NotAuthorized):
        call_action("landlab_feed_absences", {"user": "redaktion", "ignore_auth": False}, name="sensoren")


def test_feeds_are_written_as_files(cli, tmp_path, app):
    assert cli.invoke(landlab, ["feeds", "export", str(tmp_path)]).exit_code == 0

    assert (tmp_path / "catalog.rdf").read_bytes() == app.get("/catalog.rdf").data
    assert (tmp_path / "feed/default/all.nt").read_bytes() == app.get("/feed/default/all.nt").data
    assert (tmp_path / "organization/stadt-rebenau/catalog.jsonld").exists()


def test_an_entry_says_what_the_api_shows():
    for package in model.Session.query(model.Package).filter_by(state="active"):
        shown = call_action("package_show", id=package.id)
        stored = surroundings.stored(package)

        assert described(stored, context_of(stored)) == described(shown, context_of(shown))


def test_entries_made_anew_are_the_same(cli, app):
    before = app.get("/feed/default/all.nt").headers["ETag"]

    assert cli.invoke(landlab, ["feeds", "rebuild"]).exit_code == 0

    assert app.get("/feed/default/all.nt").headers["ETag"] == before


@pytest.mark.parametrize(
    "feed",
    [
        {},
        {"version": "2.0"},
        {"organizations": "stadt-rebenau"},
        {"origins": "sensors, official_statistics"},
        {"tags": "Umwelt, Pegel"},
        {"tags_excluded": "Statistik"},
        {"sources_excluded": "gdi"},
        {"organizations": "stadt-rebenau", "tags": "Umwelt", "tags_excluded": "Statistik", "version": "2.0"},
    ],
)
def test_the_database_and_the_rule_agree_on_what_a_feed_shows(app, feed):
    declared = feed_of(feed)
    items = store.all_items()
    by_rule = {row.id for row in items if declared.absence(_item(row)) is None}
    by_query = select(ITEMS.c.dataset_id).where(condition(declared))

    assert {row.id for row in store.all_items(left_out_by=declared)} == {row.id for row in items} - by_rule
    assert len(store.all_items(limit=2)) == 2
    assert set(model.Session.execute(by_query).scalars()) == by_rule
    assert summary(model.Session.connection(), declared).total == len(by_rule)


def test_what_came_from_a_source_that_the_harvester_knows_stays_out(app):
    source, job, record = (str(uuid4()) for _ in range(3))
    tables = model.meta.metadata.tables
    for name, values in (
        ("harvest_source", {"id": source, "url": "https://gdi.example/", "type": "dcat_rdf", "active": True}),
        ("harvest_job", {"id": job, "source_id": source, "status": "Finished"}),
        (
            "harvest_object",
            {"id": record, "harvest_source_id": source, "harvest_job_id": job, "package_id": TREES, "current": True},
        ),
    ):
        model.Session.execute(sa.insert(tables[name]).values(**values))
    feed = feed_of({"sources_excluded": source})

    shown = model.Session.execute(select(ITEMS.c.address).where(condition(feed))).scalars().all()
    left_out = store.all_items(left_out_by=feed)
    absent = [row.id for row in left_out if feed.absence(_item(row)) is Absence.ARRIVES_OTHERWISE]
    model.Session.rollback()

    assert len(shown) == len(ALL) - 1
    assert absent == [TREES]


@pytest.mark.parametrize("action", ["package_delete", "dataset_purge"])
def test_what_is_deleted_is_gone(app, action):
    change(action, id=TREES)

    assert "Baumkataster" not in titles(app, "/catalog.ttl")
    assert len(app.get("/feed/default/deleted.json").json["deleted"]) == 1


def test_entries_that_were_lost_come_back_and_the_moment_of_the_change_stays():
    public = (ITEMS.c.gone.is_(None), PACKAGE.c.state == "active", PACKAGE.c.private.is_(False))
    there = ITEMS.join(PACKAGE, PACKAGE.c.id == ITEMS.c.dataset_id)
    item = model.Session.execute(select(ITEMS).select_from(there).where(*public)).first()
    entries.refresh(item.dataset_id)
    own = ENTRIES.c.dataset_id == item.dataset_id
    before = model.Session.execute(select(ENTRIES).where(own).order_by(ENTRIES.c.version)).all()
    model.Session.execute(sa.delete(ENTRIES).where(own))
    changed = select(ITEMS.c.changed).where(ITEMS.c.dataset_id == item.dataset_id)
    moment = model.Session.execute(changed).scalar()

    entries.refresh(item.dataset_id)

    assert model.Session.execute(select(ENTRIES).where(own).order_by(ENTRIES.c.version)).all() == before
    assert len(before) == 2
    assert model.Session.execute(changed).scalar() == moment
