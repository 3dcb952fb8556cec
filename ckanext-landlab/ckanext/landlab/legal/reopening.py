"""Which questions a change after the release asks again, and why.

A snapshot holds only what can reopen: identities and addresses, never contents.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from .facts import format_of
from .release_check import ReleaseCheck, Text
from .walk import Answer

Snapshot = Mapping[str, Any]

REASONS: Mapping[str, Text] = {
    "licence": {"de": "die Lizenz wurde geändert", "en": "the licence was changed"},
    "custodian": {"de": "die datenverantwortliche Stelle wurde geändert", "en": "the custodian was changed"},
    "origin": {"de": "die Herkunftsart wurde geändert", "en": "the kind of origin was changed"},
    "spatial": {"de": "das Gebiet wurde geändert", "en": "the area was changed"},
    "hvd": {"de": "die HVD-Kategorie wurde geändert", "en": "the HVD category was changed"},
}


@dataclass(frozen=True)
class Change:
    """Something that happened after the release, as the release check names it, and what it was."""

    kind: str
    reason: Text


def snapshot(dataset: Mapping[str, Any]) -> Snapshot:
    """What of *dataset* can reopen its release, in plain values that JSON can hold."""
    resources = dataset.get("resources") or ()
    default = dataset.get("license_id") or ""
    return {
        "resources": {
            resource["id"]: {
                "name": resource.get("name") or resource.get("url") or resource["id"],
                "address": _address(resource),
                "format": format_of(resource),
            }
            for resource in resources
            if resource.get("id")
        },
        "licence": sorted({resource.get("license") or default for resource in resources} or {default}),
        "custodian": [[agent.get("name") or "", agent.get("email") or ""] for agent in dataset.get("custodian") or ()],
        "origin": dataset.get("origin") or "",
        "spatial": dataset.get("spatial_coverage") or [],
        "hvd": sorted(dataset.get("hvd_category") or ()),
    }


def _address(resource: Mapping[str, Any]) -> str:
    # An uploaded file keeps its place when it is renewed; its full address would change with the site's.
    url = str(resource.get("url") or "")
    return url.rpartition("/")[2] if resource.get("url_type") == "upload" else url


def changes(before: Snapshot, after: Snapshot) -> tuple[Change, ...]:
    """What happened between two snapshots."""
    return (*_new_resources(before["resources"], after["resources"]), *_others(before, after))


def _new_resources(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for identifier, resource in after.items():
        name, earlier = resource["name"], before.get(identifier)
        if earlier is None:
            yield Change("resources", {"de": f"neue Datei „{name}“", "en": f"new file “{name}”"})
        elif (earlier["address"], earlier["format"]) != (resource["address"], resource["format"]):
            yield Change("resources", {"de": f"andere Datei bei „{name}“", "en": f"another file under “{name}”"})


def _others(before: Snapshot, after: Snapshot) -> Iterator[Change]:
    for kind, reason in REASONS.items():
        if before.get(kind) != after.get(kind):
            yield Change(kind, reason)


def reopen(check: ReleaseCheck, answers: Mapping[str, Answer], happened: tuple[Change, ...]) -> dict[str, Answer]:
    """*answers*, with a reason on each that has to be given again because of what *happened*."""
    return {identifier: _reopened(check, identifier, answer, happened) for identifier, answer in answers.items()}


def _reopened(check: ReleaseCheck, identifier: str, answer: Answer, happened: tuple[Change, ...]) -> Answer:
    question = check.questions.get(identifier)
    touching = [change.reason for change in happened if question and change.kind in question.reopened_by]
    if not touching:
        return answer
    return replace(
        answer,
        reopened={
            "de": f"Wieder geöffnet: {'; '.join(reason['de'] for reason in touching)}.",
            "en": f"Opened again: {'; '.join(reason['en'] for reason in touching)}.",
        },
    )
