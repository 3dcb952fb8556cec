"""Who answers for what: the roles of a dataset as answers to the questions a citizen asks.

The roles stand in `schemas/responsibilities.yaml`.  Persons appear as functions with mailboxes; an address that
looks like a person's gets a warning.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ckanext.landlab import schemas
from ckanext.landlab.legal.names import family_names, first_names, folded
from ckanext.landlab.legal.parameters import is_web_address

PARTICLES = ("von", "van", "der", "de", "zu", "zur")  # of a name


@dataclass(frozen=True)
class Body:
    """A body or function that fills a role."""

    name: str
    email: str = ""
    url: str = ""

    def __bool__(self) -> bool:
        return bool(self.name or self.email or self.url)


@dataclass(frozen=True)
class Responsibility:
    """A question and who answers to it."""

    role: str
    label: Mapping[str, str]
    question: Mapping[str, str]
    required: bool
    bodies: tuple[Body, ...]

    def as_dict(self, language: str) -> dict[str, Any]:
        """The answer as it goes into the API."""
        return {
            "role": self.role,
            "label": self.label[language],
            "question": self.question[language],
            "bodies": [{"name": body.name, "email": body.email, "url": body.url} for body in self.bodies],
        }


def responsibilities_of(record: Mapping[str, Any], portal: Body, hosts: Iterable[str] = ()) -> list[Responsibility]:
    """Every role of *record*; *hosts* are the servers named by notices, else the portal hosts."""
    answers = {"portal": (portal,), "host": tuple(Body(host) for host in hosts) or (portal,)}
    return [
        Responsibility(
            role=row["role"],
            label=row["label"],
            question=row["question"],
            required=row["required"],
            bodies=tuple(body for body in answers.get(row["source"]) or bodies_of(record.get(row["source"])) if body),
        )
        for row in _declaration()["roles"]
    ]


def missing_roles(record: Mapping[str, Any]) -> list[str]:
    """The roles without which *record* must not be published: nobody would answer for it."""
    rows = (row for row in _declaration()["roles"] if row["required"])
    return [row["role"] for row in rows if not any(bodies_of(record.get(row["source"])))]


def bodies_of(value: Any) -> tuple[Body, ...]:
    """The bodies in a field's value: a list of agents, one agent, or a name."""
    if isinstance(value, Mapping):
        return (_body(value),)
    if isinstance(value, str):
        return (Body(value.strip()),) if value.strip() else ()
    if isinstance(value, Iterable):
        return tuple(body for entry in value for body in bodies_of(entry))
    return ()


def title(language: str) -> str:
    """The heading of the box."""
    return _declaration()["title"][language]


def nobody(language: str) -> str:
    """What stands where a role is filled by nobody."""
    return _declaration()["nobody"][language]


def looks_personal(email: str) -> bool:
    """Whether *email* looks like a person's address and not like the mailbox of an office.

    Two words that no office uses, or an initial and such a word, joined by a dot, dash or underscore; or a usual name
    alone, with or without an initial before it and a number behind it.
    """
    local = folded(email.removeprefix("mailto:").partition("@")[0]).rstrip("0123456789")
    parts = [part for part in re.split(r"[._-]+", local) if part and part not in PARTICLES]
    if len(parts) == 1:
        return _is_name(parts[0])
    if len(parts) not in (2, 3) or not all(part.isalpha() for part in parts):
        return False
    domain = set(re.split(r"[.@-]+", folded(email.partition("@")[2])))
    return not any(_is_of_office(part) or part in domain for part in parts)


def _is_name(word: str) -> bool:
    return word in first_names() or word in family_names() or word[1:] in family_names()


@dataclass(frozen=True)
class PersonalAddress:
    """An address in the field *field* (its row *index*) that looks like a person's."""

    field: str
    index: int
    email: str
    role: Mapping[str, str]

    def sentence(self, language: str) -> str:
        """What to do about it; a warning only, for nobody knows every name."""
        words = _declaration()["personal_address"][language]
        return words.format(email=self.email, role=self.role[language])


def personal_addresses(record: Mapping[str, Any]) -> list[PersonalAddress]:
    """Every address of *record* that looks like a person's instead of an office's."""
    return [
        PersonalAddress(row["source"], index, body.email, row["label"])
        for row in _declaration()["roles"]
        for index, body in enumerate(bodies_of(record.get(row["source"])))
        if body.email and looks_personal(body.email)
    ]


def _is_of_office(part: str) -> bool:
    return part.endswith("amt") or any(
        part == word or (len(word) > 4 and part.startswith(word)) for word in _office_words()
    )


def _body(entry: Mapping[str, Any]) -> Body:
    url = str(entry.get("url") or entry.get("homepage") or "").strip()
    email = str(entry.get("email") or "").strip().removeprefix("mailto:")
    return Body(str(entry.get("name") or "").strip(), email, url if is_web_address(url) else "")


@cache
def _declaration() -> Mapping[str, Any]:
    return schemas.read("responsibilities")


@cache
def _office_words() -> frozenset[str]:
    return frozenset(_declaration()["office_words"])
