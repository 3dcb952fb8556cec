"""What a clerk is told: where, how bad, and what to do."""

from __future__ import annotations

import copy
import re
from dataclasses import replace
from pathlib import Path

import pytest
from ckanext.landlab import schemas
from ckanext.landlab.dcat import conventions
from ckanext.landlab.dcat.context import Context
from ckanext.landlab.dcat.findings import conforms, counts, of_record, ready

EU = "http://publications.europa.eu/resource/authority/"
LICENCES = "http://dcat-ap.de/def/licenses/"
MANNHEIM = "http://dcat-ap.de/def/politicalGeocoding/municipalityKey/08222000"
LEVEL = "http://dcat-ap.de/def/politicalGeocoding/Level/municipality"
HVD = "http://data.europa.eu/eli/reg_impl/2023/138/oj"
CONTEXT = Context(base="https://daten.musterstadt.example")

TREES = {
    "id": "5f0c",
    "name": "baumkataster",
    "type": "dataset",
    "title": "Baumkataster",
    "notes": "Alle Bäume auf städtischen Flächen.",
    "tag_string": "Baum, Grünfläche",
    "theme": [f"{EU}data-theme/ENVI"],
    "origin": "urn:landlab:origin:administrative_records",
    "publisher": [{"name": "Stadt Musterstadt", "type": "http://purl.org/adms/publishertype/LocalAuthority"}],
    "custodian": [{"name": "Grünflächenamt"}],
    "contact": [{"name": "Open-Data-Stelle", "email": "opendata@musterstadt.example"}],
    "contributorID": ["http://dcat-ap.de/def/contributors/metropolregionRheinNeckar"],
    "license_id": f"{LICENCES}dl-zero-de/2.0",
    "spatial_coverage": [{"uri": MANNHEIM}],
    "politicalGeocodingLevelURI": [LEVEL],
    "temporal_coverage": [{"start": "2024-01-01"}],
    "availability": f"{EU}planned-availability/STABLE",
    "references": ["https://musterdatenkatalog.de/def/musterdatensatz/baum/baumkataster"],
    "issued": "2024-01-02",
    "modified": "2024-03-01",
    "resources": [
        {
            "id": "r1",
            "url": "https://www.musterstadt.example/baeume.csv",
            "name": "Bäume als CSV",
            "format": "CSV",
            "mimetype": "text/csv",
            "availability": f"{EU}planned-availability/STABLE",
            "modified": "2024-03-01",
        }
    ],
}


def changed(path: str = "", value=None, base=TREES):
    """A copy of the record with one value set, or taken away for None; the path as in `resources.0.url`."""
    record = copy.deepcopy(base)
    if not path:
        return record
    *above, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    holder = record
    for step in above:
        holder = holder[step]
    if value is None:
        del holder[last]
    else:
        holder[last] = value
    return record


def told(record, previous=None) -> dict[tuple[str, str], str]:
    """Rule and path → severity."""
    found = of_record(record, CONTEXT, previous)
    return {(finding.rule, ".".join(map(str, finding.path))): finding.severity for finding in found}


def test_a_good_record_has_no_findings():
    assert told(TREES) == {}
    assert conforms(of_record(TREES, CONTEXT))
    assert ready(of_record(TREES, CONTEXT))


