"""What ckanext-dcatde keeps in extras becomes our fields, and our fields become its keys again."""

import pytest
from ckanext.landlab import schemas
from ckanext.landlab.dcat import mapping
from ckanext.landlab.dcat.adoption import TAKEN, UNKNOWN, UNREADABLE, adopted, flattened

EU = "http://publications.europa.eu/resource/authority"
BATHING = {
    "name": "badegewaesser",
    "title": "Badegewässer",
    "maintainer": "Sozialministerium",
    "maintainer_email": "post@land.example",
    "groups": [{"name": "educ"}, {"name": "envi"}, {"name": "hafen"}],
    "extras": [
        {"key": "contributorID", "value": '["http://dcat-ap.de/def/contributors/schleswigHolstein"]'},
        {"key": "issued", "value": "2020-01-06T00:00:00"},
        {"key": "modified", "value": "neulich"},
        {"key": "spatial_uri", "value": "http://dcat-ap.de/def/politicalGeocoding/stateKey/01"},
        {"key": "spatial_text", "value": "Schleswig-Holstein"},
        {"key": "temporal_start", "value": "2020-08-03"},
        {"key": "temporal_end", "value": ""},
        {"key": "maintainer_tel", "value": "0431 988"},
        {"key": "contact_name", "value": "Bürgertelefon"},
        {"key": "contact_tel", "value": "0431 988-0"},
        {"key": "contact_street", "value": "Adolf-Westphal-Straße 4"},
        {"key": "legalbasisText", "value": '["Umweltinformationsgesetz", "Transparenzgesetz"]'},
        {"key": "alternate_identifier", "value": '["10.1/a", "10.1/b"]'},
        {"key": "language", "value": '["de"]'},
        {"key": "used_datasets", "value": '["https://daten.example/1"]'},
        {"key": "guid", "value": "abc"},
        {"key": "licenseAttributionByText", "value": "Land SH"},
    ],
    "resources": [
        {
            "url": "https://daten.example/a.csv",
            "plannedAvailability": "http://dcat-ap.de/def/plannedAvailability/stable",
            "language": f'["{EU}/language/DEU"]',
            "license": "http://dcat-ap.de/def/licenses/cc-by/4.0",
            "access_services": '[{"title": "WFS"}]',
        }
    ],
}


def test_what_dcatde_keeps_in_extras_is_in_our_fields():
    found = adopted(BATHING)

    fields = {key: value for key, value in found.record.items() if key not in ("extras", "groups", "resources")}
    assert fields == {
        "name": "badegewaesser",
        "title": "Badegewässer",
        "maintainer": "",
        "maintainer_email": "",
        "custodian": [{"name": "Sozialministerium", "email": "post@land.example"}],
        "contact": [{"name": "Bürgertelefon", "telephone": "0431 988-0"}],
        "contributorID": ["http://dcat-ap.de/def/contributors/schleswigHolstein"],
        "issued": "2020-01-06T00:00:00",
        "spatial_coverage": [
            {"uri": "http://dcat-ap.de/def/politicalGeocoding/stateKey/01", "text": "Schleswig-Holstein"}
        ],
        "temporal_coverage": [{"start": "2020-08-03"}],
        "legalBasis": ["Umweltinformationsgesetz", "Transparenzgesetz"],
        "alternate_identifier": [{"notation": "10.1/a"}, {"notation": "10.1/b"}],
        "language": [f"{EU}/language/DEU"],
        "related": ["https://daten.example/1"],
        "theme": [f"{EU}/data-theme/EDUC", f"{EU}/data-theme/ENVI"],
    }
    assert found.record["groups"] == BATHING["groups"]


def test_the_files_have_lists_and_concepts_instead_of_json():
    assert adopted(BATHING).record["resources"] == [
        {
            "url": "https://daten.example/a.csv",
            "availability": f"{EU}/planned-availability/STABLE",
            "language": [f"{EU}/language/DEU"],
            "license": "http://dcat-ap.de/def/licenses/cc-by/4.0",
            "licenseAttributionByText": "Land SH",
            "dcatde_access_services": '[{"title": "WFS"}]',
        }
    ]


def test_what_no_field_can_hold_stays_and_says_why():
    found = adopted(BATHING)

    assert {(left.key, left.reason) for left in found.left} == {
        ("modified", UNREADABLE),
        ("maintainer_tel", UNKNOWN),
        ("guid", UNKNOWN),
        ("contact_street", "there is no field for postal addresses"),
        ("access_services", schemas.read("adoption")["stay"]["access_services"]),
    }
    assert {extra["key"] for extra in found.record["extras"]} == {
        "modified",
        "maintainer_tel",
        "guid",
        "contact_street",
    }


def test_a_field_that_is_filled_keeps_its_value():
    record = {
        "url": "https://daten.example/neu",
        "extras": [{"key": "metadata_original_html", "value": "https://alt.example/"}],
    }

    found = adopted(record)

    assert (found.record["url"], [left.reason for left in found.left]) == ("https://daten.example/neu", [TAKEN])


def test_nothing_of_what_came_is_changed():
    before = repr(BATHING)

    adopted(BATHING)

    assert repr(BATHING) == before


def test_a_second_time_moves_nothing():
    assert adopted(adopted(BATHING).record).moved == []


def test_the_way_back_gives_the_keys_again():
    flat = flattened(adopted(BATHING).record)

    keys = {extra["key"]: extra["value"] for extra in BATHING["extras"]}
    same = (
        "contributorID",
        "issued",
        "spatial_uri",
        "spatial_text",
        "legalbasisText",
        "alternate_identifier",
        "used_datasets",
    )
    assert {key: flat[key] for key in same} == {key: keys[key] for key in same}
    assert (flat["maintainer"], flat["maintainer_email"]) == ("Sozialministerium", "post@land.example")
    assert flat["groups"] == [{"name": "educ"}, {"name": "envi"}]
    assert flat["resources"][0]["plannedAvailability"] == f"{EU}/planned-availability/STABLE"


def test_every_field_of_the_table_is_a_row_and_every_key_is_named_once():
    table, adoption = mapping.table("dataset"), schemas.read("adoption")
    parts = table.row("resources").parts
    groups = {name: table.row(name).parts for name in adoption["groups"]}

    names = [(table, name) for name in adoption["dataset"]] + [(parts, name) for name in adoption["resources"]]
    names += [(groups[name], part) for name, keys in adoption["groups"].items() for part in keys]

    assert len(names) > 80
    assert all(name == "uri" or of.row(name) for of, name in names)
    keys = [*adoption["dataset"].values(), *(key for group in adoption["groups"].values() for key in group.values())]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("value", ["[", '[{"a": 1}]', '["', "{}", "x" * 1_000_000, "\x00"])
def test_broken_json_stays_where_it_is(value):
    record = {"extras": [{"key": "contributorID", "value": value}, {"key": "temporal_start", "value": value}]}

    found = adopted(record)

    assert "temporal_coverage" not in found.record
    assert ("temporal_start", UNREADABLE) in {(left.key, left.reason) for left in found.left}
