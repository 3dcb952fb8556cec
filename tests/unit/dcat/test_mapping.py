"""The table in both directions: what a record says, a graph says, and a record says again."""

import pytest
from ckanext.landlab.dcat import mapping, syntax
from ckanext.landlab.dcat.terms import expand
from ckanext.landlab.errors import DeclarationError

BASE = "https://daten.musterstadt.example/dataset/baeume"
TREES = {
    "uri": BASE,
    "title": "Baumkataster",
    "title_translations": [
        {"language": "de-simple", "text": "Liste der Bäume"},
        {"language": "en", "text": "Tree register"},
    ],
    "notes": "Alle Bäume.\n\n- Art\n- **Standort**",
    "tags": [{"name": "Baum"}, {"name": "Stadtgrün"}],
    "theme": ["http://publications.europa.eu/resource/authority/data-theme/ENVI"],
    "origin": "urn:landlab:origin:administrative_records",
    "publisher": [{"name": "Stadt Musterstadt", "type": "http://purl.org/adms/publishertype/LocalAuthority"}],
    "custodian": [{"name": "Grünflächenamt", "email": "gruen@musterstadt.example"}],
    "contact": [{"name": "Open-Data-Stelle", "email": "opendata@musterstadt.example", "telephone": "+49 251 000-1"}],
    "contributorID": ["http://dcat-ap.de/def/contributors/openNRW"],
    "spatial_coverage": [{"uri": "http://dcat-ap.de/def/politicalGeocoding/municipalityKey/05515000"}],
    "temporal_coverage": [{"start": "2024", "end": "2024-12-31"}],
    "issued": "2024-05",
    "modified": "2024-05-31T10:00:00Z",
    "provenance": ["Export aus dem Grünflächenverfahren"],
    "conforms_to": ["http://www.opengis.net/def/crs/EPSG/0/25832"],
    "temporal_resolution": "P1D",
    "resources": [
        {
            "uri": f"{BASE}/resource/1",
            "name": "Baumkataster als CSV",
            "format": "CSV",
            "mimetype": "text/csv",
            "license": "http://dcat-ap.de/def/licenses/dl-by-de/2.0",
            "access_url": "https://daten.musterstadt.example/baeume.csv",
            "size": 48213,
            "hash": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "hash_algorithm": "http://spdx.org/rdf/terms#checksumAlgorithm_sha256",
        }
    ],
}


@pytest.mark.parametrize("name", ["ttl", "rdf", "jsonld", "nt"])
@pytest.mark.parametrize("version", ["3.0", "2.0"])
def test_a_record_survives_the_trip_into_rdf_and_back(name, version):
    table = mapping.table("dataset")

    document = syntax.serialise(table.describe(TREES, BASE, version), name)
    record, _ = table.recover(BASE, syntax.parse(document, name).graph)

    record["contact"][0]["telephone"] = TREES["contact"][0]["telephone"]  # blanks become hyphens, RFC 3966
    assert record == TREES


def test_a_misspelt_annotation_names_its_field():
    schema = {
        "dataset_type": "dataset",
        "rdf": {"type": "dcat:Dataset"},
        "dataset_fields": [{"field_name": "title", "rdf": {"propperty": "dct:title"}}],
    }

    with pytest.raises(DeclarationError, match=r"dataset\.title"):
        mapping.table_of(schema)


def test_what_has_no_row_is_kept_and_written_again():
    source = syntax.parse(
        f'<{BASE}> a <http://www.w3.org/ns/dcat#Dataset> ; <http://purl.org/dc/terms/title> "T"@de ;'
        ' <http://example.org/own> [ <http://example.org/deep> "x" ] .'.encode(),
        "ttl",
    ).graph
    table = mapping.table("dataset")

    record, remarks = table.recover(BASE, source)
    written = table.describe(record, BASE)

    assert [remark.kind for remark in remarks] == ["kept"]
    assert [(p, o) for _, p, o in written if "example.org/deep" in p] == [("<http://example.org/deep>", '"x"')]
    assert expand("dct:title") in {p for _, p, _ in written}
