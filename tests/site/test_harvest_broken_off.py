"""A run that ends in the middle leaves nothing half-written; the next one goes on."""

from __future__ import annotations

import pytest
from ckan import model
from ckanext.landlab.harvest import gathering, running
from ckanext.landlab.model import harvest as store
from harvest_case import catalogue, outcome, upstream  # noqa: F401 a fixture

pytestmark = pytest.mark.usefixtures("upstream")


@pytest.fixture
def here(upstream):  # noqa: F811
    return upstream


MANY = [f"set{number}" for number in range(12)]


def test_between_two_records(here, monkeypatch):
    here.give(*MANY)
    job_id = here.job()
    take, count = running.importing.take_in, [0]

    def mortal(*arguments):
        count[0] += 1
        if count[0] == 5:
            raise KeyboardInterrupt
        return take(*arguments)

    monkeypatch.setattr(running.importing, "take_in", mortal)
    with pytest.raises(KeyboardInterrupt):
        running.run(job_id)
    model.Session.rollback()
    half = len(here.titles())
    running.run(job_id)

    assert half == 4
    assert outcome(store.run_of(job_id)) == {"created": 12}
    assert len(here.titles()) == 12


def test_while_pages_are_read(here, monkeypatch):
    here.give(*MANY, follows="/catalog.ttl?page=2")
    job_id = here.job()
    monkeypatch.setattr(gathering, "BATCH", 5)
    note, count = gathering._note_found, [0]

    def mortal(*arguments):
        count[0] += 1
        if count[0] == 2:
            raise KeyboardInterrupt
        note(*arguments)

    monkeypatch.setattr(gathering, "_note_found", mortal)
    with pytest.raises(KeyboardInterrupt):
        running.run(job_id)
    model.Session.rollback()
    here.pages["/catalog.ttl?page=2"] = catalogue(["last"])
    running.run(job_id)

    assert outcome(store.run_of(job_id)) == {"created": 13}


def test_what_breaks_off_again_and_again_is_given_up(here, monkeypatch):
    here.give("trees")
    job_id = here.job()

    def broken(*arguments):
        raise RuntimeError("out of order")

    monkeypatch.setattr(running.importing, "take_in", broken)
    for _attempt in range(running.MOST_ATTEMPTS):
        with pytest.raises(RuntimeError):
            running.run(job_id)
        model.Session.rollback()
    running.run(job_id)

    assert store.run_of(job_id).failure == (
        "The run was broken off 5 times and is given up.\nRuntimeError: out of order"
    )


def test_a_record_that_cannot_be_stored_does_not_stop_the_others(here, monkeypatch):
    here.give("trees", "paths")
    take = running.importing.take_in

    def picky(one, place):
        if "paths" in one.guid:
            raise ValueError("too odd")
        return take(one, place)

    monkeypatch.setattr(running.importing, "take_in", picky)
    job_id = here.job()
    with pytest.raises(ValueError, match="too odd"):
        running.run(job_id)
    running.run(job_id)

    assert outcome(store.run_of(job_id)) == {"created": 1, "rejected": 1}


def test_only_one_process_works_on_a_source(here):
    here.give("trees")
    job_id = here.job()
    with running.alone(here.source) as ours:
        running.run(job_id)

    assert ours
    assert store.run_of(job_id) is None
    assert here.titles() == []
