"""A harvest source is cleared by SQL that tells no plugin: nothing of its datasets is left, and they can come again."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.landlab import orphans
from ckanext.landlab.model import feed_item as feed
from ckanext.landlab.model import harvest, release
from harvest_case import outcome, upstream  # noqa: F401 a fixture

pytestmark = pytest.mark.usefixtures("upstream")


def left(*ids: str) -> dict[str, int]:
    """How many rows of each table speak of datasets."""
    return {
        table.name: model.Session.execute(
            sa.select(sa.func.count()).select_from(table).where(table.c.dataset_id.in_(ids))
        ).scalar_one()
        for table in (*orphans.HELD, harvest.RECORDS, feed.ENTRIES, release.EVENTS)
    }


def test_what_a_cleared_source_leaves_behind_goes_and_comes_again(upstream, app):  # noqa: F811
    upstream.give("trees", "paths")
    upstream.harvest()
    ids = [id for (id,) in model.Session.query(model.Package.id).filter_by(type="dataset")]  # noqa: A001
    for dataset_id in ids:
        release.store(dataset_id, answers={})
        release.record(dataset_id, "answered", None)
        release.store_look(
            resource_id=f"{dataset_id}-r", dataset_id=dataset_id, mark="", rows=0, left_out=None, findings=[]
        )
    model.Session.commit()
    assert len(ids) == 2
    assert left(*ids)["landlab_feed_entry"] == 4

    administrator = factories.Sysadmin()["name"]
    call_action("harvest_source_clear", {"user": administrator, "ignore_auth": False}, id=upstream.source)
    model.Session.expire_all()

    remaining = left(*ids)
    assert remaining.pop("landlab_release_event") == 2  # the history is a record
    assert not any(remaining.values()), remaining
    gone = model.Session.execute(sa.select(feed.ITEMS.c.gone).where(feed.ITEMS.c.dataset_id.in_(ids))).scalars().all()
    assert len(gone) == 2
    assert all(gone)  # harvesters are told
    assert b"upstream.example" not in app.get("/catalog.ttl").data
    assert outcome(upstream.harvest()) == {"created": 2}


def test_nothing_goes_that_is_still_there(upstream):  # noqa: F811
    upstream.give("trees")
    upstream.harvest()
    (dataset_id,) = [id for (id,) in model.Session.query(model.Package.id).filter_by(type="dataset")]  # noqa: A001
    before = left(dataset_id)
    assert not any(orphans.clear().values())
    assert left(dataset_id) == before
