"""How text becomes terms, alike when a document is written and when it is asked for, and alike in both engines.

A written text gives *main* terms in order, and *extra* ones that stand for them as well: whole compounds,
synonyms.  An asked word gives alternatives, each a tuple of terms that must all be there.  The chain of steps is
that of the Solr field types in `configset.py`: a change here is a change there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby

import tantivy
from ckanext.landlab.search import german

_RUNS = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_POSSESSIVE = re.compile(r"['’]s(?=\W|_|$)", re.IGNORECASE)
_ENGLISH = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).filter(tantivy.Filter.stemmer("english")).build()
NISSE = re.compile(r"nisse[ns]?$")  # the light stemmer takes Ergebnis and Ergebnisse for two words
_ENDS = frozenset("bdfghklmnt")

Alternatives = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Written:
    """What one word of a document leaves in the index; *whole* is its term if it is not taken apart."""

    main: tuple[str, ...]
    extra: tuple[str, ...] = ()

    @property
    def whole(self) -> str:
        return self.extra[0] if self.extra else self.main[0] if self.main else ""


@lru_cache(maxsize=200_000)
def written(word: str, bend: bool) -> Written:
    """The terms of *word* in a document; *bend* says whether compounds are taken apart and endings cut."""
    parts = _parts(word, bend)
    finish = stem if bend else str
    joined = [] if len(parts) < 2 else ["".join(parts), *_runs(parts)]
    extra = tuple(dict.fromkeys(map(finish, joined)))
    return Written(tuple(map(finish, parts)), extra)


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


def _runs(parts: Sequence[str]) -> list[str]:
    """Neighbours of letters, and neighbours of digits, joined."""
    groups = [list(group) for _, group in groupby(parts, key=str.isdigit)]
    return ["".join(group) for group in groups if len(group) > 1]


@lru_cache(maxsize=200_000)
def stem(term: str) -> str:
    """A folded *term* without its endings, first the German ones, then the English ones."""
    cut = _second(_first(NISSE.sub("nis", term)))
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
    rules, longest = synonyms()
    wholes = [each.whole for each in found]
    added: list[str] = []
    for size in range(2, longest + 1):
        for start in range(len(wholes) - size + 1):
            added.extend(rules.get(tuple(wholes[start : start + size]), ()))
    for each in found:
        for term in (*each.main, *each.extra):
            added.extend(rules.get((term,), ()))
    return added


@cache
def synonyms() -> tuple[Mapping[tuple[str, ...], tuple[str, ...]], int]:
    """For each name, as its words' terms, the terms of those that mean the same; and how many words the longest has."""
    rules: dict[tuple[str, ...], dict[str, None]] = {}
    for circle in german.circles():
        named = [tuple(written(word, True).whole for word in name.split()) for name in circle]
        for name in named:
            others = (term for other in named if other != name for term in other if term not in name)
            rules.setdefault(name, {}).update(dict.fromkeys(others))
    return {name: tuple(terms) for name, terms in rules.items()}, max(map(len, rules))
