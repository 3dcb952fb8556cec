"""Portal, organisation, dataset, file: notices are added, sometimes replaced, never taken away."""

from __future__ import annotations

import pytest
from ckanext.landlab.legal.inheritance import Assignment, Level, assignments_of, faults_of, missing_for, resolve
from ckanext.landlab.legal.notices import vocabulary
from legal_records import PARAMETERS


def level(name, *codes, file="", **changes):
    assignments = tuple(Assignment(code, {**PARAMETERS[code], **changes}) for code in codes)
    return Level(name, name.title(), assignments, file)


def told(standing):
    return [(entry.notice.code, entry.level.name) for entry in standing]


def test_every_level_adds_and_the_most_serious_comes_first():
    standing = resolve(
        [level("portal", "NOENDORSE"), level("organization", "GEN"), level("dataset", "SENSOR", "SAFETY")]
    )
    assert told(standing) == [
        ("SAFETY", "dataset"),
        ("SENSOR", "dataset"),
        ("GEN", "organization"),
        ("NOENDORSE", "portal"),
    ]


def test_a_lower_level_replaces_where_the_vocabulary_allows_it():
    standing = resolve([level("portal", "GEN"), level("dataset", "GEN", task="Straßenbau")])
    assert told(standing) == [("GEN", "dataset")]
    assert standing[0].parameters["task"] == "Straßenbau"


@pytest.mark.parametrize("code", [code for code, notice in vocabulary().notices.items() if not notice.replaceable])
def test_a_notice_that_is_not_replaceable_stands_beside_the_lower_one(code):
    upper = Level("portal", "Portal", (Assignment(code, {"from": "above"}),))
    lower = Level("dataset", "Dataset", (Assignment(code, {"from": "below"}),))
    assert told(resolve([upper, lower])) == [(code, "portal"), (code, "dataset")]


@pytest.mark.parametrize("name", ["organization", "dataset", "resource"])
def test_no_level_hides_a_safety_notice(name):
    above = level("portal", "SAFETY")
    everything = Level(name, name, tuple(Assignment(code, {}) for code in vocabulary().notices))
    assert ("SAFETY", "portal") in told(resolve([above, everything]))
    assert ("SAFETY", "portal") in told(resolve([above, Level(name, name, ())]))


def test_the_same_notice_twice_is_told_once_with_its_highest_source():
    assert told(resolve([level("portal", "NOENDORSE"), level("dataset", "NOENDORSE")])) == [("NOENDORSE", "portal")]


def test_a_file_replaces_nothing_of_the_dataset_because_other_files_still_need_it():
    standing = resolve([level("dataset", "SENSOR"), level("resource", "SENSOR", file="file-1", device="Drucksonde")])
    assert told(standing) == [("SENSOR", "dataset"), ("SENSOR", "resource")]


def test_the_same_notice_on_two_files_is_told_for_each():
    standing = resolve([level("resource", "SENSOR", file="a"), level("resource", "SENSOR", file="b")])
    assert [entry.level.id for entry in standing] == ["a", "b"]


@pytest.mark.parametrize(
    ("origin", "codes"),
    [
        ("official_statistics", ["STAT"]),
        ("sensors", ["SENSOR"]),
        ("volunteers", ["VGI"]),
        ("third_party", ["THIRD"]),
        ("model", ["MODEL"]),
        ("administrative_records", []),
    ],
)
def test_the_origin_says_which_notice_must_stand(origin, codes):
    assert missing_for(origin, []) == codes
    assert missing_for(origin, resolve([level("organization", *codes)])) == []


def test_a_stored_value_of_another_shape_is_left_out():
    assert assignments_of(None) == ()
    assert assignments_of("GEN") == ()
    assert assignments_of([1, {"parameters": {}}, {"code": "GEN", "parameters": "x"}]) == ()
    assert assignments_of([{"code": "GEN"}]) == (Assignment("GEN", {}),)


def test_a_code_that_the_vocabulary_lost_does_not_break_the_rest():
    gone = Level("portal", "Portal", (Assignment("OLD", {}), Assignment("NOENDORSE", {})))
    assert told(resolve([gone])) == [("NOENDORSE", "portal")]


def test_faults_name_unknown_and_withdrawn_notices():
    values = [
        {"code": "NOPE"},
        {"code": "NOENDORSE"},
        {"code": "ANON", "parameters": {}},
        "GEN",
        {"code": "ANON", "parameters": 3},
    ]
    assert [fault.reason for fault in faults_of(values, withdrawn=["NOENDORSE"])] == [
        "unknown_notice",
        "withdrawn",
        "missing",
        "missing",
        "missing",
        "unknown_notice",
    ]
