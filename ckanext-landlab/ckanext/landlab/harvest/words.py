"""What went wrong, in the language of whoever reads it, and below it what a program said of it in its own.

Both are kept as one text: the sentence, and on a second line the words of the program.
"""

from __future__ import annotations

from ckan.plugins.toolkit import _
from ckanext.landlab.dcat import syntax
from ckanext.landlab.errors import UnreadableGraph, UnsplittableGraph

NAMES = {"rdf": "RDF/XML", "ttl": "Turtle", "jsonld": "JSON-LD", "nt": "N-Triples"}


def detailed(sentence: str, detail: str) -> str:
    """*sentence* with the words of a program below it."""
    return f"{sentence}\n{' '.join(detail.split())}" if detail else sentence


def parted(text: str) -> tuple[str, str]:
    """The sentence, and the words of the program; either may be empty."""
    sentence, _line, detail = text.partition("\n")
    return sentence, detail


def in_mail(text: str) -> str:
    """The same for a mail, which has no folded part."""
    sentence, detail = parted(text)
    return f"{sentence}\n\n{_('In the words of the program that read it (English):')} {detail}" if detail else sentence


def unreadable(error: UnreadableGraph) -> tuple[str, str]:
    """What is wrong with a document and who can mend it; the words of its parser."""
    name = NAMES.get(error.syntax, error.syntax)
    if isinstance(error, UnsplittableGraph):
        sentence = _(
            "This JSON-LD document is too large to be read at once: {size} MB are possible where its objects are"
            " nested. Please put them side by side into “@graph”, split them into pages, or publish Turtle."
        )
        return sentence.format(size=syntax.WHOLE // 1_000_000), ""
    if "LoadDocumentCallback" in error.reason:
        return _("It wants a JSON-LD context from elsewhere. Please write the context into the document."), ""
    if error.line:
        sentence = _(
            "This is not readable as {syntax}: the mistake is in line {line}, column {column}. Please ask the"
            " publisher of the catalogue to correct that place."
        )
        return sentence.format(syntax=name, line=error.line, column=error.column), error.reason
    sentence = _("This is not readable as {syntax}. Please ask the publisher of the catalogue to correct the document.")
    return sentence.format(syntax=name), error.reason
