"""What a person types into the search box, as Solr's `dismax` and `edismax` parsers read it.

Every word is asked of all fields of `qf` and counts as much as in its best one; `mm` says how many words must be there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from ckanext.landlab.errors import QuestionError, RequestError
from ckanext.landlab.search import question as q
from ckanext.landlab.search import syntax
from ckanext.landlab.search.question import Clause, Occur, Question

_BOOSTED = re.compile(r"([^\s^~]+)(?:~(\d+))?(?:\^(\d+(?:\.\d+)?))?")
ESCAPE = r"\\\1"
_SPECIAL = re.compile(r"([\\&|!():^\[\]{}~*?/])")
_OPERATORS = re.compile(r"(?<!\S)(AND|OR|NOT)(?!\S)")
_DANGLING = re.compile(r"\s+[-+\s]+$")
_NAME = r"(?!_query_|_val_)[A-Za-z_][\w.]*:"
_QUOTED = re.compile(rf'[+-]?(?:{_NAME})?"[^"]*"(?:~\d+)?')
_CLAUSES = re.compile(rf'{_QUOTED.pattern}|(?:\\.|[^\s"])+|"[^"]*"', re.DOTALL)
_SIGNED = re.compile(rf"([+-]?)({_NAME}(?=.))?(.*)", re.DOTALL)
_LABEL = re.compile(r'("(?:\\.|[^"\\])*")|(?<!\\):(?=\s)', re.DOTALL)
_STACKED = re.compile(r"\s+[+-](?:\s*[+-]+)+")


@dataclass(frozen=True)
class Weights:
    """Fields with what each counts, from `qf`, `pf` and the like; *slop* is the field's own, where it names one."""

    field: str
    factor: float
    slop: int | None = None


def weights(text: str) -> tuple[Weights, ...]:
    """The fields that *text* (`title^4 text`) names.

    Raises:
        RequestError: it names none, or a boost is no number.
    """
    found = []
    for part in text.split():
        match = _BOOSTED.fullmatch(part)
        if not match:
            raise RequestError(f"'{part}' is not a field with its boost (as in title^4)")
        found.append(Weights(match[1], float(match[3] or 1), int(match[2]) if match[2] else None))
    return tuple(found)


@dataclass(frozen=True)
class Manner:
    """How words are read: the parameters of `dismax`; *free* if Lucene's syntax may be used (`edismax`)."""

    fields: tuple[Weights, ...]
    minimum: str = ""
    tie: float = 0.0
    phrases: tuple[
        tuple[int, tuple[Weights, ...]], ...
    ] = ()  # how many words make a phrase (0: all), where it counts more
    slop: int = 0
    phrase_slop: int = 0
    all_required: bool = False
    free: bool = False


def manner(params: Mapping[str, str], free: bool) -> Manner:
    """The manner that *params* ask for.

    Raises:
        RequestError: they name no field, or what should be a number is none.
    """
    if not (params.get("qf") or params.get("df")):
        raise RequestError("Neither qf, df nor the default search field are present.")
    phrases = [(size, weights(params[name])) for name, size in (("pf", 0), ("pf2", 2), ("pf3", 3)) if params.get(name)]
    return Manner(
        fields=weights(params.get("qf") or params["df"]),
        minimum=params.get("mm") or ("100%" if params.get("q.op", "OR").upper() == "AND" else "0%"),
        tie=decimal(params.get("tie") or "0", "tie"),
        phrases=tuple(phrases if free else phrases[:1]),
        slop=int(decimal(params.get("qs") or "0", "qs")),
        phrase_slop=int(decimal(params.get("ps") or "0", "ps")),
        all_required=params.get("q.op", "").upper() == "AND" and free,
        free=free,
    )


def decimal(text: str, name: str) -> float:
    """*text* as a number.

    Raises:
        RequestError: it is none; *name* is the parameter it stands in.
    """
    try:
        return float(text)
    except ValueError as error:
        raise RequestError(f"{name} must be a number, not '{text}'") from error


def parse(text: str, manner: Manner) -> Question:
    """The question that the words of *text* ask, its phrases counted extra."""
    if text.strip() in ("*:*", "*") and manner.free:
        return q.Everything()
    main = _main(text, manner)
    bonuses = tuple(_phrases(text, manner))
    return q.Raised(main, bonuses) if bonuses else main


