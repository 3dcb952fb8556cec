"""What this site is made of, as CycloneDX wants it: every installed package, and the servers inside of some."""

from __future__ import annotations

import re
import subprocess
import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from importlib.metadata import Distribution, distributions, version
from pathlib import Path
from typing import Any

from ckanext.landlab.stack import postgres, redis

PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def bill(lock: Path | None = None) -> dict[str, Any]:
    """The bill of materials of this environment; with the hashes that the *lock* file names."""
    hashes = locked(lock) if lock and lock.exists() else {}
    components = sorted((*_packages(hashes), *_servers()), key=lambda part: str(part["bom-ref"]))
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid4()}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.now(timezone.utc).isoformat(timespec="seconds"),
            "component": {
                "type": "application",
                "bom-ref": "ckanext-landlab",
                "name": "ckanext-landlab",
                "version": version("ckanext-landlab"),
                "licenses": [{"license": {"id": "AGPL-3.0-or-later"}}],
            },
        },
        "components": components,
    }


def locked(lock: Path) -> Mapping[tuple[str, str], list[str]]:
    """The SHA-256 sums of every package and version that a lock file pins."""
    found: dict[tuple[str, str], list[str]] = {}
    current: list[str] = []
    for line in lock.read_text(encoding="utf-8").splitlines():
        if pinned := PINNED.match(line):
            current = found.setdefault((normal(pinned.group(1)), pinned.group(2)), [])
        current += HASH.findall(line)
    return found


def normal(name: str) -> str:
    """The name of a package in the one way that the index knows."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _packages(hashes: Mapping[tuple[str, str], list[str]]) -> Iterator[dict[str, Any]]:
    seen: set[str] = set()
    for found in distributions():
        name = normal(found.metadata["Name"])
        if name not in seen and name != "ckanext-landlab":
            seen.add(name)
            yield _package(found, name, hashes.get((name, found.version), []))


def _package(found: Distribution, name: str, sums: list[str]) -> dict[str, Any]:
    address = f"pkg:pypi/{name}@{found.version}"
    part: dict[str, Any] = {
        "type": "library",
        "bom-ref": address,
        "name": name,
        "version": found.version,
        "purl": address,
    }
    if licence := _licence(found):
        part["licenses"] = [licence]
    if sums:
        comment = "sha-256 of " + ("the file" if len(sums) == 1 else "each file that may be installed")
        part["properties"] = [{"name": f"landlab:{comment}", "value": value} for value in sums]
    return part


def _licence(found: Distribution) -> dict[str, Any] | None:
    if expressions := found.metadata.get_all("License-Expression"):
        return {"expression": expressions[0]}
    named = [line for line in found.metadata.get_all("Classifier") or () if line.startswith("License ::")]
    said = found.metadata.get_all("License") or [""]
    text = named[0].rpartition(" :: ")[2] if named else said[0].strip().split("\n")[0]
    return {"license": {"name": text[:100]}} if text else None


def _servers() -> Iterator[dict[str, Any]]:
    """The servers inside of wheels, which no list of packages names."""
    programs = {"postgresql": postgres.PROGRAMS / "postgres", "redis": redis.PROGRAM}
    for name, program in programs.items():
        if not program.exists():
            continue
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
        number = re.search(r"\d+\.\d+(?:\.\d+)?", said)
        shown = number.group() if number else ""
        address = f"pkg:generic/{name}@{shown}"
        yield {"type": "application", "bom-ref": address, "name": name, "version": shown, "purl": address}
