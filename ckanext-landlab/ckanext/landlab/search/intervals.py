"""Expressions that the engine's term dictionary understands: exact text, wildcards, and text from here to there.

The engine has no range query on text, but it walks its sorted terms along an automaton, which does the same.
"""

from __future__ import annotations

import re

_SIGNS = re.compile(r"([\\.+*?()|\[\]{}^$#&~\-])")
_LAST = 0x10FFFF
ONE = "[\\x{0}-\\x{10ffff}]"  # any letter, the end of a line too
ANY = ONE + "*"


def escaped(text: str) -> str:
    """*text* as an expression that matches just it."""
    return _SIGNS.sub(r"\\\1", text)


def between(low: str | None, high: str | None, with_low: bool = True, with_high: bool = True) -> str | None:
    """An expression for the texts from *low* to *high* in the order of their characters; None if there can be none."""
    if low is None or high is None:
        choices = _below(high, with_high) if high is not None else _above(low or "", with_low)
        return "|".join(choices) or None
    if low >= high:
        return escaped(low) if low == high and with_low and with_high else None
    shared = 0
    while shared < len(low) and low[shared] == high[shared]:
        shared += 1
    choices = _forked(low[shared:], high[shared:], with_low, with_high)
    return f"{escaped(low[:shared])}(?:{'|'.join(choices)})" if choices else None


def _forked(low: str, high: str, with_low: bool, with_high: bool) -> list[str]:
    """As `between` for two texts that differ in their first letter; *low* may be empty."""
    choices = []
    first = -1
    if low:
        first = ord(low[0])
        choices.extend(escaped(low[0]) + each for each in _above(low[1:], with_low))
    elif with_low:
        choices.append("(?:)")
    choices.extend(_letters(first + 1, ord(high[0]) - 1))
    choices.extend(escaped(high[0]) + each for each in _below(high[1:], with_high))
    return choices


def _above(low: str, included: bool) -> list[str]:
    choices = [escaped(low) + (ANY if included else ONE + ANY)]
    for index, letter in enumerate(low):
        choices.extend(escaped(low[:index]) + each for each in _letters(ord(letter) + 1, _LAST))
    return choices


def _below(high: str, included: bool) -> list[str]:
    choices = [escaped(high) or "(?:)"] if included else []
    for index, letter in enumerate(high):
        choices.append(escaped(high[:index]) or "(?:)")
        choices.extend(escaped(high[:index]) + each for each in _letters(0, ord(letter) - 1))
    return choices


def _letters(first: int, last: int) -> list[str]:
    """Any text that begins with a letter from *first* to *last*; surrogates are no letters."""
    if 0xD800 <= first <= 0xDFFF:
        first = 0xE000
    if 0xD800 <= last <= 0xDFFF:
        last = 0xD7FF
    return [f"[\\x{{{first:x}}}-\\x{{{last:x}}}]{ANY}"] if first <= last else []
