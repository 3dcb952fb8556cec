"""The sample data: complete, marked, and what the README says of them."""

import json

import openpyxl
import pytest
import yaml
from ckanext.landlab import schemas
from ckanext.landlab.legal.notices import vocabulary
from ckanext.landlab.stack.sample.records import HERE, MARK, sample
from pypdf import PdfReader

SAMPLE = sample()
DATASETS = [entry for entry in SAMPLE.entries if entry.record["type"] == "dataset"]
FILES = sorted(file for file in (HERE / "files").rglob("*") if file.is_file())


def test_the_sample_has_what_the_readme_promises():
    assert len(DATASETS) == 36
    assert {organization["legal_profile"] for organization in SAMPLE.organizations} == {"RP", "BW"}
    assert len(SAMPLE.organizations) == 4
    assert [user["name"] for user in SAMPLE.users] == ["admin", "redaktion", "freigabe", "mitglied"]
    assert len({entry.record["license_id"] for entry in DATASETS}) == 5
    assert {entry.record["origin"] for entry in DATASETS} == set(schemas.vocabulary("origin").concepts)


def test_one_dataset_is_blocked_one_waits_and_one_is_overdue():
    special = {entry.record["name"]: (entry.stage, entry.review_by) for entry in DATASETS}
    assert {name: facts for name, facts in special.items() if facts != ("published", None)} == {
        "leistungsbezug-baubloecke": ("blocked", None),
        "schulwegunfaelle": ("awaiting_confirmation", None),
        "spielplaetze": ("published", "2026-06-30"),
    }


@pytest.mark.parametrize("entry", DATASETS, ids=lambda entry: entry.record["name"])
def test_a_record_says_everything_mandatory_and_recommended_and_nothing_unknown(entry):
    declared = schemas.read("dataset")
    parts = [(entry.record, declared["dataset_fields"])]
    parts += [(resource, declared["resource_fields"]) for resource in entry.record["resources"]]
    elsewhere = {"references", "contributorID"}  # the Musterdatenkatalog is not shipped; the organisation's
    for said, rows in parts:
        wanted = {row["field_name"] for row in rows if row.get("obligation") in ("mandatory", "recommended")}
        assert {name for name in wanted if not said.get(name)} <= elsewhere
        assert set(said) - {row["field_name"] for row in rows} <= {"id", "type", "resources", "private"}


@pytest.mark.parametrize("entry", SAMPLE.entries, ids=lambda entry: entry.record["name"])
def test_a_record_is_marked_as_sample_data(entry):
    assert MARK in entry.record["notes"]
    assert MARK in entry.record["tag_string"]


def nothings(value):
    """How many values in *value* are empty: the trace of a comma that YAML took for its own."""
    below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return (value is None) + sum(nothings(part) for part in below)


@pytest.mark.parametrize("file", sorted(HERE.rglob("*.yaml")), ids=lambda file: file.name)
def test_no_text_is_cut_off_at_a_comma(file):
    assert nothings(yaml.safe_load(file.read_text(encoding="utf-8"))) == 0


def test_notices_are_of_the_vocabulary_and_carry_their_facts():
    used = [notice for entry in DATASETS for notice in entry.record["notices"]]

    assert len(used) > 50
    for notice in used:
        declared = vocabulary().notices[notice["code"]]
        assert declared.faults(json.loads(notice["parameters"])) == []


@pytest.mark.parametrize("entry", DATASETS, ids=lambda entry: entry.record["name"])
def test_the_notices_that_the_origin_demands_are_there(entry):
    origin = schemas.vocabulary("origin").concepts[entry.record["origin"]].code

    assert set(vocabulary().required_by(origin)) <= {notice["code"] for notice in entry.record["notices"]}


def test_every_file_belongs_to_a_record_and_is_small():
    assert sorted(file for entry in SAMPLE.entries for file in entry.files) == FILES
    assert len(FILES) == 51
    assert sum(file.stat().st_size for file in FILES) < 1_500_000


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_is_what_its_name_says(file):
    match file.suffix:
        case ".csv":
            rows = [line.split(";") for line in file.read_text(encoding="utf-8").splitlines()]
            assert len(rows) > 3
            assert len(rows[0]) > 2
        case ".geojson":
            content = json.loads(file.read_text(encoding="utf-8"))
            assert MARK in content["hinweis"]
            assert len(content["features"]) >= 2
        case ".xlsx":
            assert MARK in str(openpyxl.load_workbook(file).worksheets[0]["A1"].value)
        case ".pdf":
            assert MARK in PdfReader(file).pages[0].extract_text()
        case _:
            pytest.fail(f"no test for {file.suffix}")
