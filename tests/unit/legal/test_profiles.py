"""Legal profiles: a fact is a fact, and what nobody has read is marked."""

from __future__ import annotations

import copy

import pytest
from ckanext.landlab import schemas
from ckanext.landlab.errors import DeclarationError
from ckanext.landlab.legal import parameters, profiles
from ckanext.landlab.legal.notices import plain, rendered, vocabulary

CONTENT = schemas.read("legal_profiles/he")


def test_the_three_lands_of_the_region_are_there():
    assert {"RP", "BW", "HE"} <= set(profiles.all_profiles())


def test_every_profile_names_statutes_with_addresses_and_duties():
    for profile in profiles.all_profiles().values():
        assert any(statute.iri for statute in profile.statutes)
        assert all(statute.name and statute.duty("de") for statute in profile.statutes)


def test_what_is_uncertain_is_marked_and_never_stated():
    hesse = profiles.all_profiles()["HE"]
    assert hesse.liability.text("de") == "§ 5 HODaG (zu prüfen)"
    assert hesse.enforcement.text("de") == "zu prüfen"
    assert hesse.accessibility_law.text("en") == "HBGG und HVBIT (to be checked)"
    assert hesse.liability_rule == ""
    assert all(profile.liability_rule == "" for profile in profiles.all_profiles().values())


def test_the_clause_cites_a_rule_only_where_one_is_confirmed(monkeypatch):
    notice = vocabulary().notices["CLAUSE"]
    assert "HODaG" not in plain(rendered(notice, notice.edition, {"legal_profile": "HE"}, "de"))
    content = copy.deepcopy(CONTENT)
    content["liability_rule"] = {"exists": True, "name": "§ 5 HODaG", "iri": None, "certainty": "confirmed"}
    monkeypatch.setattr(parameters.profiles, "all_profiles", lambda: {"HE": profiles.profile_of("he", content)})
    assert "Es gilt außerdem: § 5 HODaG." in plain(rendered(notice, notice.edition, {"legal_profile": "HE"}, "de"))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"land": None, "statutes": [{"name": "x"}]}, "municipalities"),
        ({"liability_rule": {"exists": True, "name": "x", "certainty": "sure"}}, "certainty is one of"),
    ],
)
def test_a_profile_with_a_mistake_stops_the_start(change, reason):
    with pytest.raises(DeclarationError, match=reason):
        profiles.profile_of("he", {**CONTENT, **change})


def test_a_profile_with_a_missing_key_stops_the_start():
    with pytest.raises(DeclarationError, match=r"legal_profiles/he\.yaml.*accessibility"):
        profiles.profile_of("he", {key: value for key, value in CONTENT.items() if key != "accessibility"})
