"""Which harvester came, when and what it took: noted after the answer, without anybody's address."""

import json
from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib.redis import connect_to_redis
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action
from ckanext.landlab import visits
from ckanext.landlab.model.visits import MOST, VISITS
from feed_case import app, change, headers, loaded

__all__ = ["app", "headers", "loaded"]

pytestmark = pytest.mark.usefixtures("loaded", "_none")


@pytest.fixture
def _none(loaded):
    """Nobody has come yet."""
    connect_to_redis().delete(visits._name())
    model.Session.execute(sa.delete(VISITS))
    model.Session.commit()


def taken(app, path, **headers):
    """The answer, read to its end and closed, as a server closes it when it is sent."""
    answer = app.get(path, headers=headers)
    assert answer.data or answer.status_code == 304
    answer.close()
    return answer


def told(feed="default"):
    return change("landlab_feed_visits", name=feed)


def test_the_pages_that_a_harvester_takes_are_one_visit(app):
    change("landlab_feed_update", name="default", page_size=3)
    agent = {"User-Agent": "GovData-Harvester/1.0 \u00e4"}
    sizes = [len(taken(app, f"/catalog.rdf?page={page}", **agent).data) for page in (1, 2)]
    etag = taken(app, "/catalog.rdf", **{"User-Agent": "Land"}).headers["ETag"]
    taken(app, "/catalog.rdf", **{"User-Agent": "Land", "If-None-Match": etag})
    app.flask_app.test_client().head("/catalog.ttl", headers={"User-Agent": "Land"}).close()
    taken(app, "/feed/default/deleted.json", **{"User-Agent": "Land"})
    change("landlab_feed_delete", name="default")

    found = {(visit["agent"].strip(), visit["form"]): visit for visit in told()}

    assert set(found) == {("GovData-Harvester/1.0", "rdf"), ("Land", "rdf"), ("Land", "ttl"), ("Land", "deleted")}
    govdata, land = found["GovData-Harvester/1.0", "rdf"], found["Land", "rdf"]
    assert (govdata["requests"], govdata["datasets"], govdata["bytes"], govdata["broken"]) == (2, 4, sum(sizes), 0)
    assert (land["requests"], land["datasets"], land["unchanged"]) == (2, 3, 1)
    assert (found["Land", "ttl"]["requests"], found["Land", "ttl"]["datasets"]) == (1, 0)


def test_what_nginx_hands_out_from_what_it_keeps_is_taken(app):
    etag = taken(app, "/catalog.ttl").headers["ETag"]
    taken(app, "/catalog.ttl", **{"If-None-Match": etag, "X-Landlab-Hands-Out": "1", "User-Agent": "Land"})

    land = next(visit for visit in told() if visit["agent"] == "Land")
    assert (land["unchanged"], land["datasets"]) == (0, 4)


def test_nobodys_address_is_kept(app):
    taken(app, "/catalog.nt", **{"X-Forwarded-For": "203.0.113.8"})

    (visit,) = told()
    assert "203.0.113" not in json.dumps(visit)
    assert "127.0.0.1" not in json.dumps(visit)


def test_an_answer_that_is_not_taken_to_its_end_is_no_dataset(app):
    note = visits.Note("default", "nt", "x", 4)
    sending = note.counting([b"abc", b"def"])
    next(sending)
    sending.close()
    note.put(200)

    (visit,) = told()
    assert (visit["datasets"], visit["bytes"], visit["broken"]) == (0, 3, 1)


def test_old_visits_and_too_many_are_forgotten():
    now = datetime.now(timezone.utc)
    counts = dict.fromkeys(("requests", "unchanged", "datasets", "bytes", "broken"), 1)
    days = [now - timedelta(days=400), *(now - timedelta(hours=hours) for hours in range(MOST + 5))]
    rows = [{"feed": "default", "agent": "x", "form": "nt", "begun": day, "last": day, **counts} for day in days]
    model.Session.execute(sa.insert(VISITS), rows)

    visits.gather()

    kept = model.Session.execute(sa.select(sa.func.count(), sa.func.min(VISITS.c.last))).one()
    assert kept[0] == MOST
    assert now - kept[1] < timedelta(hours=MOST)


def test_after_a_pause_it_is_another_visit():
    connect_to_redis().delete(visits._name())
    for minutes in (90, 85, 5):
        note = visits.Note("default", "nt", "x", 4)
        note.complete, note.bytes = True, 10
        note.put(200)
        waiting = json.loads(connect_to_redis().rpop(visits._name()))
        connect_to_redis().rpush(visits._name(), json.dumps({**waiting, "moment": waiting["moment"] - 60 * minutes}))

    assert [visit["requests"] for visit in told()] == [1, 2]


def test_an_answer_goes_out_although_redis_does_not(app, monkeypatch):
    monkeypatch.setattr(visits, "connect_to_redis", _unreachable)

    assert taken(app, "/catalog.nt").data


def _unreachable():
    raise visits.redis.ConnectionError("gone")


def test_only_administrators_see_who_came(app, headers):
    taken(app, "/catalog.nt", **{"User-Agent": "GovData<script>"})

    page = app.get("/de/ckan-admin/feeds/default", headers=headers("admin"))

    assert "GovData&lt;script&gt;" in page
    assert "nahm 4 Datensätze mit" in page
    with pytest.raises(tk.NotAuthorized):
        call_action("landlab_feed_visits", {"user": "redaktion", "ignore_auth": False}, name="default")
