"""Spoilt documents: each is read or refused with a sentence, whatever was spoilt; nothing else happens.

Some hundred always, 10,000 with `LANDLAB_FULL=1`.
"""

from __future__ import annotations

import os
import random
from collections import Counter

from ckanext.landlab.dcat import catalog, syntax
from ckanext.landlab.errors import UnreadableGraph
from test_stored import DOCUMENT

ROUNDS = 10_000 if os.environ.get("LANDLAB_FULL") else 400
SNIPPETS = (
    *(b"\x00", b"\xff\xfe", b"\xc3", b"<", b">", b'"', b"{", b"}", b"&amp;", b"&x;", b"]]>", b"<!--", b"@de", b"^^<"),
    *(b"_:", b"\\u0000", b"\\uD800", b"%", b"#", b"//", b" " * 500, b"a" * 5000, b"[" * 200, b"(" * 200),
    *(b'"@id":', b"rdf:nodeID='1'"),
)


def spoilt(document: bytes, chance: random.Random) -> bytes:
    """*document* cut, doubled, shifted, overwritten or with something put in, once or several times."""
    data = bytearray(document)
    for _ in range(chance.choice((1, 1, 2, 5))):
        start, length = chance.randrange(len(data) + 1), chance.choice((1, 3, 40, 400))
        match chance.randrange(6):
            case 0:
                del data[start:]
            case 1:
                del data[start : start + length]
            case 2:
                data[start:start] = data[start : start + length]
            case 3:
                data[start:start] = chance.choice(SNIPPETS)
            case 4:
                data[start : start + 1] = bytes([chance.randrange(256)])
            case 5:
                data[start:start], data[start : start + length] = data[:length], b""
    return bytes(data)


def test_spoilt_documents_are_read_or_refused():
    statements = list(syntax.parse(DOCUMENT.encode(), "ttl").graph)
    documents = [(name, syntax.serialise(statements, name)) for name in syntax.FORMATS]
    chance, ends = random.Random(6), Counter()

    for number in range(ROUNDS):
        name, document = documents[number % len(documents)]
        data = spoilt(document, chance)
        try:
            ends["read"] += bool(list(catalog.items(syntax.parse(data, syntax.syntax_of("", data) or name).graph)))
        except UnreadableGraph as refused:
            ends["refused" if str(refused) else "without a word"] += 1

    print(dict(ends))
    assert not ends["without a word"]
    assert ends["read"] > ROUNDS / 20
    assert ends["refused"] > ROUNDS / 10