def _main(text: str, manner: Manner) -> Question:
    reading = syntax.Reading(field="", all_required=manner.all_required, words=lambda words: _spread(words, manner))
    if manner.free:
        text = _LABEL.sub(lambda match: match[1] or r"\:", text)  # a colon before a space ends a word
        try:
            return _at_least(syntax.parse(text, reading), manner.minimum)
        except QuestionError:
            text = _escaped(text)  # what is no syntax is plain words
    else:
        text = _plain(text)
    return _at_least(syntax.parse(text, reading), manner.minimum)


def _plain(text: str) -> str:
    """*text* with everything escaped but operators and paired quotes, as `dismax` reads it."""
    if text.count('"') % 2:
        text = text.replace('"', "")
    return _DANGLING.sub("", _STACKED.sub(" ", _SPECIAL.sub(ESCAPE, text)))


def _escaped(text: str) -> str:
    """*text* with no operators but a sign before a word and its field, as `edismax` reads what else it cannot."""
    if text.count('"') % 2:
        return " ".join(map(_clause, text.split())).replace('"', '\\"')
    return " ".join(part if _QUOTED.match(part) else _clause(part) for part in _CLAUSES.findall(text))


def _clause(text: str) -> str:
    sign, field, word = _SIGNED.fullmatch(text).groups()  # type: ignore[union-attr] it fits every text
    escaped = re.sub(r"^([+-])", ESCAPE, _SPECIAL.sub(ESCAPE, word))
    return f"{sign}{field or ''}{_OPERATORS.sub(ESCAPE, escaped)}" if word else f"\\{sign}"


def _spread(asked: q.Leaf, manner: Manner) -> Question | None:
    """*asked* of every field; None if it is a sign that `edismax` passes over."""
    if isinstance(asked, q.Everything):
        return asked
    if isinstance(asked, q.Words):
        if manner.free and asked.text not in ("+", "-", "!") and not any(map(str.isalnum, asked.text)):
            return None
        asked = replace(asked, slop=(asked.slop or manner.slop) if asked.together else 0)
    parts = (replace(asked, field=each.field) for each in manner.fields)
    weighed = (
        part if each.factor == 1 else q.Weighted(part, each.factor)
        for each, part in zip(manner.fields, parts, strict=True)
    )
    return q.Best(tuple(weighed), manner.tie)


def _at_least(question: Question, minimum: str) -> Question:
    """*question* with as many of its optional words required as *minimum* says."""
    if not isinstance(question, q.Group):
        return question
    optional = sum(clause.occur is Occur.SHOULD for clause in question.clauses)
    return q.Group(question.clauses, least(minimum, optional))


def least(minimum: str, count: int) -> int:
    """How many of *count* words `mm` wants (Solr Reference Guide, "The mm parameter").

    Raises:
        RequestError: *minimum* is not of that form.
    """
    result = count
    conditions = re.sub(r"\s*<\s*", "<", minimum.strip())
    for part in conditions.split() if "<" in conditions else [conditions]:
        above, found, spec = part.rpartition("<")
        if found and count <= _whole(above):
            return max(0, min(count, result))
        number = _whole(spec.rstrip("%"))
        wanted = int(count * number / 100) if spec.endswith("%") else number
        result = count + wanted if number < 0 else wanted
    return max(0, min(count, result))


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise RequestError(f"mm must be a number or a percentage, not '{text}'") from error


def _phrases(text: str, manner: Manner) -> list[Question]:
    plain_words = [word for word in re.sub(r'["+\-()]', " ", text).split() if ":" not in word]
    bonuses: list[Question] = []
    for size, fields in manner.phrases:
        width = size or len(plain_words)
        if width < 2 or len(plain_words) < width:
            continue
        for start in range(len(plain_words) - width + 1):
            phrase = " ".join(plain_words[start : start + width])
            parts = tuple(
                q.Weighted(
                    q.Words(each.field, phrase, True, manner.phrase_slop if each.slop is None else each.slop),
                    each.factor,
                )
                for each in fields
            )
            bonuses.append(q.Best(parts, manner.tie))
    return bonuses


def required(question: Question) -> Question:
    """*question* as a clause that must match: only saying what must not be then finds nothing."""
    return q.Group((Clause(Occur.MUST, question),))
