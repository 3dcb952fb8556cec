"""The controlled vocabularies: complete, well-formed, and the same as what was published."""

from __future__ import annotations

import os
import re

import pytest
from ckanext.landlab import schemas

# How many concepts each vocabulary holds: a lost line shows here.
SIZES = {
    "access-right": 7,
    "checksum-algorithm": 17,
    "continent": 7,
    "contributors": 69,
    "country": 284,
    "data-theme": 14,
    "dataset-type": 22,
    "distribution-status": 5,
    "file-type": 202,
    "frequency": 39,
    "hvd-category": 96,
    "language": 55,
    "licenses": 34,
    "media-type": 86,
    "musterdatenkatalog": 0,
    "origin": 6,
    "planned-availability": 5,
    "political-geocoding-level": 6,
    "publisher-type": 11,
    "regions": 804,
}
# Keys of a concept that somebody reads; a misspelt fact would be silently useless.
FACTS = {
    "ars", "attribution", "broader", "city", "file_types", "help", "hvd", "kind", "later_than", "legacy", "listed",
    "media_types", "nuts", "offered", "official", "open", "opendefinition", "order", "parent", "recommended",
    "share_alike", "spdx", "tag", "text",
}  # fmt: skip


def test_every_vocabulary_is_counted():
    assert {name: len(schemas.vocabulary(name).concepts) for name in schemas.names("vocabularies")} == SIZES


@pytest.mark.parametrize("name", SIZES)
def test_a_vocabulary_says_where_it_comes_from(name):
    content = schemas.read(f"vocabularies/{name}")

    mandatory = {"title", "scheme", "base", "source", "taken", "version", "concepts"}
    assert set(content) - {"labels", "renewal", "others"} == mandatory
    assert set(content["title"]) == {"de", "en"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", str(content["taken"]))


@pytest.mark.parametrize("name", SIZES)
def test_concepts_have_a_code_an_iri_and_both_labels(name):
    concepts = schemas.vocabulary(name).concepts.values()

    for concept in concepts:
        assert re.fullmatch(r"[a-z]+:[^\s<>\"{}|\\^`]+", concept.iri), concept
        assert concept.label["de"].strip() == concept.label["de"] != ""
        assert concept.label["en"].strip() == concept.label["en"] != ""
        assert set(concept.facts) <= FACTS, concept
    assert len({concept.code.casefold() for concept in concepts}) == len(concepts)


def test_formats_and_media_types_point_at_each_other():
    formats, media = schemas.vocabulary("file-type"), schemas.vocabulary("media-type")
    pairs = {(f.code, code) for f in formats.concepts.values() for code in f.facts.get("media_types", ())}

    assert pairs == {(code, m.code) for m in media.concepts.values() for code in m.facts.get("file_types", ())}
    assert len(pairs) == 95
    assert all(formats.by_code(f) and media.by_code(m) for f, m in pairs)


def test_hvd_categories_form_a_tree_with_six_roots():
    concepts = schemas.vocabulary("hvd-category").concepts.values()
    codes = {concept.code for concept in concepts}

    assert sum("broader" not in concept.facts for concept in concepts) == 6
    assert all(concept.facts.get("broader", concept.code) in codes for concept in concepts)


def test_every_licence_says_what_it_demands():
    licences = schemas.vocabulary("licenses").concepts.values()

    assert sum(licence.facts["open"] for licence in licences) == 24
    assert {licence.facts["hvd"] for licence in licences} == {"allowed", "refused", "check"}
    recommended = [licence.code for licence in licences if licence.facts.get("recommended")]
    assert recommended == ["dl-zero-de/2.0", "dl-by-de/2.0", "cc-by/4.0"]
    unknown = {licence.code for licence in licences if "attribution" not in licence.facts}
    assert unknown == {"other-open", "other-opensource", "other-closed", "other-commercial", "other-freeware"}


def test_regions_hang_together():
    regions = {region.code: region for region in schemas.vocabulary("regions").concepts.values()}
    kinds = [region.facts["kind"] for region in regions.values()]

    assert (kinds.count("state"), kinds.count("district"), kinds.count("municipality")) == (16, 400, 388)
    for code, region in regions.items():
        if parent := region.facts.get("parent"):
            assert code.startswith(parent)
            assert parent in regions
        if ars := region.facts.get("ars"):
            assert ars[:5] + ars[9:] == code


# The districts and independent cities of the Metropolregion Rhein-Neckar, with the number of their municipalities.
RHEIN_NECKAR = {
    "07311": 1, "07313": 1, "07314": 1, "07316": 1, "07318": 1, "07319": 1, "07332": 48, "07334": 31, "07337": 75,
    "07338": 25, "08221": 1, "08222": 1, "08225": 27, "08226": 54, "06431": 22,
}  # fmt: skip


def test_the_metropolregion_is_complete():
    parents = [region.facts.get("parent") for region in schemas.vocabulary("regions").concepts.values()]

    assert {key: parents.count(key) for key in RHEIN_NECKAR} == RHEIN_NECKAR
    assert sum(RHEIN_NECKAR.values()) == 290


def test_every_language_of_the_table_is_valid_though_few_are_offered():
    languages = schemas.vocabulary("language")

    assert len(languages.concepts) + len(languages.others) == 8179
    assert f"{languages.scheme}/NDS" in languages
    assert f"{languages.scheme}/AAB" in languages
    assert f"{languages.scheme}/XX" not in languages


def test_a_file_of_the_site_is_preferred_and_read_anew(tmp_path):
    shipped = schemas.vocabulary("data-theme")
    own = tmp_path / "data-theme.yaml"
    text = schemas.vocabulary_file("data-theme").read_text(encoding="utf-8")
    try:
        schemas.overlay(tmp_path)
        assert schemas.vocabulary("data-theme") == shipped

        own.write_text(text.replace("20200923-0", "newer"), encoding="utf-8")
        assert schemas.vocabulary("data-theme").version == "newer"

        own.write_text(text.replace("20200923-0", "newest"), encoding="utf-8")
        os.utime(own, ns=(1, 1))
        assert schemas.vocabulary("data-theme").version == "newest"
    finally:
        schemas.overlay(None)
    assert schemas.vocabulary("data-theme") == shipped
