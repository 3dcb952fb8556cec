"""A `Question` made into a query of the engine, for one view of the index."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence

import tantivy
from ckanext.landlab.errors import RequestError
from ckanext.landlab.search import dates, documents, expressions, functions, german, words
from ckanext.landlab.search import question as q
from ckanext.landlab.search.documents import BETWEEN, PRESENT, TERMS, WORDS
from ckanext.landlab.search.intervals import ANY, ONE, between, escaped
from ckanext.landlab.search.question import Clause, Occur, Question
from ckanext.landlab.search.schema import Field, Kind
from ckanext.landlab.search.view import View
from tantivy import Occur as Engine
from tantivy import Query

PLAIN = 2.2  # what counts 1 in Lucene: the engine's BM25 has the factor k1 + 1, Lucene's has not
_OCCURS = {Occur.MUST: Engine.Must, Occur.SHOULD: Engine.Should, Occur.NOT: Engine.MustNot}
_LOWEST, _HIGHEST = -(2**63), 2**63 - 1


class Compiler:
    """Makes queries for one *view*; *together* says whether the words that one text gives must all be there."""

    def __init__(self, view: View, together: bool = False) -> None:
        self.view = view
        self.schema = view.schema
        self.fields = view.fields
        self.together = together

    def compile(self, question: Question) -> Query:
        """The engine's query for *question*.

        Raises:
            RequestError: the question does not fit the field it is asked of.
        """
        made = self._whole(_not_only_without(question))
        return Query.empty_query() if made is None else made

    def _whole(self, question: Question) -> Query | None:
        """As `compile`; None for a question of which no term is left, which neither hinders nor helps."""
        match question:
            case q.Everything():
                return Query.const_score_query(Query.all_query(), PLAIN)
            case q.Nothing():
                return Query.empty_query()
            case q.Weighted(part, factor):
                made = self._whole(part)
                return made and Query.boost_query(made, factor)
            case q.Flat(part, score):
                made = self._whole(part)
                return made and Query.const_score_query(made, score * PLAIN)
            case q.Group():
                return self._group(question)
            case q.Best() | q.Raised():
                return self._ranked(question)
            case q.Reckoned():
                return self._reckoned(question)
        return self._of_field(question)

    def _reckoned(self, asked: q.Reckoned) -> Query:
        """The documents by their keys, for the engine knows no function."""
        function = functions.parse(asked.function)
        searcher = self.view.searcher
        keyed = searcher.search(Query.all_query(), max(searcher.num_docs, 1), False, self.schema.key)
        addresses = [address for _, address in keyed.hits]
        rows = zip(
            keyed.hits,
            functions.reckoned(function, self.view, addresses),
            functions.existing(function, self.view, addresses),
            strict=True,
        )
        keys = [key for (key, _), number, exists in rows if exists and _lies_within(number, asked)]
        return Query.const_score_query(Query.term_set_query(self.fields, self.schema.key, keys), PLAIN)

    def _ranked(self, question: q.Best | q.Raised) -> Query | None:
        if isinstance(question, q.Best):
            made = [each for each in map(self._whole, question.parts) if each is not None]
            return Query.disjunction_max_query(made, question.tie) if made else None
        extra = [(Engine.Should, self.compile(bonus)) for bonus in question.bonuses]
        return Query.boolean_query([(Engine.Must, self.compile(question.part)), *extra])

    def _of_field(self, question: Question) -> Query | None:
        match question:
            case q.Words(name):
                return self._words(question, self.schema.field(name))
            case q.Present(name):
                return Query.const_score_query(self._pooled(PRESENT + name), PLAIN)
            case q.Exact(name, text):
                return self._exact(self.schema.field(name), text)
            case q.Between(name):
                return Query.const_score_query(self._between(question, self.schema.field(name)), PLAIN)
            case q.Pattern(name, pieces):
                return Query.const_score_query(self._pattern(self.schema.field(name), pieces), PLAIN)
            case q.Expression(name, text):
                return Query.const_score_query(self._expression(self.schema.field(name), text), PLAIN)
            case q.Similar(name, text, edits):
                return self._similar(self.schema.field(name), text, edits)
        raise RequestError(f"{type(question).__name__} cannot be asked of this index")

    def _group(self, group: q.Group) -> Query | None:
        clauses = [(clause.occur, self._whole(clause.part)) for clause in group.clauses]
        found = [(_OCCURS[occur], made) for occur, made in clauses if made is not None]
        if not found:
            return None
        if all(occur is Engine.MustNot for occur, _ in found):
            return Query.empty_query()
        optional = sum(occur is Engine.Should for occur, _ in found)
        minimum = group.minimum
        if minimum is None:
            minimum = 1 if optional and not any(occur is Engine.Must for occur, _ in found) else 0
        if minimum > optional:
            return Query.empty_query()
        return Query.boolean_query(found, minimum) if minimum else Query.boolean_query(found)

    def _exact(self, home: Field, text: str) -> Query:
        if home.kind.counted:
            return Query.const_score_query(self._between(q.Between(home.name, text, text), home), PLAIN)
        return self._term(home, text)

    def _words(self, asked: q.Words, home: Field) -> Query | None:
        match home.kind:
            case Kind.TEXT | Kind.NAMES:
                return self._analysed(asked, home)
            case Kind.PLAIN:
                return _joined(Engine.Should, [self._term(home, word) for word in words.plain(asked.text)])
            case Kind.NGRAMS:
                grams = [word.lower() for word in asked.text.split()]
                return _joined(Engine.Should, [self._term(home, gram) for gram in grams])
        if home.kind is Kind.SOURCE:
            return Query.empty_query()
        return self._exact(home, asked.text)

    def _analysed(self, asked: q.Words, home: Field) -> Query | None:
        found = [each for word in words.split(asked.text) if (each := words.asked(word, home.kind is Kind.TEXT))]
        if asked.together and len(found) > 1:
            return self._phrase(home, [term for choices in found for term in choices[-1]], asked.slop)
        each = [self._word(home, choices, asked.together) for choices in found]
        return _joined(Engine.Must if self.together else Engine.Should, each)

    def _word(self, home: Field, choices: words.Alternatives, together: bool) -> Query | None:
        """One word: any of its *choices*, the parts of one side by side if they stand *together*."""
        made = [
            self._phrase(home, choice, 0) if together and len(choice) > 1 else self._all(home, choice)
            for choice in choices
        ]
        return _joined(Engine.Should, made)

    def _phrase(self, home: Field, terms: Sequence[str], slop: int) -> Query:
        led: list[str | tuple[int, str]] = [self._lead(home) + term for term in terms]
        return Query.phrase_query(self.fields, self._home(home), led, slop)

    def _all(self, home: Field, terms: Iterable[str]) -> Query | None:
        return _joined(Engine.Must, [self._term(home, term) for term in terms])

    def _home(self, home: Field) -> str:
        """The field of the engine that holds *home*'s terms."""
        if not home.dynamic:
            return home.name
        return WORDS if home.kind.analysed else TERMS

    def _lead(self, home: Field) -> str:
        return home.name + BETWEEN if home.dynamic else ""

    def _term(self, home: Field, text: str) -> Query:
        if home.kind is Kind.TEXT and text in words.stop_terms():
            return Query.const_score_query(self._pooled(PRESENT + home.name), 0.0)
        query = Query.term_query(self.fields, self._home(home), self._lead(home) + text, "freq")
        if home.kind.analysed:
            return query
        return Query.const_score_query(query, self._rareness(home, text))

    def _rareness(self, home: Field, text: str) -> float:
        """What a whole value scores: the rarer the more, whatever else the document holds (its field has no norms)."""
        number = self.view.searcher.doc_freq(self._home(home), self._lead(home) + text)
        total = self.view.searcher.doc_freq(TERMS, PRESENT + home.name)
        return math.log(1 + max(total - number + 0.5, 0.0) / (number + 0.5))

    def _pooled(self, term: str) -> Query:
        return Query.term_query(self.fields, TERMS, term, "basic")

    def _between(self, asked: q.Between, home: Field) -> Query:
        if home.kind.counted and not home.dynamic:
            low, high = self._number(asked.low, home), self._number(asked.high, home)
            kind = tantivy.FieldType.Float if home.kind is Kind.FLOAT else tantivy.FieldType.Integer
            with_low, with_high = asked.with_low or low is None, asked.with_high or high is None
            return Query.range_query(self.fields, home.name, kind, low, high, with_low, with_high)
        bounds = [None if text is None else self._bound(text, home) for text in (asked.low, asked.high)]
        pattern = between(bounds[0], bounds[1], asked.with_low, asked.with_high)
        return Query.empty_query() if pattern is None else self._matching(home, pattern)

    def _number(self, text: str | None, home: Field) -> int | float | None:
        if text is None:
            return None
        try:
            return documents.number(text, home)
        except ValueError as error:
            raise RequestError(f"Invalid Number: {text} for field {home.name}") from error

    def _bound(self, text: str, home: Field) -> str:
        if home.kind is Kind.DATE:
            return documents.pooled(dates.moment(text), home)
        if home.kind is Kind.TEXT or home.kind is Kind.NAMES:
            return german.fold(text)
        return text

    def _pattern(self, home: Field, pieces: tuple[str, ...]) -> Query:
        _refuse_numbers(home)
        signs = {q.Pattern.ANY: ANY, q.Pattern.ONE: ONE}
        shaped = (piece if piece in signs else self._shape(home, piece) for piece in pieces)
        return self._matching(home, "".join(signs.get(piece) or escaped(piece) for piece in shaped))

    def _shape(self, home: Field, text: str) -> str:
        if home.kind in (Kind.TEXT, Kind.NAMES):
            return german.fold(unicodedata.normalize("NFC", text))
        return text.lower() if home.kind is Kind.NGRAMS else text

    def _expression(self, home: Field, text: str) -> Query:
        _refuse_numbers(home)
        return self._matching(home, expressions.translated(self._shape(home, text)))

    def _matching(self, home: Field, pattern: str) -> Query:
        try:
            return Query.regex_query(self.fields, self._home(home), escaped(self._lead(home)) + f"(?:{pattern})")
        except ValueError as error:
            raise RequestError(f"The pattern /{pattern[:200]}/ is not understood: {error}") from error

    def _similar(self, home: Field, text: str, edits: int) -> Query:
        term = self._lead(home) + self._shape(home, text)
        if home.kind.counted:
            raise RequestError(f"{home.name} holds numbers or dates: similar ones cannot be asked of it")
        return Query.fuzzy_term_query(self.fields, self._home(home), term, edits)


def _not_only_without(question: Question) -> Question:
    """A whole question that only says what must not be, as everything else; within another one it finds nothing."""
    if isinstance(question, q.Group) and all(clause.occur is Occur.NOT for clause in question.clauses):
        return q.Group((Clause(Occur.MUST, q.Everything()), *question.clauses))
    return question


def _refuse_numbers(home: Field) -> None:
    if home.kind.counted:
        raise RequestError(f"{home.name} holds numbers or dates: a pattern cannot be asked of it")


def _lies_within(number: float, asked: q.Reckoned) -> bool:
    above = asked.low is None or asked.low < number or (asked.with_low and asked.low == number)
    below = asked.high is None or number < asked.high or (asked.with_high and number == asked.high)
    return above and below


def _joined(occur: Engine, parts: Sequence[Query | None]) -> Query | None:
    made = [part for part in parts if part is not None]
    if len(made) < 2:
        return made[0] if made else None
    return Query.boolean_query([(occur, part) for part in made])
