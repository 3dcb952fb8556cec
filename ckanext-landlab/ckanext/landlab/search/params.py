"""The parameters of a request: each a list of texts, read as what they should be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar
from urllib.parse import parse_qsl

from ckanext.landlab.errors import RequestError

T = TypeVar("T")


@dataclass(frozen=True)
class Params:
    given: Mapping[str, list[str]]

    @classmethod
    def parse(cls, *texts: str) -> Params:
        """The parameters of query strings and form bodies."""
        given: dict[str, list[str]] = {}
        try:
            pairs = [pair for text in texts for pair in parse_qsl(text, True, max_num_fields=2000, errors="strict")]
        except ValueError as error:
            raise RequestError(f"The parameters cannot be read: {error}") from error
        for name, value in pairs:
            given.setdefault(name, []).append(value)
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
        if value.lower() in ("true", "on", "yes", "1"):
            return True
        if value.lower() in ("false", "off", "no", "0", ""):
            return False
        raise RequestError(f"invalid boolean value: {value}")

    def whole(self, name: str, default: int) -> int:
        """The parameter *name* as a whole number.

        Raises:
            RequestError: it is none.
        """
        value = self.first.get(name)
        if value is None or value == "":
            return default
        try:
            return int(value)
        except ValueError as error:
            raise RequestError(f'For input string: "{value}"') from error
