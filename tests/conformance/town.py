"""A small catalogue of a town with everything in it: datasets of all kinds, a series, a service, defaults, notices."""

from ckanext.landlab.dcat import catalog, completeness
from ckanext.landlab.dcat.context import Context, siblings_of

BASE = "https://daten.musterstadt.example"
EU = "http://publications.europa.eu/resource/authority"
LICENCE = "http://dcat-ap.de/def/licenses/dl-by-de/2.0"
TOWN = {
    "id": "org-1",
    "title": "Stadt Musterstadt",
    "homepage": "https://www.musterstadt.example",
    "publisher_type": "http://purl.org/adms/publishertype/LocalAuthority",
    "publisher_email": "info@musterstadt.example",
    "custodian_name": "Stadt Musterstadt, Statistikstelle",
    "contact_name": "Open-Data-Stelle",
    "contact_email": "opendata@musterstadt.example",
    "contributorID": "http://dcat-ap.de/def/contributors/metropolregionRheinNeckar",
    "license_id": LICENCE,
    "place": "http://dcat-ap.de/def/politicalGeocoding/districtKey/08222",
}
SERIES = {
    "type": "dataset_series",
    "id": "series-1",
    "name": "haushaltsplaene",
    "title": "Haushaltspläne",
    "notes": "Die Haushaltspläne seit 2015.",
    "frequency": f"{EU}/frequency/ANNUAL",
    "temporal_coverage": [{"start": "2015"}],
    "modified": "2025",
}
SERVICE = {
    "type": "data_service",
    "id": "service-1",
    "name": "baeume-wfs",
    "title": "Baumkataster als WFS",
    "notes": "Höchstens 1000 Anfragen am Tag.",
    "endpoint_url": ["https://geo.musterstadt.example/wfs"],
    "endpoint_description": ["https://geo.musterstadt.example/wfs?REQUEST=GetCapabilities"],
    "serves_dataset": ["baeume", "haushalt-2025"],
    "license_id": LICENCE,
    "format": ["GML", "GEOJSON"],
    "availability": f"{EU}/planned-availability/STABLE",
    "access_rights": f"{EU}/access-right/PUBLIC",
    "hvd_category": ["http://data.europa.eu/bna/c_ac64a52d"],
}
TREES = {
    "type": "dataset",
    "id": "dataset-1",
    "name": "baeume",
    "title": "Baumkataster",
    "title_translations": [
        {"language": "en", "text": "Tree register"},
        {"language": "de-simple", "text": "Alle Bäume"},
    ],
    "notes": "Alle Bäume auf **städtischen** Flächen.\n\n- Art\n- Jahr\n\nSiehe [Baumschutz](https://baum.example).",
    "notes_translations": [{"language": "en", "text": "All trees on *municipal* land."}],
    "tags": [{"name": "Baum"}, {"name": "Stadtgrün"}],
    "keyword_translations": [{"language": "en", "text": "tree"}],
    "theme": [f"{EU}/data-theme/ENVI"],
    "origin": "urn:landlab:origin:administrative_records",
    "references": ["https://musterdatenkatalog.de/def/musterdatensatz/baum/baumkataster"],
    "hvd_category": ["http://data.europa.eu/bna/c_ac64a52d"],
    "dcat_type": [f"{EU}/dataset-type/GEOSPATIAL"],
    "custodian": [
        {"name": "Grünflächenamt", "email": "gruen@musterstadt.example", "url": "https://www.musterstadt.example/gruen"}
    ],
    "contact": [{"name": "Baumstelle", "telephone": "+49 621 293 0", "url": "https://www.musterstadt.example/kontakt"}],
    "originator": [{"name": "Vermessungsamt"}],
    "creator": [{"name": "Grünflächenamt"}],
    "contributor": [{"name": "Baumpatinnen und Baumpaten"}],
    "processor": [{"name": "Rechenzentrum", "uri": "https://rz.example/#rz"}],
    "qualified_attribution": [
        {
            "agent": "https://rz.example/#rz",
            "role": "http://standards.iso.org/iso/19115/resources/Codelists/gml/CI_RoleCode/processor",
        }
    ],
    "license_id": LICENCE,
    "access_rights": f"{EU}/access-right/PUBLIC",
    "legalBasis": ["Landestransparenzgesetz"],
    "spatial_coverage": [
        {
            "uri": "http://dcat-ap.de/def/politicalGeocoding/districtKey/08222",
            "bbox": '{"type":"Polygon","coordinates":[[[8.4,49.4],[8.6,49.4],[8.6,49.6],[8.4,49.6],[8.4,49.4]]]}',
            "centroid": '{"type":"Point","coordinates":[8.466,49.487]}',
        },
        {"text": "Neckarstadt-West", "geom": '{"type":"Point","coordinates":[8.46,49.5]}'},
    ],
    "temporal_coverage": [{"start": "2024-01", "end": "2024-12-31"}],
    "frequency": f"{EU}/frequency/ANNUAL",
    "availability": f"{EU}/planned-availability/AVAILABLE",
    "issued": "2019",
    "modified": "2024-05-31",
    "temporal_resolution": "P1Y",
    "spatial_resolution_in_meters": "0.5",
    "url": "https://www.musterstadt.example/baeume",
    "documentation": ["https://www.musterstadt.example/baeume/felder.pdf"],
    "language": [f"{EU}/language/DEU"],
    "provenance": ["Export aus dem Grünflächenverfahren"],
    "conforms_to": ["http://www.opengis.net/def/crs/EPSG/0/25832", "Datenmodell Baum 2.1"],
    "version": "2.1",
    "version_notes": "Standorte neu vermessen.",
    "alternate_identifier": [{"notation": "10.1234/musterstadt.baeume"}],
    "related": ["https://www.musterstadt.example/baumkarte"],
    "qualified_relation": [
        {"relation": f"{BASE}/dataset/dataset-2", "role": "http://www.iana.org/assignments/relation/related"}
    ],
    "is_referenced_by": ["https://www.musterstadt.example/umweltbericht"],
    "has_version": ["haushalt-2025"],
    "source": ["haushalt-2025"],
    "provenance_activity": ["https://daten.musterstadt.example/vorgang/1"],
    "resources": [
        {
            "id": "file-1",
            "name": "Baumkataster als CSV",
            "name_translations": [{"language": "en", "text": "Tree register as CSV"}],
            "description": "Eine Zeile je Baum, Trennzeichen Semikolon.",
            "url": f"{BASE}/dataset/dataset-1/resource/file-1/download/baeume.csv",
            "url_type": "upload",
            "format": "CSV",
            "mimetype": "text/csv",
            "compress_format": "application/gzip",
            "package_format": "application/zip",
            "size": 48213,
            "hash": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "hash_algorithm": "http://spdx.org/rdf/terms#checksumAlgorithm_sha256",
            "status": f"{EU}/distribution-status/COMPLETED",
            "availability": f"{EU}/planned-availability/STABLE",
            "issued": "2019-05",
            "modified": "2024-05-31T08:00:00Z",
            "language": [f"{EU}/language/DEU"],
            "documentation": ["https://www.musterstadt.example/baeume/felder.pdf"],
            "conforms_to": ["https://www.musterstadt.example/baeume/schema.json"],
            "has_policy": "https://www.musterstadt.example/policy/1",
            "temporal_resolution": "P1Y",
            "spatial_resolution_in_meters": "0.5",
        },
        {
            "id": "file-2",
            "name": "Baumkataster als WFS",
            "url": "https://geo.musterstadt.example/wfs",
            "format": "WFS_SRVC",
            "license": "http://dcat-ap.de/def/licenses/cc-by/4.0",
            "access_services": ["baeume-wfs"],
        },
    ],
}
BUDGET = {
    "type": "dataset",
    "id": "dataset-2",
    "name": "haushalt-2025",
    "title": "Haushaltsplan 2025",
    "notes": "Der Haushaltsplan 2025.",
    "tags": [{"name": "Haushalt"}],
    "theme": [f"{EU}/data-theme/ECON"],
    "origin": "urn:landlab:origin:official_statistics",
    "in_series": ["haushaltsplaene"],
    "url": "https://www.musterstadt.example/haushalt",
    "license_id": LICENCE,
    "metadata_created": "2025-01-02T08:00:00.123456",
    "metadata_modified": "2025-03-04T08:00:00.123456",
    "resources": [
        {"id": "file-3", "name": "Haushalt", "url": "https://www.musterstadt.example/haushalt.csv", "format": "CSV"}
    ],
}
RECORDS = (TREES, BUDGET, SERIES, SERVICE)
SIBLINGS = siblings_of(RECORDS, BASE)
SITE = {
    "title": "Datenkatalog der Stadt Musterstadt",
    "notes": "Offene Daten der Stadt.",
    "publisher": [{"name": "Stadt Musterstadt", "uri": f"{BASE}/organization/org-1"}],
    "homepage": BASE,
    "language": [f"{EU}/language/DEU"],
    "license_id": "http://dcat-ap.de/def/licenses/cc-zero",
    "spatial_coverage": [{"uri": "http://dcat-ap.de/def/politicalGeocoding/districtKey/08222"}],
    "availability": f"{EU}/planned-availability/STABLE",
    "issued": "2024",
    "modified": "2025-03-04",
}


def context(record):
    return Context(
        base=BASE,
        organization=TOWN,
        statement=f"{BASE}/dataset/{record['id']}/hinweise",
        attribution="Stadt Musterstadt, Grünflächenamt",
        siblings=SIBLINGS,
    )


def described(record, version="3.0"):
    return completeness.described(record, context(record), version)


def catalogue(version="3.0"):
    links = [(record["type"], context(record).address(record)) for record in RECORDS]
    page = catalog.Page(current=f"{BASE}/catalog.ttl?page=1", total=4, size=100, first=f"{BASE}/catalog.ttl?page=1")
    statements = catalog.described(SITE, BASE, links, version, page)
    return statements + [statement for record in RECORDS for statement in described(record, version)]
