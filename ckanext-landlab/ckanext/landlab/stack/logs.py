"""Log files: shown, followed, and kept from growing without end."""

from __future__ import annotations

import shutil
import time
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path

LIMIT = 10_000_000  # bytes; beside each log lies one older part of at most this size
STEP = 0.5  # seconds between two looks


def bound(folder: Path, limit: int = LIMIT) -> None:
    """Move what a log has beyond the limit aside; its server keeps writing into the same file (opened for append)."""
    for file in folder.glob("*.log"):
        if file.stat().st_size > limit:
            shutil.copyfile(file, file.with_suffix(".log.1"))
            with file.open("r+b") as log:
                log.truncate(0)


def tail(file: Path, count: int) -> list[str]:
    """The last *count* lines."""
    with file.open(encoding="utf-8", errors="replace") as lines:
        return list(deque(lines, maxlen=count))


def follow(files: Iterable[Path], tell: Callable[[str], None]) -> None:
    """Tell each new line of the *files* until somebody interrupts."""
    places = {file: file.stat().st_size for file in files}
    while True:
        for file, place in places.items():
            places[file] = read_on(file, place, tell)
        time.sleep(STEP)


def read_on(file: Path, place: int, tell: Callable[[str], None]) -> int:
    """Tell what *file* holds after *place*, and return where it ends now; a file cut short is read from its start."""
    with file.open(encoding="utf-8", errors="replace") as log:
        log.seek(place if file.stat().st_size >= place else 0)
        while line := log.readline():
            tell(line)
        return log.tell()
