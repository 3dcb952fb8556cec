"""JSON-LD, written short: names from a context, one object for each subject, in the order given."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain

from ckanext.landlab.dcat.terms import NAMESPACES, TYPE, Statement, Term, parts
from ckanext.landlab.dcat.turtle import Subjects, by_subject, short

# `geo:` is also the scheme of addresses that mean a place; as a prefix it would change them.
_PREFIXES = {prefix: namespace for prefix, namespace in NAMESPACES.items() if prefix != "geo"}
START = f'{{"@context":{json.dumps(_PREFIXES, separators=(",", ":"))},"@graph":[\n'
END = "]}\n"
_quoted = json.JSONEncoder(ensure_ascii=False).encode


def document(statements: Iterable[Statement]) -> str:
    """*statements* as one document with its context."""
    return f"{START}{body(by_subject(statements))}{END}"


def body(subjects: Subjects) -> str:
    """What is said of *subjects*, an object each, with commas between them; needs the context above it."""
    return ",\n".join(_object(subject, properties) for subject, properties in subjects.items())


def _object(subject: Term, properties: dict[Term, list[Term]]) -> str:
    if any(map(_misread, (subject, *properties, *chain.from_iterable(properties.values())))):
        return _plain(subject, properties)
    return f'{{"@id":{_quoted(_address(subject))}{"".join(map(_property, properties.items()))}}}'


@lru_cache(maxsize=4096)
def _misread(term: Term) -> bool:
    """Whether a reader would take the scheme of an address for a prefix of ours: `<vcard:Organization>`."""
    if term[0] == '"':
        return '"^^<' in term and _misread(parts(term)[2])
    scheme, colon, rest = term[1:].partition(":")
    return bool(term[0] == "<" and colon and scheme in _PREFIXES and not rest.startswith("//"))


def _plain(subject: Term, properties: dict[Term, list[Term]]) -> str:
    """The same without the context, every address in full."""
    said = {
        "@context": None,
        "@id": _address(subject),
        **{predicate[1:-1]: [_plain_value(value) for value in values] for predicate, values in properties.items()},
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _plain_value(term: Term) -> dict[str, str]:
    if term[0] != '"':
        return {"@id": _address(term)}
    text, language, datatype = parts(term)
    kind = {"@language": language} if language else {"@type": datatype[1:-1]} if datatype else {}
    return {**kind, "@value": text}


def _property(item: tuple[Term, list[Term]]) -> str:
    predicate, values = item
    if predicate == TYPE and not any(value[0] == '"' for value in values):
        return f',"@type":[{",".join(map(_class, values))}]'
    written = _value(values[0]) if len(values) == 1 else f"[{','.join(map(_value, values))}]"
    return f",{_name(predicate)}:{written}"


@lru_cache(maxsize=2048)
def _name(term: Term) -> str:
    name = short(term)
    return _quoted(term[1:-1] if (name[0] in "<a" and term == TYPE) or name[0] == "<" or name[:4] == "geo:" else name)


@lru_cache(maxsize=1024)
def _class(term: Term) -> str:
    return _name(term) if term[0] == "<" else _quoted(term)


@lru_cache(maxsize=4096)
def _value(term: Term) -> str:
    if term[0] != '"':
        return f'{{"@id":{_quoted(_address(term))}}}'
    text, language, datatype = parts(term)
    if language:
        return f'{{"@language":{_quoted(language)},"@value":{_quoted(text)}}}'
    return f'{{"@type":{_name(datatype)},"@value":{_quoted(text)}}}' if datatype else _quoted(text)


def _address(term: Term) -> str:
    return term[1:-1] if term[0] == "<" else term
