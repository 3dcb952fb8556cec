"""How many requests of which kind took how long, counted by all processes of a web server in one piece of memory.

The memory is made before the server forks.  Every process writes into a slot of its own, so that none waits for
another and one that is killed spoils nothing; whoever is asked adds up all slots.
"""

from __future__ import annotations

import mmap
import os
import struct
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import psutil

SLOTS = 64
KINDS = ("page", "api", "feed", "dataset", "file", "static", "edit", "login", "health")
ANSWERS = ("2xx", "3xx", "4xx", "5xx")
BOUNDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)  # seconds
CELLS = len(ANSWERS) + len(BOUNDS) + 1  # answers by status, answers by time, the sum of all times
SLOT = 8 * (1 + len(KINDS) * CELLS)  # the process comes first


@dataclass
class Counters:
    """The counters of all processes that come from the one that made them."""

    memory: mmap.mmap = field(default_factory=lambda: mmap.mmap(-1, SLOTS * SLOT))
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _mine: tuple[int, int] = (0, 0)  # the process, and where its slot begins

    def count(self, kind: str, status: int, seconds: float) -> None:
        """Count one answer."""
        first = 1 + KINDS.index(kind) * CELLS
        cells = [first + min(max(status // 100 - 2, 0), 3)]
        cells += [first + len(ANSWERS) + place for place, bound in enumerate(BOUNDS) if seconds <= bound]
        with self._lock:
            start = self._slot()
            for cell in cells:
                self._add(start + 8 * cell, 1)
            self._add(start + 8 * (first + CELLS - 1), seconds)

    def totals(self) -> Mapping[str, list[float]]:
        """The sum of all slots: for each kind the answers by status, by time, and the sum of their times."""
        size = len(KINDS) * CELLS
        sums = [0.0] * size
        for slot in range(SLOTS):
            for cell, value in enumerate(struct.unpack_from(f"{size}d", self.memory, slot * SLOT + 8)):
                sums[cell] += value
        return {kind: sums[place * CELLS : (place + 1) * CELLS] for place, kind in enumerate(KINDS)}

    def _slot(self) -> int:
        """Where the slot of this process begins; at its first count it takes one that nobody uses."""
        process = os.getpid()
        if self._mine[0] != process:
            free = next((slot for slot in range(SLOTS) if not self._is_taken(slot, process)), process % SLOTS)
            struct.pack_into("d", self.memory, free * SLOT, float(process))
            self._mine = (process, free * SLOT)
        return self._mine[1]

    def _is_taken(self, slot: int, process: int) -> bool:
        owner = int(struct.unpack_from("d", self.memory, slot * SLOT)[0])
        return owner not in (0, process) and psutil.pid_exists(owner)

    def _add(self, place: int, value: float) -> None:
        (known,) = struct.unpack_from("d", self.memory, place)
        struct.pack_into("d", self.memory, place, known + value)


@dataclass(frozen=True)
class Gauge:
    """A number of the site, as Prometheus wants it named and explained, by label."""

    name: str
    meaning: str
    values: Mapping[tuple[tuple[str, str], ...], float]


def kind_of(path: str, method: str) -> str:
    """What sort of thing a request asks for."""
    if method not in ("GET", "HEAD", "OPTIONS"):
        return "login" if path.startswith("/user/login") else "api" if path.startswith("/api/") else "edit"
    if "/download/" in path:
        return "file"
    beginnings = {"/api/": "api", "/health": "health", "/metrics": "health", "/feed": "feed", "/catalog": "feed"}
    beginnings |= {"/webassets": "static", "/base/": "static", "/fanstatic": "static", "/uploads/": "static"}
    found = next((kind for start, kind in beginnings.items() if path.startswith(start)), "")
    return found or ("dataset" if path.startswith("/dataset/") else "page")


def exposition(counters: Counters, gauges: Iterable[Gauge]) -> str:
    """All numbers in Prometheus's text format."""
    return "".join(f"{line}\n" for line in (*_requests(counters.totals()), *_gauges(gauges)))


def _requests(totals: Mapping[str, list[float]]) -> Iterator[str]:
    yield "# HELP landlab_requests_total Answers by what was asked for and how it ended."
    yield "# TYPE landlab_requests_total counter"
    for kind, sums in totals.items():
        for answer, value in zip(ANSWERS, sums, strict=False):
            yield f'landlab_requests_total{{kind="{kind}",status="{answer}"}} {value:.0f}'
    yield "# HELP landlab_request_seconds How long answers took."
    yield "# TYPE landlab_request_seconds histogram"
    for kind, sums in totals.items():
        count = sum(sums[: len(ANSWERS)])
        for bound, value in zip(BOUNDS, sums[len(ANSWERS) :], strict=False):
            yield f'landlab_request_seconds_bucket{{kind="{kind}",le="{bound}"}} {value:.0f}'
        yield f'landlab_request_seconds_bucket{{kind="{kind}",le="+Inf"}} {count:.0f}'
        yield f'landlab_request_seconds_sum{{kind="{kind}"}} {sums[-1]:.6f}'
        yield f'landlab_request_seconds_count{{kind="{kind}"}} {count:.0f}'


def _gauges(gauges: Iterable[Gauge]) -> Iterator[str]:
    for gauge in gauges:
        yield f"# HELP {gauge.name} {gauge.meaning}"
        yield f"# TYPE {gauge.name} gauge"
        for labels, value in gauge.values.items():
            shown = ",".join(f'{name}="{_escaped(text)}"' for name, text in labels)
            yield f"{gauge.name}{{{shown}}} {value:g}" if shown else f"{gauge.name} {value:g}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
