"""How text becomes terms: words, their parts and stems, alike when a document is written and when it is asked for.

A written word gives one term per sub-word, in order, and *extra* terms that stand for it as well.  An asked word
gives alternatives, each a tuple of terms that must all be there.  Both are remembered, for words repeat.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import tantivy

_RUNS = re.compile(r"[^\W_]+")
_POSSESSIVE = re.compile(r"['’]s(?=\W|$)", re.IGNORECASE)
_ENGLISH = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).filter(tantivy.Filter.stemmer("english")).build()


@dataclass(frozen=True)
class Written:
    """What one word of a document leaves in the index."""

    terms: tuple[str, ...]
    extra: tuple[str, ...] = ()


Alternatives = tuple[tuple[str, ...], ...]


@lru_cache(maxsize=200_000)
def written(word: str, bend: bool) -> Written:
    """The terms of *word* in a document; *bend* says whether its endings are cut."""
    finish = stem if bend else fold
    parts, catenated = _sub_words(word)
    terms = tuple(filter(None, map(finish, parts)))
    return Written(terms, tuple(filter(None, map(finish, catenated))))


@lru_cache(maxsize=50_000)
def asked(word: str, bend: bool) -> Alternatives:
    """What a document must hold to answer *word*: any of the alternatives, each with all its terms."""
    finish = stem if bend else fold
    parts, catenated = _sub_words(word)
    choices = [tuple(filter(None, map(finish, parts)))]
    if len(parts) > 1 and len(catenated) == 1:
        choices.insert(0, (finish(catenated[0]),))
    return tuple(dict.fromkeys(choice for choice in choices if choice))


def _sub_words(word: str) -> tuple[list[str], list[str]]:
    """The parts of *word* (at signs, changes of case and digits), and its runs of letters or of digits joined."""
    parts: list[str] = []
    for run in _RUNS.findall(_POSSESSIVE.sub("", word)):
        parts.extend(_split(run))
    if len(parts) < 2:
        return parts, []
    runs: list[list[str]] = []
    for part in parts:
        if runs and runs[-1][0].isdigit() == part.isdigit():
            runs[-1].append(part)
        else:
            runs.append([part])
    return parts, ["".join(run) for run in runs if len(run) > 1]


def _split(run: str) -> list[str]:
    """*run* cut where a small letter meets a capital, and a letter a digit."""
    if run.islower() or run.isdigit():
        return [run]
    cuts = [0]
    for index in range(1, len(run)):
        before, here = run[index - 1], run[index]
        if before.isdigit() != here.isdigit() or (before.islower() and here.isupper()):
            cuts.append(index)
    return [run[start:end] for start, end in zip(cuts, [*cuts[1:], len(run)], strict=True)]


_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})
_SPELT = re.compile(r"ae|oe|(?<![aeiouqy])ue")


def fold(word: str) -> str:
    """*word* in small letters, with ä, ae and a alike, ß and ss alike, and no accents."""
    small = word.lower().translate(_UMLAUTS)
    if not small.isascii():
        small = "".join(each for each in unicodedata.normalize("NFKD", small) if not unicodedata.combining(each))
    return _SPELT.sub(lambda match: match[0][0], small)


def stem(word: str) -> str:
    """*word* folded and without its endings, first the German ones, then the English ones."""
    folded = fold(word)
    if not folded.isalpha():
        return folded
    cut = light(folded)
    return (_ENGLISH.analyze(cut) or [cut])[0]


_ENDS = frozenset("bdfghklmnt")


def light(word: str) -> str:
    """*word* without German endings (J. Savoy's light stemmer, as in Lucene's GermanLightStemFilter)."""
    return _second(_first(word))


def _first(word: str) -> str:
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
