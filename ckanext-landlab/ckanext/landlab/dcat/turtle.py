"""Turtle, written for people and for diffs: one prefix block, one block for each subject, in the order given."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from ckanext.landlab.dcat.terms import NAMESPACES, TYPE, Statement, Term

Subjects = dict[Term, dict[Term, list[Term]]]  # subject → predicate → values

# A local part that needs no escape in a prefixed name; anything else is written in full.
_LOCAL = re.compile(r"[A-Za-z_][A-Za-z0-9_\-]*")
PREFIXES = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in NAMESPACES.items())


@lru_cache(maxsize=8192)
def short(term: Term) -> str:
    """*term*, an IRI, as a prefixed name where there is one that needs no escape."""
    if term == TYPE:
        return "a"
    for prefix, namespace in NAMESPACES.items():
        if term.startswith(namespace, 1) and _LOCAL.fullmatch(local := term[len(namespace) + 1 : -1]):
            return f"{prefix}:{local}"
    return term


def _object(term: Term) -> str:
    if term[0] == "<":
        return short(term) if term != TYPE else term
    if term[0] == '"' and term[-1] == ">":
        end = term.rfind('"') + 3
        return term[:end] + short(term[end:])
    return term


def document(statements: Iterable[Statement]) -> str:
    """*statements* with the prefix block above them."""
    return PREFIXES + body(by_subject(statements))


def body(subjects: Subjects) -> str:
    """What is said of *subjects*, first come first written; needs the prefix block above it."""
    return "".join(_block(subject, properties) for subject, properties in subjects.items())


def by_subject(statements: Iterable[Statement]) -> Subjects:
    """The values of *statements* by subject and predicate, in the order in which they came."""
    subjects: Subjects = {}
    for subject, predicate, value in statements:
        properties = subjects.get(subject)
        if properties is None:
            properties = subjects[subject] = {}
        values = properties.get(predicate)
        if values is None:
            properties[predicate] = [value]
        else:
            values.append(value)
    return subjects


def _block(subject: Term, properties: dict[Term, list[Term]]) -> str:
    lines = [
        f"{short(predicate)} {_object(values[0]) if len(values) == 1 else ', '.join(map(_object, values))}"
        for predicate, values in properties.items()
    ]
    return f"\n{subject} " + " ;\n  ".join(lines) + " .\n"
