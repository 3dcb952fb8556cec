"""Lucene's query syntax, as Solr's standard parser reads it: text in, a `Question` out.

The grammar is Solr's (Reference Guide, "Standard Query Parser").  Operators are not ranked: `a AND b OR c`
makes the neighbours of an operator required or optional, as Lucene has always done, so a tree parser that ranks
AND above OR (luqum does) would answer something else.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ckanext.landlab.errors import QuestionError, RequestError
from ckanext.landlab.search import question as q
from ckanext.landlab.search.escapes import pieces, unescaped
from ckanext.landlab.search.question import Clause, Occur, Question

CLAUSES = 1024  # Lucene's maxBooleanClauses
DEPTH = 40

_START = r"(?:\\.|[^\s+\-!():^\[\]\"{}~*?\\/])"
_MORE = r"(?:\\.|[^\s():^\[\]\"{}~*?\\])"
_TERM = re.compile(rf"{_START}{_MORE}*", re.DOTALL)
_WILD = re.compile(rf"(?:{_START}|[*?])(?:{_MORE}|[*?])*", re.DOTALL)
_QUOTED = re.compile(r'"((?:\\.|[^"\\])*)"', re.DOTALL)
_REGULAR = re.compile(r"/((?:\\/|[^*/])(?:\\/|[^/])*)/")
_SPACE = re.compile(r"(?:\s|/\*.*?\*/)*", re.DOTALL)
_SLOP = re.compile(r"\s*~(\d+(?:\.\d+)?)?")
_BOOST = re.compile(r"\s*\^(=?)(\d+(?:\.\d+)?)")
_BOUND = re.compile(r'"((?:\\.|[^"\\])*)"|([^\s\]}]+)', re.DOTALL)
_FIELD = re.compile(rf"({_START}{_MORE}*|\*)\s*:", re.DOTALL)
_BARE = re.compile(r"[+\-!](?=\s)")  # an operator with a space after it is a word
_MAGIC = ("_query_", "_val_")
_WORD_OPERATORS = {"AND", "OR", "NOT", "&&", "||"}


@dataclass(frozen=True)
class Reading:
    """How a text is read: the field that bare words mean, and whether neighbours are all required.

    *local* reads a `{!…}` that stands inside the text; where it is None there may be none.  *words* makes of a bare
    word what is asked (dismax asks several fields; None if nothing).  *whole* says of a field that it holds whole
    values: of neighbours in it, Solr requires none, whatever `q.op` says.
    """

    field: str = ""
    all_required: bool = False
    local: Callable[[str], Question] | None = None
    words: Callable[[q.Leaf], Question | None] | None = None
    whole: Callable[[str], bool] = bool


def parse(text: str, reading: Reading) -> Question:
    """The question that *text* asks.

    Raises:
        QuestionError: the text is not Lucene syntax, or asks too much.
    """
    return _Parser(text, reading).whole()


def joined(clauses: list[Clause]) -> Question:
    """*clauses* as one question; a single plain one is itself."""
    if not clauses:
        return q.Nothing()
    if len(clauses) == 1 and clauses[0].occur is not Occur.NOT:
        [clause] = clauses
        if clause.occur is Occur.SHOULD or not isinstance(clause.part, q.Group):
            return clause.part
    return q.Group(tuple(clauses))


class _Parser:
    def __init__(self, text: str, reading: Reading) -> None:
        self.text = text
        self.reading = reading
        self.at = 0
        self.depth = 0
        self.count = 0

    def whole(self) -> Question:
        clauses = self.clauses(self.reading.field)
        if self.at < len(self.text):
            raise self.error(f"{self.text[self.at]!r} is not expected here")
        return joined(clauses)

    def error(self, reason: str) -> QuestionError:
        return QuestionError(self.text, self.at, reason)

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self.text, self.at)
        if match:
            self.at = match.end()
        return match

    def literal(self, *choices: str) -> str:
        """The first of *choices* that stands here, taken; else nothing."""
        for choice in choices:
            if self.text.startswith(choice, self.at):
                self.at += len(choice)
                return choice
        return ""

    def operator(self, *names: str) -> str:
        """A word operator of *names* that stands here as a whole word, taken."""
        match = _WILD.match(self.text, self.at)
        if match and match[0] in names:
            self.at = match.end()
            return match[0]
        return ""

    def clauses(self, field_name: str) -> list[Clause]:
        found: list[Clause] = []
        before = False
        while self.take(_SPACE) and self.at < len(self.text) and self.text[self.at] != ")":
            conjunction = self.operator("AND", "OR", "&&", "||")
            if conjunction and not found:
                raise self.error(f"{conjunction} has nothing before it")
            self.take(_SPACE)
            occur = self.modifier()
            start = self.at
            part = self.clause(field_name)
            bare = self.is_bare(part, start) and not occur
            self.add(found, conjunction, occur, part)
            if bare and before and not conjunction and self.reading.words is None and self.reading.whole(field_name):
                found[-2:] = [Clause(Occur.SHOULD, clause.part) for clause in found[-2:]]
            before = bare
        return found

    def is_bare(self, part: Question | None, start: int) -> bool:
        """Whether the clause from *start* on is a word, and nothing but a word."""
        match = _TERM.match(self.text, start)
        return isinstance(part, q.Words) and match is not None and match.end() == self.at

    def modifier(self) -> str:
        if _BARE.match(self.text, self.at):
            return ""
        sign = self.literal("+", "-", "!") or self.operator("NOT")
        self.take(_SPACE)
        return sign

    def add(self, found: list[Clause], conjunction: str, sign: str, part: Question | None) -> None:
        """Join *part* to *found* as Lucene does: an operator also changes the clause before it."""
        both, either = conjunction in ("AND", "&&"), conjunction in ("OR", "||")
        if found and found[-1].occur is not Occur.NOT:
            if both:
                found[-1] = Clause(Occur.MUST, found[-1].part)
            elif either and self.reading.all_required:
                found[-1] = Clause(Occur.SHOULD, found[-1].part)
        if part is None:
            return
        required = not either if self.reading.all_required else sign == "+" or both
        occur = Occur.NOT if sign in ("-", "!", "NOT") else Occur.MUST if required else Occur.SHOULD
        self.count += 1
        if self.count > CLAUSES:  # the engine would go on, and take its time
            raise self.error(f"too many clauses, at most {CLAUSES} are allowed")
        found.append(Clause(occur, part))

    def clause(self, field_name: str) -> Question | None:
        if self.at >= len(self.text):
            raise self.error("the query ends where a word is expected")
        match = self.take(_FIELD)
        if match:
            field_name = unescaped(match[1])
            if field_name == "*" and self.literal("*"):
                return self.boosted(q.Everything())
            self.take(_SPACE)
        explicit = match is not None
        whole = self.enclosed(field_name)
        if whole is not None:
            return self.boosted(whole)
        part = self.word(field_name or self.reading.field)
        if not (explicit or self.reading.words) and not field_name:
            raise RequestError("no field name specified in query and no default specified via 'df' param")
        asked = part if explicit or self.reading.words is None else self.reading.words(part)
        boosted = self.boosted(asked or q.Nothing())
        return None if asked is None else boosted

    def enclosed(self, field_name: str) -> Question | None:
        """A question that stands here between signs of its own."""
        if field_name in _MAGIC:
            return self.magic(field_name)
        if self.literal("filter("):
            return q.Flat(self.nested(field_name), 0.0)
        if self.literal("("):
            return self.nested(field_name)
        return self.embedded() if self.text.startswith("{!", self.at) else None

    def nested(self, field_name: str) -> Question:
        self.depth += 1
        if self.depth > DEPTH:
            raise self.error(f"nested too deeply, at most {DEPTH} levels are allowed")
        start = self.at
        clauses = self.clauses(field_name)
        if not self.text[start : self.at].strip():
            raise self.error("there is nothing between the parentheses")
        if not self.literal(")"):
            raise self.error("a closing parenthesis is missing")
        self.depth -= 1
        return joined(clauses)

    def embedded(self) -> Question:
        end = self.text.find("}", self.at)
        if self.reading.local is None or end < 0:
            raise self.error("local parameters are not expected here")
        match = re.compile(r"[^)\s{^]*").match(self.text, end + 1)
        stop = match.end() if match else end + 1
        part = self.reading.local(self.text[self.at : stop])
        self.at = stop
        return part

    def magic(self, field_name: str) -> Question:
        """The question within the quotes of `_query_:"…"`."""
        quoted = self.take(_QUOTED)
        if field_name != "_query_" or quoted is None or self.reading.local is None:
            raise self.error(f"{field_name} is not known here")
        return self.reading.local(unescaped(quoted[1]))

    def word(self, field_name: str) -> q.Leaf:
        opening = self.literal("[", "{")
        if opening:
            return self.between(field_name, opening)
        quoted = self.take(_QUOTED)
        if quoted:
            slop = self.take(_SLOP)
            return q.Words(field_name, unescaped(quoted[1]), True, int(float((slop and slop[1]) or 0)))
        regular = self.take(_REGULAR)
        if regular:
            return q.Expression(field_name, regular[1].replace("\\/", "/"))
        bare = self.take(_BARE)
        if bare:
            return q.Words(field_name, bare[0])
        return self.term(field_name)

    def term(self, field_name: str) -> q.Leaf:
        match = self.take(_WILD)
        if not match:
            raise self.error(f"{self.text[self.at : self.at + 1]!r} is not expected here")
        text = match[0]
        if text in _WORD_OPERATORS:
            raise self.error(f"{text} has nothing to join")
        parts = pieces(text)
        if any(piece.startswith("\x00") for piece in parts):
            if parts == (q.Pattern.ANY,):
                return q.Present(field_name) if self.text[: match.start()].rstrip().endswith(":") else q.Everything()
            return q.Pattern(field_name, parts)
        fuzzy = self.take(_SLOP)
        if fuzzy:
            return q.Similar(field_name, unescaped(text), self.edits(fuzzy[1], unescaped(text)))
        return q.Words(field_name, unescaped(text))

    def between(self, field_name: str, opening: str) -> q.Leaf:
        low = self.bound()
        self.take(_SPACE)
        if not self.literal("TO"):
            raise self.error("a range needs TO between its two ends")
        high = self.bound()
        self.take(_SPACE)
        closing = self.literal("]", "}")
        if not closing:
            raise self.error("the range is not closed")
        if low is None and high is None:
            return q.Present(field_name)
        return q.Between(field_name, low, high, opening == "[", closing == "]")

    def bound(self) -> str | None:
        self.take(_SPACE)
        match = self.take(_BOUND)
        if not match:
            raise self.error("an end of the range is missing")
        if match[2] == "*":
            return None
        return unescaped(match[1] if match[1] is not None else match[2])

    def boosted(self, part: Question) -> Question:
        match = self.take(_BOOST)
        if not match:
            if self.text.startswith("^", self.at):
                raise self.error("a number is expected after ^")
            return part
        return q.Flat(part, float(match[2])) if match[1] else q.Weighted(part, float(match[2]))

    def edits(self, given: str | None, text: str) -> int:
        """How many letters may differ: 2 unless said; an old similarity below 1 becomes the edits it allowed."""
        number = 2.0 if given is None else float(given)
        if number > 1 and number != int(number):
            raise self.error("fractional edit distances are not allowed")
        return min(int(number) if number >= 1 or number == 0 else int((1 - number) * len(text)), 2)
