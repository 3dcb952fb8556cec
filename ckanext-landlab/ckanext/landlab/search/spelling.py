"""“Meinten Sie …?”: for words that no document has, words of the documents that are written alike."""

from __future__ import annotations

import re
from functools import lru_cache

from ckanext.landlab.search.params import Params
from ckanext.landlab.search.view import View

FIELD = "spell"
SHORTEST = 4  # letters of a word that is looked at
FURTHEST = 2  # letters that may differ
LEAST = 0.5  # likeness: 1 - distance / length

_WORD = re.compile(r"(?<![\w*?~])[^\W\d_]+(?![\w*?]|\s*:)")
_MOST = 20_000


def suggestions(view: View, params: Params) -> dict[str, list]:
    """What Solr's spellcheck component answers: for each unknown word those like it, and the whole question mended."""
    text = params.text("spellcheck.q") or params.text("q")
    count = params.whole("spellcheck.count", 1)
    found: list = []
    mended, at = "", 0
    for match in _WORD.finditer(text):
        alike = similar(view, match[0].lower())[:count] if _is_unknown(view, match[0]) else []
        if alike:
            entry = {
                "numFound": len(alike),
                "startOffset": match.start(),
                "endOffset": match.end(),
                "suggestion": alike,
            }
            found += [match[0].lower(), entry]
            mended += text[at : match.start()] + alike[0]
            at = match.end()
    answer: dict[str, list] = {"suggestions": found}
    if params.flag("spellcheck.collate"):
        answer["collations"] = ["collation", mended + text[at:]] if found else []
    return answer


def _is_unknown(view: View, word: str) -> bool:
    small = word.lower()
    return len(small) >= SHORTEST and small not in ("and", "not") and view.searcher.doc_freq(FIELD, small) == 0


def similar(view: View, word: str) -> list[str]:
    """The words like *word* that documents have, the most alike and then the most frequent first."""
    ranked = []
    for known, frequency in _beginning(view, word[0]):
        if abs(len(known) - len(word)) <= FURTHEST:
            far = distance(word, known, FURTHEST)
            if far <= FURTHEST and 1 - far / min(len(word), len(known)) >= LEAST:
                ranked.append((far, -frequency, known))
    return [known for _, _, known in sorted(ranked)]


def _beginning(view: View, letter: str) -> tuple[tuple[str, int], ...]:
    return _known(view.number, letter, _Held(view))


class _Held:
    """A view that no two keys of the memory tell apart: the view's number does."""

    def __init__(self, view: View) -> None:
        self.view = view

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=64)
def _known(number: int, letter: str, held: _Held) -> tuple[tuple[str, int], ...]:
    return tuple(held.view.searcher.terms_with_prefix(FIELD, letter, limit=_MOST))


def distance(one: str, other: str, most: int) -> int:
    """How many letters must be changed, added, left out or swapped with their neighbour; above *most*, just more."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for index, letter in enumerate(one, 1):
        previous, row = row, [index]
        for place, each in enumerate(other, 1):
            best = min(previous[place] + 1, row[place - 1] + 1, previous[place - 1] + (letter != each))
            if index > 1 and place > 1 and letter == other[place - 2] and one[index - 2] == each:
                best = min(best, before[place - 2] + 1)
            row.append(best)
        if min(row) > most:
            return most + 1
        before = previous
    return row[-1]
