"""Who answers for what: functions and mailboxes, and nobody answering stops the publication."""

from __future__ import annotations

import pytest
from ckanext.landlab.legal.responsibilities import (
    Body,
    bodies_of,
    looks_personal,
    missing_roles,
    personal_addresses,
    responsibilities_of,
)
from legal_records import GAUGE

PORTAL = Body("Metropolregion", "portal@region.example")


def test_each_role_answers_its_question():
    roles = {role.role: role for role in responsibilities_of(GAUGE, PORTAL)}
    assert list(roles) == [
        "publisher",
        "custodian",
        "creator",
        "originator",
        "processor",
        "contact",
        "operator",
        "host",
    ]
    assert roles["custodian"].bodies == (Body("Tiefbauamt", "tiefbauamt@landau.example"),)
    assert roles["operator"].bodies == roles["host"].bodies == (PORTAL,)
    assert all(role.question["de"].endswith("?") and role.question["en"].endswith("?") for role in roles.values())


def test_a_host_named_by_a_notice_takes_the_place_of_the_portal():
    roles = {role.role: role for role in responsibilities_of(GAUGE, PORTAL, ["Land RLP"])}
    assert roles["host"].bodies == (Body("Land RLP"),)


def test_without_custodian_there_is_no_publication():
    assert missing_roles(GAUGE) == []
    assert missing_roles({**GAUGE, "custodian": []}) == ["custodian"]
    assert missing_roles({**GAUGE, "custodian": [{"name": " ", "email": ""}]}) == ["custodian"]
    assert missing_roles({}) == ["publisher", "custodian"]


def test_bodies_are_read_from_every_shape_in_which_they_are_stored():
    assert bodies_of("Tiefbauamt") == (Body("Tiefbauamt"),)
    assert bodies_of({"name": "A", "email": "mailto:a@b.example"}) == (Body("A", "a@b.example"),)
    assert bodies_of(None) == ()
    assert bodies_of([{"name": "A", "url": "javascript:alert(1)"}]) == (Body("A"),)


@pytest.mark.parametrize(
    "email",
    [
        "erika.mustermann@landau.example",
        "e.mustermann@landau.example",
        "max_mueller@stadt.example",
        "Jörg.Weiß@stadt.example",
        "anna-lena.kurz@stadt.example",
        "mueller@stadt.example",
        "hmueller@stadt.example",
        "jschmidt2@stadt.example",
        "anna@stadt.example",
        "s.von-der-heide@stadt.example",
    ],
)
def test_a_personal_address_is_noticed(email):
    assert looks_personal(email)


@pytest.mark.parametrize(
    "email",
    [
        "opendata@landau.example",
        "open-data@landau.example",
        "info.umwelt@landau.example",
        "tiefbau-amt@landau.example",
        "stadtplanung.landau@landau.example",
        "statistik_wahlen@mannheim.example",
        "geo.daten@rhein-neckar.example",
        "amt61@stadt.example",
        "archiv@stadt.example",
        "post@vg-musterwald.example",
        "",
    ],
)
def test_the_mailbox_of_an_office_is_no_personal_address(email):
    assert not looks_personal(email)


def test_every_role_is_looked_at_for_personal_addresses():
    person = [
        {"name": "Tiefbauamt", "email": "tiefbauamt@landau.example"},
        {"email": "mailto:erika.mustermann@a.example"},
    ]
    record = {**GAUGE, "custodian": person, "contact": [{"name": "E", "email": "e.mustermann@a.example"}]}

    found = [(address.field, address.index, address.email) for address in personal_addresses(record)]

    assert found == [("custodian", 1, "erika.mustermann@a.example"), ("contact", 0, "e.mustermann@a.example")]
    assert "Funktionspostfach" in personal_addresses(record)[0].sentence("de")
