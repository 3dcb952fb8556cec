"""A second opinion: the same record through ckanext-dcat's own DCAT-AP 3 profile says the same, save what is listed."""

import pytest
import rdflib
from ckanext.dcat.processors import RDFSerializer
from ckanext.landlab.dcat import exchange, mapping
from ckanext.landlab.dcat.terms import expand

BASE = "http://test.ckan.net/dataset/d1"
EU = "http://publications.europa.eu/resource/authority"
# Every field of ckanext-dcat's full schema (dcat_ap_full.yaml) that our schema has under the same name.
RECORD = {
    "id": "d1",
    "name": "baeume",
    "type": "dataset",
    "title": "Baumkataster",
    "notes": "Alle Bäume auf städtischen Flächen.",
    "tags": [{"name": "Baum"}, {"name": "Stadtgrün"}],
    "contact": [{"name": "Open-Data-Stelle", "email": "o@stadt.example", "url": "https://stadt.example/kontakt"}],
    "publisher": [
        {
            "name": "Stadt",
            "email": "info@stadt.example",
            "url": "https://stadt.example",
            "type": "http://purl.org/adms/publishertype/LocalAuthority",
        }
    ],
    "creator": [{"name": "Amt", "uri": "https://stadt.example/#amt"}],
    "url": "https://stadt.example/baeume",
    "issued": "2019",
    "modified": "2024-05-31",
    "version": "2.1",
    "version_notes": "Neu vermessen.",
    "identifier": "kennung-1",
    "frequency": f"{EU}/frequency/ANNUAL",
    "provenance": ["Export aus dem Verfahren"],
    "temporal_coverage": [{"start": "2023-01-01", "end": "2023-12-31"}],
    "temporal_resolution": "P1Y",
    "spatial_coverage": [
        {
            "uri": "http://dcat-ap.de/def/politicalGeocoding/districtKey/08222",
            "text": "Mannheim",
            "centroid": '{"type":"Point","coordinates":[8.466,49.487]}',
            "bbox": '{"type":"Polygon","coordinates":[[[8.4,49.4],[8.6,49.4],[8.6,49.6],[8.4,49.6],[8.4,49.4]]]}',
            "geom": '{"type":"Point","coordinates":[8.466,49.487]}',
        }
    ],
    "spatial_resolution_in_meters": "0.5",
    "access_rights": f"{EU}/access-right/PUBLIC",
    "theme": [f"{EU}/data-theme/ENVI"],
    "language": [f"{EU}/language/DEU"],
    "documentation": ["https://stadt.example/felder.pdf"],
    "conforms_to": ["http://www.opengis.net/def/crs/EPSG/0/25832"],
    "is_referenced_by": ["https://stadt.example/bericht"],
    "applicable_legislation": ["http://data.europa.eu/eli/reg_impl/2023/138/oj"],
    "hvd_category": ["http://data.europa.eu/bna/c_ac64a52d"],
    "has_version": ["https://stadt.example/dataset/2"],
    "qualified_relation": [
        {"relation": "https://stadt.example/dataset/3", "role": "http://www.iana.org/assignments/relation/prev"}
    ],
    "resources": [
        {
            "id": "r1",
            "package_id": "d1",
            "name": "CSV",
            "description": "Eine Zeile je Baum.",
            "url": "https://stadt.example/baeume.csv",
            "access_url": "https://stadt.example/baeume.csv",
            "download_url": "https://stadt.example/baeume.csv",
            "format": "CSV",
            "mimetype": "text/csv",
            "license": "http://dcat-ap.de/def/licenses/dl-by-de/2.0",
            "rights": "https://stadt.example/nutzung",
            "availability": f"{EU}/planned-availability/STABLE",
            "status": f"{EU}/distribution-status/COMPLETED",
            "issued": "2019-05-01",
            "modified": "2024-05-31T08:00:00",
            "size": 48213,
            "hash": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "hash_algorithm": "http://spdx.org/rdf/terms#checksumAlgorithm_sha256",
            "compress_format": "https://www.iana.org/assignments/media-types/application/gzip",
            "package_format": "https://www.iana.org/assignments/media-types/application/zip",
            "temporal_resolution": "P1Y",
            "spatial_resolution_in_meters": "0.5",
            "language": [f"{EU}/language/DEU"],
            "documentation": ["https://stadt.example/felder.pdf"],
            "conforms_to": ["https://stadt.example/schema.json"],
            "applicable_legislation": ["http://data.europa.eu/eli/reg_impl/2023/138/oj"],
        }
    ],
}
# What only we write, by its path, and why.
OURS = {
    "dcat:distribution / dcat:mediaType": "3.0 wants the IRI of IANA's list",
    "dcat:distribution / dct:format": "3.0 wants the IRI of the EU's list",
    "dct:provenance / rdfs:label": "our field is a list",
    "dct:publisher / foaf:mbox": "an agent is no vCard; foaf:mbox is FOAF's own property",
    "dct:spatial / dcat:bbox": "the same shape, numbers as they were given",
    "dct:spatial / dcat:centroid": "the same shape, numbers as they were given",
    "dct:spatial / locn:geometry / geo:asWKT": "the 3.0 shapes want a node, not a literal",
    "dct:spatial / locn:geometry / rdf:type": "the 3.0 shapes want a node, not a literal",
}
# What only ckanext-dcat writes.  It also names the class of everything that it points at; GovData has switched these
# checks off, because an IRI of a list is enough.
THEIRS = {
    "dcat:distribution / dcat:mediaType": "a literal is a Violation in 3.0",
    "dcat:distribution / dct:format": "a literal is a Violation in 3.0",
    "dcat:distribution / dct:license / dct:type": "the list of licence types is gone in 3.0; the type is a guess",
    "dct:hasVersion": "deprecated in 3.0; dcat:hasVersion says the same",
    "dct:provenance / rdfs:label": "the list as Python prints it",
    "dct:publisher / vcard:hasEmail": "see foaf:mbox above",
    "dct:spatial / dcat:bbox": "the same shape, numbers rounded to four places",
    "dct:spatial / dcat:centroid": "the same shape, numbers rounded to four places",
    "dct:spatial / locn:geometry": "a literal is a Violation in 3.0",
}
CLASSES = {
    "dct:Frequency",
    "dct:LicenseDocument",
    "dct:LinguisticSystem",
    "dct:MediaType",
    "dct:RightsStatement",
    "dct:Standard",
    "eli:LegalResource",
    "foaf:Document",
    "rdfs:Resource",
    "spdx:ChecksumAlgorithm",
}
COMMON = 68  # pairs of path and value that both write
SWITCHED_OFF = {expand(name) for name in CLASSES}


