"""A memory of bounded weight: what was asked for least recently leaves first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Any


class Memory:
    """Values by their keys, together no heavier than *most*."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.weight = 0
        self.held: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()

    def recall(self, key: Hashable) -> Any:
        """The value of *key*; None if there is none."""
        found = self.held.get(key)
        if found is None:
            return None
        self.held.move_to_end(key)
        return found[0]

    def keep(self, key: Hashable, value: Any, weight: int) -> None:
        """Keep *value*, unless it alone would take a large part of the room."""
        if weight > self.most // 8 or key in self.held:
            return
        self.held[key] = value, weight
        self.weight += weight
        while self.weight > self.most:
            _, (_, gone) = self.held.popitem(last=False)
            self.weight -= gone

    def forget(self) -> None:
        """Empty it."""
        self.held.clear()
        self.weight = 0
