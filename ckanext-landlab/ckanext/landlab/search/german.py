"""What `schemas/german.yaml` says of German, folded: the parts of compounds, circles of synonyms, stop words.

Both engines take it from here: our own by these functions, Solr by the files that `configset.py` writes of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from ckanext.landlab import schemas

LINKS = ("ens", "ns", "es", "en", "er", "s", "n", "e", "")  # between two parts
ENDS = ("innen", "sen", "ern", "se", "en", "er", "es", "em", "in", "e", "n", "s", "")  # after the last
SHORTEST = 6  # letters of a word that can be a compound
DEEPEST = 4  # parts after the first

_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})
_SPELT = re.compile(r"ae|oe|(?<![aeiouqyäöü])ue")
_FOREIGN = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n"}
)
_RUN = re.compile(r"[a-z0-9]+")


def fold(word: str) -> str:
    """*word* in small letters, with ä, ae and a alike, ß and ss alike, and no accents."""
    small = word.lower().replace("i̇", "i")  # what Python makes of a Turkish capital I with its dot
    if "e" in small:
        small = _SPELT.sub(lambda match: match[0][0], small)
    if small.isascii():
        return small
    return "".join(map(_plain, small.translate(_UMLAUTS).translate(_FOREIGN)))


def _plain(letter: str) -> str:
    if letter.isascii():
        return letter
    base = "".join(each for each in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(each))
    return base.lower() if base.isascii() and base.isalnum() else letter


@cache
def parts() -> frozenset[str]:
    """The words that make up compounds, and the compounds that are not taken apart."""
    declared = schemas.read("german")
    return frozenset(map(fold, [*declared["parts"].split(), *declared["whole"].split()]))


@cache
def stop_words() -> frozenset[str]:
    """The words that every text has, folded."""
    return frozenset(map(fold, schemas.read("german")["stop"].split()))


@cache
def apart() -> Mapping[str, str]:
    """For the forms of each word that its stem would make a stop word, the term that stands for it."""
    names = map(fold, schemas.read("german")["apart"].split())
    return {name + end: name for name in names for end in ("", "n", "en", "s")}


def declared() -> str:
    """All that is declared, as one text."""
    return repr(schemas.read("german"))


def circles() -> Iterator[list[str]]:
    """Each circle of names that mean the same, as declared."""
    for line in schemas.read("german")["synonyms"]:
        yield [name.strip() for name in line.split(",")]


def hyphenated(text: str) -> str:
    """Folded *text* with a hyphen between the parts of each compound."""
    return _RUN.sub(lambda match: _split(match[0]), text) if len(text) >= SHORTEST else text


@lru_cache(maxsize=100_000)
def _split(word: str) -> str:
    """The parts of *word*, without what links them, between hyphens."""
    pieces = []
    while len(pieces) < DEEPEST and len(word) >= SHORTEST and (found := _first_part(word)):
        end, cut = found
        pieces.append(word[:end])
        word = word[cut:]
    return "-".join([*pieces, word])


def _first_part(word: str) -> tuple[int, int] | None:
    """Where the first part of *word* ends and the next begins, the longest first; None if *word* is no compound."""
    if _is_part(word):
        return None
    return next(((end, cut) for end, cut in _cuts(word) if _is_covered(word[cut:], DEEPEST)), None)


def _cuts(word: str) -> Iterator[tuple[int, int]]:
    for end in range(min(len(word) - 1, _longest()), 1, -1):
        if word[:end] in parts():
            yield from ((end, end + len(link)) for link in LINKS if word.startswith(link, end))


def _is_covered(word: str, depth: int) -> bool:
    return _is_part(word) or (depth > 0 and any(_is_covered(word[cut:], depth - 1) for _, cut in _cuts(word)))


def _is_part(word: str) -> bool:
    known = parts()
    return any(word.endswith(end) and word[: len(word) - len(end)] in known for end in ENDS)


@cache
def _longest() -> int:
    return max(map(len, parts()))


def compound_pattern() -> str:
    """The first part of a compound as a regular expression, at the start of a word, as `hyphenated` finds it."""
    part = _trie(sorted(parts()))
    links, ends = (f"(?:{'|'.join(choices)})" for choices in (LINKS, ENDS))
    last = f"{part}{ends}(?![a-z0-9])"
    return f"(?<![a-z0-9])(?=[a-z0-9]{{{SHORTEST}}})(?!{last})({part}){links}(?=(?:{part}{links}){{0,{DEEPEST}}}{last})"


def _trie(words: list[str]) -> str:
    """*words* as one expression that tries the longest first."""
    heads: dict[str, list[str]] = {}
    for word in words:
        if word:
            heads.setdefault(word[0], []).append(word[1:])
    branches = [letter + (_trie(rests) if rests != [""] else "") for letter, rests in heads.items()]
    if "" in words:
        branches.append("")
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