def said(graph: rdflib.Graph, node: rdflib.URIRef) -> set[tuple[str, str]]:
    """Path and value of everything below *node*: names of blank nodes and of distributions do not matter."""
    found: set[tuple[str, str]] = set()

    def walk(subject, path: tuple[str, ...]) -> None:
        for predicate, value in graph.predicate_objects(subject):
            step = (*path, graph.namespace_manager.normalizeUri(predicate))
            inner = len(step) < 5 and value != node and any(graph.predicate_objects(value))
            if not inner or (isinstance(value, rdflib.URIRef) and not value.startswith(BASE)):
                found.add((" / ".join(step), value.n3().removesuffix("@de")))  # ours are tagged, convention 3
            if inner:
                walk(value, step)

    walk(node, ())
    return found


@pytest.fixture
def both(with_plugins):
    serializer = RDFSerializer(profiles=["euro_dcat_ap_3", "euro_dcat_ap_scheming"])
    node = serializer.graph_from_dataset({**RECORD, "resources": [dict(one) for one in RECORD["resources"]]})
    theirs, ours = serializer.g, rdflib.Graph()
    resources = [{**one, "uri": f"{BASE}/resource/{one['id']}"} for one in RECORD["resources"]]
    exchange.add(mapping.table("dataset").describe({**RECORD, "resources": resources}, str(node)), ours)
    exchange.add((), theirs)
    return said(ours, node), said(theirs, node)


def test_both_profiles_say_the_same_save_what_is_listed(both):
    ours, theirs = both
    common = ours & theirs

    assert len(common) == COMMON
    assert {path for path, _ in ours - theirs} == set(OURS)
    classes = {pair for pair in theirs if pair[0].endswith("rdf:type") and pair[1] in SWITCHED_OFF}
    assert {path for path, _ in theirs - ours - classes} == set(THEIRS)
