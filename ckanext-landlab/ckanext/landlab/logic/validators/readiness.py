"""Strict publishing: what GovData would refuse is refused here, with the sentence at the field.

A draft and a private dataset are told of the same things as hints.  A dataset that is public already is not held to
what was wrong before: a change is refused only for what it makes worse.  So a record from another catalogue, and one
that a later edition of a list made invalid, can still be mended step by step.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

import ckan.plugins.toolkit as tk
from ckan.lib.navl.dictization_functions import unflatten
from ckanext.landlab.dcat import findings
from ckanext.landlab.dcat.findings import Finding
from ckanext.landlab.language import reader
from ckanext.landlab.logic.kinds import harvested, public
from ckanext.landlab.surroundings import context_of, decoded, site, stored

__all__ = ["landlab_ready"]

Key = tuple[Any, ...]


def landlab_ready(key: Key, data: dict[Key, Any], errors: dict[Key, Any], context: dict[str, Any]) -> None:
    """Refuse to publish a record that has a Violation; runs after all fields."""
    wrong = {key[: _depth(key)] for key, reasons in errors.items() if reasons}
    record = _record(data, wrong, context)
    if harvested(context) or not public(record, context):
        return
    for finding in _new(findings.refusing(_found(record, context)), context):
        place = _place(finding.path, data)
        if place[: _depth(place)] not in wrong:
            errors[place] = [*(errors.get(place) or []), finding.message[reader()]]


def _depth(key: Key) -> int:
    """How much of a key names its field: of a file's field the number of the file and the name."""
    return 3 if key[0] == "resources" else 1


def _record(data: Mapping[Key, Any], wrong: Iterable[Key], context: Mapping[str, Any]) -> dict[str, Any]:
    """What is about to be stored, without the fields that were refused already."""
    kept = {
        key: value for key, value in data.items() if value is not tk.missing and key[: _depth(key)] not in set(wrong)
    }
    record = {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in unflatten(kept).items()
    }
    if package := context.get("package"):
        record |= {name: getattr(package, name) for name in ("id", "name", "type") if not record.get(name)}
    return _with_addresses(decoded(record))


def _with_addresses(record: dict[str, Any]) -> dict[str, Any]:
    """Uploaded files with an address, which CKAN makes of the file's name only when the record is shown."""
    for resource in record["resources"]:
        if resource.get("url_type") == "upload" and "://" not in str(resource.get("url") or "://"):
            resource["url"] = f"{site()}/dataset/download/{quote(resource['url'])}"
    return record


def _found(record: dict[str, Any], context: Mapping[str, Any]) -> list[Finding]:
    previous = stored(context["package"]) if record.get("uri") and context.get("package") else None
    return findings.of_record(record, context_of(record), previous)


def _new(found: list[Finding], context: Mapping[str, Any]) -> list[Finding]:
    """Of a dataset that is public those that it did not have before."""
    package = context.get("package")
    if not found or package is None or package.state != "active" or package.private:
        return found
    record = stored(package)
    known = {_what(finding) for finding in findings.of_record(record, context_of(record))}
    return [finding for finding in found if _what(finding) not in known]


def _what(finding: Finding) -> tuple[str, ...]:
    return finding.rule, *(step for step in finding.path if isinstance(step, str))


def _place(path: findings.Path, data: Mapping[Key, Any]) -> Key:
    """Where CKAN expects the error of *path*: a list is one field, a group is wrong in one of its parts."""
    field = str(path[0])
    if len(path) > 2:
        return tuple(path[:3])
    parts = sorted(key for key in data if key[0] == field and len(key) > 2)
    return parts[0] if parts and field != "resources" else (field,)
