"""With notices on, GovData's official shapes find no violation: rights and page of every file are one clean address."""

from pathlib import Path

import pytest
from ckanext.landlab.dcat.completeness import described
from ckanext.landlab.dcat.context import Context
from ckanext.landlab.dcat.shapes import shapes_of
from ckanext.landlab.dcat.validation import VIOLATION, judge
from legal_records import GAUGE, PARAMETERS

TESTDATA = Path(__file__).parents[3] / "shared" / "testdata"
SITE = "https://daten.landau.example"
ABOUT = f"{SITE}/dataset/{GAUGE['id']}"
RIGHTS = "<http://purl.org/dc/terms/rights>"

RECORD = {
    **GAUGE,
    "type": "dataset",
    "notes": "Wasserstand der Queich, alle fünfzehn Minuten.",
    "contact": [{"name": "Tiefbauamt", "email": "tiefbauamt@landau.example"}],
    "contributorID": ["http://dcat-ap.de/def/contributors/metropolregionRheinNeckar"],
    "notices": [{"code": code, "parameters": values} for code, values in PARAMETERS.items()],
    "resources": [
        {"id": "a", "name": "Messwerte", "url": f"{SITE}/a.csv"},
        {"id": "b", "name": "Stammdaten", "url": f"{SITE}/b.csv", "rights": "Freie Worte, die jemand eingetragen hat"},
    ],
}


@pytest.mark.parametrize("version", ["2.0", "3.0"])
def test_notices_add_no_violation(version):
    statements = described(RECORD, Context(base=SITE, statement=f"{ABOUT}/hinweise"), version)
    assert [obj for _, predicate, obj in statements if predicate == RIGHTS] == [f"<{ABOUT}/hinweise>"] * 2

    results = judge(statements, shapes_of(TESTDATA / "shapes", version))

    assert [result for result in results if result.severity == VIOLATION] == []
    assert [result for result in results if "rights" in result.path] == []
