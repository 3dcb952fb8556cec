"""Packed answers, unpacked in pieces that stay small whatever a packed piece would grow to."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

import zstandard

PIECE = 64 * 1024
ACCEPTED = "gzip, zstd"
_WINDOW = 8 * 1024 * 1024  # what a reader must be able to hold (RFC 9659)
_SIP = 128  # bytes of zstd at a time: each block of four bytes may grow to 128 KiB


class Broken(ValueError):
    """What was packed ends too early or is no such thing."""


def unpacked(pieces: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """The content of *pieces*, packed as *encoding* says; raises Broken, and KeyError for an unknown encoding."""
    return UNPACKERS[encoding](pieces)


def _gzip(pieces: Iterable[bytes]) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(wbits=47)  # gzip or zlib, by their first bytes
    begun = False
    for piece in pieces:
        data = piece
        while data:
            begun = True
            try:
                content = unpacker.decompress(data, PIECE)
            except zlib.error as error:
                raise Broken(str(error)) from error
            if content:
                yield content
            data = unpacker.unconsumed_tail
            if unpacker.eof:  # several packed one after the other are one file (RFC 1952, 2.2)
                data = unpacker.unused_data.lstrip(b"\0")
                if data:
                    unpacker = zlib.decompressobj(wbits=47)
    if begun and not unpacker.eof:
        raise Broken("ends too early")


def _zstd(pieces: Iterable[bytes]) -> Iterator[bytes]:
    opener = zstandard.ZstdDecompressor(max_window_size=_WINDOW)
    unpacker = opener.decompressobj()
    begun = False
    for piece in pieces:
        for start in range(0, len(piece), _SIP):
            data = piece[start : start + _SIP]
            while data:
                begun = True
                try:
                    if unpacker.eof:
                        unpacker = opener.decompressobj()
                    content = unpacker.decompress(data)
                except zstandard.ZstdError as error:
                    raise Broken(str(error)) from error
                if content:
                    yield content
                data = unpacker.unused_data if unpacker.eof else b""
    if begun and not unpacker.eof:
        raise Broken("ends too early")


UNPACKERS = {"": iter, "identity": iter, "gzip": _gzip, "x-gzip": _gzip, "deflate": _gzip, "zstd": _zstd}
