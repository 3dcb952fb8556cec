"""Every error that LandLab raises on purpose.

    LandlabError
    ├── DeclarationError      a file under schemas/ is wrong: stops the start
    ├── ShapesMissing         the folder of GovData's SHACL files is not complete
    ├── StackError            the servers of `landlab up` cannot do what was asked
    │   ├── AlreadyRunning    another landlab uses the data folder
    │   ├── NoFreePort        every port of a range is taken
    │   └── ServerFailed      a server does not start or does not stay up
    └── VocabularyUnreadable  a published vocabulary or list cannot be read

Add a class here, with the facts as arguments and the sentence in its own `__init__`.
"""

from __future__ import annotations

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


class StackError(LandlabError):
    """The servers of `landlab up` cannot do what was asked."""


class AlreadyRunning(StackError):
    """Somebody else runs servers on this data folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is in use by another landlab; stop that one first, or choose another --data folder")
        self.folder = folder


class NoFreePort(StackError):
    """Every port of a range is taken."""

    def __init__(self, first: int, last: int) -> None:
        super().__init__(f"all ports from {first} to {last} are taken; end a program that listens on one of them")


class ServerFailed(StackError):
    """A server does not start, or dies again and again."""

    def __init__(self, title: str, log: Path) -> None:
        super().__init__(f"{title} does not stay up; the reason stands at the end of {log}")
        self.log = log


class ShapesMissing(LandlabError):
    """The official shapes are not where they were expected."""

    def __init__(self, folder: Path, missing: list[str]) -> None:
        super().__init__(
            f"{folder} lacks {', '.join(missing)}. Fetch the files of GovDataOfficial/DCAT-AP.de-SHACL-Validation"
            " and the SEMIC base files into it, or name another folder."
        )
        self.folder = folder
        self.missing = missing


class VocabularyUnreadable(LandlabError):
    """A file or address does not give the vocabulary that was asked for."""

    def __init__(self, origin: str, reason: str) -> None:
        super().__init__(f"{origin}: {reason}")
        self.origin = origin
        self.reason = reason
