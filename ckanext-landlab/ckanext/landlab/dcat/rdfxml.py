"""RDF/XML, well-formed whatever came in: one prefix block, one element for each subject, in the order given.

XML has no way to say a predicate whose address does not end in a name, nor a character that it forbids.  `sayable` is
what every syntax can say; feeds say that in all of them, so that they are equal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from html import escape

from ckanext.landlab.dcat.terms import NAMESPACES, TYPE, Statement, Term, literal, parts
from ckanext.landlab.dcat.turtle import Subjects, by_subject, short

_NAMED = re.compile(r"<(.*?)([A-Za-z_][A-Za-z0-9_.\-]*)>")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
START = "".join(
    [
        '<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF',
        *(f'\n  xmlns:{prefix}="{namespace}"' for prefix, namespace in NAMESPACES.items()),
        ">\n",
    ]
)
END = "</rdf:RDF>\n"


def document(statements: Iterable[Statement]) -> str:
    """*statements* as one document."""
    return f"{START}{body(by_subject(sayable(statements)))}{END}"


def body(subjects: Subjects) -> str:
    """What is said of *subjects*, all of it sayable, an element each; needs the prefix block above it."""
    return "".join(_element(subject, properties) for subject, properties in subjects.items())


def sayable(statements: Iterable[Statement]) -> list[Statement]:
    """Those of *statements* that XML can say, without the characters that it forbids."""
    return [(s, p, _clean(o)) for s, p, o in statements if _is_named(p)]


def _element(subject: Term, properties: dict[Term, list[Term]]) -> str:
    lines = "".join(_property(predicate, value) for predicate, values in properties.items() for value in values)
    return f"<rdf:Description {_reference('about', subject)}>\n{lines}</rdf:Description>\n"


@lru_cache(maxsize=4096)
def _property(predicate: Term, value: Term) -> str:
    start, end = _tags(predicate)
    return f"  <{start}{_content(value, end)}\n"


def _content(value: Term, end: str) -> str:
    if value[0] != '"':
        return f" {_reference('resource', value)}/>"
    text, language, datatype = parts(value)
    written = escape(text, quote=False).replace("\r", "&#13;")
    kind = f' xml:lang="{language}"' if language else f' rdf:datatype="{escape(datatype[1:-1])}"' if datatype else ""
    return f"{kind}>{written}</{end}>"


def _reference(role: str, term: Term) -> str:
    return f'rdf:{role}="{escape(term[1:-1])}"' if term[0] == "<" else f'rdf:nodeID="{term[2:]}"'


@lru_cache(maxsize=2048)
def _tags(predicate: Term) -> tuple[str, str]:
    """The start tag of a property, open for attributes, and its name."""
    name = "rdf:type" if predicate == TYPE else short(predicate)
    if name[0] != "<":
        return name, name
    named = _NAMED.fullmatch(predicate)
    assert named  # noqa: S101 it is sayable
    return f'own:{named[2]} xmlns:own="{escape(named[1])}"', f"own:{named[2]}"


@lru_cache(maxsize=2048)
def _is_named(predicate: Term) -> bool:
    return bool(_NAMED.fullmatch(predicate))


@lru_cache(maxsize=1024)
def _clean(term: Term) -> Term:
    if term[0] != '"' or "\\" not in term:
        return term
    text, language, datatype = parts(term)
    clean = _FORBIDDEN.sub("", text)
    return term if clean == text else literal(clean, language, datatype)
