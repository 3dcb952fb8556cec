"""The index's schema as Solr writes it down."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ckanext.landlab.search.schema import Field, Kind, Schema

_TYPES = {
    Kind.STRING: "string",
    Kind.TEXT: "text",
    Kind.NAMES: "text_general",
    Kind.NGRAMS: "text_ngram",
    Kind.INTEGER: "int",
    Kind.FLOAT: "float",
    Kind.DATE: "date",
    Kind.BOX: "bbox",
    Kind.SOURCE: "string",
}


def schema_xml(schema: Schema) -> str:
    """*schema* as the `schema.xml` of Solr."""
    root = Element("schema", name=schema.name, version="1.6")
    for field in schema.fields.values():
        _field(root, "field", field)
    for pattern in sorted(schema.patterns, key=len, reverse=True):
        _field(root, "dynamicField", schema.patterns[pattern])
    SubElement(root, "uniqueKey").text = schema.key
    for source, targets in schema.copies.items():
        for target in targets:
            SubElement(root, "copyField", source=source, dest=target)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8" ?>\n' + tostring(root, encoding="unicode") + "\n"


def _field(root: Element, tag: str, field: Field) -> None:
    facts = {
        "indexed": field.kind is not Kind.SOURCE,
        "stored": field.kept,
        "multiValued": field.many,
        "required": field.required,
    }
    said = {name: str(value).lower() for name, value in facts.items()}
    if field.default is not None:
        said["default"] = field.default
    SubElement(root, tag, {"name": field.name, "type": _TYPES[field.kind], **said})
