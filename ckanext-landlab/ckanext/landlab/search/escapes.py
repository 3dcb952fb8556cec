"""What a backslash does in a query: the sign after it is itself, and `\\u00e4` is a letter."""

from __future__ import annotations

import re

from ckanext.landlab.errors import RequestError
from ckanext.landlab.search import question as q


def unescaped(text: str) -> str:
    """*text* without the backslashes that escape.

    Raises:
        RequestError: after `\\u` there are no four hexadecimal digits.
    """
    return re.sub(r"\\(?:u([0-9a-fA-F]{4})|(.))", _escaped, text, flags=re.DOTALL) if "\\" in text else text


def _escaped(match: re.Match[str]) -> str:
    if match[2] == "u":
        raise RequestError("org.apache.solr.search.SyntaxError: \\u needs four hexadecimal digits after it")
    return chr(int(match[1], 16)) if match[1] else match[2]


def pieces(text: str) -> tuple[str, ...]:
    """A text with wildcards as literal pieces with `ANY` and `ONE` between them."""
    found = re.findall(r"\\u[0-9a-fA-F]{4}|\\.|[^*?\\]+|\*|\?", text, flags=re.DOTALL)
    result: list[str] = []
    for piece in found:
        if piece in ("*", "?"):
            result.append(q.Pattern.ANY if piece == "*" else q.Pattern.ONE)
        elif result and not result[-1].startswith("\x00"):
            result[-1] += unescaped(piece)
        else:
            result.append(unescaped(piece))
    return tuple(result)
