"""The index as a reader sees it: opened from its folder, as of one commit."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

import tantivy
from ckanext.landlab.search import documents
from ckanext.landlab.search.memory import Memory
from ckanext.landlab.search.schema import Field, Kind, Schema

REMEMBERED = 100_000  # values of facets, and answers to other questions that come again and again


@dataclass(frozen=True)
class View:
    """The index as of one commit: what a reader searches, a number that changes with every commit, and a *memory*."""

    searcher: tantivy.Searcher
    index: tantivy.Index
    schema: Schema
    fields: tantivy.Schema
    number: int
    memory: Memory = dataclasses.field(default_factory=lambda: Memory(REMEMBERED), compare=False)


def opened(path: Path, schema: Schema) -> tantivy.Index:
    """The index in the folder *path*, begun if there is none.

    Raises:
        ValueError, OSError: it cannot be read.
    """
    path.mkdir(exist_ok=True)
    index = tantivy.Index(fields(schema), str(path))
    whitespace = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).filter(tantivy.Filter.remove_long(400))
    index.register_tokenizer("ws", whitespace.build())
    grams = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.ngram(2, 10)).filter(tantivy.Filter.lowercase())
    index.register_tokenizer("grams", grams.build())
    nothing = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw()).filter(tantivy.Filter.remove_long(1))
    index.register_tokenizer("nothing", nothing.build())
    index.config_reader("manual")
    index.reload()
    return index


def fields(schema: Schema) -> tantivy.Schema:
    """The engine's fields for those of *schema*."""
    builder = tantivy.SchemaBuilder()
    for each in schema.fields.values():
        _add(builder, each)
    builder.add_text_field(documents.TERMS, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(documents.WORDS, tokenizer_name="ws", index_option="position")
    builder.add_json_field(documents.VALUES, fast=True, tokenizer_name="raw", index_option="basic")
    for name in (documents.HEAD, documents.STORED):
        _add_kept(builder, name)
    return builder.build()


def _add(builder: tantivy.SchemaBuilder, field: Field) -> None:
    match field.kind:
        case Kind.STRING:
            builder.add_text_field(field.name, fast=True, tokenizer_name="raw", index_option="basic")
        case Kind.TEXT | Kind.NAMES | Kind.PLAIN:
            builder.add_text_field(field.name, tokenizer_name="ws", index_option="position")
        case Kind.NGRAMS:
            builder.add_text_field(field.name, tokenizer_name="grams", index_option="freq")
        case Kind.DATE | Kind.INTEGER:
            builder.add_integer_field(field.name, indexed=True, fast=True)
        case Kind.FLOAT:
            builder.add_float_field(field.name, indexed=True, fast=True)
        case Kind.SOURCE:
            _add_kept(builder, field.name)


def _add_kept(builder: tantivy.SchemaBuilder, name: str) -> None:
    """A text without terms, only to be given back: the engine reads bytes one by one, text as a whole."""
    builder.add_text_field(name, stored=True, tokenizer_name="nothing", index_option="basic")
