"""The same dataset by another way: recognised, shown, and one of them wins by the rule of docs/harvesting.md."""

from __future__ import annotations

import pytest
from ckan.tests.helpers import call_action
from ckanext.landlab.harvest import taking
from ckanext.landlab.model import harvest as store
from harvest_case import catalogue, dataset, outcome, upstream  # noqa: F401 a fixture

pytestmark = pytest.mark.usefixtures("upstream")


@pytest.fixture
def here(upstream):  # noqa: F811
    return upstream


IDENTIFIED = 'dct:identifier "https://origin.example/trees" ;'


def test_what_was_here_first_stays(here):
    here.give(dataset("trees", more=IDENTIFIED))
    here.harvest()
    other = here.new_source("/other.ttl")
    here.pages["/other.ttl"] = catalogue([dataset("copy", "Trees", IDENTIFIED)])

    run = here.harvest(other)

    assert outcome(run) == {"duplicate": 1}
    (row,) = store.records(other, store.DUPLICATE)
    assert row.reason == "It is here already as “Trees”, from Quelle 0."
    assert here.titles() == ["Trees"]


def test_the_other_one_comes_in_when_the_first_goes(here):
    here.give(dataset("trees", more=IDENTIFIED), "paths")
    here.harvest()
    other = here.new_source("/other.ttl")
    here.pages["/other.ttl"] = catalogue([dataset("copy", "Copy", IDENTIFIED)])
    here.harvest(other)

    here.give("paths")
    here.harvest()

    assert outcome(here.harvest(other)) == {"created": 1}
    assert here.titles() == ["Copy", "Paths"]


def test_a_higher_priority_pushes_out_and_the_loser_does_not_come_back(here):
    here.give(dataset("trees", more=IDENTIFIED))
    here.harvest()
    other = here.new_source("/other.ttl", priority=10)
    here.pages["/other.ttl"] = catalogue([dataset("copy", "Better", IDENTIFIED)])

    assert outcome(here.harvest(other)) == {"created": 1}
    assert here.titles() == ["Better"]
    assert outcome(here.harvest()) == {"duplicate": 1}
    assert here.titles() == ["Better"]


def test_pages_and_identifiers_count_with_the_title(here):
    page = "dcat:landingPage <{}> ;"
    here.give(
        dataset("trees", "Bäume", page.format("https://city.example/t") + 'dct:identifier "7" ;'),
        dataset("paths", "Wege", page.format("https://city.example/")),
    )
    here.harvest()
    other = here.new_source("/other.ttl")
    here.pages["/other.ttl"] = catalogue(
        [
            dataset("same-page", "Bäume", page.format("http://www.city.example/t/")),
            dataset("same-identifier", "Bäume", 'dct:identifier "7" ;'),
            dataset("other-identifier", "Bäume", 'dct:identifier "8" ;'),
            dataset("other-title", "Alle Bäume", 'dct:identifier "7" ;'),
            dataset("home-page", "Wege", page.format("https://city.example/")),
        ]
    )

    run = here.harvest(other)

    addresses = sorted(row.address for row in store.records(other, store.DUPLICATE))
    assert addresses == ["https://upstream.example/same-identifier", "https://upstream.example/same-page"]
    assert outcome(run) == {"created": 3, "duplicate": 2}


def test_what_was_entered_here_wins(here):
    own = "https://test.ckan.net/dataset/own"
    here.give(dataset("trees", more=f'dct:identifier "{own}" ;'))
    values = {"type": "dataset", "title": "Own", "identifier": own, "owner_org": here.organization["id"]}
    call_action("package_create", taking.context(), **values)

    run = here.harvest()

    assert outcome(run) == {"duplicate": 1}
    assert store.records(here.source, store.DUPLICATE)[0].reason == "It was entered here as “Own”."


def test_two_of_one_catalogue_with_a_common_page_are_two(here):
    page = "dcat:landingPage <https://city.example/budget> ;"
    here.give(dataset("one", "Haushalt", page), dataset("two", "Haushalt", page))

    assert outcome(here.harvest()) == {"created": 2}
