"""What a set of statements says, as a short text: the same for the same statements, however they were written down.

Neither the order of the statements nor the labels of blank nodes matter, so a catalogue in another syntax has the
fingerprints that it had.  A blank node is known by what is said about it and where it hangs (the colours of Weisfeiler
and Leman); two nodes that these cannot tell apart are alike for every reader of records.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from hashlib import blake2b

from ckanext.landlab.dcat.terms import Statement, Term

MOST_ROUNDS = 24  # steps from a blank node that are looked at; deeper chains are told apart by what they say


def fingerprint(statements: Iterable[Statement]) -> str:
    """32 hexadecimal digits that stand for *statements*, a set of them."""
    said = {(subject, predicate, _settled(value)) for subject, predicate, value in statements}
    names = colours([line for line in said if line[0][0] == "_" or line[2][0] == "_"])
    lines = sorted(f"{names.get(s, s)} {p} {names.get(o, o)}" for s, p, o in said)
    return blake2b("\n".join(lines).encode(errors="surrogatepass"), digest_size=16).hexdigest()


def _settled(value: Term) -> Term:
    """*value* with its language tag in small letters, as some syntaxes write it and others do not."""
    if value[0] != '"' or value[-1] in '">':
        return value
    end = value.rfind('"')
    return value[:end] + value[end:].lower()


def colours(statements: Collection[Statement]) -> dict[Term, str]:
    """A name for each blank node that follows from what is said about it, and about those it is tied to."""
    nodes = {term for subject, _, value in statements for term in (subject, value) if term[0] == "_"}
    found = dict.fromkeys(nodes, "_:")
    kinds = 1
    for _ in range(min(len(nodes) + 1, MOST_ROUNDS) if nodes else 0):
        seen: dict[Term, list[str]] = {node: [] for node in nodes}
        for subject, predicate, value in statements:
            if subject in nodes:
                seen[subject].append(f"{predicate} {found.get(value, value)}")
            if value in nodes:
                seen[value].append(f"{found.get(subject, subject)} {predicate} ^")
        found = {node: _hashed([found[node], *sorted(lines)]) for node, lines in seen.items()}
        if len(set(found.values())) == kinds:
            break
        kinds = len(set(found.values()))
    return found


def _hashed(lines: Iterable[str]) -> str:
    return "_:" + blake2b("\n".join(lines).encode(errors="surrogatepass"), digest_size=12).hexdigest()
