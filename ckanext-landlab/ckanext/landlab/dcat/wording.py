"""Words in several languages: which go into the plain field, which stand beside it as translations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ckanext.landlab.dcat.ranges import GERMAN, Keywords, Translations
from ckanext.landlab.dcat.terms import Term, parts

if TYPE_CHECKING:
    from ckanext.landlab.dcat.mapping import Row

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
    language = main_language({parts(term)[1] for _, term in literals})
    own = [pair for pair in literals if parts(pair[1])[1] == language]
    rest = [pair for pair in literals if parts(pair[1])[1] != language]
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


def main_language(tags: set[str]) -> str:
    """The language whose text goes into the plain field: German, else the unnamed one, else English."""
    wanted = (GERMAN, "", "de-de", "de-DE", *sorted(tag for tag in tags if tag.startswith("de-")), "en", *sorted(tags))
    return next((tag for tag in wanted if tag in tags), GERMAN)
