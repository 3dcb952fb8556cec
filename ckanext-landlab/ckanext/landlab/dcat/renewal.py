"""Vocabularies age: how a published list is read, compared with ours, and kept in the site's own folder.

`read` takes what is published (RDF in any syntax, the CSV of the catalogue of model datasets, the official
list of municipalities), `renewed` merges it into our vocabulary and says what changed, `write` stores it.
Nothing that a dataset may point at is ever dropped: what a new list no longer has is marked deprecated.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from ckanext.landlab import schemas
from ckanext.landlab.errors import VocabularyUnreadable

MAX_BYTES = 50_000_000
ACCEPT = (
    "application/rdf+xml, text/turtle;q=0.9, application/ld+json;q=0.8, application/n-triples;q=0.8, text/csv;q=0.5"
)

# A list with fewer of our concepts than this share is more likely the wrong file than a new edition.
ENOUGH = 0.5

_Dumper: type[Any] = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


@dataclass(frozen=True)
class Published:
    """A list as published: its version and its concepts, by IRI, as entries of a vocabulary file."""

    version: str
    concepts: Mapping[str, Mapping[str, Any]]
    head: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Changes:
    """What a new edition changes, by code."""

    before: str
    after: str
    added: list[str]
    renamed: list[str]
    withdrawn: list[str]  # still in our list, but deprecated from now on
    returned: list[str]

    def __bool__(self) -> bool:
        return bool(self.added or self.renamed or self.withdrawn or self.returned or self.before != self.after)


def renewed(name: str, published: Published, force: bool = False) -> tuple[dict[str, Any], Changes]:
    """The new content of the vocabulary file *name*, and what *published* changes in it.

    Raises VocabularyUnreadable when hardly any of our concepts is in the list, unless *force*.
    """
    content = yaml.safe_load(schemas.vocabulary_file(name).read_text(encoding="utf-8"))
    ours = {entry.get("iri") or content["base"] + entry["code"]: entry for entry in content["concepts"]}
    known = sum(iri in published.concepts for iri in ours)
    if not published.concepts or (known < ENOUGH * len(ours) and not force):
        raise VocabularyUnreadable(
            name,
            f"the list has {known} of our {len(ours)} concepts; is it the right one? (--force takes it all the same)",
        )
    keep_labels = content.get("labels") == "ours"
    entries = {iri: _merged(entry, published.concepts.get(iri), keep_labels) for iri, entry in ours.items()}
    added = {iri: entry for iri, entry in published.concepts.items() if iri not in ours}
    if "others" in content:
        codes = {entry["code"] for entry in added.values()}
        content["others"] = " ".join(sorted(codes | set(content["others"].split())))
    else:
        entries |= {iri: {**entry, "label": _both(entry["label"])} for iri, entry in added.items()}
    changes = _changes(content["version"], published.version, ours, entries)
    content |= {**published.head, "version": published.version, "taken": date.today().isoformat()}  # noqa: DTZ011 a day
    return {**content, "concepts": list(entries.values())}, changes


def _merged(ours: Mapping[str, Any], theirs: Mapping[str, Any] | None, keep_labels: bool) -> dict[str, Any]:
    """Our entry with their labels; our facts stay."""
    if theirs is None:
        # A concept that only a later edition has is not withdrawn because an older one lacks it.
        return dict(ours) if "later_than" in ours else {**ours, "deprecated": True}
    entry = {key: value for key, value in ours.items() if key not in ("later_than", "deprecated")}
    label = ours["label"] if keep_labels else {**ours["label"], **theirs["label"]}
    return {**entry, **theirs, "label": label}


def _both(label: Mapping[str, str]) -> dict[str, str]:
    """German and English; a name given in one language only stands in both."""
    return {"de": label.get("de") or label["en"], "en": label.get("en") or label["de"]}


def _changes(before: str, after: str, ours: Mapping[str, Any], entries: Mapping[str, Any]) -> Changes:
    def codes(condition: Any) -> list[str]:
        return [entry["code"] for iri, entry in entries.items() if condition(ours.get(iri), entry)]

    def gone(entry: Mapping[str, Any]) -> bool:
        return bool(entry.get("deprecated"))

    return Changes(
        before=before,
        after=after,
        added=codes(lambda old, new: old is None),
        renamed=codes(lambda old, new: old is not None and old["label"] != new["label"]),
        withdrawn=codes(lambda old, new: old is not None and gone(new) and not gone(old)),
        returned=codes(lambda old, new: old is not None and gone(old) and not gone(new)),
    )


def write(folder: Path, name: str, content: Mapping[str, Any]) -> Path:
    """Store *content* as the site's own vocabulary *name*, whole or not at all; returns the file."""
    folder.mkdir(parents=True, exist_ok=True)
    text = yaml.dump(dict(content), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1000)
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=f".{name}-")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    Path(temporary).chmod(0o644)
    return Path(temporary).replace(folder / f"{name}.yaml")


def sentences(changes: Changes, used: frozenset[str] = frozenset()) -> Iterator[str]:
    """What to tell about *changes*, a line each; *used* are the codes that datasets point at."""
    yield f"{changes.before or '–'} → {changes.after or '–'}"
    for title, codes in (("new", changes.added), ("renamed", changes.renamed), ("back", changes.returned)):
        if codes:
            yield f"{len(codes)} {title}: {', '.join(codes[:20])}{' …' if len(codes) > 20 else ''}"
    if changes.withdrawn:
        marked = [f"{code} (in use)" if code in used else code for code in changes.withdrawn]
        yield f"{len(marked)} no longer listed, kept as deprecated: {', '.join(marked)}"
