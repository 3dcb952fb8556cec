"""Words: in several languages, which go into the plain field and which beside it; and words where a node belongs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ckanext.landlab.dcat.ranges import GERMAN, Date, Geometry, Keywords, Mailbox, Translations, language_of
from ckanext.landlab.dcat.terms import Term, expand, literal, looks_like_iri

if TYPE_CHECKING:
    from ckanext.landlab.dcat.mapping import Row, Table

_PERIOD = re.compile(r"(?:start=)?([^/;]+)(?:/|;\s*end=)([^/;]+);?")  # ISO 8601 and DCMI Period

_MAIL = re.compile(r"(mailto:)?[^@\s:/]+@[^@\s:/]+\.[A-Za-z]{2,}")
_LOCATION, _IDENTIFIER, _ACCESS = map(expand, ("dct:Location", "adms:Identifier", "dcat:accessURL"))

Found = list[tuple[Term, Term]]  # predicate and object


@dataclass
class Words:
    """The literals of one property, shared out."""

    main: Row
    others: Row | None  # the field of translations, if there is one
    language: str  # of the main field
    own: Found
    rest: Found  # literals for the translations
    left: Found  # nodes where words belong


def shared_out(rows: tuple[Row, ...], pairs: Found) -> Words:
    """Give every literal among *pairs* to the field of the main language or to the translations."""
    main = next((row for row in rows if not isinstance(row.range, Translations)), rows[0])
    others = next((row for row in rows if isinstance(row.range, Translations)), None)
    literals = [(predicate, term) for predicate, term in pairs if term[0] == '"']
    left = [(predicate, term) for predicate, term in pairs if term[0] != '"']
    language = main_language({language_of(term) for _, term in literals})
    own = [pair for pair in literals if language_of(pair[1]) == language]
    rest = [pair for pair in literals if language_of(pair[1]) != language]
    own, odd = _fitting(main, own)
    return Words(main, others, language, own, [*rest, *odd], left)


def _fitting(main: Row, own: Found) -> tuple[Found, Found]:
    """Those that the main field can hold: one text, or the keywords that CKAN takes as tags."""
    if isinstance(main.range, Keywords):
        fit = [pair for pair in own if main.range.is_tag(main.range.read(pair[1]))]
        return fit, [pair for pair in own if pair not in fit]
    if main.binding.many:
        return own, []
    ordered = sorted(own, key=lambda pair: (pair[0] != main.predicate, pair[1]))
    return ordered[:1], ordered[1:]


def _is_meant(row: Row, text: str) -> bool:
    """Whether *text* by itself shows that it belongs into the field of *row*, whatever the node is."""
    if isinstance(row.range, Mailbox):
        return bool(_MAIL.fullmatch(text))
    return isinstance(row.range, Geometry) or (row.predicate == _ACCESS and text.startswith(("https://", "http://")))


def implied(table: Table, node: Term) -> dict[str, Any]:
    """What the address of *node* says by itself: a mail address its mailbox, that of an identifier its notation."""
    if table.type == _IDENTIFIER and node[0] == "<":
        return {"notation": f"{node[1:-1]}^^{expand('xsd:anyURI')[1:-1]}"}
    row = next((row for row in table.rows if isinstance(row.range, Mailbox)), None)
    value = row.range.read(node) if row and node.startswith("<mailto:") else None
    return {row.field: value} if row and value else {}


def main_language(tags: set[str]) -> str:
    """The language whose text goes into the plain field: German, else the unnamed one, else English."""
    wanted = (GERMAN, "", "de-de", "de-DE", *sorted(tag for tag in tags if tag.startswith("de-")), "en", *sorted(tags))
    return next((tag for tag in wanted if tag in tags), GERMAN)


def instead_of_node(table: Table, text: str) -> dict[str, Any] | None:
    """The record that *text* stands for where a node belongs: one with this address, shape or words, or a period."""
    if table.type == _LOCATION and looks_like_iri(text):
        return {"uri": text}
    for row in table.rows:
        if _is_meant(row, text) and (value := row.range.read(literal(text))) is not None:
            return {row.field: value}
    if table.words:
        return {table.words.field: text} if text else None
    dates, said = [row for row in table.rows if isinstance(row.range, Date)], _PERIOD.fullmatch(text)
    if len(dates) != 2 or said is None:
        return None
    period = {row.field: row.range.read(literal(day)) for row, day in zip(dates, said.groups(), strict=True)}
    return period if all(period.values()) else None
