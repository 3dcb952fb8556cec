"""What the harvester brings from a source of the city's own waits for its release; what comes from others is exempt."""

from __future__ import annotations

import pytest
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.landlab.model import release as table
from gauges import chosen
from harvest_case import outcome, upstream  # noqa: F401 a fixture
from release_case import refused

pytestmark = pytest.mark.usefixtures("upstream")


@pytest.fixture
def enforced(monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.landlab.release.mode", "enforce")


def dataset() -> model.Package:
    model.Session.expire_all()
    (found,) = model.Session.query(model.Package).filter_by(type="dataset", state="active")
    return found


def test_an_own_source_publishes_nothing_before_its_release(upstream, enforced, monkeypatch):  # noqa: F811
    monkeypatch.setitem(tk.config, "ckanext.landlab.release.own_sources", upstream.source)
    upstream.give("trees")
    assert outcome(upstream.harvest()) == {"created": 1}
    assert dataset().private
    assert [event.kind for event in table.events_of(dataset().id)] == ["held_back"]
    administrator = factories.Sysadmin()["name"]
    refused("package_patch", {"id": dataset().id, "private": False}, administrator)
    upstream.give("trees", "paths")
    upstream.harvest()
    assert all(package.private for package in model.Session.query(model.Package).filter_by(type="dataset"))


def test_another_source_is_exempt(upstream, enforced):  # noqa: F811
    upstream.give("trees")
    upstream.harvest()
    assert not dataset().private
    assert table.release_of(dataset().id).exempt == "harvested"


def test_a_run_leaves_the_notices_that_were_chosen_here(upstream, enforced):  # noqa: F811
    upstream.give("trees")
    upstream.harvest()
    user = {"user": factories.Sysadmin()["name"]}
    call_action("package_patch", user, id=dataset().id, notices=chosen("KNOWN"))
    upstream.pages["/catalog.ttl"] = upstream.pages["/catalog.ttl"].replace(b"Trees", b"All trees")
    assert outcome(upstream.harvest()) == {"changed": 1}
    shown = call_action("package_show", user, id=dataset().id)
    assert shown["title"] == "All trees"
    assert shown["notices"] == chosen("KNOWN")
