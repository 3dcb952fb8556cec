"""One RDF document from many: what stands around the statements of a document, cut away and put back.

    frame = frame_of("rdf", serialise([], "rdf"))
    entry = frame.cut(serialise(statements, "rdf"))     # made when a dataset is saved
    b"".join(frame.join([entry, other_entry]))          # a document again: one prefix block, one rdf:RDF

Two documents can be joined when they were written with the same prefixes and share no blank-node label.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_XML_END = b"</rdf:RDF>"
_JSON_END = b"]}"


@dataclass(frozen=True)
class Frame:
    """What stands before, between and after the statements in one syntax."""

    head: bytes
    between: bytes = b""
    foot: bytes = b""

    def cut(self, document: bytes) -> bytes:
        """The statements of *document* without its frame; raises ValueError if it was written with another one."""
        if not document.startswith(self.head) or not document.rstrip().endswith(self.foot.rstrip()):
            raise ValueError("the document was not written with this frame")
        return document[len(self.head) : document.rindex(self.foot.rstrip()) if self.foot else None].strip()

    def join(self, entries: Iterable[bytes]) -> Iterator[bytes]:
        """The document that says all *entries*, piece by piece."""
        yield self.head
        between = b""
        for entry in entries:
            if entry:
                yield between
                yield entry
                between = b"\n" + self.between
        yield b"\n" + self.foot if between else self.foot


def frame_of(syntax: str, empty: bytes) -> Frame:
    """The frame of *syntax* (ttl, rdf, jsonld, nt), read off a document without statements."""
    match syntax:
        case "rdf":
            start = empty.rindex(_XML_END)
            return Frame(head=empty[:start], foot=empty[start:])
        case "jsonld":
            start = empty.rindex(_JSON_END)
            return Frame(head=empty[:start], between=b",\n", foot=empty[start:])
        case _:
            return Frame(head=empty)
