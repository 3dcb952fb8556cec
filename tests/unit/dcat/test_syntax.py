"""Documents that must be refused as a whole: what is read by half would be taken for all there is."""

import pytest
from ckanext.landlab.dcat.syntax import parse
from ckanext.landlab.errors import UnreadableGraph

OPENING = '<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
ENTITIES = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'
THING = '<rdf:Description rdf:about="http://example.org/a"><rdf:type rdf:resource="http://example.org/B"/></rdf:Description>'


@pytest.mark.parametrize(
    ("document", "syntax", "reason"),
    [
        (OPENING + THING, "rdf", "no element found"),
        (ENTITIES, "rdf", "entities are not allowed"),
        ("<http://example.org/a> <http://example.org/b> ", "ttl", "error"),
        ("<http://example.org/a> <http://example.org/b> ", "nt", "error"),
        ('{"@id": "http://example.org/a", ', "jsonld", "JSON-LD|jsonld"),
    ],
)
def test_a_document_that_breaks_off_or_bombs_is_refused(document, syntax, reason):
    with pytest.raises(UnreadableGraph, match=reason):
        parse(document.encode(), syntax)


def test_entities_are_found_in_other_encodings():
    with pytest.raises(UnreadableGraph, match="entities are not allowed"):
        parse(ENTITIES.replace("?>", ' encoding="utf-16"?>', 1).encode("utf-16"), "rdf")


def test_a_whole_document_is_read():
    assert len(list(parse((OPENING + THING + "</rdf:RDF>").encode(), "rdf").graph)) == 1
