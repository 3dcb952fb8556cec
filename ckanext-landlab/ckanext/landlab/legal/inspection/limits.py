"""How far a look goes: bytes, rows, columns, seconds, and how much a packed file may unfold."""

from __future__ import annotations

import time
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path


@dataclass(frozen=True)
class Limits:
    """The bounds of one look; *deadline* is set when it starts."""

    bytes: int = 25_000_000
    rows: int = 5_000
    columns: int = 200
    seconds: float = 5.0
    unpacked: int = 100_000_000
    unfolding: int = 200
    deadline: float = float("inf")

    def started(self) -> Limits:
        """The same bounds, with the clock running."""
        return replace(self, deadline=time.monotonic() + self.seconds)

    @property
    def over(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() > self.deadline


def unpacks_within(path: Path, limits: Limits) -> bool:
    """Whether the ZIP at *path* stays within bounds when unpacked.

    zipfile never reads more of a member than its directory declares, so the declared sizes are what counts.
    """
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
    total = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members) or 1
    return len(members) <= 10_000 and total <= limits.unpacked and total / packed <= limits.unfolding