# What is done to the record, and what is found: rule, field, severity, whether GovData's shapes find it too.
CASES = [
    ("title", None, "missing", "title", "Violation", True),
    ("notes", None, "missing", "notes", "Violation", True),
    ("publisher", None, "missing", "publisher", "Violation", True),
    ("publisher.0.name", None, "missing", "publisher.0.name", "Violation", True),
    ("resources.0.url", None, "missing", "resources.0.url", "Violation", True),
    ("license_id", None, "house", "license_id", "Violation", True),
    ("custodian", None, "house", "custodian", "Violation", False),
    ("origin", None, "house", "origin", "Violation", False),
    ("contributorID", None, "K12", "contributorID", "Violation", False),
    ("theme", None, "recommended", "theme", "Info", False),
    ("resources.0.name", None, "recommended", "resources.0.name", "Info", False),
    ("theme", ["http://example.org/x"], "list", "theme", "Violation", True),
    ("theme", ["Umwelt und so"], "kind", "theme", "Violation", True),
    ("license_id", f"{LICENCES}nonsense", "list", "license_id", "Warning", True),
    ("contributorID", ["http://dcat-ap.de/def/contributors/x"], "list", "contributorID", "Warning", True),
    ("resources.0.format", "QQQ", "kind", "resources.0.format", "Violation", True),
    ("availability", "http://example.org/soon", "list", "availability", "Violation", False),
    ("issued", "gestern", "unwritable", "issued", "Violation", False),
    ("resources.0.url", "keine Adresse", "unwritable", "resources.0.url", "Violation", True),
    ("resources.0.size", "groß", "unwritable", "resources.0.size", "Violation", False),
    ("contact", [{"name": "x"}], "any", "contact.0.email", "Violation", True),
    ("temporal_coverage", [{"uri": "http://example.org/x"}], "any", "temporal_coverage.0.start", "Violation", True),
    ("resources.0.hash", "abcd", "checksum-alone", "resources.0.hash_algorithm", "Warning", False),
    ("kept_statements", "_:self <http://purl.org/dc/terms/isVersionOf> <http://x.org/> .", "deprecated",
     "is_version_of", "Warning", True),
    ("frequency", f"{EU}frequency/1MIN", "newer", "frequency", "Info", False),
    ("contact", [{"telephone": "+49 621 1"}], "K01", "contact.0.email", "Violation", False),
    ("title_translations", [{"language": "en us", "text": "x"}], "K03", "title_translations.0.language",
     "Warning", False),
    ("spatial_coverage", [{"uri": MANNHEIM, "bbox": "Mannheim"}], "K04", "spatial_coverage.0.bbox", "Violation", False),
    ("politicalGeocodingURI", [MANNHEIM[:-1] + "1"], "K11", "politicalGeocodingURI.0", "Info", False),
    ("contributorID", ["http://dcat-ap.de/def/contributors/datenBW", "http://dcat-ap.de/def/contributors/hessen"],
     "K13", "contributorID", "Violation", False),
    ("dcat_type", ["http://dcat-ap.de/def/datasetTypes/collection"], "K17", "dcat_type.0", "Warning", False),
    ("source", ["https://anderswo.example/dataset/x"], "K21", "source", "Warning", False),
    ("source", ["https://daten.musterstadt.example/dataset/x"], "unpublished", "source", "Warning", False),
    ("resources.0.access_services", ["api"], "unpublished", "resources.0.access_services", "Warning", False),
    ("source", ["https://anderswo.example/dataset/x"], "class", "source", "Violation", True),
    ("resources.0.status", f"{EU}distribution-status/DEVELOP", "K22", "resources.0.status", "Warning", False),
    ("resources.0.format", "ZIP", "K31", "resources.0.format", "Info", False),
    ("license_id", f"{LICENCES}dl-by-de/2.0", "K35", "resources.0.licenseAttributionByText", "Warning", False),
    ("publisher.0.type", "http://purl.org/adms/publishertype/Company", "K37", "publisher.0.type", "Warning", False),
    ("applicable_legislation", [HVD], "hvd-category", "hvd_category", "Warning", False),
    ("resources.0.mimetype", "application/json", "format-media-type", "resources.0.mimetype", "Warning", False),
    ("temporal_coverage", [{"start": "2024", "end": "2023-12"}], "period", "temporal_coverage.0.end", "Warning", False),
    ("modified", "2023", "dates", "modified", "Warning", False),
    ("access_rights", f"{EU}access-right/SENSITIVE", "access-right", "access_rights", "Warning", False),
    ("references", [f"https://musterdatenkatalog.de/def/musterdatensatz/{n}" for n in "ab"], "model-dataset",
     "references", "Warning", False),
    ("notes", "Text <table><tr><td>x</td></tr></table>", "markup", "notes", "Info", False),
    ("resources", [], "no-files", "resources", "Warning", False),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "rule", "field", "severity", "official"), CASES)
def test_a_mistake_is_told_at_its_field(path, value, rule, field, severity, official):
    found = of_record(changed(path, value), CONTEXT)

    matching = [f for f in found if (f.rule, ".".join(map(str, f.path))) == (rule, field)]
    assert [(f.severity, f.official) for f in matching[:1]] == [(severity, official)], told(changed(path, value))
    for language in ("de", "en"):
        sentence = matching[0].message[language]
        assert sentence.endswith((".", ")"))
        assert not re.search(r"[{}]", sentence)


def test_a_high_value_dataset_has_duties():
    record = changed("hvd_category", ["http://data.europa.eu/bna/c_ac64a52d"])
    record["license_id"] = f"{LICENCES}cc-by-sa/4.0"
    del record["contact"]

    found = told(record)

    assert found["hvd-licence", "license_id"] == "Violation"
    assert found["hvd-access", "resources"] == "Warning"
    assert found["hvd-contact", "contact"] == "Warning"
    assert ("hvd-legislation", "applicable_legislation") not in found  # filled in by itself
    assert list(conventions.RULES["hvd-legislation"](record))


