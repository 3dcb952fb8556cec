"""German and English words as the index holds them."""

from __future__ import annotations

import pytest
from ckanext.landlab.search import configset, german, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Straße", "Strasse"),
        ("Straßen", "strasse"),
        ("Bäume", "Baeume"),
        ("Baum", "Bäumen"),
        ("Häuser", "Haus"),
        ("Gemeinden", "Gemeinde"),
        ("Statistiken", "statistik"),
        ("Größe", "Groesse"),
        ("Stations", "station"),
        ("Cafés", "cafe"),
        ("Baüme", "Bau\u0308me"),
        ("ﬁnanz", "Finanz"),
        ("İzmir", "Izmir"),
        ("m²", "m2"),
        ("Lehrerinnen", "Lehrer"),
        ("Studentinnen", "Student"),
        ("Präsidentin", "Präsident"),
        ("Ampeln", "Ampel"),
        ("Alleen", "Allee"),
        ("Verzeichniss", "Verzeichnisse"),
    ],
)
def test_one_word_in_two_spellings_is_one_term(one, other):
    assert words.analysed(one, True)[0] == words.analysed(other, True)[0]


@pytest.mark.parametrize(
    ("compound", "parts"),
    [
        ("Fahrradweg", "fahrrad-weg"),
        ("Gesundheitsämter", "gesundheit-amter"),
        ("Kindertagesstätte", "kind-tag-statte"),
        ("Bebauungspläne", "bebauung-plane"),
        ("Wahlergebnisse", "wahl-ergebnisse"),
        ("Kindergarten", "kindergarten"),
        ("Kindergartenplätze", "kindergarten-platze"),
        ("Beratung", "beratung"),
        ("gesamt", "gesamt"),
        ("Quark", "quark"),
    ],
)
def test_a_compound_is_cut_where_its_parts_cover_it(compound, parts):
    assert german.hyphenated(german.fold(compound)) == parts


def test_the_lists_are_of_some_size():
    assert len(german.parts()) > 1300
    assert len(list(german.circles())) > 60


def test_names_that_mean_the_same_find_each_other():
    assert "kita" in words.analysed("Kindertagesstätten der Stadt", True)[1]
    assert "opnv" in words.analysed("Öffentlicher Personennahverkehr", True)[1]
    assert "fahrrad" in words.analysed("Radwege", True)[1]


def test_a_word_is_asked_whole_or_by_all_its_parts():
    assert words.asked("Fahrradweg", True) == (("fahrradweg",), ("fahrrad", "weg"))
    assert words.asked("Wi-Fi", False) == (("wifi",), ("wi", "fi"))
    assert words.asked("...", True) == ()


def test_the_configset_is_what_the_declarations_say(pytestconfig):
    for name, content in configset.files():
        written = (pytestconfig.rootpath / "config" / "solr" / "conf" / name).read_text(encoding="utf-8")
        assert written == content, f"run: python -m ckanext.landlab.search.configset config/solr/conf  ({name})"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Stellplatzverzeichnis", "parkhaus"),
        ("Kraftfahrzeugbestand", "auto"),
        ("Luftgütemessung", "feinstaub"),
        ("Tempo-30-Zonen", "tempolimit"),
        ("Radverkehrsanlagenkataster", "fahrrad"),
    ],
)
def test_a_name_within_a_longer_word_has_its_synonyms(text, name):
    assert words.stem(name) in words.analysed(text, True)[1]


def test_no_part_of_compounds_becomes_a_stop_word_by_its_stem():
    inner = {"all", "mit", "soll", "uber", "unter"}  # they open compounds, and every text has them
    found = {part for part in german.parts() - german.stop_words() - inner if words.stem(part) in words.stop_terms()}
    assert found == set()
