"""What leaves the house, under GovData's own shapes: no violation, and no warning that could be avoided."""

import sys
from collections import Counter
from pathlib import Path

import pytest
import town
from ckanext.landlab.dcat import catalog, completeness, mapping
from ckanext.landlab.dcat.shapes import shapes_of
from ckanext.landlab.dcat.validation import Catalogue, judge
from hypothesis import HealthCheck, Phase, given, settings
from trip import TESTDATA, read

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "dcat"))
from strategies import records

# Warnings and infos of the 2.0 shapes that only silence would avoid, by the property and a word of the message.
UNAVOIDABLE = {
    ("http://purl.org/dc/terms/type", "Collections"),  # warns of any type, though 2.0 has a list of them
    ("http://purl.org/dc/terms/hasVersion", "Collections"),  # warns of any version, though 2.0 has the property
    (
        "http://www.w3.org/ns/dcat#distribution",
        "empfohlen",
    ),  # the files of a dataset only pointed at
}
PROFILES = [("3.0", "3.0"), ("2.0-conventions", "2.0"), ("mqa", "3.0"), ("mqa", "2.0")]
# Results by which the shapes of the quality dashboard only count.
COUNTS = {"count_Distributions", "count_Distributions_Licenses"}


# Without shrinking: one example takes a tenth of a second, and says itself what is wrong.
QUICK = settings(deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck))


def complaints(results):
    """The results that are neither a count nor known to be unavoidable."""
    return [
        result
        for result in results
        if result.severity not in COUNTS
        and not any(result.path == path and word in result.message for path, word in UNAVOIDABLE)
    ]


@pytest.fixture(scope="module")
def shapes():
    return {name: shapes_of(TESTDATA / "shapes", name) for name in ("3.0", "2.0-conventions", "mqa")}


@pytest.mark.parametrize("record", town.RECORDS, ids=lambda record: record["name"])
@pytest.mark.parametrize(("profile", "version"), PROFILES)
def test_each_record_stands_alone_without_a_complaint(shapes, record, profile, version):
    statements = town.described(record, version)
    assert len(statements) > 15

    assert complaints(judge(list(statements), shapes[profile])) == []


@pytest.mark.parametrize(("profile", "version"), PROFILES)
def test_the_catalogue_has_no_complaint(shapes, profile, version):
    results = judge(list(town.catalogue(version)), shapes[profile])

    assert complaints(results) == []
    assert Counter(result.severity for result in results)["count_Distributions"] == (3 if profile == "mqa" else 0)


def built(record):
    """A record as the form lets it pass: its references point at records that there are, its files have an address."""
    record = {**record, "id": "1", "name": "eins", "license_id": town.LICENCE}
    for row in mapping.table("dataset").rows:
        if row.binding.range == "sibling":
            record.pop(row.field, None)
    for index, resource in enumerate(record.get("resources", ())):
        resource.pop("access_services", None)
        resource |= {"id": str(index), "url": resource.get("access_url") or "https://daten.example/datei"}
    if "contributorID" in record:  # at most one of GovData's (convention 13)
        record["contributorID"] = record["contributorID"][:1]
    return record


@settings(QUICK, max_examples=60)
@given(records(mapping.table("dataset")))
def test_any_record_of_the_form_has_no_violation_in_3_0(record):
    statements = completeness.described(built(record), town.context({"id": "1"}))

    assert complaints(FAST["3.0"].judge(list(statements))) == []


@settings(QUICK, max_examples=15)
@given(records(mapping.table("dataset")))
def test_any_record_of_the_form_passes_the_reference_engine(record):
    full = built(record)

    for profile, version in (("3.0", "3.0"), ("2.0-conventions", "2.0")):
        results = judge(list(completeness.described(full, town.context({"id": "1"}), version)), SHAPES[profile])
        assert [one for one in complaints(results) if profile == "3.0" or one.severity == "Violation"] == []


SHAPES = {name: shapes_of(TESTDATA / "shapes", name) for name in ("3.0", "2.0-conventions")}
FAST = {"3.0": Catalogue(SHAPES["3.0"])}

# Violations in 3.0 as the catalogue came and as it goes out again; what remains is the source's fault.
HARVESTED = {
    # licences that are a sentence, themes of its own, labels without description
    "catalogs/brandenburg-catalog-original-input.rdf": (1284, 188),
    # the catalogue itself has neither title nor description nor publisher
    "catalogs/destatis-catalog-original-input.rdf": (277, 3),
    # "res_format" as format of 38 distributions; the catalogue as above
    "portals/odsh-rdf_catalog.rdf": (119, 78),
    # words as formats, media types and contributors
    "portals/ckanext-dcatde-catalog-endpoint.rdf": (79, 15),
    # words where datasets and distributions belong, a service without publisher
    "portals/ckanext-dcatde-metadata_max.rdf": (30, 7),
}


@pytest.mark.parametrize("name", HARVESTED)
def test_harvested_catalogues_go_out_better_than_they_came(name):
    source = read(name)
    before = FAST["3.0"].judge(list(source))
    after = FAST["3.0"].judge(list(catalog.read(source).statements()))

    counts = tuple(sum(result.severity == "Violation" for result in results) for results in (before, after))
    assert counts == HARVESTED[name], Counter((result.path, result.message[:90]) for result in after)
