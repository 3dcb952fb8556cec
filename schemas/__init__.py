"""The one reader of LandLab's declarations: YAML in, plain values out.

Everything declared (fields, vocabularies, notices, questions, terms) lies beside this file.
Ask for a file by its name without the ending; a folder's files by folder and name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent

# libyaml where the wheel has it: the region list alone is thousands of entries.
_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Concept:
    """One allowed value of a vocabulary: its IRI, its short code and its labels per language."""

    iri: str
    code: str
    label: Mapping[str, str]
    deprecated: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)

    def text(self, language: str) -> str:
        """The label in *language*, else German, else the code."""
        return self.label.get(language) or self.label.get("de") or self.code


@dataclass(frozen=True)
class Vocabulary:
    """A controlled vocabulary as taken from its *source* on the day *taken*."""

    name: str
    title: Mapping[str, str]
    scheme: str
    source: str
    taken: str
    concepts: Mapping[str, Concept]  # by IRI, in the order of the file

    def __contains__(self, iri: object) -> bool:
        return iri in self.concepts

    def by_code(self, code: str) -> Concept | None:
        """The concept whose short code is *code*, whatever its case."""
        return _codes(self.name).get(code.casefold())


def read(name: str) -> Any:
    """The content of `schemas/<name>.yaml`, parsed anew: the caller may keep and change it."""
    return yaml.load((HERE / f"{name}.yaml").read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 safe loaders


def names(folder: str) -> list[str]:
    """The names of the YAML files in *folder*, sorted."""
    return sorted(file.stem for file in (HERE / folder).glob("*.yaml"))


@cache
def vocabulary(name: str) -> Vocabulary:
    """The controlled vocabulary `vocabularies/<name>.yaml`."""
    content = read(f"vocabularies/{name}")
    concepts = (_concept(content, entry) for entry in content["concepts"])
    return Vocabulary(
        name=name,
        title=content["title"],
        scheme=content["scheme"],
        source=content["source"],
        taken=str(content["taken"]),
        concepts={concept.iri: concept for concept in concepts},
    )


def _concept(content: Mapping[str, Any], entry: Mapping[str, Any]) -> Concept:
    known = {"code", "iri", "label", "deprecated"}
    return Concept(
        iri=entry.get("iri") or content["base"] + entry["code"],
        code=str(entry["code"]),
        label=entry["label"],
        deprecated=entry.get("deprecated", False),
        facts={key: value for key, value in entry.items() if key not in known},
    )


@cache
def _codes(name: str) -> Mapping[str, Concept]:
    return {concept.code.casefold(): concept for concept in vocabulary(name).concepts.values()}
