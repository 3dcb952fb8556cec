"""What has not changed upstream costs nothing, and is not mistaken for what has."""

from __future__ import annotations

import pytest
from ckan import model
from ckan.tests.helpers import call_action
from ckanext.landlab.harvest import pages, taking
from ckanext.landlab.model import harvest as store
from harvest_case import catalogue, dataset, outcome, upstream  # noqa: F401 a fixture

FIRST, SECOND = "/catalog.ttl", "/catalog.ttl?page=2"
IDENTIFIED = 'dct:identifier "https://origin.example/trees" ;'

pytestmark = pytest.mark.usefixtures("upstream")


@pytest.fixture
def here(upstream):  # noqa: F811
    return upstream


@pytest.fixture
def parsed(monkeypatch) -> list[bytes]:
    """What was parsed since."""
    documents: list[bytes] = []
    parse = pages.syntax.parse

    def noting(content, *arguments):
        documents.append(content)
        return parse(content, *arguments)

    monkeypatch.setattr(pages.syntax, "parse", noting)
    return documents


def two_pages(here, first: list[str], second: list[str], **headers: str) -> None:
    here.pages[FIRST] = (200, catalogue(first, follows=SECOND), headers)
    here.pages[SECOND] = (200, catalogue(second), headers)


@pytest.mark.parametrize(
    "headers",
    [{"ETag": '"one"'}, {"Last-Modified": "Fri, 27 Nov 2026 12:00:00 GMT"}, {}],
    ids=["etag", "date", "bytes"],
)
def test_a_page_that_is_as_it_was_is_not_parsed(here, parsed, headers):
    two_pages(here, ["trees"], ["paths"], **headers)
    here.harvest()
    read = len(parsed)

    runs = [here.harvest(), here.harvest()]

    assert read == 2
    assert len(parsed) == 2
    assert [outcome(run) for run in runs] == [{"unchanged": 2}] * 2
    assert [(run.counts["pages"], run.failure) for run in runs] == [(2, "")] * 2


def test_only_the_page_that_changed_is_parsed(here, parsed):
    two_pages(here, ["trees"], ["paths"])
    here.harvest()
    parsed.clear()

    two_pages(here, ["trees"], [dataset("paths", "Wege")])
    run = here.harvest()

    assert [b"Wege" in document for document in parsed] == [True]
    assert outcome(run) == {"changed": 1, "unchanged": 1}
    assert here.titles() == ["Trees", "Wege"]


def test_a_deletion_on_another_page_is_followed(here, parsed):
    two_pages(here, ["trees"], ["paths", "parks"])
    here.harvest()
    parsed.clear()

    two_pages(here, ["trees"], ["paths"])
    run = here.harvest()

    assert len(parsed) == 1
    assert outcome(run) == {"deleted": 1, "unchanged": 2}
    assert here.titles() == ["Paths", "Trees"]


def test_a_page_that_is_gone_takes_its_datasets_along(here):
    two_pages(here, ["trees", "parks"], ["paths"], ETag='"one"')
    here.harvest()

    here.pages[FIRST] = (200, catalogue(["trees", "parks"]), {"ETag": '"two"'})
    run = here.harvest()

    assert outcome(run) == {"deleted": 1, "unchanged": 2}
    assert [row.address.removeprefix(here.address) for row in store.pages(here.source)] == [FIRST]


def test_what_was_deleted_here_by_hand_comes_back(here):
    two_pages(here, ["trees"], ["paths"], ETag='"one"')
    here.harvest()
    paths = model.Session.query(model.Package).filter_by(title="Paths").one()
    call_action("package_delete", taking.context(), id=paths.id)

    run = here.harvest()

    assert outcome(run) == {"created": 1, "unchanged": 1}
    assert here.titles() == ["Paths", "Trees"]


def test_a_duplicate_on_a_page_that_is_as_it_was_comes_in_when_the_other_one_goes(here, parsed):
    here.give(dataset("trees", more=IDENTIFIED), "paths")
    here.harvest()
    other = here.new_source("/other.ttl")
    here.pages["/other.ttl"] = (200, catalogue([dataset("copy", "Copy", IDENTIFIED), "parks"]), {"ETag": '"one"'})
    assert outcome(here.harvest(other)) == {"created": 1, "duplicate": 1}

    here.give("paths")
    here.harvest()
    run = here.harvest(other)

    assert outcome(run) == {"created": 1, "unchanged": 1}
    assert here.titles() == ["Copy", "Parks", "Paths"]


def test_a_record_that_moves_to_another_page_stays_what_it_is(here):
    two_pages(here, ["trees", "parks"], ["paths"])
    here.harvest()
    ids = {one.title: one.id for one in model.Session.query(model.Package).filter_by(type="dataset")}

    two_pages(here, ["trees"], ["parks", "paths"])
    moved = here.harvest()
    two_pages(here, ["trees", "parks"], ["parks", "paths"])  # on both while somebody adds one in front
    both, again = here.harvest(), here.harvest()

    assert [outcome(run) for run in (moved, both, again)] == [{"unchanged": 3}] * 3
    assert {one.title: one.id for one in model.Session.query(model.Package).filter_by(type="dataset")} == ids


def test_another_record_of_the_same_address_on_a_page_that_is_as_it_was_does_not_win_by_turns(here):
    two_pages(here, ["trees", dataset("parks", "Gärten")], ["parks", "paths"])
    here.harvest()

    runs = [here.harvest(), here.harvest()]

    assert [outcome(run) for run in runs] == [{"unchanged": 3}] * 2
    assert here.titles() == ["Gärten", "Paths", "Trees"]


def test_a_run_that_ended_in_the_middle_has_not_taken_in_what_it_read(here, monkeypatch):
    two_pages(here, ["trees"], ["paths"], ETag='"one"')
    monkeypatch.setattr("ckanext.landlab.harvest.importing.waiting", lambda job_id: [])
    here.harvest()
    monkeypatch.undo()
    monkeypatch.setitem(taking.tk.config, "ckanext.landlab.internal_hosts", "127.0.0.1")

    run = here.harvest()

    assert outcome(run) == {"created": 2}
