"""The state of a feed is kept, not counted: it is right whatever happens at the same time, and never older than it."""

import random
import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests.helpers import call_action
from ckanext.landlab.cli import landlab
from ckanext.landlab.feeds import freshness
from ckanext.landlab.feeds.feed import Feed, feed_of
from ckanext.landlab.model import feed_declaration as declarations
from ckanext.landlab.model import feed_state
from ckanext.landlab.model.feed_condition import condition
from ckanext.landlab.model.feed_item import FORMER, ITEMS, now
from ckanext.landlab.model.feed_state import TALLY, summary
from ckanext.landlab.model.harvest import RECORDS
from feed_case import TREES, app, change, loaded
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

__all__ = ["app", "loaded"]

pytestmark = pytest.mark.usefixtures("loaded")

NOTHING = {
    **dict.fromkeys(("kind", "address", "origin"), ""),
    "tags": [],
    "along": [],
    "has_contributor": True,
    "largest": 1,
}


def state(feed):
    """How many datasets *feed* has, and their mark, as answers tell it."""
    found = summary(model.Session.connection(), feed)
    return found.total, found.mark


def counted(feed):
    """The same, counted one by one."""
    columns = sa.func.count(), sa.func.coalesce(sa.func.bit_xor(ITEMS.c.mark), 0)
    return tuple(model.Session.execute(select(*columns).where(condition(feed))).one())


def test_whoever_asks_by_date_learns_of_a_dataset_that_went_and_of_another_filter(app):
    def is_new(path):
        known = app.get(path).headers["Last-Modified"]
        yield
        yield app.get(path, headers={"If-Modified-Since": known}).status_code == 200

    for action, values in (
        ("package_patch", {"id": TREES, "private": True}),
        ("package_patch", {"id": TREES, "private": False}),
        ("landlab_feed_update", {"name": "govdata", "tags": "Pegel"}),
        ("landlab_feed_update", {"name": "govdata"}),
    ):
        answer = is_new("/feed/govdata/catalog.ttl" if "name" in values else "/catalog.ttl")
        change("landlab_feed_update", name="govdata", version="2.0")
        next(answer)
        change(action, **values)
        assert next(answer), values
    change("landlab_feed_delete", name="govdata")


def test_saves_at_the_same_time_leave_a_state_as_counted():
    def save(person, count=100, taken_back=10):
        """Datasets come, change, move to another organisation and go; every so many is taken back."""
        chance = random.Random(person)
        for number in range(count):
            with model.ensure_engine().connect() as connection:
                item = {"dataset_id": f"eilig-{chance.randrange(12)}", "organization": f"amt-{chance.randrange(3)}"}
                item |= {"mark": chance.getrandbits(62), "gone": chance.choice([None, None, now()]), "changed": now()}
                statement = insert(ITEMS).values({**NOTHING, **item})
                changes = {name: statement.excluded[name] for name in item}
                connection.execute(statement.on_conflict_do_update(index_elements=["dataset_id"], set_=changes))
                if number % taken_back:
                    connection.commit()

    with ThreadPoolExecutor(4) as people:
        list(people.map(save, range(4)))
    save(4, count=600, taken_back=600)  # the line that adds up may have been taken back; of these it is not

    feeds = [feed_of({"organizations": f"amt-{number}"}) for number in range(3)] + [Feed()]
    assert [state(feed) for feed in feeds] == [counted(feed) for feed in feeds]
    lines = select(sa.func.count()).select_from(TALLY)
    assert model.Session.execute(lines).scalar_one() < 300  # of some thousand that were written
    model.Session.execute(sa.delete(ITEMS).where(ITEMS.c.dataset_id.startswith("eilig-")))
    assert state(Feed()) == counted(Feed())
    model.Session.commit()


def test_a_feed_of_keywords_is_counted_again_only_when_something_has_changed(monkeypatch):
    feed = feed_of({"tags": "Umwelt"})
    tags = call_action("package_show", id=TREES)["tags"]
    before = state(feed)
    with monkeypatch.context() as patch:
        patch.setattr(feed_state, "_counted", None)
        assert state(feed) == before

    change("package_patch", id=TREES, tags=[{"name": "Wald"}])

    assert state(feed) == counted(feed) != before
    change("package_patch", id=TREES, tags=tags)
    assert state(feed) == counted(feed)
    assert state(feed)[0] == before[0]


def test_what_came_from_a_source_that_is_left_out_is_counted_again_only_when_something_has_changed(monkeypatch):
    feeds = [feed_of({"sources_excluded": "gdi, land", "tags": tags}) for tags in ("", "Umwelt")]
    record = dict.fromkeys(("kind", "title", "fingerprint", "outcome", "reason", "job_id"), "")
    record |= {"dataset_id": TREES, "address": TREES, "aliases": [], "remarks": [], "changed": now()}

    def states():
        for feed in feeds:
            with monkeypatch.context() as patch:
                found = state(feed)
                patch.setattr(feed_state, "_counted", None)
                assert found == state(feed) == counted(feed)
                yield found

    nothing = list(states())
    for source in ("gdi", "land", "anderswo"):  # twice the same dataset, and one that is not left out
        model.Session.execute(sa.insert(RECORDS).values({**record, "source": source}))
        without = list(states())
        assert [total for total, _ in without] == [total - 1 for total, _ in nothing]
    change("package_patch", id=TREES, version="2026-11")
    assert list(states()) == without
    model.Session.execute(sa.delete(RECORDS).where(RECORDS.c.source != "land"))
    assert list(states()) == without
    model.Session.execute(sa.delete(RECORDS))
    assert [total for total, _ in states()] == [total for total, _ in nothing]
    model.Session.commit()


