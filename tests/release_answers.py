"""A dataset that may be published, and the ways in which it may not: shared by the tests of the release check."""

from __future__ import annotations

from collections.abc import Mapping

Given = Mapping[str, str | tuple[str, dict[str, str]]]

# What a clerk answers for the tree register: own task, own data, no people, no third parties.
_YES = ("A1", "A2", "B5")
_NO = ("A4", "B1", "C1", "D1", "D3", "D5", "D6", "E1", "E2", "F1", "F2", "F3", "G1", "G2", "G3")
HARMLESS: Given = {
    **dict.fromkeys(_YES, "yes"),
    **dict.fromkeys(_NO, "no"),
    **dict.fromkeys((f"H{number}" for number in range(1, 11)), "no"),
}

# Refusal code -> answers that lead to it.  A5, G1, I and J come from facts; G1 needs the answer that asks for it.
BLOCKED: Mapping[str, Given] = {
    "A1": {"A1": "no"},
    "A3": {"A2": "no", "A3": "no"},
    "A4": {"A4": "yes", "A4a": "no"},
    "B3": {"B1": "yes", "B2": "no", "B3": "no"},
    "B4": {"B1": "yes", "B2": "no", "B3": ("yes", {"method": "gerundet"}), "B4": "no"},
    "B5": {"B5": "no"},
    "C2": {"C1": "yes", "C2": "no"},
    "D2": {"D1": "yes", "D2": "no"},
    "D4": {"D3": "yes", "D4": "no"},
    "E1": {"E1": "yes"},
    "E2": {"E2": "yes", "E2a": "no"},
    "F1": {"F1": "yes", "F1a": "no"},
    "F2": {"F2": ("yes", {"date": "2999-01-01"})},
    "G3": {"G3": "yes"},
}
FACT_BLOCKED: Mapping[str, tuple[str, Given]] = {
    "A5": ("custodian", {}),
    "G1": ("high_value", {"G1": "yes"}),
    "I": ("form", {}),
    "J": ("confirmation", {}),
}

# Question -> answers that make notices mandatory, the notices, and those of which one is enough.
NOTED: Mapping[str, tuple[Given, set[str], set[str]]] = {
    "A3": ({"A2": "no", "A3": ("yes", {"source": "Land, Az. 1"})}, {"THIRD"}, set()),
    "B4": (
        {"B1": "yes", "B2": "no", "B3": ("yes", {"method": "gerundet"}), "B4": ("yes", {"checked": "Statistikstelle"})},
        {"ANON"},
        set(),
    ),
    "C2": ({"C1": "yes", "C2": ("yes", {"method": "Cell-Key"})}, {"STAT"}, set()),
    "D2": ({"D1": "yes", "D2": ("yes", {"rights": "OSM, ODbL"})}, {"THIRD"}, set()),
    "F1": ({"F1": "yes", "F1a": ("yes", {"release": "ISB, 2026-05-01"})}, set(), {"ANON", "GEOACC"}),
    "F3": ({"F3": ("yes", {"coarsened": "1 km"})}, {"GEOACC"}, set()),
    "G2": ({"G2": "yes", "G2a": "no"}, {"DYN"}, set()),
    "H1": ({"H1": "yes"}, {"PRELIM", "CHECK"}, set()),
    "H2": ({"H2": "yes"}, {"SENSOR"}, set()),
    "H3": ({"H3": "yes"}, {"VGI"}, set()),
    "H4": ({"H4": "yes"}, {"GEOACC"}, set()),
    "H5": ({"H5": "yes"}, {"MODEL"}, set()),
    "H6": ({"H6": "yes"}, set(), {"KNOWN", "COMPLETE"}),
    "H7": ({"H7": "yes"}, {"AGE"}, set()),
    "H8": ({"H8": "yes"}, {"SAFETY"}, set()),
    "H9": ({"H9": "yes"}, {"NOTLEGAL"}, set()),
    "H10": ({"H10": "yes"}, set(), {"EXT", "AVAIL"}),
}

TREES = {
    "name": "baumkataster",
    "title": "Baumkataster",
    "notes": "Bäume an Straßen und in Parks.",
    "license_id": "dl-by-de/2.0",
    "origin": "urn:landlab:origin:administrative_records",
    "publisher": [{"name": "Stadt Musterstadt"}],
    "custodian": [{"name": "Grünflächenamt", "email": "gruen@musterstadt.example"}],
    "resources": [{"id": "r1", "name": "Bäume", "url": "https://example.org/baeume.csv", "format": "CSV"}],
}
