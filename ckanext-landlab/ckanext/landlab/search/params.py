"""The parameters of a request: each a list of texts, read as what they should be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar
from urllib.parse import unquote_plus

from ckanext.landlab.errors import RequestError

T = TypeVar("T")
_WHOLE = re.compile(r"[+-]?\d{1,20}")
MOST = 2000  # parameters of a request


@dataclass(frozen=True)
class Params:
    given: Mapping[str, list[str]]

    @classmethod
    def parse(cls, *texts: str) -> Params:
        """The parameters of query strings and form bodies."""
        given: dict[str, list[str]] = {}
        pairs = [pair for text in texts if text for pair in text.split("&") if pair]
        if len(pairs) > MOST:
            raise RequestError(f"The parameters cannot be read: there are more than {MOST}")
        for pair in pairs:
            name, _, value = pair.partition("=")
            given.setdefault(_plain(name), []).append(_plain(value))
        return cls(given)

    @cached_property
    def first(self) -> dict[str, str]:
        """Each parameter's first value."""
        return {name: values[0] for name, values in self.given.items() if values}

    def all(self, name: str) -> list[str]:
        return self.given.get(name, [])

    def text(self, name: str, default: str = "") -> str:
        return self.first.get(name, default)

    def flag(self, name: str, default: bool = False) -> bool:
        """The parameter *name* as yes or no.

        Raises:
            RequestError: it is neither.
        """
        value = self.first.get(name)
        if value is None:
            return default
        if value.lower() in ("true", "on", "yes"):
            return True
        if value.lower() in ("false", "off", "no"):
            return False
        raise RequestError(f"invalid boolean value: {value}")

    def whole(self, name: str, default: int) -> int:
        """The parameter *name* as a whole number of 32 bits.

        Raises:
            RequestError: it is none.
        """
        value = self.first.get(name)
        if value is None:
            return default
        if not _WHOLE.fullmatch(value) or not -(2**31) <= int(value) < 2**31:
            raise RequestError(f'For input string: "{value[:100]}"')
        return int(value)


def _plain(text: str) -> str:
    """*text* of an address as it was before it was quoted."""
    if "%" not in text and "+" not in text:
        return text
    try:
        return unquote_plus(text, errors="strict")
    except UnicodeDecodeError as error:
        raise RequestError(f"The parameters cannot be read: {error}") from error
