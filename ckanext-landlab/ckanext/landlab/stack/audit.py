"""Which pinned packages have published weaknesses, asked of OSV (https://osv.dev): its service, or a copy of its data.

The copy is `all.zip` of the ecosystem PyPI, fetched on a machine that may ask the web and carried here; so the audit
also works where nothing may go out.  Where neither can be had nothing was audited, and that is said.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import distributions, version
from pathlib import Path
from typing import Any

import requests
from ckanext.landlab.errors import AuditRefused
from ckanext.landlab.stack.language import _
from ckanext.landlab.stack.sbom import locked, normal
from packaging.version import InvalidVersion, Version

SERVICE = "https://api.osv.dev/v1/querybatch"
COPIES = "https://osv-vulnerabilities.storage.googleapis.com/PyPI/all.zip"
PATIENCE = 20  # seconds
MOST = 500  # packages in one question; the service takes a thousand
OURS = ("ckanext-landlab", version("ckanext-landlab"))
LARGEST = 1 << 20  # bytes of one advisory

Package = tuple[str, str]


@dataclass(frozen=True)
class Weakness:
    """One published weakness of a pinned package."""

    package: str
    version: str
    number: str
    summary: str = ""

    def __str__(self) -> str:
        return f"{self.package} {self.version}: {self.number} {self.summary}".rstrip()


def packages(locks: Iterable[Path]) -> set[Package]:
    """What the lock files pin; what is installed, where there is no lock file, as in the image."""
    there = [lock for lock in locks if lock.exists()]
    if there:
        return {package for lock in there for package in locked(lock)}
    return {(normal(found.metadata["Name"]), found.version) for found in distributions()} - {OURS}


def from_service(packages: Iterable[Package], service: str = SERVICE) -> list[Weakness]:
    """What OSV's service knows of *packages*; raises AuditRefused if it cannot be asked."""
    asked, found = sorted(packages), []
    for start in range(0, len(asked), MOST):
        part = asked[start : start + MOST]
        queries = [{"package": {"name": name, "ecosystem": "PyPI"}, "version": number} for name, number in part]
        try:
            answer = requests.post(service, json={"queries": queries}, timeout=PATIENCE)
            answer.raise_for_status()
            results = answer.json()["results"]
        except (requests.RequestException, ValueError, KeyError, TypeError) as error:
            raise AuditRefused(service, _("it does not answer ({error})").format(error=type(error).__name__)) from error
        if not isinstance(results, list) or len(results) != len(part):
            raise AuditRefused(service, _("its answer is not complete"))
        for (name, number), result in zip(part, results, strict=True):
            found += [Weakness(name, number, entry["id"]) for entry in (result or {}).get("vulns") or ()]
    return found


def from_copy(packages: Iterable[Package], copy: Path) -> list[Weakness]:
    """What a copy of OSV's data knows of *packages*; raises AuditRefused if it cannot be read."""
    wanted: dict[str, list[str]] = {}
    for name, number in packages:
        wanted.setdefault(name, []).append(number)
    found, advisories = [], 0
    for advisory in _advisories(copy):
        advisories += 1
        if "withdrawn" in advisory:
            continue
        for affected in advisory.get("affected") or ():
            name = normal(str((affected.get("package") or {}).get("name") or ""))
            hit = [number for number in wanted.get(name, ()) if concerns(affected, number)]
            found += [Weakness(name, number, advisory["id"], advisory.get("summary") or "") for number in hit]
    if not advisories:
        raise AuditRefused(copy, _("there is no advisory in it"))
    return sorted(set(found), key=str)


def concerns(affected: Mapping[str, Any], number: str) -> bool:
    """Whether an entry `affected` of an advisory means the version *number*: it is listed, or lies in a range."""
    if number in (affected.get("versions") or ()):
        return True
    ranges = (entry for entry in affected.get("ranges") or () if entry.get("type") == "ECOSYSTEM")
    return any(_lies_in(entry.get("events") or (), number) for entry in ranges)


def _lies_in(events: Iterable[Mapping[str, str]], number: str) -> bool:
    """Whether *number* lies behind an `introduced` and not behind a `fixed` or a `last_affected` (OSV schema 1.6)."""
    here, inside = Version(number), False
    for event in sorted(events, key=_place):
        for kind, text in event.items():
            border = _version(text)
            if kind == "introduced" and here >= border:
                inside = True
            elif (kind == "fixed" and here >= border) or (kind == "last_affected" and here > border):
                inside = False
    return inside


def _place(event: Mapping[str, str]) -> Version:
    return _version(next(iter(event.values()), "0"))


def _version(text: str) -> Version:
    try:
        return Version(text)
    except InvalidVersion:
        return Version("0")


def _advisories(copy: Path) -> Iterator[dict[str, Any]]:
    try:
        with zipfile.ZipFile(copy) as archive:
            for member in archive.infolist():
                if member.filename.endswith(".json") and member.file_size <= LARGEST:
                    told = json.loads(archive.read(member))
                    if isinstance(told, dict) and "id" in told:
                        yield told
    except (OSError, zipfile.BadZipFile, ValueError) as error:
        raise AuditRefused(copy, _("it is no copy of OSV's data ({error})").format(error=error)) from error
