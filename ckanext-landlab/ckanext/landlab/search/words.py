"""How text becomes terms, alike when a document is written and when it is asked for, and alike in both engines.

A written text gives *main* terms in order, and *extra* ones that stand for them as well: whole compounds,
synonyms.  An asked word gives alternatives, each a tuple of terms that must all be there.  The chain of steps is
that of the Solr field types in `configset.py`: a change here is a change there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby

import tantivy
from ckanext.landlab.search import german

_RUNS = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_POSSESSIVE = re.compile(r"['’]s(?=\W|_|$)", re.IGNORECASE)
_ENGLISH = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).filter(tantivy.Filter.stemmer("english")).build()
NISSE = re.compile(r"niss(?:e[ns]?)?$")  # the light stemmer takes Ergebnis and Ergebnisse for two words
ENDINGS = re.compile(
    r"(?<=[a-z]{4})innen$|(?<=[a-z]{3}er)in$|(?<=[a-z]{2}[ea]nt)in$|(?<=[a-z]{2}el)n$"
)  # it leaves these, too
_ENDS = frozenset("bdfghklmnt")

Alternatives = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Written:
    """What one word of a document leaves in the index; *whole* is its term if it is not taken apart."""

    main: tuple[str, ...]
    extra: tuple[str, ...] = ()
    line: tuple[str, ...] = ()  # all of them, in the order in which Solr's word delimiter gives them

    @property
    def whole(self) -> str:
        return self.line[0] if self.line else ""


@lru_cache(maxsize=200_000)
def written(word: str, bend: bool) -> Written:
    """The terms of *word* in a document; *bend* says whether compounds are taken apart and endings cut."""
    parts = _parts(word, bend)
    finish = stem if bend else str
    joined = [] if len(parts) < 2 else ["".join(parts), *_runs(parts)]
    extra = tuple(dict.fromkeys(map(finish, joined)))
    return Written(tuple(map(finish, parts)), extra, tuple(map(finish, _line(parts))))


@lru_cache(maxsize=50_000)
def asked(word: str, bend: bool) -> Alternatives:
    """What a document must hold to answer *word*: any of the alternatives, each with all its terms."""
    found = written(word, bend)
    choices = [(found.extra[0],), found.main] if found.extra else [found.main]
    return tuple(dict.fromkeys(choice for choice in choices if choice))


def _parts(word: str, bend: bool) -> list[str]:
    """The parts of *word*, folded: cut at signs, between letters and digits, and within compounds."""
    folded = german.fold(word)
    if bend:
        folded = german.hyphenated(folded)
    return [part for run in _RUNS.findall(_POSSESSIVE.sub("", folded)) for part in _split(run)]


def _split(run: str) -> list[str]:
    if run.isalpha() or run.isdigit():
        return [run]
    return ["".join(group) for _, group in groupby(run, key=str.isdigit)]


def _line(parts: Sequence[str]) -> Iterator[str]:
    """The whole, then each part, before neighbours of one kind what they make together."""
    whole = "".join(parts)
    if len(parts) > 1:
        yield whole
    for _, group in groupby(parts, key=str.isdigit):
        run = list(group)
        if len(run) > 1 and "".join(run) != whole:
            yield "".join(run)
        yield from run


def _runs(parts: Sequence[str]) -> list[str]:
    """Neighbours of letters, and neighbours of digits, joined."""
    groups = [list(group) for _, group in groupby(parts, key=str.isdigit)]
    return ["".join(group) for group in groups if len(group) > 1]


@lru_cache(maxsize=200_000)
def stem(term: str) -> str:
    """A folded *term* without its endings, first the German ones, then the English ones."""
    if term in german.apart():
        return german.apart()[term]
    cut = _second(_first(ENDINGS.sub("", NISSE.sub("nis", term))))
    return (_ENGLISH.analyze(cut) or [cut])[0]


def _first(word: str) -> str:
    """The first step of J. Savoy's light German stemmer (Lucene's GermanLightStemFilter)."""
    size = len(word)
    if size > 5 and word.endswith("ern"):
        return word[:-3]
    if size > 4 and word[-2] == "e" and word[-1] in "mnrs":
        return word[:-2]
    if size > 3 and word[-1] == "e":
        return word[:-1]
    if size > 3 and word[-1] == "s" and word[-2] in _ENDS:
        return word[:-1]
    return word


def _second(word: str) -> str:
    size = len(word)
    if size > 5 and word.endswith("est"):
        return word[:-3]
    if size > 4 and word[-2:] in ("er", "en"):
        return word[:-2]
    if size > 4 and word.endswith("st") and word[-3] in _ENDS:
        return word[:-2]
    return word


def split(text: str) -> list[str]:
    """The words of *text* between white space, every letter with its accent in one piece."""
    return (text if text.isascii() else unicodedata.normalize("NFC", text)).split()


def plain(text: str) -> list[str]:
    """The words of *text* as they are spelt, in small letters."""
    return _LETTERS.findall(text.lower())


@cache
def stop_terms() -> frozenset[str]:
    """The terms of the words that every text has."""
    return frozenset(map(stem, german.stop_words()))


def analysed(text: str, bend: bool) -> tuple[list[str], list[str]]:
    """The main terms of *text* in order, and its extra ones, with their synonyms."""
    found = [each for word in split(text) if (each := written(word, bend)).main]
    main = [term for each in found for term in each.main]
    extra = [term for each in found for term in each.extra]
    if bend:
        extra.extend(_synonyms(found))
    return main, extra


def _synonyms(found: Sequence[Written]) -> list[str]:
    """What means the same as the names in *found*: at each place the longest, as Solr looks for them."""
    rules, longest = synonyms()
    line = [term for each in found for term in each.line]
    added: list[str] = []
    at = 0
    while at < len(line):
        names = (tuple(line[at : at + size]) for size in range(min(longest, len(line) - at), 0, -1))
        name = next((name for name in names if name in rules), None)
        added.extend(rules[name] if name else ())
        at += len(name) if name else 1
    return added


@cache
def synonyms() -> tuple[Mapping[tuple[str, ...], tuple[str, ...]], int]:
    """For each name the terms of those that mean the same, and how many terms the longest name has.

    A name is there as the terms of its words, and as the parts of these, for it may be part of a longer compound.
    """
    rules: dict[tuple[str, ...], dict[str, None]] = {}
    for circle in german.circles():
        words = [[written(word, True) for word in name.split()] for name in circle]
        named = [tuple(each.whole for each in name) for name in words]
        for name, split in zip(named, words, strict=True):
            others = [term for other in named if other != name for term in other if term not in name]
            for key in (name, tuple(term for each in split for term in each.main)):
                rules.setdefault(key, {}).update(dict.fromkeys(others))
    for name in rules:
        for inner in _inside(name):
            rules[name].update(rules.get(inner, {}))
    return {name: tuple(terms) for name, terms in rules.items()}, max(map(len, rules))


def _inside(name: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The shorter names in *name*: at its place only the longest is looked for."""
    for size in range(1, len(name)):
        for start in range(len(name) - size + 1):
            yield name[start : start + size]
