"""What the person at the terminal reads: German where their system is German, else English."""

from __future__ import annotations

import gettext
import os
from functools import cache
from pathlib import Path

MESSAGES = Path(__file__).parents[1] / "i18n"
DOMAIN = "ckanext-landlab"


def _(text: str) -> str:
    """*text* in the language of the terminal."""
    return _translation().gettext(text)


@cache
def _translation() -> gettext.NullTranslations:
    """gettext(3): the first of the variables that is set decides."""
    chosen = next(filter(None, (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    languages = ["de"] if chosen.startswith("de") else []
    if not languages:
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, MESSAGES, languages, fallback=True)
