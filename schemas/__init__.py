"""The one reader of LandLab's declarations: YAML in, plain values out.

Everything declared (fields, vocabularies, notices, questions, terms) lies beside this file.
Ask for a file by its name without the ending; a folder's files by folder and name.
A site's own vocabularies, renewed or imported, lie in a folder of its own that `overlay` names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
RECORDS = ("dataset", "dataset_series", "data_service")  # the kinds of records, each with form, page and feed entry

# libyaml where the wheel has it: the region list alone is thousands of entries.
_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_overlay: Path | None = None


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
    base: str = ""  # what the IRIs of its concepts begin with
    version: str = ""
    renewal: str = ""  # where a newer version is published, if it can be fetched
    others: frozenset[str] = frozenset()  # IRIs that are valid too, but carry no label here

    def __contains__(self, iri: object) -> bool:
        return iri in self.concepts or iri in self.others

    def by_code(self, code: str) -> Concept | None:
        """The concept whose short code is *code*, whatever its case."""
        return self._codes.get(code.casefold())

    @cached_property
    def _codes(self) -> Mapping[str, Concept]:
        return {concept.code.casefold(): concept for concept in self.concepts.values()}


def read(name: str) -> Any:
    """The content of `schemas/<name>.yaml`, parsed anew: the caller may keep and change it."""
    return yaml.load((HERE / f"{name}.yaml").read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 safe loaders


@cache
def names(folder: str) -> tuple[str, ...]:
    """The names of the YAML files in *folder*, sorted."""
    return tuple(sorted(file.stem for file in (HERE / folder).glob("*.yaml")))


def overlay(folder: Path | str | None) -> None:
    """Prefer the vocabularies that lie in *folder* to the shipped ones; None: only the shipped ones."""
    global _overlay  # one site, one folder; set once when the site starts
    _overlay = Path(folder) if folder else None


def vocabularies() -> list[str]:
    """The names of all vocabularies, shipped and a site's own, sorted."""
    own = (file.stem for file in _overlay.glob("*.yaml")) if _overlay else ()
    return sorted({*names("vocabularies"), *own})


def vocabulary_file(name: str) -> Path:
    """Where the vocabulary *name* is read from: the site's own file if there is one."""
    own = _overlay / f"{name}.yaml" if _overlay else None
    return own if own and own.is_file() else HERE / "vocabularies" / f"{name}.yaml"


def vocabulary(name: str) -> Vocabulary:
    """The controlled vocabulary *name*; a renewed file is read anew without a restart."""
    file = vocabulary_file(name)
    return _vocabulary(name, file, file.stat().st_mtime_ns if _overlay else 0)


@cache
def _vocabulary(name: str, file: Path, _changed: int) -> Vocabulary:
    content = yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 safe loaders
    concepts = (_concept(content, entry) for entry in content["concepts"])
    return Vocabulary(
        name=name,
        title=content["title"],
        scheme=content["scheme"],
        source=content["source"],
        taken=str(content["taken"]),
        concepts={concept.iri: concept for concept in concepts},
        base=content["base"],
        version=content["version"],
        renewal=content.get("renewal", ""),
        others=frozenset(content["base"] + code for code in content.get("others", "").split()),
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


def line_of(name: str, *path: str | int) -> int:
    """The line of `schemas/<name>.yaml` where *path* begins, or its nearest parent that is there."""
    node: Any = yaml.compose((HERE / f"{name}.yaml").read_text(encoding="utf-8"), Loader=_Loader)
    line = 1
    for step in path:
        below = _below(node, step)
        if below is None:
            break
        line, node = below
    return line


def _below(node: Any, step: str | int) -> tuple[int, Any] | None:
    match node, step:
        case yaml.SequenceNode(value=items), int() if step < len(items):
            return items[step].start_mark.line + 1, items[step]
        case yaml.MappingNode(value=pairs), _:
            return next(((key.start_mark.line + 1, value) for key, value in pairs if key.value == str(step)), None)
    return None
