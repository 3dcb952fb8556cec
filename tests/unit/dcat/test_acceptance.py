"""What a harvester of GovData's kind makes of a dataset."""

import pytest
from ckanext.landlab import schemas
from ckanext.landlab.dcat.acceptance import FLAWED, REJECTED, TAKEN, marks_of, outcome_of
from ckanext.landlab.dcat.context import Context

LISTED = next(iter(schemas.vocabulary("contributors").concepts))
OPEN = "http://dcat-ap.de/def/licenses/dl-by-de/2.0"
CLOSED = "http://dcat-ap.de/def/licenses/other-closed"
FILE = {"id": "f1", "name": "Bäume.csv", "url": "https://rebenau.example/baeume.csv", "license": OPEN}
TREES = {
    "type": "dataset",
    "id": "b1",
    "name": "baumkataster",
    "title": "Baumkataster",
    "notes": "Alle Bäume der Stadt.",
    "publisher": [{"name": "Stadt Rebenau"}],
    "contributorID": [LISTED],
    "tags": [{"name": "Bäume"}],
    "resources": [FILE],
}
CONTEXT = Context(base="https://rebenau.example")


def marks(contributor="", is_double=False, **values):
    return marks_of({**TREES, **values}, CONTEXT, contributor, is_double=is_double)


def test_a_good_dataset_is_taken():
    assert marks() == []
    assert outcome_of([]) == TAKEN


@pytest.mark.parametrize(
    ("wrong", "rule", "outcome", "path"),
    [
        ({"title": ""}, "title", REJECTED, ("title",)),
        ({"resources": []}, "no-files", REJECTED, ("resources",)),
        ({"is_double": True}, "duplicate", REJECTED, ("identifier",)),
        ({"tags": []}, "keyword", FLAWED, ("tag_string",)),
        ({"publisher": []}, "publisher", FLAWED, ("publisher",)),
        ({"contributorID": []}, "no-contributor", FLAWED, ("contributorID",)),
        ({"contributorID": ["https://rebenau.example/id"]}, "unlisted-contributor", FLAWED, ("contributorID",)),
        (
            {"contributorID": [LISTED, "http://dcat-ap.de/def/contributors/andere"]},
            "several-contributors",
            FLAWED,
            ("contributorID",),
        ),
        ({"resources": [{**FILE, "license": ""}]}, "no-licence", FLAWED, ("resources", 0, "license")),
        ({"resources": [{**FILE, "license": CLOSED}]}, "closed-licence", FLAWED, ("resources", 0, "license")),
        (
            {"resources": [FILE, {**FILE, "id": "f2", "license": "https://rebenau.example/agb"}]},
            "unlisted-licence",
            FLAWED,
            ("resources", 1, "license"),
        ),
    ],
)
def test_what_it_lacks_is_named_with_its_field(wrong, rule, outcome, path):
    found = marks(**wrong)

    assert (rule, outcome, path) in [(mark.rule, mark.outcome, mark.path) for mark in found]
    assert outcome_of(found) == outcome
    assert all(mark.message["de"] and mark.message["en"] and "{" not in mark.message["de"] for mark in found)


def test_every_rule_can_be_broken():
    cases = test_what_it_lacks_is_named_with_its_field.pytestmark[0].args[1]

    assert {rule for _, rule, _, _ in cases} == set(schemas.read("acceptance")["rules"])


def test_the_feed_gives_the_suppliers_id_where_there_is_none():
    assert marks(contributor=LISTED, contributorID=[]) == []


def test_what_the_official_shapes_refuse_is_named_too():
    found = marks(issued="gestern", access_rights="https://rebenau.example/x")

    assert [mark.rule for mark in found if mark.path[0] == "access_rights"] == ["list"]
    assert outcome_of(found) == FLAWED
