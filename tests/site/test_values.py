"""Every kind of value: what is accepted and how it is stored, what is refused and with which sentence."""

from __future__ import annotations

import json

import ckan.plugins.toolkit as tk
import pytest


@pytest.fixture(scope="module", autouse=True)
def request_context(application):
    """One request for all: the sentences need a language."""
    with application.flask_app.test_request_context():
        yield


THEME = {"field_name": "theme", "vocabulary": "data-theme"}
FORMAT = {"field_name": "format", "vocabulary": "file-type", "rdf": {"range": "code"}}
REGION = {"field_name": "uri", "vocabulary": "regions"}
ENVIRONMENT = "http://publications.europa.eu/resource/authority/data-theme/ENVI"


def checked(name: str, value, field=None, harvested: bool = False):
    """What is stored for *value*, or the sentences that refuse it."""
    validator = tk.get_validator(name)
    if getattr(validator, "is_a_scheming_validator", False):
        validator = validator(field, {})
    data, errors = tk.navl_validate({"field": value}, {"field": [validator]}, {"landlab_harvested": harvested})
    return errors["field"] if errors else data["field"]


ACCEPTED = [
    ("landlab_text", "  Baum\n kataster ", "Baum kataster"),
    ("landlab_text", "Werte < 5 µg und > 3", "Werte < 5 µg und > 3"),
    ("landlab_text", 12, "12"),
    ("landlab_markdown", "Eins\r\n\r\n* zwei", "Eins\n\n* zwei"),
    ("landlab_date", "2024", "2024"),
    ("landlab_date", "2024-05", "2024-05"),
    ("landlab_date", "2024-02-29", "2024-02-29"),
    ("landlab_date", "29.2.2024", "2024-02-29"),
    ("landlab_date", "05.2024", "2024-05"),
    ("landlab_date", "2024-05-31T12:30:00+02:00", "2024-05-31T12:30:00+02:00"),
    ("landlab_date", "2024-05-31 12:30", "2024-05-31T12:30"),
    ("landlab_duration", "PT15M", "PT15M"),
    ("landlab_uri", "https://www.musterstadt.de/bäume?x=1#y", "https://www.musterstadt.de/bäume?x=1#y"),
    ("landlab_uri", "urn:uuid:8c8f", "urn:uuid:8c8f"),
    ("landlab_reference", "Export aus dem Fachverfahren", "Export aus dem Fachverfahren"),
    ("landlab_email", "mailto:info@musterstadt.de", "info@musterstadt.de"),
    ("landlab_email", "grün@straße.example", "grün@straße.example"),
    ("landlab_telephone", "+49 (6341) 13-4711", "+49 (6341) 13-4711"),
    ("landlab_number", "048213", "48213"),
    ("landlab_number", 48213.0, "48213"),
    ("landlab_decimal", "0,50", "0.5"),
    ("landlab_geometry", "POINT(8.12 49.2)", "POINT(8.12 49.2)"),
    (
        "landlab_geometry",
        {"type": "Point", "coordinates": [8.12, 49.2]},
        '{"type": "Point", "coordinates": [8.12, 49.2]}',
    ),
]


@pytest.mark.parametrize(("name", "value", "stored"), ACCEPTED)
def test_a_good_value_is_stored(name, value, stored):
    assert checked(name, value) == stored


