"""A second opinion: the same record through ckanext-dcat's own DCAT-AP 3 profile says the same, save what is listed."""

from importlib.resources import files

import pytest
import rdflib
import yaml
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
# Fields that the two schemas shape in different ways: what ours holds, and what theirs does, meaning the same.
AGENT = {"name": "Rechenzentrum", "email": "rz@stadt.example", "uri": "https://rz.example/#rz"}
SERVICE = {"uri": f"{BASE}-wfs", "title": "WFS", "endpoint_url": ["https://geo.stadt.example/wfs"]}
OUR_FORMS = {
    "dcat_type": [f"{EU}/dataset-type/GEOSPATIAL"],
    "alternate_identifier": [{"notation": "10.1234/baeume"}],
    "provenance_activity": ["https://stadt.example/vorgang/1"],
    "qualified_attribution": [{"agent": AGENT["uri"], "role": "https://stadt.example/rolle"}],
}
THEIR_FORMS = {
    "dcat_type": f"{EU}/dataset-type/GEOSPATIAL",
    "alternate_identifier": ["10.1234/baeume"],
    "provenance_activity": [{"uri": "https://stadt.example/vorgang/1", "label": "Export"}],
    "qualified_attribution": [{"agent": [AGENT], "role": "https://stadt.example/rolle"}],
}
# Fields of their full schema that no statement about a dataset comes from, in their profile or in ours.
UNSAID = {
    "tag_string": "the keywords are in tags",
    "homepage": "only read, and only of a catalogue",
    "license_id": "each file has its licence",
    "owner_org": "CKAN's own",
    "uri": "the node itself",
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
    "prov:qualifiedAttribution / dcat:hadRole": "theirs writes dcat:qualifiedAttribution, which DCAT does not have",
    "prov:qualifiedAttribution / prov:agent": "as above",
    "prov:qualifiedAttribution / rdf:type": "as above",
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
    "dcat:qualifiedAttribution / dcat:agent": "DCAT has no such property; PROV's is prov:agent",
    "dcat:qualifiedAttribution / dcat:agent / foaf:mbox": "as above; ours keeps the agent where it is described",
    "dcat:qualifiedAttribution / dcat:agent / foaf:name": "as above",
    "dcat:qualifiedAttribution / dcat:agent / rdf:type": "as above",
    "dcat:qualifiedAttribution / dcat:hadRole": "as above",
    "dcat:qualifiedAttribution / rdf:type": "as above",
    "prov:wasGeneratedBy / rdf:type": "ours points at the activity and does not describe it",
    "prov:wasGeneratedBy / rdfs:label": "as above",
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
COMMON = 75  # pairs of path and value that both write
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
    resources = [{**one, "access_services": [dict(SERVICE)]} for one in RECORD["resources"]]
    node = serializer.graph_from_dataset({**RECORD, **THEIR_FORMS, "resources": resources})
    theirs, ours = serializer.g, rdflib.Graph()
    resources = [
        {**one, "uri": f"{BASE}/resource/{one['id']}", "access_services": [SERVICE["uri"]]}
        for one in RECORD["resources"]
    ]
    record = {**RECORD, **OUR_FORMS, "resources": resources}
    exchange.add(mapping.table("dataset").describe(record, str(node)), ours)
    service = {"type": "data_service", "title": SERVICE["title"], "endpoint_url": SERVICE["endpoint_url"]}
    exchange.add(mapping.table("data_service").describe(service, SERVICE["uri"]), ours)
    exchange.add((), theirs)
    return said(ours, node), said(theirs, node)


def test_both_profiles_say_the_same_save_what_is_listed(both):
    ours, theirs = both
    common = ours & theirs

    assert {path for path, _ in ours - theirs} == set(OURS)
    classes = {pair for pair in theirs if pair[0].endswith("rdf:type") and pair[1] in SWITCHED_OFF}
    assert {path for path, _ in theirs - ours - classes} == set(THEIRS)
    assert len(common) == COMMON


def test_every_field_of_their_full_schema_is_compared():
    schema = yaml.safe_load(files("ckanext.dcat.schemas").joinpath("dcat_ap_full.yaml").read_text(encoding="utf-8"))
    names = {field["field_name"] for field in schema["dataset_fields"]}
    of_files = {field["field_name"] for field in schema["resource_fields"]}

    assert len(names) + len(of_files) > 60
    assert names - {*RECORD, *THEIR_FORMS} == set(UNSAID)
    assert of_files - set(RECORD["resources"][0]) == {"access_services", "uri"}
