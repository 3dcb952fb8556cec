"""Legal profiles: which law a publisher of a Land works under, and how sure we are of each fact.

To add a Land, add a file under `schemas/legal_profiles/`.  What is marked `to_check` is shown as such and
never stated as a fact; in particular no sentence on liability cites a rule that nobody has read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from ckanext.landlab import schemas
from ckanext.landlab.errors import DeclarationError

FOLDER = "legal_profiles"
CERTAINTIES = ("confirmed", "to_check")
DUTIES: Mapping[str, Mapping[str, str]] = {
    "obliged": {"de": "verpflichtend", "en": "obliged"},
    "partly": {"de": "teilweise verpflichtend", "en": "partly obliged"},
    "voluntary": {"de": "freiwillig", "en": "voluntary"},
}
TO_CHECK: Mapping[str, str] = {"de": "zu prüfen", "en": "to be checked"}


@dataclass(frozen=True)
class Statute:
    """A law of the profile, and whether municipalities are obliged by it."""

    name: str
    iri: str | None
    municipalities: str
    certain: bool
    source: str | None
    note: Mapping[str, str]

    def duty(self, language: str) -> str:
        """Obliged or voluntary in words, marked where it has still to be checked."""
        words = DUTIES[self.municipalities][language]
        return words if self.certain else f"{words} ({TO_CHECK[language]})"


@dataclass(frozen=True)
class Fact:
    """A name that is certain or still to be checked."""

    name: str | None
    iri: str | None
    certain: bool

    def text(self, language: str) -> str:
        """The name, or that it has to be checked."""
        if self.name and self.certain:
            return self.name
        return f"{self.name} ({TO_CHECK[language]})" if self.name else TO_CHECK[language]


@dataclass(frozen=True)
class LegalProfile:
    """What a publisher in one Land has to know."""

    code: str
    land: Mapping[str, str]
    read: date
    statutes: tuple[Statute, ...]
    liability: Fact
    liability_exists: bool | None
    accessibility_law: Fact
    monitoring: Fact
    enforcement: Fact

    @property
    def liability_rule(self) -> str:
        """The statutory liability rule that a notice may cite; empty unless it exists and is confirmed."""
        return (self.liability.name or "") if self.liability_exists and self.liability.certain else ""


@cache
def all_profiles() -> Mapping[str, LegalProfile]:
    """Every profile by its code."""
    profiles = [profile_of(name, schemas.read(f"{FOLDER}/{name}")) for name in schemas.names(FOLDER)]
    return {profile.code: profile for profile in profiles}


def profile_of(name: str, content: Mapping[str, Any]) -> LegalProfile:
    """The profile declared in *content*.

    Raises:
        DeclarationError: a key is missing or a value is not one of the allowed ones.
    """
    try:
        rule, access = content["liability_rule"], content["accessibility"]
        return LegalProfile(
            code=content["code"],
            land=content["land"],
            read=content["read"],
            statutes=tuple(_statute(entry) for entry in content["statutes"]),
            liability=_fact(rule),
            liability_exists=rule["exists"],
            accessibility_law=_fact(access["law"]),
            monitoring=_fact(access["monitoring"]),
            enforcement=_fact(access["enforcement"]),
        )
    except (KeyError, ValueError, TypeError) as error:
        raise DeclarationError(f"schemas/{FOLDER}/{name}.yaml", "profile", f"missing or wrong: {error}") from error


def _statute(entry: Mapping[str, Any]) -> Statute:
    if entry["municipalities"] not in DUTIES:
        raise ValueError(f"municipalities is one of {', '.join(DUTIES)}, not {entry['municipalities']!r}")
    return Statute(
        name=entry["name"],
        iri=entry["iri"],
        municipalities=entry["municipalities"],
        certain=_certain(entry),
        source=entry["source"],
        note=entry["note"],
    )


def _fact(entry: Mapping[str, Any]) -> Fact:
    return Fact(name=entry["name"], iri=entry.get("iri"), certain=_certain(entry))


def _certain(entry: Mapping[str, Any]) -> bool:
    if entry["certainty"] not in CERTAINTIES:
        raise ValueError(f"certainty is one of {', '.join(CERTAINTIES)}, not {entry['certainty']!r}")
    return entry["certainty"] == "confirmed"
