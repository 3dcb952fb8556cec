"""A look into each file of a ZIP, as if it had come alone."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path, PurePosixPath

from .findings import Finding, Look
from .limits import Limits, unpacks_within

FILES = 200  # of one archive

LookInto = Callable[[Path, str, Limits], Look]


def look_into_archive(path: Path, limits: Limits, look: LookInto) -> Look:
    """What *look* finds in the files of the ZIP at *path*; an archive in an archive stays closed."""
    try:
        if not unpacks_within(path, limits):
            return Look((), 0, "too_large")
        with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory(prefix="landlab-look-") as folder:
            return _together(_looks(archive, Path(folder) / "file", limits, look))
    except (zipfile.BadZipFile, NotImplementedError, OSError, RuntimeError, EOFError):  # encrypted, or packed unknown
        return Look((), 0, "unreadable")


def _looks(archive: zipfile.ZipFile, unpacked: Path, limits: Limits, look: LookInto) -> list[Look]:
    members = [member for member in archive.infolist() if not member.is_dir()]
    looks: list[Look] = []
    for member in members[:FILES]:
        name = PurePosixPath(member.filename.replace("\\", "/"))
        if limits.over:
            looks.append(Look((), 0, "rest"))
            break
        with archive.open(member) as packed, unpacked.open("wb") as file:
            shutil.copyfileobj(packed, file)
        found = look(unpacked, name.suffix, limits)
        looks.append(replace(found, findings=tuple(_in(name.name, finding) for finding in found.findings)))
    if len(members) > FILES:
        looks.append(Look((), 0, "rest"))
    return looks


def _in(name: str, finding: Finding) -> Finding:
    return replace(finding, file=name[:100])


def _together(looks: list[Look]) -> Look:
    told = {look.left_out for look in looks}
    findings = tuple(finding for look in looks for finding in look.findings)
    if told & {"unreadable", "too_large"}:
        left_out = "partly"
    elif "rest" in told:
        left_out = "rest"
    else:
        left_out = None if None in told else "unsupported"
    return Look(findings, sum(look.rows for look in looks), left_out)
