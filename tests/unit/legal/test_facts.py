"""What is read from the dataset, and what reopens a release."""

from datetime import date

import pytest
from ckanext.landlab.legal.confirmation import Confirmation, confirmation_fact, digest_of, latest_review, overdue
from ckanext.landlab.legal.facts import HVD_LAW, facts_of
from ckanext.landlab.legal.release_check import release_check
from ckanext.landlab.legal.reopening import changes, reopen, snapshot
from ckanext.landlab.legal.walk import Answer, Fact
from release_answers import HARMLESS, TREES

ANSWERS = {key: Answer(str(choice)) for key, choice in HARMLESS.items()}
CSV = TREES["resources"][0]


def lacks(fact, **changed):
    return [text["de"] for text in facts_of({**TREES, **changed}, Fact(True))[fact].missing]


def test_the_tree_register_has_custodian_and_form():
    assert lacks("custodian") == []
    assert lacks("form") == []


def test_what_the_catalogue_gives_out_itself_is_not_asked_for():
    unnamed = {**TREES, "publisher": []}
    assert not facts_of(unnamed, Fact(True))["form"].holds
    assert facts_of(unnamed, Fact(True), named="Stadt Musterstadt")["form"].holds


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"notes": " "}, "Beschreibung"),
        ({"resources": []}, "keine Datei"),
        ({"resources": [{**CSV, "format": "XLS"}]}, "offenes Format"),
        ({"license_id": ""}, "Lizenz fehlt"),
        ({"license_id": "my-own"}, "Lizenz fehlt"),
        ({"publisher": []}, "Namensnennung"),
    ],
)
def test_what_the_form_lacks_is_told(changed, words):
    (text,) = lacks("form", **changed)
    assert words in text


def test_a_custodian_needs_a_mailbox():
    assert lacks("custodian", custodian=[]) == [
        "Die datenverantwortliche Stelle fehlt.",
        "Das Postfach der datenverantwortlichen Stelle fehlt.",
    ]


def test_the_formats_iri_is_a_format_too():
    iri = "http://publications.europa.eu/resource/authority/file-type/CSV"
    assert lacks("form", resources=[{**CSV, "format": iri}]) == []


def test_a_high_value_dataset_needs_five_things():
    assert len(lacks("high_value", license_id="odbl", resources=[])) == 5
    complete = {
        "hvd_category": ["http://data.europa.eu/bna/c_ac64a52d"],
        "applicable_legislation": [HVD_LAW],
        "license_id": "cc-by/4.0",
        "resources": [CSV, {"id": "r2", "format": "WFS", "url": "https://example.org/wfs"}],
    }
    assert lacks("high_value", **complete) == []
    alone = {**complete, "resources": [CSV]}
    assert lacks("high_value", **alone) == ["Eine Schnittstelle (API) fehlt."]
    served = facts_of({**TREES, **alone}, Fact(True), served=True)
    assert served["high_value"].missing == ()


def confirmed(**changed):
    facts = {
        "entered_by": frozenset({"anna", "ali"}),
        "confirmed_by": "björn",
        "confirmed_on": date(2026, 11, 23),
        "review_by": date(2028, 11, 23),
        "digest": digest_of(ANSWERS, "1"),
    }
    return Confirmation(**{**facts, **changed})


def verdict(given, *, four_eyes=True):
    fact = confirmation_fact(given, digest_of(ANSWERS, "1"), four_eyes=four_eyes, months=24)
    return fact.holds, len(fact.missing)


def test_a_confirmation_by_another_person_within_two_years_holds():
    assert verdict(confirmed()) == (True, 0)


@pytest.mark.parametrize(
    "given",
    [
        None,
        confirmed(confirmed_by="anna"),
        confirmed(review_by=date(2028, 11, 24)),
        confirmed(digest=digest_of({**ANSWERS, "H4": Answer("yes")}, "1")),
        confirmed(digest=digest_of(ANSWERS, "2")),
    ],
)
def test_a_confirmation_that_does_not_hold(given):
    assert verdict(given) == (False, 1)


def test_an_organisation_may_do_with_two_eyes():
    assert verdict(confirmed(confirmed_by="anna"), four_eyes=False) == (True, 0)


def test_months_are_counted_to_the_end_of_a_short_one():
    assert latest_review(date(2026, 12, 31), 2) == date(2027, 2, 28)
    assert overdue(date(2026, 11, 22), date(2026, 11, 23))
    assert not overdue(date(2026, 11, 23), date(2026, 11, 23))


def reopened(**changed):
    happened = changes(snapshot(TREES), snapshot({**TREES, **changed}))
    again = reopen(release_check(), ANSWERS, happened)
    return {key: answer.reopened["de"] for key, answer in again.items() if answer.reopened}


def test_an_unchanged_dataset_reopens_nothing():
    assert reopened(title="Bäume", notes="neu") == {}


def test_a_new_file_reopens_the_questions_about_files_and_says_why():
    again = reopened(
        resources=[CSV, {"id": "r2", "name": "Parkbäume", "url": "https://example.org/p.csv", "format": "CSV"}]
    )
    assert {"B1", "B5", "D1", "E1", "F1", "H1"} <= set(again)
    assert "A1" not in again
    assert again["B5"] == "Wieder geöffnet: neue Datei „Parkbäume“."


def test_a_file_renewed_in_its_place_reopens_nothing():
    upload = {**CSV, "url_type": "upload", "url": "https://site.example/dataset/x/resource/r1/download/baeume.csv"}
    before = snapshot({**TREES, "resources": [upload]})
    after = snapshot(
        {**TREES, "resources": [{**upload, "size": 99, "url": "https://other.example/download/baeume.csv"}]}
    )
    assert changes(before, after) == ()


def test_another_licence_reopens_the_licence_and_no_more():
    assert reopened(license_id="odbl") == {
        "D6": "Wieder geöffnet: die Lizenz wurde geändert.",
        "G3": "Wieder geöffnet: die Lizenz wurde geändert.",
    }


def test_another_origin_reopens_where_the_data_come_from():
    assert {"A1", "A2", "H2", "H3", "H5"} <= set(reopened(origin="urn:landlab:origin:sensors"))
