"""Every property that the official 3.0 shapes know is a row of a table or an entry of unmapped.yaml with its reason."""

from pathlib import Path

import pytest
from ckanext.landlab import schemas
from ckanext.landlab.dcat import mapping
from ckanext.landlab.dcat.terms import NAMESPACES, expand, shorten
from rdflib import Graph, URIRef
from rdflib.namespace import SH
from trip import TESTDATA

SHAPES = TESTDATA / "shapes" / "v3.0"
TABLES = ("dataset", "dataset_series", "data_service", "catalog")
# In the shapes, but not what is meant: GovData declares dcatap: with another namespace than DCAT-AP.
MISSPELT = {"http://data.europa.eu/r5r#availability": "dcatap:availability"}
# Rows that no shape of 3.0 knows, and where they are defined.
ADDITIONS = {
    "dcatap:hvdCategory": "DCAT-AP HVD, named in chapter 6 of the specification",
    "dcat:isVersionOf": "DCAT 3",
    "dcat:keyword": "dcat:Resource; here on series",
    "dcat:theme": "dcat:Resource; here on series",
    "dcatde:licenseAttributionByText": "dcatde; here on services, as ckanext-dcatde writes it",
    "dct:identifier": "DCAT 3 and GeoDCAT-AP; here on agents and services",
    "foaf:homepage": "FOAF; here on agents",
    "foaf:mbox": "FOAF; here on agents",
    "geo:asWKT": "GeoSPARQL; the text of a geometry",
    "geodcatap:processor": "GeoDCAT-AP",
    "prov:qualifiedAttribution": "class table of the specification; here on services",
    "skos:prefLabel": "LOCN and ckanext-dcat; here on places",
    "vcard:hasUID": "vCard",
}


def official() -> set[tuple[str, str]]:
    """Class and property of every property shape, as prefixed names."""
    graph = Graph()
    for file in sorted(SHAPES.rglob("*.ttl")):
        graph.parse(file, format="turtle")
    pairs = {
        (str(target), str(path))
        for shape, target in graph.subject_objects(SH.targetClass)
        for inner in graph.objects(shape, SH.property)
        for path in graph.objects(inner, SH.path)
        if isinstance(path, URIRef)
    }
    return {(shorten(f"<{class_}>"), MISSPELT.get(path, shorten(f"<{path}>"))) for class_, path in pairs}


def named(folder: Path) -> set[str]:
    """Every property that a shape in *folder* speaks of, attached to a class or not."""
    graph = Graph()
    for file in sorted(folder.rglob("*.ttl")):
        graph.parse(file, format="turtle")
    return {shorten(f"<{path}>") for path in graph.objects(None, SH.path) if isinstance(path, URIRef)}


def rows(table: mapping.Table):
    """Class and predicate of every row of *table* and the tables in it; a node between has a class of its own."""
    for row in (*table.rows, *table.rows_2):
        if row.via:
            yield shorten(table.type), shorten(row.via)
            yield shorten(row.type), shorten(row.predicate)
        else:
            yield shorten(table.type), shorten(row.predicate)
        if row.parts:
            yield from rows(row.parts)


MAPPED = {pair for name in TABLES for pair in rows(mapping.table(name))}
UNMAPPED = {(entry["class"], entry["property"]): entry["reason"] for entry in schemas.read("unmapped")["unmapped"]}


def test_every_property_of_the_shapes_is_mapped_or_has_a_reason():
    known = official()

    assert len(known) == 149
    assert sorted(known - MAPPED - set(UNMAPPED)) == []


def test_unmapped_properties_are_in_the_shapes_and_in_no_row():
    assert sorted(set(UNMAPPED) - official()) == []
    assert sorted(set(UNMAPPED) & MAPPED) == []
    assert all(len(reason) > 5 for reason in UNMAPPED.values())


def test_every_row_has_a_property_of_the_shapes_or_a_source():
    shaped = {path for _, path in official()} | named(SHAPES) | named(TESTDATA / "shapes" / "v2.0")
    unknown = {path for _, path in MAPPED} - shaped

    assert sorted(unknown) == sorted(set(ADDITIONS) & unknown)
    assert unknown


@pytest.mark.parametrize("name", TABLES)
def test_every_predicate_is_in_a_namespace_that_we_know(name):
    for _, path in rows(mapping.table(name)):
        assert path.partition(":")[0] in NAMESPACES
        assert expand(path).startswith("<http")


def test_the_shapes_are_here():
    assert len(list(Path(SHAPES).rglob("*.ttl"))) == 6
