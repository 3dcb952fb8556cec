"""What a look can notice, and how it is told: kinds, places and counts, never a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ckanext.landlab.legal.release_check import Text


@dataclass(frozen=True)
class Kind:
    """One thing that can be noticed: its *label*, what it means and what is asked; *question* is where it belongs."""

    label: Text
    asks: Text
    question: str


@dataclass(frozen=True)
class Finding:
    """Something of this *kind* at *place* (a column or a property), in *share* of the *count* values looked at.

    *file* names the one of an archive in which it is.
    """

    kind: str
    place: str
    count: int = 0
    share: float = 0.0
    file: str = ""


@dataclass(frozen=True)
class Look:
    """The findings, how many *rows* were read, and why something was *left_out* (None: nothing was)."""

    findings: tuple[Finding, ...]
    rows: int
    left_out: str | None = None


KINDS: Mapping[str, Kind] = {
    "name": Kind(
        {"de": "Namen von Personen", "en": "Names of people"},
        {
            "de": "Sieht nach Namen aus. Sind es Menschen, und erlaubt ein Gesetz die Veröffentlichung?",
            "en": "Looks like names. Are they people, and does a law permit publication?",
        },
        "B1",
    ),
    "email": Kind(
        {"de": "E-Mail-Adressen", "en": "E-mail addresses"},
        {
            "de": "Sieht nach E-Mail-Adressen aus. Sind es nur Funktionspostfächer?",
            "en": "Looks like e-mail addresses. Are they shared mailboxes only?",
        },
        "B1",
    ),
    "telephone": Kind(
        {"de": "Telefonnummern", "en": "Telephone numbers"},
        {
            "de": "Sieht nach Telefonnummern aus. Gehören sie zu Stellen und nicht zu Menschen?",
            "en": "Looks like telephone numbers. Do they belong to offices and not to people?",
        },
        "B1",
    ),
    "iban": Kind(
        {"de": "Bankverbindungen (IBAN)", "en": "Bank accounts (IBAN)"},
        {
            "de": "Enthält gültige IBAN. Müssen sie in der Datei sein?",
            "en": "Holds valid IBANs. Do they have to be in the file?",
        },
        "B1",
    ),
    "birth_date": Kind(
        {"de": "Geburtsdaten", "en": "Dates of birth"},
        {
            "de": "Sieht nach Geburtsdaten aus. Genügt das Jahr oder eine Altersgruppe?",
            "en": "Looks like dates of birth. Would the year or an age group do?",
        },
        "B1",
    ),
    "address": Kind(
        {"de": "genaue Anschriften", "en": "exact addresses"},
        {
            "de": "Sieht nach Anschriften mit Hausnummer aus. Sind es öffentliche Orte oder Wohnungen?",
            "en": "Looks like addresses with house numbers. Are they public places or homes?",
        },
        "B4",
    ),
    "small_count": Kind(
        {"de": "kleine Fallzahlen unter 3", "en": "small counts below 3"},
        {
            "de": "Hier stehen Fallzahlen von 1 oder 2. Lässt sich daraus ein Mensch erkennen?",
            "en": "There are counts of 1 or 2. Can a person be told from them?",
        },
        "B4",
    ),
    "position": Kind(
        {"de": "Aufnahmeort im Bild", "en": "Position in the picture"},
        {
            "de": "Das Bild verrät, wo es aufgenommen wurde. Soll das so sein?",
            "en": "The picture tells where it was taken. Is that intended?",
        },
        "B5",
    ),
    "author": Kind(
        {"de": "Name in den Datei-Eigenschaften", "en": "Name in the file properties"},
        {
            "de": "In den Eigenschaften der Datei steht, wer sie erstellt oder geändert hat. Bitte vorher entfernen.",
            "en": "The file's properties say who made or changed it. Please remove that first.",
        },
        "B5",
    ),
}
