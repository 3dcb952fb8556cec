"""Entity bombs in RDF/XML, refused before a parser expands them.

The parser expands internal entities without a bound: a file of one kilobyte whose entities name each
other ten times over takes all memory of the machine.  Lists and catalogues use entities to abbreviate
namespaces, once, flat and short; that stays allowed.
"""

from __future__ import annotations

import re

from ckanext.landlab.errors import TooManyEntities

MAX_EXPANDED = 50_000_000  # bytes that all references of a file may become


def refuse_bombs(content: bytes) -> None:
    """Raise TooManyEntities if parsing *content* as XML could need far more memory than it has bytes."""
    if b"\0" in content[:200]:  # UTF-16: a zero beside every letter
        content = content.decode("utf-16", errors="replace").encode()
    if b"<!ENTITY" not in content:
        return
    declared = re.findall(rb"<!ENTITY\s+(%?\s*[^\s\"'>]+)\s+(?:\"([^\"]*)\"|'([^']*)'|([^>]*))", content)
    expanded = 0
    for name, double, single, external in declared:
        value = double or single
        if external or name.startswith(b"%") or re.search(rb"&(?!#|amp;|lt;|gt;|quot;|apos;)", value):
            raise TooManyEntities(name.decode(errors="replace"))
        expanded += content.count(b"&" + name + b";") * len(value)
    if expanded > MAX_EXPANDED:
        raise TooManyEntities(declared[0][0].decode(errors="replace"))
