"""A dataset as one ZIP stream: its files byte for byte, and beside them all that a reader must know.

The stream is made while it is sent.  A linked file is taken over whole before it is promised, so that one that cannot
be had is listed and not missing in silence.  `SHA256SUMS` comes last, because sums are known only then.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from ckanext.landlab.errors import Unfetchable
from ckanext.landlab.legal.statement import Statement, as_text
from zipstream import ZIP_DEFLATED, ZipStream

# Beyond this a taken-over file waits on disk, not in memory.
IN_MEMORY = 1024 * 1024
CHUNK = 64 * 1024

# The roles of Frictionless Data Packages, v1: https://specs.frictionlessdata.io/data-package/#contributors
ROLES = {"publisher": "publisher", "custodian": "maintainer", "creator": "author", "processor": "wrangler"}

REASONS: Mapping[str, Mapping[str, str]] = {
    "address": {"de": "keine Internetadresse", "en": "no web address"},
    "private": {"de": "liegt nicht im öffentlichen Netz", "en": "not in the public network"},
    "unreachable": {"de": "nicht erreichbar", "en": "cannot be reached"},
    "certificate": {"de": "das Zertifikat des Servers ist ungültig", "en": "the server's certificate is not valid"},
    "encoding": {"de": "unbekannt gepackt", "en": "packed in an unknown way"},
    "status": {"de": "Antwort des Servers: {fact}", "en": "the server answers: {fact}"},
    "redirects": {"de": "zu viele Weiterleitungen", "en": "too many redirects"},
    "size": {"de": "zu groß für dieses Paket", "en": "too large for this package"},
    "time": {"de": "der Server ist zu langsam", "en": "the server is too slow"},
    "broken": {"de": "die Übertragung brach ab", "en": "the transfer broke off"},
}
NOT_INCLUDED: Mapping[str, str] = {
    "de": "Nicht im Paket enthalten (bitte unter der Adresse holen)",
    "en": "Not in this package (please take it from its address)",
}


@dataclass(frozen=True)
class Source:
    """One file of the dataset: where it lies, and either its bytes or how to take them over."""

    facts: Mapping[str, Any]  # name, title, format, mediatype
    address: str
    filename: str
    stream: Callable[[], Iterable[bytes]] | None = None
    take_over: Callable[[BinaryIO], int] | None = None


@dataclass
class Bundle:
    """A package on its way out."""

    statement: Statement
    metadata: str
    language: str
    facts: Mapping[str, Any]
    sums: dict[str, str] = field(default_factory=dict)
    files: list[dict[str, Any]] = field(default_factory=list)
    missing: list[tuple[str, str]] = field(default_factory=list)

    def stream(self, sources: Iterable[Source]) -> Iterator[bytes]:
        """The whole ZIP, in pieces."""
        archive = ZipStream(compress_type=ZIP_DEFLATED)
        taken: set[str] = set()
        for source in sources:
            yield from self._added(archive, source, _unused(source.filename, taken))
        for name, text in self._texts():
            archive.add(self._summed(name, [text.encode()]), name)
            yield from archive.file()
        archive.add("".join(f"{value}  {name}\n" for name, value in self.sums.items()), "SHA256SUMS")
        yield from archive.finalize()

    def _added(self, archive: ZipStream, source: Source, path: str) -> Iterator[bytes]:
        if source.stream:
            archive.add(self._summed(path, source.stream()), path)
            yield from archive.file()
        elif source.take_over:
            with tempfile.SpooledTemporaryFile(IN_MEMORY) as copy:
                try:
                    source.take_over(copy)  # type: ignore[arg-type]
                except Unfetchable as error:
                    reason = REASONS[error.reason][self.language].format(fact=error.fact)
                    self.missing.append((source.address, reason))
                    self.files.append({**source.facts, "path": source.address})
                    return
                copy.seek(0)
                archive.add(self._summed(path, iter(lambda: copy.read(CHUNK), b"")), path)
                yield from archive.file()
        self.files.append({**source.facts, "path": path, "hash": f"sha256:{self.sums[path]}"})

    def _summed(self, path: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
        digest = hashlib.sha256()
        for piece in pieces:
            digest.update(piece)
            yield piece
        self.sums[path] = digest.hexdigest()

    def _texts(self) -> Iterator[tuple[str, str]]:
        yield "HINWEISE.txt", as_text(self.statement, self.language) + self._missing_text()
        yield "LIZENZ.txt", licence_text(self.statement, self.language)
        yield "datapackage.json", json.dumps(self.datapackage(), ensure_ascii=False, indent=2) + "\n"
        if self.metadata:
            yield "metadata.ttl", self.metadata

    def _missing_text(self) -> str:
        if not self.missing:
            return ""
        lines = [f"{address}: {reason}" for address, reason in self.missing]
        heading = NOT_INCLUDED[self.language]
        return "\n" + "\n".join([heading, "=" * len(heading), *lines]) + "\n"

    def datapackage(self) -> dict[str, Any]:
        """The package as a Frictionless Data Package; notices are an extra key, which the format allows."""
        told = self.statement.as_dict(self.language)
        return {
            "profile": "data-package",
            **self.facts,
            "homepage": self.statement.work.address,
            "licenses": [_licence(entry["licence"]) for entry in told["attributions"] if entry["licence"]["url"]],
            "sources": [{"title": self.statement.work.by, "path": self.statement.work.address}],
            "contributors": _contributors(told["responsibilities"]),
            "attribution": [entry["text"] for entry in told["attributions"] if entry["text"]],
            "notices": [
                {key: entry[key] for key in ("code", "severity", "label", "text", "version", "date", "reviewed")}
                for entry in told["notices"]
            ],
            "statement": told["address"],
            "resources": self.files,
        }


def licence_text(statement: Statement, language: str) -> str:
    """Under which licences the files are, where the texts stand, and how to name the source."""
    parts = []
    for attribution in statement.attributions(language):
        lines = [attribution.name, attribution.url, attribution.rule, attribution.line, attribution.change]
        parts.append("\n".join(line for line in lines if line))
    return "\n\n".join(parts) + "\n"


def filename_of(address: str, fallback: str) -> str:
    """A file name for the ZIP from *address*: no folders, nothing a file system would choke on."""
    last = address.partition("?")[0].partition("#")[0].rstrip("/").rsplit("/", 1)[-1]
    safe = re.sub(r"[^\w.\-]+", "_", last).strip("._")[-120:]
    return safe or fallback


def _unused(name: str, taken: set[str]) -> str:
    stem, dot, ending = name.rpartition(".")
    path, number = f"daten/{name}", 1
    while path.casefold() in taken:
        number += 1
        path = f"daten/{stem}-{number}.{ending}" if dot else f"daten/{name}-{number}"
    taken.add(path.casefold())
    return path


def _licence(licence: Mapping[str, str]) -> dict[str, str]:
    """The licence by its short name, which may hold no slash, and by where it stands."""
    name = licence["iri"].removeprefix("http://dcat-ap.de/def/licenses/").replace("/", "-")
    return {"name": name, "path": licence["url"], "title": licence["name"]}


def _contributors(roles: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Each body once in a role; several of our roles are one of theirs."""
    all_of_them = (
        {key: value for key, value in _contributor(role["role"], body).items() if value}
        for role in roles
        for body in role["bodies"]
    )
    return [dict(told) for told in dict.fromkeys(tuple(told.items()) for told in all_of_them)]


def _contributor(role: str, body: Mapping[str, str]) -> dict[str, str]:
    return {
        "title": body["name"] or body["email"],
        "email": body["email"],
        "path": body["url"],
        "role": ROLES.get(role, "contributor"),
    }
