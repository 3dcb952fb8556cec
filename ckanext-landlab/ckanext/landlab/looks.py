"""Looks into uploaded files, at the moment they are saved.

What was found is kept as kinds, places and counts; values of the file are neither kept nor logged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ckan.lib import uploader
from ckanext.landlab import storage
from ckanext.landlab.legal.facts import format_of
from ckanext.landlab.legal.inspection import KINDS, look_into
from ckanext.landlab.legal.release_check import Text
from ckanext.landlab.model import release as table

SHOWN_IN_NAME = 200


def look_at(dataset: Mapping[str, Any]) -> dict[str, Text]:
    """Look into every uploaded file of *dataset* that has changed since; why questions have to be asked again."""
    kept = table.looks_of(dataset["id"])
    again: dict[str, Text] = {}
    for resource in dataset.get("resources") or ():
        before = kept.get(resource["id"])
        if resource.get("url_type") != "upload" or (before is not None and before.mark == _mark(resource)):
            continue
        found = _look(dataset["id"], resource)
        if before is not None:
            again |= _new_questions(resource, found, before.findings)
    return again


def _look(dataset_id: str, resource: Mapping[str, Any]) -> list[dict[str, Any]]:
    ending = Path(str(resource.get("url") or "")).suffix or format_of(resource)
    with _opened(resource) as path:
        if path is None:
            return []
        seen = look_into(path, ending)
    findings = [asdict(finding) for finding in seen.findings]
    table.store_look(
        resource_id=resource["id"],
        dataset_id=dataset_id,
        mark=_mark(resource),
        rows=seen.rows,
        left_out=seen.left_out,
        findings=findings,
    )
    return findings


def _opened(resource: Mapping[str, Any]) -> AbstractContextManager[Path | None]:
    """The uploaded file, wherever the site stores it."""
    upload: Any = uploader.get_resource_uploader({"url": resource.get("url"), "url_type": "upload"})
    return storage.on_disk(upload.storage, upload.get_path(resource["id"]))


def _mark(resource: Mapping[str, Any]) -> str:
    return "|".join(str(resource.get(key) or "") for key in ("url", "size", "last_modified", "hash"))


def _new_questions(
    resource: Mapping[str, Any], found: Iterable[Mapping[str, Any]], before: Iterable[Mapping[str, Any]]
) -> dict[str, Text]:
    known = {_where(finding) for finding in before}
    name = str(resource.get("name") or resource["id"])[:SHOWN_IN_NAME]
    return {
        KINDS[finding["kind"]].question: {
            "de": f"Wieder geöffnet: in „{name}“ fielen {KINDS[finding['kind']].label['de']} auf.",
            "en": f"Opened again: “{name}” seems to hold {KINDS[finding['kind']].label['en'].lower()}.",
        }
        for finding in found
        if _where(finding) not in known
    }


def _where(finding: Mapping[str, Any]) -> tuple[str, str, str]:
    return finding["kind"], finding["place"], finding.get("file", "")
