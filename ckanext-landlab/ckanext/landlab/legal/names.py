"""Names of people that are usual here, to tell a person from an office or a place."""

from __future__ import annotations

import unicodedata
from functools import cache

from ckanext.landlab import schemas


@cache
def first_names() -> frozenset[str]:
    """The usual first names, as `folded` spells them."""
    return frozenset(map(folded, schemas.read("names")["first"]))


@cache
def family_names() -> frozenset[str]:
    """The usual family names, as `folded` spells them."""
    return frozenset(map(folded, schemas.read("names")["family"]))


def folded(text: str) -> str:
    """*text* as it stands in an address of mail: lower case, umlauts spelt out, no accents."""
    spelt_out = text.casefold().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
    return unicodedata.normalize("NFKD", spelt_out.replace("ı", "i")).encode("ascii", "ignore").decode()
