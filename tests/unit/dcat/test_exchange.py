"""The same record through rdflib, as ckanext-dcat hands it on."""

import rdflib
from ckanext.landlab.dcat import exchange, mapping
from test_mapping import BASE, TREES


def test_a_record_survives_the_trip_through_rdflib():
    table = mapping.table("dataset")
    graph = rdflib.Graph()

    exchange.add(table.describe(TREES, BASE), graph)
    again = rdflib.Graph().parse(data=graph.serialize(format="turtle"), format="turtle")
    record, _ = table.recover(BASE, exchange.taken(again))

    # rdflib keeps no order, and a telephone number loses its blanks (RFC 3966)
    assert {tag["name"] for tag in record.pop("tags")} == {"Baum", "Stadtgrün"}
    assert record["contact"][0].pop("telephone") == "+49-251-000-1"
    for value in record["title_translations"]:
        assert value in TREES["title_translations"]
    assert record["notes"] == TREES["notes"]
    assert record["resources"] == TREES["resources"]
