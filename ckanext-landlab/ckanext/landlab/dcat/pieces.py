"""A JSON-LD document too large for memory, as smaller documents that say the same together.

A parser of JSON-LD holds the whole document.  What catalogues publish is an array of objects, at the top or as
`@graph` beside a context; each run of these objects is read with what stands around the array.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from ckanext.landlab.errors import UnreadableGraph, UnsplittableGraph

PIECE = 1_000_000  # bytes of objects that are read together
MOST = 8_000_000  # bytes of one object, or of what stands around the array
_READ = 1_000_000
_NEAR = 64  # blanks between a name and its colon
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|["{}\[\]]', re.DOTALL)
_COLON = re.compile(rb"\s*:")
_COMMA = re.compile(rb"\s*,")
_AROUND = {b'"@context"', b'"@id"', b'"@graph"'}


@dataclass
class _Layout:
    """Where the array stands in a document, and where one piece of it ends and the next begins."""

    opens: int = -1  # just behind its bracket
    last: int = -1  # just behind its last object, or behind its bracket
    ends: list[int] = field(default_factory=list)  # each just behind the last object of a piece
    names: set[bytes] = field(default_factory=set)  # of what stands at the top of the document
    name: bytes = b""
    depth: int = 0
    array: int = 0  # how deep it lies; 0 before it, -1 behind it

    def opened(self, place: int, token: bytes) -> None:
        self.depth += 1
        is_top = self.depth == 1 or (self.depth == 2 and self.name == b'"@graph"')
        if token == b"[" and self.array == 0 and is_top:
            self.array, self.opens, self.last = self.depth, place + 1, place + 1

    def closed(self, place: int) -> None:
        self.depth -= 1
        if self.depth == self.array:
            self._object_ended(place + 1)
        elif self.depth == self.array - 1:
            self.array = -1
            if self.last > self._begun:
                self.ends.append(self.last)

    def _object_ended(self, end: int) -> None:
        if end - self.last > MOST:
            raise UnsplittableGraph
        self.last = end
        if end - self._begun > PIECE:
            self.ends.append(end)

    @property
    def _begun(self) -> int:
        return self.ends[-1] if self.ends else self.opens


def pieces(path: Path) -> Iterator[bytes]:
    """Documents that say together what the one in the file *path* says.

    Raises UnsplittableGraph where there is no such array, UnreadableGraph where the document breaks off.
    """
    with path.open("rb") as file:
        layout, size = _layout(file), path.stat().st_size
        if layout.opens < 0 or layout.names - _AROUND or layout.opens > MOST or size - layout.last > MOST:
            raise UnsplittableGraph
        before, after = _bytes(file, 0, layout.opens).removeprefix(b"\xef\xbb\xbf"), _bytes(file, layout.last, size)
        start = layout.opens
        for end in layout.ends or [start]:
            objects = _bytes(file, start, end)
            yield before + (objects if start == layout.opens else _after_comma(objects)) + after
            start = end


def _layout(file: BinaryIO) -> _Layout:
    layout = _Layout()
    for place, token, is_name in _tokens(file):
        if token in (b"{", b"["):
            layout.opened(place, token)
        elif token in (b"}", b"]"):
            layout.closed(place)
        elif is_name and layout.depth == 1:
            layout.name = token
            layout.names.add(token)
    if layout.depth:
        raise UnreadableGraph("jsonld", "the document breaks off")
    return layout


def _tokens(file: BinaryIO) -> Iterator[tuple[int, bytes, bool]]:
    """Brackets and texts with their places; of a text, whether it is the name of a member."""
    buffer, offset = b"", 0
    while read := file.read(_READ):
        buffer, kept = buffer + read, len(buffer) + len(read)
        for found in _TOKEN.finditer(buffer):
            token, end = found[0], found.end()
            if token == b'"' or (token[0] == 34 and len(buffer) - end < _NEAR and len(read) == _READ):
                kept = found.start()  # it may go on
                break
            yield offset + found.start(), token, token[0] == 34 and bool(_COLON.match(buffer, end))
        offset, buffer = offset + kept, buffer[kept:]
        if len(buffer) > MOST:
            raise UnsplittableGraph


def _after_comma(objects: bytes) -> bytes:
    comma = _COMMA.match(objects)
    if not comma:
        raise UnreadableGraph("jsonld", "a comma is missing between two objects")
    return objects[comma.end() :]


def _bytes(file: BinaryIO, start: int, end: int) -> bytes:
    file.seek(start)
    return file.read(end - start)
