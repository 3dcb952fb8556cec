"""Every error that LandLab raises on purpose.

    LandlabError
    └── DeclarationError      a file under schemas/ is wrong: stops the start

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