def test_a_service_that_serves_a_high_value_dataset_is_its_interface():
    record = changed("hvd_category", ["http://data.europa.eu/bna/c_ac64a52d"])
    record["resources"][0]["download_url"] = "https://www.musterstadt.example/x.csv"

    assert ("hvd-access", "resources") in told(record)
    assert not [f for f in of_record(record, replace(CONTEXT, served=True)) if f.rule == "hvd-access"]


def test_a_delivered_file_has_no_download():
    record = changed("resources.0.access_services", ["https://anderswo.example/dataset/api"])
    record["resources"][0]["download_url"] = "https://www.musterstadt.example/x.csv"

    assert told(record)["K41", "resources.0.download_url"] == "Warning"


def test_a_checksum_has_the_length_of_its_algorithm():
    record = changed("resources.0.hash", "abcd")
    record["resources"][0]["hash_algorithm"] = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"

    assert told(record)["checksum", "resources.0.hash"] == "Warning"


def test_identifiers_of_a_harvested_record_stay():
    before = changed("uri", "https://anderswo.example/1")
    before |= {"identifier": "A-1", "alternate_identifier": [{"notation": "10.1/x"}]}
    after = before | {"identifier": "A-2", "alternate_identifier": []}

    found = told(after, before)

    assert found["K25", "identifier"] == found["K26", "alternate_identifier"] == "Violation"
    assert told(before, before) == told(before)


def test_a_series_needs_a_publisher_although_the_shapes_forget_it():
    series = {"id": "s", "type": "dataset_series", "title": "Haushalt", "notes": "x"}

    found = of_record(series, CONTEXT)

    assert [(f.rule, f.path, f.official) for f in found if f.severity == "Violation"] == [
        ("missing", ("publisher",), False)
    ]
    assert conforms(found)
    assert not ready(found)


def test_the_worst_comes_first_and_is_counted():
    record = changed("title", None)
    record["theme"] = []
    record["license_id"] = f"{LICENCES}dl-by-de/2.0"

    found = of_record(record, CONTEXT)

    assert [f.severity for f in found] == ["Violation", "Warning", "Info"]
    assert counts(found) == {"Violation": 1, "Warning": 1, "Info": 1}
    assert found[0].as_dict() == {
        "severity": "Violation",
        "rule": "missing",
        "field": "title",
        "path": ["title"],
        "message": {
            "de": "„Titel“ fehlt. Bitte tragen Sie einen Wert ein.",
            "en": "“Title” is missing. Please enter a value.",
        },
        "basis": "DCAT-AP.de 3.0",
        "link": "https://www.dcat-ap.de/def/dcatde/3.0/spec/",
    }


def test_a_convention_is_linked():
    found = [f for f in of_record(changed("contributorID", None), CONTEXT) if f.rule == "K12"]

    assert [(f.basis, f.link) for f in found] == [
        ("K12", "https://www.dcat-ap.de/def/dcatde/2.0/implRules/#konvention-12")
    ]


def test_every_numbered_convention_is_checked_or_has_a_reason():
    texts = schemas.read("findings")
    numbers = {f"K{number:02}" for number in range(1, 42)}
    checked = {name for name in texts["rules"] if re.fullmatch(r"K\d\d", name)}

    assert checked | set(texts["unchecked"]) == numbers
    assert checked & set(texts["unchecked"]) == set()
    assert set(texts["rules"]) == {*conventions.RULES, *conventions.COMPARING, "house"}
    assert len(checked) == 19


def test_the_suite_is_as_large_as_it_was():
    assert len(CASES) == 47


@pytest.mark.parametrize("value", ["", 7, True, ["x"], {"a": 1}, "x" * 1_000_000, "\x00", [None], [{}], [{"uri": 3}]])
@pytest.mark.parametrize("name", ["title", "theme", "issued", "license_id", "publisher", "tag_string"])
def test_odd_values_are_told_and_never_break(name, value):
    for finding in of_record({**TREES, name: value}, CONTEXT):
        assert len(finding.message["de"]) < 1000


def test_the_page_on_checks_has_the_table_of_differences():
    page = (Path(__file__).parents[3] / "docs" / "checks.md").read_text(encoding="utf-8")

    for entry in schemas.read("conformity")["differences"]:
        assert f"| {entry['id']} | {entry['official']} | {entry['ours']} | {entry['reason']} |" in page
