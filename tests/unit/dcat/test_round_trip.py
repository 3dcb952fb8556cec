"""Whatever a form can build comes back from RDF as it was, in every syntax."""

import pytest
from ckanext.landlab.dcat import mapping, syntax
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import BASE, records, unordered

NODE = f"{BASE}/dataset/1"


def without_older(table: mapping.Table, record: dict) -> dict:
    """*record* without the fields that only 2.0 can say."""
    older = {row.field for row in table.rows_2 if row.older}
    return {field: value for field, value in record.items() if field not in older}


@pytest.mark.parametrize("syntax_name", ["ttl", "rdf", "jsonld", "nt"])
@pytest.mark.parametrize("name", ["dataset", "dataset_series", "data_service", "catalog"])
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_record_survives_the_trip(name, syntax_name, data):
    table = mapping.table(name)
    record = data.draw(records(table))

    document = syntax.serialise(table.describe(record, NODE), syntax_name)
    read, remarks = table.recover(NODE, syntax.parse(document, syntax_name).graph)

    assert unordered(read) == unordered({"uri": NODE, **without_older(table, record)})
    assert remarks == []


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(records(mapping.table("dataset")))
def test_identical_records_give_identical_bytes(record):
    table = mapping.table("dataset")

    for syntax_name in syntax.FORMATS:
        first = syntax.serialise(table.describe(record, NODE), syntax_name)
        again = syntax.serialise(table.describe({**record}, NODE), syntax_name)
        assert first == again
