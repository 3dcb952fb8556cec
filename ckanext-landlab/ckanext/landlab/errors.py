"""Every error that LandLab raises on purpose.

    LandlabError
    ├── AddressRefused        the site cannot have stood where it is said to have stood
    ├── DeclarationError      a file under schemas/ is wrong: stops the start
    ├── FeedRefused           a feed is declared in a way that cannot be served
    ├── SearchRefusal         the search service cannot do what it is asked: an answer with a status
    │   ├── QuestionError     400: a query that is not understood
    │   ├── RequestError      400: a parameter or body that is not understood
    │   ├── VersionConflict   409: the document is not in the version that the update expects
    │   └── StorageError      500: the index cannot be written
    ├── SourceUnreadable      a catalogue that was to be harvested cannot be fetched or read
    ├── ShapesMissing         the folder of GovData's SHACL files is not complete
    ├── StackError            the servers of `landlab up` cannot do what was asked
    │   ├── AlreadyRunning    another landlab uses the data folder
    │   ├── AuditRefused      published weaknesses cannot be looked up
    │   ├── BackupRefused     a backup cannot be made, or is not one that may be restored
    │   ├── NoFreePort        every port of a range is taken
    │   ├── ServerFailed      a server does not start or does not stay up
    │   ├── StepFailed        a command that prepares the site ended with an error
    │   ├── NoAnswer          a server that the environment names does not answer
    │   ├── SettingMissing    a variable that must be set is not
    │   └── SettingWrong      a variable is set to what cannot be used
    ├── DatabaseNewer         the database was made by a later version of this program
    ├── DatabaseOlder         the database has to be brought up to date first
    ├── TooManyEntities       an XML file would grow without bound when read
    ├── UnreadableGraph       a document is not RDF, or not in the syntax it claims
    │   └── UnsplittableGraph a JSON-LD document is too large to be read at once
    ├── Unfetchable           what lies at an address of the web cannot be taken
    ├── UnknownVersion        nothing is known of what stood at that moment
    └── VocabularyUnreadable  a published vocabulary or list cannot be read

Add a class here, with the facts as arguments and the sentence in its own `__init__`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path


class LandlabError(Exception):
    """Something is wrong that the person before the screen can mend; the text says what and how."""


class DeclarationError(LandlabError):
    """A declaration under `schemas/` cannot be used."""

    def __init__(self, file: Path | str, place: str, reason: str) -> None:
        super().__init__(f"{file}: {place}: {reason}")
        self.file = str(file)
        self.place = place
        self.reason = reason


class AddressRefused(LandlabError):
    """What was given can't be the address where the site stood before."""


class FeedRefused(LandlabError):
    """A feed is declared in a way that cannot be served: which fields are wrong, and why."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{field}: {reason}" for field, reason in faults.items()))
        self.faults = faults


class SearchRefusal(LandlabError):
    """The search service cannot do what it is asked; *code* is the status it answers with."""

    code = 400


class QuestionError(SearchRefusal):
    """A search that cannot be understood."""

    def __init__(self, text: str, position: int, reason: str) -> None:
        shown = text if len(text) <= 200 else text[:200] + "…"
        where = f"{reason} (at character {position})"
        super().__init__(f"org.apache.solr.search.SyntaxError: Cannot parse '{shown}': {where}")
        self.text = text
        self.position = position


class RequestError(SearchRefusal):
    """A parameter or a body that cannot be understood; *code* where it is not 400."""

    def __init__(self, reason: str, code: int = 400) -> None:
        super().__init__(reason)
        self.code = code


class VersionConflict(SearchRefusal):
    """An update expects a version of a document that the index does not hold."""

    code = 409

    def __init__(self, key: str, expected: int, actual: int) -> None:
        super().__init__(f"version conflict for {key} expected={expected} actual={actual}")


class StorageError(SearchRefusal):
    """The index cannot be written, for example because the disk is full."""

    code = 500

    def __init__(self, reason: str) -> None:
        super().__init__(f"The search index cannot be written: {reason}. Free some disk space, then try again.")


class StackError(LandlabError):
    """The servers of `landlab up` cannot do what was asked."""


class AlreadyRunning(StackError):
    """Somebody else runs servers on this data folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is in use by another landlab; stop that one first, or choose another --data folder")
        self.folder = folder


class AuditRefused(StackError):
    """Published weaknesses cannot be looked up at *place*."""

    def __init__(self, place: Path | str, reason: str) -> None:
        super().__init__(f"{place}: {reason}")


