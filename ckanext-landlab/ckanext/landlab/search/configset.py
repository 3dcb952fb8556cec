"""The configset for Solr 9 in `config/solr/`: the same fields and the same analysis as our own engine's.

`python -m ckanext.landlab.search.configset DIR` writes it anew; a test compares it with what lies in the repository.
The steps of `TEXT` are those of `words.py`, in its order.  Solr has no filter that takes German compounds apart only
where the parts cover the whole word, so a pattern puts hyphens in and the word delimiter does the rest.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ckanext.landlab.search import german, words
from ckanext.landlab.search.schema import Field, Kind, Schema, schema

ALWAYS = "xstopx"  # a word put at the end of each text; its synonyms are the stop words, so these find every text
_TYPES = {
    Kind.STRING: "string",
    Kind.TEXT: "text",
    Kind.NAMES: "text_general",
    Kind.NGRAMS: "text_ngram",
    Kind.INTEGER: "int",
    Kind.FLOAT: "double",
    Kind.DATE: "date",
    Kind.PLAIN: "text_plain",
    Kind.SOURCE: "string",
}
Step = tuple[str, dict[str, str]]


def schema_xml(made: Schema) -> str:
    """*made* as the `schema.xml` of Solr, with its analysis."""
    root = Element("schema", name=made.name, version="1.6")
    _plain_types(root)
    _analysed_type(root, "text", _text(written=True), _text(written=False))
    _analysed_type(root, "text_general", _names(written=True), _names(written=False))
    grams = ("NGramTokenizer", {"minGramSize": "2", "maxGramSize": "10"})
    _analysed_type(root, "text_ngram", [grams, ("LowerCaseFilter", {})], [_WORDS, ("LowerCaseFilter", {})])
    plain: list[Step] = [("PatternTokenizer", {"pattern": r"\p{L}+", "group": "0"}), ("LowerCaseFilter", {})]
    _analysed_type(root, "text_plain", plain, plain)
    for field in made.fields.values():
        _field(root, "field", field)
    for pattern in sorted(made.patterns, key=len, reverse=True):
        _field(root, "dynamicField", made.patterns[pattern])
    SubElement(root, "uniqueKey").text = made.key
    for source, targets in made.copies.items():
        for target in targets:
            SubElement(root, "copyField", source=source, dest=target)
    indent(root)
    entity = f'<!DOCTYPE schema [<!ENTITY compound "{_quoted(german.compound_pattern())}">]>'
    text = tostring(root, encoding="unicode").replace(_PATTERN, "&compound;")
    return f'<?xml version="1.0" encoding="UTF-8" ?>\n{entity}\n{text}\n'


_PATTERN = "the pattern of compounds"


def _quoted(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("%", "&#37;")


_WORDS: Step = ("WhitespaceTokenizer", {})
_COMPOSED: Step = ("MappingCharFilter", {"mapping": "mapping.txt"})
_FOLDED: list[Step] = [("LowerCaseFilter", {}), ("GermanNormalizationFilter", {}), ("ASCIIFoldingFilter", {})]


def _delimited(written: bool) -> list[Step]:
    facts = {"generateWordParts": "1", "generateNumberParts": "1", "splitOnCaseChange": "0", "catenateAll": "1"}
    runs = "1" if written else "0"
    step: Step = ("WordDelimiterGraphFilter", {**facts, "catenateWords": runs, "catenateNumbers": runs})
    return [step, ("FlattenGraphFilter", {})] if written else [step]


def _text(written: bool) -> list[Step]:
    first, more = (
        ("PatternReplaceFilter", {"pattern": f"{before}{_PATTERN}", "replacement": "$1-"})
        for before in ("(?<![a-z0-9])", "(?<=-)")  # only what was cut once is looked at again
    )
    steps: list[Step] = [_WORDS, *_FOLDED, first, *[more] * (german.DEEPEST - 1), *_delimited(written)]
    steps += [("PatternReplaceFilter", {"pattern": words.NISSE.pattern, "replacement": "nis"})]
    steps += [("PatternReplaceFilter", {"pattern": words.ENDINGS.pattern, "replacement": ""})]
    steps += [("StemmerOverrideFilter", {"dictionary": "apart.txt"})]
    steps += [("GermanLightStemFilter", {}), ("SnowballPorterFilter", {"language": "English"})]
    if not written:
        return [_COMPOSED, *steps]
    same: Step = ("SynonymGraphFilter", {"synonyms": "synonyms.txt", "expand": "true"})
    end: Step = ("PatternReplaceCharFilter", {"pattern": r"\z", "replacement": f" {ALWAYS}"})
    return [_COMPOSED, end, *steps, same, ("FlattenGraphFilter", {}), ("RemoveDuplicatesTokenFilter", {})]


def _names(written: bool) -> list[Step]:
    return [_COMPOSED, _WORDS, *_FOLDED, *_delimited(written)]


def _plain_types(root: Element) -> None:
    last = {"sortMissingLast": "true", "omitNorms": "true"}
    SubElement(root, "fieldType", {"name": "string", "class": "solr.StrField", **last})
    SubElement(root, "fieldType", {"name": "boolean", "class": "solr.BoolField", **last})
    for name in ("int", "float", "long", "double", "date"):
        points = {"class": f"solr.{name.capitalize()}PointField", "omitNorms": "true", "positionIncrementGap": "0"}
        SubElement(root, "fieldType", {"name": name, **points})


def _analysed_type(root: Element, name: str, written: list[Step], asked: list[Step]) -> None:
    kind = SubElement(root, "fieldType", {"name": name, "class": "solr.TextField", "positionIncrementGap": "100"})
    for use, steps in (("index", written), ("query", asked)):
        analyzer = SubElement(kind, "analyzer", type=use)
        for step, facts in steps:
            tag = "tokenizer" if step.endswith("Tokenizer") else "charFilter" if "CharFilter" in step else "filter"
            SubElement(analyzer, tag, {"class": f"solr.{step}Factory", **facts})


def _field(root: Element, tag: str, field: Field) -> None:
    name = field.name
    facts = {"indexed": field.kind is not Kind.SOURCE, "stored": field.kept, "multiValued": field.many}
    said = {key: str(value).lower() for key, value in {**facts, "required": field.required}.items()}
    if field.default is not None:
        said["default"] = field.default
    SubElement(root, tag, {"name": name, "type": _TYPES[field.kind], **said})


def synonyms_txt() -> str:
    """The synonyms and stop words as rules for terms that are already cut to their stems."""
    rules, _ = words.synonyms()
    lines = [f"{' '.join(name)} => {','.join([' '.join(name), *terms])}" for name, terms in rules.items() if terms]
    lines.append(f"{ALWAYS} => {','.join(sorted(words.stop_terms()))}")
    return "\n".join(["# Written by ckanext.landlab.search.configset from schemas/german.yaml.", *lines, ""])


def apart_txt() -> str:
    """The words whose stem would be a stop word, each with the term that stands for it."""
    return "".join(f"{form}\t{name}\n" for form, name in german.apart().items())


def mapping_txt() -> str:
    """Letters whose accent stands beside them as one, and spaces that do not break as spaces."""
    letters = [chr(code) for code in range(0xC0, 0x180) if len(unicodedata.normalize("NFD", chr(code))) == 2]
    lines = [f'"{unicodedata.normalize("NFD", letter)}" => "{letter}"' for letter in letters]
    return "\n".join([*lines, *(f'"{space}" => " "' for space in "\u00a0\u2007\u202f"), ""])


def files() -> Iterator[tuple[str, str]]:
    """The names and contents of the files that are written from the declarations."""
    yield "schema.xml", schema_xml(schema())
    yield "synonyms.txt", synonyms_txt()
    yield "mapping.txt", mapping_txt()
    yield "apart.txt", apart_txt()


if __name__ == "__main__":
    for name, content in files():
        Path(sys.argv[1], name).write_text(content, encoding="utf-8")
