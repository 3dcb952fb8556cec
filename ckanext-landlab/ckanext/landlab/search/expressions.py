"""Lucene's regular expressions (`field:/…/`) as the engine's: the two read the same signs otherwise.

The grammar is that of `org.apache.lucene.util.automaton.RegExp`.  An expression fits a whole term, so `^` and `$` are
plain letters there, and `@`, `"…"` and `<1-9>` are signs.  What the engine cannot say is refused.
"""

from __future__ import annotations

import re

from ckanext.landlab.errors import RequestError
from ckanext.landlab.search.intervals import ANY, ONE, escaped

WIDEST = 1000  # numbers of one interval

_CLASSES = {"d": "0-9", "w": "0-9A-Za-z_", "s": r" \t\n\r"}
_INTERVAL = re.compile(r"<(\d{1,9})-(\d{1,9})>", re.ASCII)
_ONE = re.compile(
    r'\\(?P<escape>.)|"(?P<quoted>[^"]*)"|\[(?P<negated>\^?)(?P<members>(?:\\.|[^\]\\])+)\]'
    r"|(?P<interval><\d{1,9}-\d{1,9}>)|(?P<special>\(\?|[~&#<>\[\"\\])|(?P<sign>[()|*+?{}.@])|(?P<plain>.)",
    re.DOTALL | re.ASCII,
)


def translated(text: str) -> str:
    """The engine's expression for Lucene's *text*.

    Raises:
        RequestError: it has a sign that the engine does not know, or is broken.
    """
    depth, made = 0, []
    for match in _ONE.finditer(text):
        in_count = depth > 0 and match["sign"] != "}"
        depth += (match["sign"] == "{") - (match["sign"] == "}")
        made.append(match[0] if in_count else _one(match, text))
    return "".join(made)


def _one(match: re.Match[str], text: str) -> str:
    kind = match.lastgroup
    if kind == "escape":
        inside = _CLASSES.get(match["escape"].lower())
        return escaped(match["escape"]) if inside is None else f"[{'^' * match['escape'].isupper()}{inside}]"
    if kind == "quoted":
        return escaped(match["quoted"])
    if kind == "members":
        return f"[{match['negated']}{_members(match['members'])}]"
    if kind == "interval":
        return _numbers(match["interval"])
    if kind == "special":
        raise RequestError(f"{match[0]} at {match.start()} of the expression /{text[:200]}/ is not known here")
    return {".": ONE, "@": ANY}.get(match[0], match[0]) if kind == "sign" else escaped(match[0])


def _members(text: str) -> str:
    """What stands between square brackets: letters, and spans with a hyphen."""
    found = re.findall(r"\\.|[^\\]", text, re.DOTALL)
    last = len(found) - 1
    return "".join(
        each if each == "-" and 0 < place < last else _CLASSES.get(each[1:], "") or escaped(each[-1])
        for place, each in enumerate(found)
    )


def _numbers(text: str) -> str:
    """The numbers from one to the other, as often with noughts before them as both ends have the same length."""
    first, last = _INTERVAL.fullmatch(text).groups()  # type: ignore[union-attr] that is how it was found
    low, high = sorted((int(first), int(last)))
    if high - low >= WIDEST:
        raise RequestError(f"the interval {text} holds more than {WIDEST} numbers")
    width = len(first) if len(first) == len(last) else 0
    choices = "|".join(str(number).zfill(width) for number in range(low, high + 1))
    return f"(?:{choices})" if width else f"0*(?:{choices})"
