"""How a portal is asked: no question is longer than the servers that it goes to read."""

from uuid import uuid4

import pytest
from ckanext.landlab.feeds.returning import KINDS, Sought, batches

ADDRESSES = {
    "ckan": "https://ckan.govdata.de",
    "sparql": "https://www.govdata.de/sparql",
    "search": "https://data.europa.eu/data/datasets?query={identifier}",
}


def dataset(name: str) -> Sought:
    return Sought(name, name, f"https://daten.musterstadt.de/dataset/{name}", f"Titel {name}")


@pytest.mark.parametrize("kind", KINDS)
def test_every_dataset_is_asked_after_once_and_no_question_is_too_long(kind):
    datasets = [dataset(str(uuid4())) for _ in range(100)]
    portal = KINDS[kind]

    asked = list(batches(portal, ADDRESSES[kind], datasets))

    assert [one for batch in asked for one in batch] == datasets
    assert max(len(portal.question(ADDRESSES[kind], batch)) for batch in asked) <= 4000  # gunicorn refuses from 4095 on
    assert max(len(batch) for batch in asked) <= portal.together
    assert portal.together == 1 or len(asked) < len(datasets) / 3


def test_an_address_that_is_too_long_alone_is_asked_after_alone():
    long, short = dataset("x" * 5000), dataset("y")

    assert list(batches(KINDS["ckan"], ADDRESSES["ckan"], [short, long, short])) == [[short], [long], [short]]


def test_nothing_sought_is_nothing_asked():
    assert list(batches(KINDS["ckan"], ADDRESSES["ckan"], [])) == []