REFUSED = [
    ("landlab_text", "<b>Baum</b>", "HTML is not possible"),
    ("landlab_text", "x" * 1_000_000, "1000000 characters"),
    ("landlab_text", "Baum\x00kataster", "control characters"),
    ("landlab_text", "Baum\ud800", "control characters"),
    ("landlab_text", ["Baum"], "A text is expected"),
    ("landlab_text", {"de": "Baum"}, "A text is expected"),
    ("landlab_text", True, "A text is expected"),
    ("landlab_markdown", "<script>alert(1)</script>", "HTML is not possible"),
    ("landlab_markdown", "x" * 1_000_000, "1000000 characters"),
    ("landlab_date", "2023-02-29", "no such date"),
    ("landlab_date", "31.04.2024", "no such date"),
    ("landlab_date", "2024-05-31T25:00", "no such date"),
    ("landlab_date", "gestern", "no such date"),
    ("landlab_duration", "P", "not a duration"),
    ("landlab_duration", "PT", "not a duration"),
    ("landlab_duration", "15 Minuten", "not a duration"),
    ("landlab_uri", "www.musterstadt.de", "not a complete address"),
    ("landlab_uri", "https://www.musterstadt.de/a b", "not a complete address"),
    ("landlab_uri", "https://", "names no server"),
    ("landlab_uri", "https:///pfad", "names no server"),
    ("landlab_uri", "https://host:port/", "cannot be read"),
    ("landlab_uri", "https://[::1/", "cannot be read"),
    ("landlab_uri", "javascript:alert(1)", "not allowed"),
    ("landlab_reference", "https://a b", "not a complete address"),
    ("landlab_email", "info(at)musterstadt.de", "not a mail address"),
    ("landlab_email", "a@b", "not a mail address"),
    ("landlab_telephone", "ruf mich an", "not a telephone number"),
    ("landlab_number", "-1", "whole number"),
    ("landlab_number", "1,5", "whole number"),
    ("landlab_number", "9" * 30, "whole number"),
    ("landlab_decimal", "NaN", "not negative"),
    ("landlab_decimal", "1e999", "not negative"),
    ("landlab_decimal", "-0.1", "not negative"),
    ("landlab_geometry", "POINT(3500000 5400000)", "no degrees"),
    ("landlab_geometry", "in der Mitte", "no geometry"),
    ("landlab_geometry", '{"type": "Point"}', "no geometry"),
    ("landlab_geometry", '{"type": "Polygon", "coordinates": []}', "no geometry"),
    ("landlab_geometry", "[" * 5000, "no geometry"),
    ("landlab_geometry", '{"type": "Point", "coordinates": ' + "[" * 50 + "1" + "]" * 50 + "}", "no geometry"),
]


@pytest.mark.parametrize(
    ("name", "value", "reason"), REFUSED, ids=[f"{name}-{n}" for n, (name, *_) in enumerate(REFUSED)]
)
def test_a_bad_value_is_refused_with_a_sentence(name, value, reason):
    assert reason in checked(name, value)[0]


def test_a_concept_is_accepted_by_address_and_by_code_and_stored_as_address():
    assert checked("landlab_concept", ENVIRONMENT, THEME) == ENVIRONMENT
    assert checked("landlab_concept", "envi", THEME) == ENVIRONMENT


def test_a_field_that_holds_codes_stores_the_code():
    assert checked("landlab_concept", "csv", FORMAT) == "CSV"
    assert checked("landlab_concept", "http://publications.europa.eu/resource/authority/file-type/CSV", FORMAT) == "CSV"


def test_an_unknown_concept_is_refused_with_the_name_of_the_list():
    assert checked("landlab_concept", "UMWELT", THEME) == [
        "“UMWELT” is not in the list “Data theme”. Please choose one of its entries."
    ]


def test_an_open_vocabulary_accepts_addresses_it_does_not_list():
    place = "https://sws.geonames.org/2875376/"

    assert checked("landlab_concept", place, REGION) == place
    assert "is not in the list" in checked("landlab_concept", "Nirgendwo", REGION)[0]


def test_several_concepts_are_stored_once_each_and_without_blanks():
    stored = checked("landlab_concepts", ["", "ENVI", ENVIRONMENT, "ECON"], THEME)

    assert json.loads(stored) == [ENVIRONMENT, ENVIRONMENT.replace("ENVI", "ECON")]


def test_the_refusal_of_one_of_several_names_its_place():
    assert checked("landlab_uris", ["https://a.example", "b"])[0].startswith("Entry 2: This is not a complete address")


def test_too_many_values_are_refused():
    assert checked("landlab_texts", [str(number) for number in range(1001)]) == [
        "These are too many values: at most 1000 are allowed."
    ]


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("landlab_date", "gestern", "gestern"),
        ("landlab_uri", "http://a b", "http://a b"),
        ("landlab_text", "Baum\x07 <b>fett</b>", "Baum <b>fett</b>"),
    ],
)
def test_what_was_harvested_is_kept_as_it_came(name, value, kept):
    assert checked(name, value, harvested=True) == kept


def test_what_was_harvested_has_bounds_too():
    assert "1000000 characters" in checked("landlab_text", "x" * 1_000_000, harvested=True)[0]


@pytest.mark.parametrize("blank", ["", None, [], [""]])
def test_a_mandatory_field_is_demanded_of_a_published_dataset_only(blank):
    required = tk.get_validator("landlab_required")({"field_name": "notes", "required": True}, {})

    _, strict = tk.navl_validate({"notes": blank}, {"notes": [required]}, {})
    _, draft = tk.navl_validate({"notes": blank, "state": "draft"}, {"notes": [required], "state": []}, {})
    _, taken = tk.navl_validate({"notes": blank}, {"notes": [required]}, {"landlab_harvested": True})

    assert strict == {"notes": ["Please fill in this field. It is mandatory for publishing."]}
    assert draft == taken == {}
