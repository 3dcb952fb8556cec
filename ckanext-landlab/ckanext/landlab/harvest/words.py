"""What went wrong, in the language of whoever reads it, and below it what a program said of it in its own.

Both are noted as one text: the sentence, and on a second line the words of the program.  A sentence that can be said in
several languages is noted in each of them, as JSON; what is as it is in every language, or was noted before, is plain.
"""

from __future__ import annotations

import json

from ckan.plugins.toolkit import _
from ckanext.landlab import language
from ckanext.landlab.dcat import syntax
from ckanext.landlab.errors import SourceUnreadable, UnreadableGraph, UnsplittableGraph
from ckanext.landlab.language import Said

NAMES = {"rdf": "RDF/XML", "ttl": "Turtle", "jsonld": "JSON-LD", "nt": "N-Triples"}


def noted(sentence: str, detail: str = "") -> str:
    """*sentence* as it is noted, with the words of a program below it."""
    texts = language.in_each(sentence)
    return detailed(json.dumps(texts, ensure_ascii=False) if texts else sentence, detail)


def detailed(first: str, detail: str) -> str:
    """The line *first*, and the words of a program below it."""
    return f"{first}\n{' '.join(detail.split())}" if detail else str(first)


def parted(text: str) -> tuple[str, str]:
    """The line with the sentence as it was noted, and the words of the program; either may be empty."""
    first, _line, detail = text.partition("\n")
    return first, detail


def read(text: str, reader: str) -> tuple[str, str, str]:
    """What was noted: the sentence, in the language *reader* if possible; its language if known; a program's words."""
    first, detail = parted(text)
    texts = _texts(first)
    chosen = reader if reader in texts else next(iter(texts), "")
    return texts.get(chosen, first), chosen, detail


def is_same(one: str, other: str) -> bool:
    """Whether two texts note the same sentence; one that was noted in fewer languages is the same in another form."""
    (first, detail), (second, other_detail) = parted(one), parted(other)
    sentences, others = ({text, *_texts(text).values()} for text in (first, second))
    return detail == other_detail and not sentences.isdisjoint(others)


def _texts(first: str) -> dict[str, str]:
    """The sentences of a line by language; nothing if it is as it is in each."""
    try:
        return json.loads(first) if first.startswith('{"') else {}
    except ValueError:
        return {}


def in_short(text: str) -> str:
    """What was noted, in one language, as it was before there were several."""
    sentence, _language, detail = read(text, language.reader())
    return detailed(sentence, detail)


def in_mail(text: str) -> str:
    """The same for a mail, which has no folded part."""
    sentence, _language, detail = read(text, language.reader())
    return f"{sentence}\n\n{_('In the words of the program that read it (English):')} {detail}" if detail else sentence


def unread(error: SourceUnreadable) -> str:
    """Why a source could not be read, as it is noted."""
    said = error.reason.say if isinstance(error.reason, Said) else lambda: error.reason
    return noted(Said(lambda: f"{error.location}: {said()}"), error.detail)


def unreadable(error: UnreadableGraph) -> tuple[str, str]:
    """What is wrong with a document and who can mend it; the words of its parser where they add to that."""
    told = isinstance(error, UnsplittableGraph) or _asks_elsewhere(error)
    return Said(lambda: _unreadable(error)), "" if told else error.reason


def _asks_elsewhere(error: UnreadableGraph) -> bool:
    return "LoadDocumentCallback" in error.reason


def _unreadable(error: UnreadableGraph) -> str:
    name = NAMES.get(error.syntax, error.syntax)
    if isinstance(error, UnsplittableGraph):
        sentence = _(
            "This JSON-LD document is too large to be read at once: {size} MB are possible where its objects are"
            " nested. Please put them side by side into “@graph”, split them into pages, or publish Turtle."
        )
        return sentence.format(size=syntax.WHOLE // 1_000_000)
    if _asks_elsewhere(error):
        return _("It wants a JSON-LD context from elsewhere. Please write the context into the document.")
    if error.line:
        sentence = _(
            "This is not readable as {syntax}: the mistake is in line {line}, column {column}. Please ask the"
            " publisher of the catalogue to correct that place."
        )
        return sentence.format(syntax=name, line=error.line, column=error.column)
    sentence = _("This is not readable as {syntax}. Please ask the publisher of the catalogue to correct the document.")
    return sentence.format(syntax=name)