def test_whoever_asks_by_date_learns_of_what_comes_another_way_from_now_on_and_no_more(app, monkeypatch):
    declarations.declare("land", {"name": "land", "sources_excluded": ["gdi"]})
    model.Session.commit()
    record = dict.fromkeys(("kind", "title", "fingerprint", "outcome", "reason", "job_id"), "")
    record |= {"dataset_id": TREES, "address": TREES, "source": "gdi", "aliases": [], "remarks": [], "changed": now()}
    path = "/feed/land/catalog.ttl"
    answers = []

    for statement in (sa.insert(RECORDS).values(record), sa.delete(RECORDS), sa.insert(RECORDS).values(record)):
        known = {"If-Modified-Since": app.get(path).headers["Last-Modified"]}
        model.Session.execute(statement)
        model.Session.commit()
        feed_state._remembered.clear()  # another process is asked
        answers.append(app.get(path, headers=known).status_code)

    time.sleep(1.1)  # the second in which it changed is over
    monkeypatch.setattr(freshness, "UNSETTLED", timedelta(seconds=1))  # and the minute
    known = {"If-Modified-Since": app.get(path).headers["Last-Modified"]}
    assert [*answers, app.get(path, headers=known).status_code] == [200, 200, 200, 304]
    model.Session.execute(sa.delete(RECORDS))
    change("landlab_feed_delete", name="land")


def test_a_feed_tells_what_it_shows_no_more_for_whatever_reason(app):
    def gone(path="/feed/umwelt"):
        return [entry["address"].rpartition("/")[2] for entry in app.get(f"{path}/deleted.json").json["deleted"]]

    dataset = call_action("package_show", id=TREES)
    change("landlab_feed_update", name="umwelt", tags="Umwelt,Bäume")
    owner = f"/organization/{dataset['organization']['name']}"
    for values in ({"tags": [{"name": "Wald"}]}, {"uri": "https://anderswo.example/baeume"}):
        assert gone() == []
        change("package_patch", id=TREES, **values)
        assert gone() == [TREES]
        change("package_patch", id=TREES, tags=dataset["tags"], uri=dataset.get("uri", ""))
    assert gone() == ["baeume"]  # that is where it was
    model.Session.execute(sa.delete(FORMER))
    model.Session.commit()

    change("package_owner_org_update", id=TREES, organization_id="landkreis-murgfeld")
    assert (gone("/feed/default"), gone(owner)) == ([], [TREES])
    change("package_owner_org_update", id=TREES, organization_id=dataset["owner_org"])
    assert (gone(owner), gone("/organization/landkreis-murgfeld")) == ([], [TREES])
    change("landlab_feed_delete", name="umwelt")


def test_whoever_knew_the_feed_before_it_was_declared_anew_gets_all_of_it(app):
    change("landlab_feed_update", name="kreis", organizations="landkreis-murgfeld")
    before = now()
    change("landlab_feed_update", name="kreis")
    after = now() + timedelta(minutes=2)

    path = "/feed/kreis/catalog.ttl?modified_since="
    told = [app.get(path + moment.isoformat().replace("+", "%2B")).text for moment in (before, after)]
    change("landlab_feed_delete", name="kreis")
    assert ["Kreispegel" in text for text in told] == [True, False]


def test_what_was_being_saved_when_a_harvester_came_is_told_the_next_time(app):
    came, saved = now(), sa.update(ITEMS).where(ITEMS.c.dataset_id == TREES)
    model.Session.execute(saved.values(changed=came - timedelta(seconds=20)))  # and committed only afterwards
    model.Session.commit()

    answers = [
        app.get(f"/catalog.ttl?modified_since={(came + timedelta(seconds=past)).isoformat()}".replace("+", "%2B")).text
        for past in (0, 90)
    ]
    assert ["Baumkataster" in answer for answer in answers] == [True, False]


def test_a_dataset_that_goes_between_two_pages_takes_no_other_along(app):
    change("landlab_feed_update", name="seiten", page_size=1)
    found, path = [], "/feed/seiten/catalog.nt"
    while path:
        page = app.get(path).text
        found += re.findall(r"dcat#(?:dataset|resource)> <[^>]*/([^/>]+)> \.", page)
        path = next(iter(re.findall(r'hydra/core#nextPage> "http://test.ckan.net([^"]*)"', page)), "")
        if len(found) == 1:
            change("package_patch", id=found[0], private=True)

    assert len(found) == len(set(found)) == 4
    beyond = app.get("/feed/seiten/catalog.nt?page=9&after=999999").text  # all that it was promised has gone
    assert "nextPage" not in beyond
    change("package_patch", id=found[0], private=False)
    change("landlab_feed_delete", name="seiten")


def test_a_copy_holds_no_page_and_no_feed_that_is_no_more(app, cli, tmp_path):
    change("landlab_feed_update", name="seiten", page_size=2)
    change("landlab_feed_update", name="weg")
    files = []
    for size in (2, 9):
        change("landlab_feed_update", name="seiten", page_size=size)
        assert cli.invoke(landlab, ["feeds", "export", str(tmp_path)]).exit_code == 0
        files.append([file.relative_to(tmp_path).as_posix() for file in tmp_path.rglob("*.ttl")])
        assert "after=" not in (tmp_path / "feed/seiten/catalog.ttl").read_text()
        if size == 2:
            change("landlab_feed_delete", name="weg")
            change("landlab_feed_update", name="weg2")

    assert [{name.split("/")[1] for name in names if "weg" in name} for names in files] == [{"weg"}, {"weg2"}]
    assert ["feed/seiten/catalog.page2.ttl" in names for names in files] == [True, False]
    assert list(tmp_path.rglob(".*")) == []
    for name in ("seiten", "weg2"):
        change("landlab_feed_delete", name=name)
