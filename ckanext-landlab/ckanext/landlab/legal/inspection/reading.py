"""What all readers of tables have in common: what they give, and what they raise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from .limits import Limits

Row = Sequence[str]
Table = Iterator[Row]
Reader = Callable[[Path, Limits], Iterator[Table]]


class Unreadable(Exception):
    """The file is not what its ending says, or unpacks to too much; its text is the reason's name."""

    def __init__(self, reason: str = "unreadable") -> None:
        super().__init__(reason)