class BackupRefused(StackError):
    """A backup cannot be made, or what was given is none that may be restored; nothing has been touched."""

    def __init__(self, place: Path | str, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place = str(place)
        self.reason = reason


class NoFreePort(StackError):
    """Every port of a range is taken."""

    def __init__(self, first: int, last: int) -> None:
        super().__init__(f"all ports from {first} to {last} are taken; end a program that listens on one of them")


class ServerFailed(StackError):
    """A server does not start, or dies again and again."""

    def __init__(self, title: str, log: Path) -> None:
        super().__init__(f"{title} does not stay up; the reason stands at the end of {log}")
        self.log = log


class StepFailed(StackError):
    """A command that prepares the site ended with an error."""

    def __init__(self, title: str, log: Path) -> None:
        super().__init__(f"{title}: failed; the reason stands at the end of {log}")
        self.log = log


class NoAnswer(StackError):
    """A server that the environment names does not answer."""

    def __init__(self, variable: str, address: str, reason: str) -> None:
        super().__init__(f"{variable} is set, but {address} does not answer: {reason}")


class SettingMissing(StackError):
    """A variable that must be set is not; what it means, and an example."""

    def __init__(self, variable: str, meaning: str, example: str) -> None:
        super().__init__(f"{variable} is not set. {meaning} Example: {variable}={example}")
        self.variable = variable


class SettingWrong(StackError):
    """A variable is set to something that cannot be used, and why."""

    def __init__(self, variable: str, value: str, reason: str) -> None:
        super().__init__(f"{variable} is set to {value[:200]!r}, but {reason}.")
        self.variable = variable


class DatabaseNewer(LandlabError):
    """The database stands at a revision that this version does not know."""

    def __init__(self, part: str, revision: str) -> None:
        super().__init__(
            f"The database was written by a later version of {part}: it stands at revision {revision}, which is unknown"
            " here. Start that version, or restore a backup made before."
        )


class DatabaseOlder(LandlabError):
    """The database stands before the revision that this version needs."""

    def __init__(self, part: str, current: str, wanted: str) -> None:
        super().__init__(
            f"The database is older than {part}: it stands at revision {current or 'none'}, wanted is {wanted}."
            " Make a backup, then bring it up to date with: ckan landlab migrate"
        )


class ShapesMissing(LandlabError):
    """The official shapes are not where they were expected."""

    def __init__(self, folder: Path, missing: list[str]) -> None:
        super().__init__(
            f"{folder} lacks {', '.join(missing)}."
            " Fetch the official shapes with `ckan landlab shapes`, or name another folder with --shapes."
        )
        self.folder = folder
        self.missing = missing


class VocabularyUnreadable(LandlabError):
    """A file or address does not give the vocabulary that was asked for."""

    def __init__(self, origin: str, reason: str) -> None:
        super().__init__(f"{origin}: {reason}")
        self.origin = origin
        self.reason = reason


class TooManyEntities(LandlabError):
    """The entities of an XML file name each other, come from elsewhere, or would fill the memory."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"the XML entity “{name}” refers to other entities or files, or is used too often;"
            " write the file without entities"
        )
        self.name = name


class UnreadableGraph(LandlabError):
    """A document that cannot be read as RDF: the parser's words, and the *line* and *column* where it knows them."""

    def __init__(self, syntax: str, reason: str, line: int = 0, column: int = 0) -> None:
        super().__init__(f"This is not readable as {syntax}: {reason}")
        self.syntax = syntax
        self.reason = reason
        self.line = line
        self.column = column


class UnsplittableGraph(UnreadableGraph):
    """A JSON-LD document too large to be read at once, whose objects do not lie in one array."""

    def __init__(self) -> None:
        super().__init__("jsonld", "it is too large to be read at once, and its objects do not lie in one array")


class UnknownVersion(LandlabError):
    """A version of a text or statement that does not exist."""

    def __init__(self, version: str) -> None:
        super().__init__(f"there is no version {version[:40]!r}")
        self.version = version[:40]


class Unfetchable(LandlabError):
    """Something on the web that cannot be taken, and why; *after* so many seconds it may go better."""

    def __init__(self, address: str, reason: str, fact: str = "", after: float = 0) -> None:
        address = re.sub(r"//[^/@]*@", "//", address[:200])  # a password is nobody's business
        super().__init__(f"{address}: {reason} {fact}".rstrip())
        self.address = address
        self.reason = reason
        self.fact = fact
        self.after = after


class SourceUnreadable(LandlabError):
    """A catalogue that was to be harvested cannot be fetched or read: where it is and why.

    *detail* are the words of the program that found the fault, in its own language; they stand on a line of their own.
    """

    def __init__(self, location: str, reason: str, detail: str = "") -> None:
        super().__init__(f"{location}: {reason}" + (f"\n{detail}" if detail else ""))
        self.location = location
        self.reason = reason
        self.detail = detail
