"""Packed answers unpack to what was said, in constant memory."""

import gzip

import pytest
import zstandard
from ckanext.landlab.feeds.packing import CHUNK, packed, packing_for

ENTRY = "Straßenbäume der Stadt Rebenau ".encode() * 100


@pytest.mark.parametrize(
    ("accepted", "packing"),
    [
        ("", ""),
        ("identity", ""),
        ("gzip", "gzip"),
        ("gzip, deflate, br", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("GZIP;q=0.8, zstd;q=0.5", "gzip"),
        ("gzip;q=0", ""),
        ("*", "zstd"),
        ("*;q=0", ""),
        ("gzip;q=viel", ""),
    ],
)
def test_the_packing_is_what_the_harvester_prefers(accepted, packing):
    assert packing_for(accepted) == packing


@pytest.mark.parametrize(
    ("packing", "unpack"),
    [
        ("", bytes),
        ("gzip", gzip.decompress),
        ("zstd", lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data)),
    ],
)
@pytest.mark.parametrize("count", [0, 1, 500])
def test_what_is_packed_unpacks(packing, unpack, count):
    assert unpack(b"".join(packed((ENTRY for _ in range(count)), packing))) == ENTRY * count


def test_pieces_are_sent_before_all_of_them_are_made():
    made = 0

    def pieces():
        nonlocal made
        for _ in range(10_000):
            made += 1
            yield ENTRY

    next(packed(pieces(), ""))

    assert made <= CHUNK // len(ENTRY) + 1
