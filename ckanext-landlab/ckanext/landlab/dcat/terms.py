"""RDF terms as N-Triples write them: plain strings, quick to make, to compare and to keep.

`<http://…>` is an IRI, `_:label` a blank node, everything else a literal.  Statements are triples of such strings.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

Term = str
Statement = tuple[Term, Term, Term]

NAMESPACES: dict[str, str] = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dcatde": "http://dcat-ap.de/def/dcatde/",
    "dct": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "geodcatap": "http://data.europa.eu/930/",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "locn": "http://www.w3.org/ns/locn#",
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "http://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "time": "http://www.w3.org/2006/time#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

# What an IRI must not contain (RFC 3987), and a percent sign that starts no escape.
_ILLEGAL = re.compile(r"""[\x00-\x20<>"{}|\\^`\x7f-\x9f\ud800-\udfff\ufff0-\uffff]|%(?![0-9A-Fa-f]{2})""")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\x7f": "\\u007F"}
_TO_ESCAPE = re.compile(r"""[\x00-\x1f"\\\x7f\ud800-\udfff\ufffe\uffff]""")
_ESCAPED = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_UNESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


@cache
def expand(name: str) -> Term:
    """The IRI that a prefixed *name* such as `dct:title` stands for."""
    prefix, colon, local = name.partition(":")
    if not colon or prefix not in NAMESPACES:
        raise KeyError(name)
    return f"<{NAMESPACES[prefix]}{local}>"


TYPE = expand("rdf:type")


def shorten(term: Term) -> str:
    """The prefixed name of an IRI where its namespace is known, else the IRI itself."""
    for prefix, namespace in NAMESPACES.items():
        if term.startswith(namespace, 1):
            return f"{prefix}:{term[1 + len(namespace) : -1]}"
    return term[1:-1]


def is_iri(term: Term) -> bool:
    return term[0] == "<"


def is_blank(term: Term) -> bool:
    return term[0] == "_"


def is_literal(term: Term) -> bool:
    return term[0] == '"'


def sound(term: Term) -> Term:
    """A literal without characters that XML cannot hold, and with a language tag that is one; others as they are."""
    if term[0] != '"' or ("\\" not in term and term[-1] in '">'):
        return term
    text, language, datatype = parts(term)
    if language and not _LANGUAGE.fullmatch(language):
        language = language.replace("_", "-").strip()
        language = language if _LANGUAGE.fullmatch(language) else ""
    return literal(text, language, datatype)


def is_empty(term: Term) -> bool:
    """Whether *term* is a literal without a letter in it, or the beginning of an address and nothing more."""
    if term in _BEGINNINGS:
        return True
    return term[0] == '"' and (term[1] == '"' or not parts(term)[0].strip())


_BEGINNINGS = frozenset(
    form.format(start) for form in ("<{}>", '"{}"') for start in ("mailto:", "tel:", "http://", "https://")
)


def looks_like_iri(text: str) -> bool:
    """Whether *text* is meant as an IRI: with a host or as a name, and without a character that must not be in one."""
    return (bool(_SCHEME.match(text)) and not _ILLEGAL.search(text) and "//" in text) or text.startswith("urn:")


@lru_cache(maxsize=4096)
def is_absolute(text: str) -> bool:
    """Whether *text* can stand as an IRI as it is."""
    return bool(_SCHEME.match(text)) and not _ILLEGAL.search(text)


@lru_cache(maxsize=4096)
def iri(text: str) -> Term:
    """The IRI *text*, its illegal characters percent-encoded."""
    return f"<{mended(text)}>"


def mended(text: str) -> str:
    """*text* with every character that must not be in an IRI percent-encoded, and nothing else changed."""
    if not _ILLEGAL.search(text) and text.count("#") < 2 and "[" not in text and "]" not in text:
        return text
    text = _ILLEGAL.sub(_encoded, text.strip())
    head, hash_, fragment = text.partition("#")
    if not _IP_LITERAL.match(head):
        head = head.replace("[", "%5B").replace("]", "%5D")
    return head + hash_ + fragment.replace("#", "%23").replace("[", "%5B").replace("]", "%5D")


_IP_LITERAL = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://[^/?]*\[[0-9A-Fa-f:.]+\](:\d*)?([/?][^\[\]]*)?$")


def _encoded(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "replace"))


def literal(text: str, language: str = "", datatype: Term = "") -> Term:
    """A literal with a language tag, a datatype (an IRI term) or neither; what XML cannot hold is left out."""
    if _TO_ESCAPE.search(text):
        text = _TO_ESCAPE.sub(_escape, text)
    if language:
        return f'"{text}"@{language}'
    return f'"{text}"^^{datatype}' if datatype else f'"{text}"'


def _escape(match: re.Match[str]) -> str:
    """The escape of a character that needs one; nothing for one that no RDF/XML may contain."""
    return _ESCAPES.get(match[0], "")


def parts(term: Term) -> tuple[str, str, Term]:
    """Text, language tag and datatype of a literal; the last two are empty where there is none."""
    end = term.rfind('"')
    text, rest = term[1:end], term[end + 1 :]
    if "\\" in text:
        text = _ESCAPED.sub(_unescape, text)
    if not rest:
        return text, "", ""
    return (text, rest[1:], "") if rest[0] == "@" else (text, "", rest[2:])


def _unescape(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _UNESCAPES.get(match[3], match[3])


def text_of(term: Term) -> str:
    """What a person reads in *term*: the text of a literal, the address of an IRI."""
    return parts(term)[0] if term[0] == '"' else term.strip("<>")


def is_language(tag: str) -> bool:
    """Whether *tag* can be a language tag (BCP 47, its form only)."""
    return bool(_LANGUAGE.fullmatch(tag))
