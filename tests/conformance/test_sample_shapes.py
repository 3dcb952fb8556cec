"""The sample datasets under GovData's official shapes: not one violation."""

from pathlib import Path

from ckanext.landlab.dcat.mapping import table
from ckanext.landlab.dcat.shapes import shapes_of
from ckanext.landlab.dcat.validation import VIOLATION, judge
from ckanext.landlab.stack.sample.records import sample

TESTDATA = Path(__file__).parents[3] / "shared" / "testdata"
SITE = "https://daten.rebenau.example"
DATASETS = [entry.record for entry in sample().entries if entry.record["type"] == "dataset"]


def statements(record):
    about = f"{SITE}/dataset/{record['id']}"
    files = [
        {
            **{name: value for name, value in resource.items() if name != "access_services"},
            "access_url": f"{about}/resource/{resource['id']}/download/{resource['url']}",
        }
        for resource in record["resources"]
    ]
    alone = {name: value for name, value in record.items() if name != "in_series"}
    return table("dataset").describe({**alone, "resources": files}, about)


def test_the_sample_has_no_violation():
    described = [statement for record in DATASETS for statement in statements(record)]
    assert len(described) > 2500

    results = judge(described, shapes_of(TESTDATA / "shapes", "3.0"))

    assert [result for result in results if result.severity == VIOLATION] == []
