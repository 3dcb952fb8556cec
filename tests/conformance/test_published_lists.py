"""Our vocabularies against the published lists that they were taken from."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from ckanext.landlab import schemas
from ckanext.landlab.dcat import editions
from ckanext.landlab.dcat.renewal import renewed

VOCAB = Path(__file__).parents[3] / "shared" / "testdata" / "vocab"
# Vocabulary → file, number of concepts in it.
PUBLISHED = {
    "access-right": ("eu/access-right.ttl", 7),
    "checksum-algorithm": ("../imports/spdx-ontology.owl.rdf", 17),
    "continent": ("eu/continent.ttl", 7),
    "contributors": ("dcat-ap-de/contributors-20251021.rdf", 69),
    "country": ("eu/country.ttl", 284),
    "data-theme": ("eu/data-theme.ttl", 14),
    "dataset-type": ("eu/dataset-type.ttl", 22),
    "distribution-status": ("eu/distribution-status.ttl", 5),
    "file-type": ("eu/file-type.ttl", 201),
    "frequency": ("eu/frequency.ttl", 31),
    "hvd-category": ("hvd-categories.ttl", 96),
    "language": ("eu/language.ttl", 8179),
    "licenses": ("dcat-ap-de/licenses-open-20200715.rdf", 34),
    "planned-availability": ("eu/planned-availability.ttl", 5),
    "political-geocoding-level": ("dcat-ap-de/politicalGeocodingLevel.ttl", 6),
    "publisher-type": ("../imports/ADMS_SKOS_v1.00.rdf", 11),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_vocabulary_says_what_was_published(name):
    file, size = PUBLISHED[name]
    edition = editions.read(name, (VOCAB / file).read_bytes(), file)

    _, changes = renewed(name, edition)

    assert len(edition.concepts) == size
    assert (changes.added, changes.renamed, changes.withdrawn, changes.returned) == ([], [], [], [])


def test_every_key_of_ours_was_in_the_list_of_2019():
    with (VOCAB / "dcat-ap-de" / "politicalGeocoding-keys-2019.csv").open(encoding="utf-8") as file:
        known = {row["uri"] for row in csv.DictReader(file)}
    regions = schemas.vocabulary("regions").concepts.values()
    base = schemas.vocabulary("regions").base
    regional_keys = [f"{base}regionalKey/{region.facts['ars']}" for region in regions if "ars" in region.facts]

    assert len(known) == 23128
    assert len(regional_keys) == 388
    assert [iri for iri in (*(region.iri for region in regions), *regional_keys) if iri not in known] == []


@pytest.mark.parametrize(
    ("file", "size"), [("musterdatenkatalog_v4.rdf", 268), ("musterdatensatz-uri-20230420.csv", 241)]
)
def test_the_catalogue_of_model_datasets_is_imported(file, size):
    edition = editions.read("musterdatenkatalog", (VOCAB / "mdk" / file).read_bytes(), file)

    content, changes = renewed("musterdatenkatalog", edition)

    assert len(changes.added) == len(content["concepts"]) == size
    assert all(entry["label"]["de"] and entry["label"]["en"] for entry in content["concepts"])
