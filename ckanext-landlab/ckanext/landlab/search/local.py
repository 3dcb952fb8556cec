"""Which parser reads a text: `defType`, or the local parameters `{!…}` before it.

CKAN lets through only the parsers that its site allows (`ckan.search.solr_allowed_query_parsers`).
To support another one, write a function that makes a question of its `Call` and name it in `PARSERS`.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from ckanext.landlab.errors import QuestionError, RequestError
from ckanext.landlab.search import dismax, syntax
from ckanext.landlab.search import question as q
from ckanext.landlab.search.escapes import unescaped
from ckanext.landlab.search.params import Params
from ckanext.landlab.search.question import Clause, Occur, Question
from ckanext.landlab.search.schema import schema

_PARAM = re.compile(r"""\s*([\w.\-]+)(?:=(?:"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|([^\s}'"][^\s}]*|)))?""", re.DOTALL)


@dataclass(frozen=True)
class Call:
    """A text to be read: its parser's *name*, *local* parameters and the request's *params*."""

    name: str
    text: str
    local: Mapping[str, str]
    params: Params
    depth: int = 0
    every: Mapping[str, list[str]] = dataclasses.field(default_factory=dict)  # as *local*, with all values of each

    def param(self, name: str, default: str = "") -> str:
        """The parameter *name*: the local one, else the request's."""
        return self.local.get(name) or self.params.text(name) or default

    def needed(self, name: str) -> str:
        """The local parameter *name*.

        Raises:
            RequestError: it is absent.
        """
        if not self.local.get(name):
            raise RequestError(f"{{!{self.name}}} needs the parameter {name}")
        return self.local[name]

    def listed(self, name: str) -> list[str]:
        """All values of the parameter *name*."""
        return self.every[name] if name in self.every else self.params.all(name)

    def read(self, text: str) -> Question:
        """The question that *text* asks within this one."""
        return question(text, self.params, "lucene", self.depth + 1)


def question(text: str, params: Params, default: str, depth: int = 0) -> Question:
    """The question that *text* asks, read by the parser that it names, else by *default*.

    Raises:
        QuestionError, RequestError: the text is not understood, or its parser is not known.
    """
    if depth > 10:
        raise RequestError("Infinite Recursion detected parsing query")
    call = _call(text, params, default, depth)
    parser = PARSERS.get(call.name)
    if parser is None:
        raise RequestError(f"invalid query parser '{call.name}' for query '{text[:200]}'")
    return parser(call)


def split(text: str) -> tuple[dict[str, list[str]], list[str], str]:
    """The local parameters before *text*, those of them that have no value, and the text itself."""
    if not text.startswith("{!"):
        return {}, [], text
    local: dict[str, list[str]] = {}
    bare: list[str] = []
    at = 2
    while not re.compile(r"\s*}").match(text, at):
        match = _PARAM.match(text, at)
        if not match:
            raise QuestionError(text, at, "the local parameters are not closed")
        value = next((group for group in match.groups()[1:] if group is not None), None)
        if value is None:
            bare.append(match[1])
        else:
            local.setdefault(match[1], []).append(unescaped(value))
        at = match.end()
    return local, bare, text[text.index("}", at) + 1 :]


def _call(text: str, params: Params, default: str, depth: int) -> Call:
    begun = default == "lucene" and text.lstrip().startswith("{!")  # another `defType` takes them for words
    local, bare, rest = split(text.lstrip()) if begun else ({}, [], text)
    every = {name: [_resolved(value, params) for value in values] for name, values in local.items()}
    first = {name: values[0] for name, values in every.items()}
    name = first.get("type") or (bare[0] if bare else default)
    return Call(name, first.get("v", rest), first, params, depth, every)


def _resolved(value: str, params: Params) -> str:
    return params.text(value[1:]) if value.startswith("$") else value


def _lucene(call: Call) -> Question:
    reading = syntax.Reading(
        field=call.param("df"),
        all_required=call.param("q.op").upper() == "AND",
        local=call.read,
        whole=lambda name: not schema().field(name).kind.analysed,
    )
    return syntax.parse(call.text, reading) if call.text.strip() else q.Nothing()


def _words(call: Call) -> Question:
    """dismax and edismax, with `bq` and `bf`; no text at all means `q.alt`."""
    params = {**call.params.first, **call.local}
    if not call.text.strip():
        alternative = params.get("q.alt")
        return call.read(alternative) if alternative else q.Nothing()
    free = call.name == "edismax"
    main = dismax.parse(call.text, dismax.manner(params, free))
    bonuses = tuple(call.read(text) for text in call.listed("bq") if text.strip())
    if not free:
        main = dismax.required(main)
    if bonuses:
        main = q.Raised(main, bonuses)
    added = tuple(each for text in call.listed("bf") for each in _boosted(text))
    times = tuple(text for text in call.listed("boost") if text.strip()) if free else ()
    return q.Scored(main, added, times) if added or times else main


def _boosted(text: str) -> Iterator[tuple[str, float]]:
    """The functions of `bf`, parted by spaces outside of parentheses, each with its boost."""
    depth, start = 0, 0
    for at, letter in enumerate(f"{text} "):
        depth += (letter == "(") - (letter == ")")
        if letter.isspace() and depth <= 0:
            part, start = text[start:at].strip(), at + 1
            function, _, factor = part.rpartition("^") if "^" in part else (part, "", "1")
            if function:
                yield function, dismax.decimal(factor, "bf")


def _term(call: Call) -> Question:
    return q.Exact(call.needed("f"), call.text)


def _terms(call: Call) -> Question:
    separator = call.local.get("separator", ",")
    found = call.text.split(separator) if separator.strip() else call.text.split()
    return q.Flat(q.some(*(q.Exact(call.needed("f"), each.strip()) for each in found)), 1.0)


def _field(call: Call) -> Question:
    return q.Words(call.needed("f"), call.text, together=True)


def _prefix(call: Call) -> Question:
    return q.Pattern(call.needed("f"), (call.text, q.Pattern.ANY))


def _bool(call: Call) -> Question:
    names = {"must": Occur.MUST, "should": Occur.SHOULD, "must_not": Occur.NOT}
    given = [(name, text) for name in (*names, "filter") for text in call.every.get(name, ()) if text]
    parts = [(name, call.read(text)) for name, text in given]
    clauses = [
        Clause(names[name], part) if name in names else Clause(Occur.MUST, q.Flat(part, 0.0)) for name, part in parts
    ]
    least = int(dismax.decimal(call.local["mm"], "mm")) if call.local.get("mm") else None
    return q.Group(tuple(clauses), least) if clauses else q.Nothing()


def _query(call: Call) -> Question:
    return question(call.text, call.params, call.local.get("defType", "lucene"), call.depth + 1)


def _boost(call: Call) -> Question:
    return q.Scored(call.read(call.text), (), (call.needed("b"),))


def _range(call: Call) -> Question:
    low, high = (call.local.get(name) for name in ("l", "u"))
    return q.Reckoned(
        call.text,
        None if low is None else dismax.decimal(low, "l"),
        None if high is None else dismax.decimal(high, "u"),
        call.local.get("incl", "true") != "false",
        call.local.get("incu", "true") != "false",
    )


PARSERS: Mapping[str, Callable[[Call], Question]] = {
    "lucene": _lucene,
    "dismax": _words,
    "edismax": _words,
    "term": _term,
    "raw": _term,
    "terms": _terms,
    "field": _field,
    "prefix": _prefix,
    "bool": _bool,
    "boost": _boost,
    "query": _query,
    "frange": _range,
}
