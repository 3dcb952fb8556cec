"""The glossary: terms that explain themselves in texts and forms, and as SKOS."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any

from ckanext.landlab import schemas
from ckanext.landlab.errors import DeclarationError
from ckanext.landlab.schemas import line_of
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from .release_check import Text, text_in

FILE = "glossary"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCT = "http://purl.org/dc/terms/"
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
SYNTAXES: Mapping[str, tuple[RdfFormat, str]] = {
    "ttl": (RdfFormat.TURTLE, "text/turtle"),
    "jsonld": (RdfFormat.JSON_LD, "application/ld+json"),
}

# Inside these no word is turned into a link: links, headings and code stay as they are.
_LEFT_ALONE = ("a", "summary", "label", "legend", "button", "h1", "h2", "h3", "h4", "code", "pre", "th", "dt")


@dataclass(frozen=True)
class Term:
    """A word, what it means here, its other spellings, and where more stands."""

    code: str
    label: Text
    definition: Text
    spellings: Mapping[str, tuple[str, ...]]
    related: tuple[str, ...]
    sources: tuple[str, ...]


@cache
def terms() -> Mapping[str, Term]:
    """The terms by code, in the order of the file."""
    found: dict[str, Term] = {}
    for number, row in enumerate(schemas.read(FILE)["terms"]):
        found[row["code"]] = _term(row, number)
    for number, term in enumerate(found.values()):
        if strange := set(term.related) - set(found):
            raise _wrong(number, f"there is no term {sorted(strange)}")
    return found


def as_skos(address: str, syntax: str) -> bytes:
    """The glossary as a SKOS concept scheme at *address*, serialised."""
    form, _media_type = SYNTAXES[syntax]
    prefixes = {"skos": SKOS, "dct": DCT}
    return serialize(_triples(address), format=form, prefixes=prefixes)  # type: ignore[return-value]


def explained(html: str, language: str, address: str, told: set[str] | None = None) -> str:
    """*html* (clean, as from `guideline.as_html`), the first mention of each term carrying its explanation.

    *told* are the terms that are explained elsewhere on the page; those of *html* are added.
    """
    told = set() if told is None else told
    alone = 0
    parts: list[str] = []
    for part in re.split(r"(<[^>]+>)", html):
        if tag := re.match(r"<(/?)(\w+)", part):
            if tag.group(2) in _LEFT_ALONE:
                alone += -1 if tag.group(1) else 1
            parts.append(part)
        else:
            parts.append(part if alone else _marked(part, language, address, told))
    return "".join(parts)


def terms_in(text: str, language: str) -> list[tuple[str, str]]:
    """The terms that *text* names, each as code and as it is written there."""
    words = _words(language)
    found = ((words[escape(word).casefold()], word) for word in _pattern(language).findall(text))
    return list({code: (code, word) for code, word in found}.values())


def explanation(code: str, shown: str, language: str, address: str) -> str:
    """*shown* (HTML) as a link to its term, with the definition beside it for hover and focus."""
    definition = escape(text_in(terms()[code].definition, language))
    return (
        f'<span class="landlab-term" data-module="landlab-term"><a href="{escape(address)}#{code}" '
        f'aria-describedby="term-{code}">{shown}</a>'
        f'<span class="landlab-term-text" role="tooltip" id="term-{code}">{definition}</span></span>'
    )


def _marked(text: str, language: str, address: str, told: set[str]) -> str:
    words = _words(language)

    def link(match: re.Match[str]) -> str:
        code = words[match.group(0).casefold()]
        if code in told:
            return match.group(0)
        told.add(code)
        return explanation(code, match.group(0), language, address)

    return _pattern(language).sub(link, text)


@cache
def _words(language: str) -> Mapping[str, str]:
    return {
        escape(word).casefold(): term.code
        for term in terms().values()
        for word in (text_in(term.label, language), *term.spellings.get(language, ()))
    }


@cache
def _pattern(language: str) -> re.Pattern[str]:
    longest_first = sorted(_words(language), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)


def _triples(address: str) -> Iterator[Triple]:
    scheme = NamedNode(address)
    content = schemas.read(FILE)
    yield Triple(scheme, TYPE, NamedNode(f"{SKOS}ConceptScheme"))
    yield from _texts(scheme, f"{DCT}title", content["title"])
    for term in terms().values():
        concept = NamedNode(f"{address}#{term.code}")
        yield Triple(concept, TYPE, NamedNode(f"{SKOS}Concept"))
        yield Triple(concept, NamedNode(f"{SKOS}inScheme"), scheme)
        yield Triple(scheme, NamedNode(f"{SKOS}hasTopConcept"), concept)
        yield from _texts(concept, f"{SKOS}prefLabel", term.label)
        yield from _texts(concept, f"{SKOS}definition", term.definition)
        for language, words in term.spellings.items():
            for word in words:
                yield Triple(concept, NamedNode(f"{SKOS}altLabel"), Literal(word, language=language))
        for code in term.related:
            yield Triple(concept, NamedNode(f"{SKOS}related"), NamedNode(f"{address}#{code}"))
        for source in term.sources:
            yield Triple(concept, NamedNode(f"{DCT}source"), NamedNode(source))


def _texts(subject: NamedNode, predicate: str, text: Text) -> Iterator[Triple]:
    for language, words in text.items():
        yield Triple(subject, NamedNode(predicate), Literal(words, language=language))


def _term(row: Mapping[str, Any], number: int) -> Term:
    known = {"code", "label", "definition", "spellings", "related", "sources"}
    if strange := set(row) - known:
        raise _wrong(number, f"unknown key {sorted(strange)}")
    for key in ("label", "definition"):
        if not all((row.get(key) or {}).get(language) for language in ("de", "en")):
            raise _wrong(number, f"{key} is needed in German and in English")
    return Term(
        code=row["code"],
        label=row["label"],
        definition=row["definition"],
        spellings={language: tuple(words) for language, words in row.get("spellings", {}).items()},
        related=tuple(row.get("related", ())),
        sources=tuple(row.get("sources", ())),
    )


def _wrong(number: int, reason: str) -> DeclarationError:
    return DeclarationError(f"schemas/{FILE}.yaml", f"line {line_of(FILE, 'terms', number)} (terms.{number})", reason)
