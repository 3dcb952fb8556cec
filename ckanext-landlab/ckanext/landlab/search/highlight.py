"""The words of the answers that made them answers, marked: `hl`.

The stored text is analysed word by word, as when it was written; a word is marked if one of its terms was asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.landlab.search import question as q
from ckanext.landlab.search import words
from ckanext.landlab.search.params import Params
from ckanext.landlab.search.question import Question
from ckanext.landlab.search.schema import Kind, Schema

_WORD = re.compile(r"\S+")
_SENTENCE = re.compile(r"[^.!?]*[.!?]*\s*")


@dataclass(frozen=True)
class Manner:
    """How is marked: in which fields, in how many pieces of what length, with what around a word."""

    fields: tuple[str, ...]
    pieces: int
    length: int
    before: str
    after: str
    same_field: bool


def manner(params: Params, default: str) -> Manner:
    """The manner that *params* ask for."""
    named = params.text("hl.fl") or params.text("qf") or params.text("df", default)
    return Manner(
        fields=tuple(name.split("^")[0] for name in named.replace(",", " ").split()),
        pieces=params.whole("hl.snippets", 1),
        length=params.whole("hl.fragsize", 100),
        before=params.text("hl.tag.pre") or params.text("hl.simple.pre", "<em>"),
        after=params.text("hl.tag.post") or params.text("hl.simple.post", "</em>"),
        same_field=params.flag("hl.requireFieldMatch"),
    )


class Marker:
    """Marks in documents what *question* asked."""

    def __init__(self, question: Question, manner: Manner, schema: Schema) -> None:
        self.manner = manner
        self.schema = schema
        self.asked: dict[str, set[str]] = {}
        self.patterns: dict[str, list[re.Pattern[str]]] = {}
        for part in _positive(question):
            self._learn(part)

    def _learn(self, part: Question) -> None:
        match part:
            case q.Words(field, text):
                bend = self.schema.field(field).kind is Kind.TEXT
                terms = (term for word in words.split(text) for way in words.asked(word, bend) for term in way)
                self.asked.setdefault(field, set()).update(terms)
            case q.Pattern(field, pieces):
                signs = {q.Pattern.ANY: ".*", q.Pattern.ONE: "."}
                shape = "".join(signs.get(piece) or re.escape(words.german.fold(piece)) for piece in pieces)
                self.patterns.setdefault(field, []).append(re.compile(shape, re.DOTALL))
            case q.Exact(field, text):
                self.asked.setdefault(field, set()).add(text)

    def marked(self, document: Mapping[str, Any]) -> dict[str, list[str]]:
        """For each field of *document* its pieces with marked words; a field without any is absent."""
        result = {}
        for name in self.manner.fields:
            values = document.get(name)
            texts = values if isinstance(values, list) else [values] if isinstance(values, str) else []
            pieces = [piece for text in texts for piece in self._pieces(name, str(text))][: self.manner.pieces]
            if pieces:
                result[name] = pieces
        return result

    def _pieces(self, field: str, text: str) -> Iterator[str]:
        spans = [match.span() for match in _WORD.finditer(text) if self._is_asked(field, match[0])]
        for start, end in self._cut(text) if spans else ():
            inside = [span for span in spans if start <= span[0] < end]
            if inside:
                yield self._with_marks(text, start, end, inside)

    def _cut(self, text: str) -> Iterator[tuple[int, int]]:
        """*text* in pieces of whole sentences that have the wanted length, or a little more."""
        start = 0
        for match in _SENTENCE.finditer(text):
            if match.end() - start >= self.manner.length > 0:
                yield start, match.end()
                start = match.end()
        if start < len(text):
            yield start, len(text)

    def _is_asked(self, field: str, word: str) -> bool:
        bend = self.schema.field(field).kind is Kind.TEXT
        found = words.written(word, bend)
        terms = {*found.main, *found.extra, word}
        fields = [field] if self.manner.same_field else [*self.asked]
        if any(terms & self.asked.get(each, set()) for each in fields):
            return True
        shapes = [
            shape
            for name, each in self.patterns.items()
            if name in fields or not self.manner.same_field
            for shape in each
        ]
        return any(shape.fullmatch(term) for shape in shapes for term in terms)

    def _with_marks(self, text: str, start: int, end: int, spans: list[tuple[int, int]]) -> str:
        parts, at = [], start
        for first, last in spans:
            parts += [text[at:first], self.manner.before, text[first:last], self.manner.after]
            at = last
        return "".join([*parts, text[at:end]])


def _positive(question: Question) -> Iterator[Question]:
    """The parts of *question* that a document must or may answer."""
    if isinstance(question, q.Group):
        for clause in question.clauses:
            if clause.occur is not q.Occur.NOT:
                yield from _positive(clause.part)
        return
    nested = [each for each in q.inside(question) if each is not question]
    if not nested:
        yield question
    elif isinstance(question, q.Best):
        for part in question.parts:
            yield from _positive(part)
    elif isinstance(question, (q.Weighted, q.Flat, q.Raised)):
        yield from _positive(question.part)
