"""The line a user must print, built as each licence asks; and the courtesy line where none is demanded.

The rows stand in `schemas/attribution.yaml`, the licences in `vocabularies/licenses.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any

from ckanext.landlab import schemas
from ckanext.landlab.errors import DeclarationError

# What TeX would read as a command.
_TEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#",
    "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


# The licence behind a name, or in its place, which the line states anyway: "GeoBasis-DE / BKG 2026, dl-de/by-2-0".
_SAID = r"(dl-de|dl-by|dl-zero|cc[ -]?by|cc[ -]?(0|zero)\b|datenlizenz deutschland|creative commons|odbl\b|geonutzv)"
_BEHIND = re.compile(
    rf"(?<![\s,;:.(/|–—-])[\s,;:.(/|–—-]+((liz?[cz]en[csz]e?:?|unter|under|nach)\s+){{0,3}}{_SAID}.*$", re.IGNORECASE
)
_INSTEAD = re.compile(rf"{_SAID}[^,;:]*", re.IGNORECASE)


@dataclass(frozen=True)
class Work:
    """What is attributed: a dataset, and the name its publisher asks for."""

    by: str
    title: str
    address: str
    year: str = ""


@dataclass(frozen=True)
class Attribution:
    """How a work under one licence is to be named."""

    licence: str  # IRI, or empty
    name: str
    url: str
    demand: str  # required, courtesy, ask, none
    line: str
    html: str
    bibtex: str
    rule: str
    change: str  # what to add to the line after a change; empty where the licence asks for nothing or forbids it

    def as_dict(self) -> dict[str, Any]:
        """The attribution as it goes into the API."""
        return {
            "licence": {"iri": self.licence, "name": self.name, "url": self.url},
            "demand": self.demand,
            "text": self.line,
            "html": self.html,
            "bibtex": self.bibtex,
            "rule": self.rule,
            "change_note": self.change,
        }


def attribution_of(work: Work, licence: str | None, language: str) -> Attribution:
    """How *work* under the licence with the IRI *licence* is to be named, in *language*."""
    concept = schemas.vocabulary("licenses").concepts.get(licence or "")
    if concept is None:
        return _unknown(licence or "", language)
    row, family = _rows()[concept.code]
    url = concept.facts.get("text") or ""
    template = family["line"][language]
    facts = {"by": work.by, "title": work.title, "address": work.address, "licence": row["name"], "url": url}
    line = template.format(**facts)
    return Attribution(
        licence=concept.iri,
        name=concept.text(language),
        url=url,
        demand=family["demand"],
        line=line,
        html=template.format(**_marked_up(facts)),
        bibtex=_bibtex(work, f"{row['name']}, {url}" if url else row["name"]),
        rule=family["rule"][language],
        change=f"{line} ({family['change'][language]})" if family["change"] else "",
    )


def name_in(text: str) -> str:
    """Whom *text* asks to name, without a licence behind the name; empty if it names a licence alone."""
    return "" if _INSTEAD.fullmatch(text.strip()) else _BEHIND.sub("", text).strip()


def check() -> None:
    """See that every licence has its row and every row its licence and family.

    Raises:
        DeclarationError: one is missing.
    """
    licences = {concept.code for concept in schemas.vocabulary("licenses").concepts.values()}
    rows = schemas.read("attribution")
    for code in sorted(licences ^ set(rows["licences"])):
        raise DeclarationError("schemas/attribution.yaml", code, "stands in only one of the two lists of licences")
    for code, row in rows["licences"].items():
        if row["family"] not in rows["families"]:
            raise DeclarationError("schemas/attribution.yaml", code, f"unknown family {row['family']}")


@cache
def _rows() -> Mapping[str, tuple[Mapping[str, Any], Mapping[str, Any]]]:
    content = schemas.read("attribution")
    return {code: (row, content["families"][row["family"]]) for code, row in content["licences"].items()}


def _unknown(licence: str, language: str) -> Attribution:
    rule = schemas.read("attribution")["missing"]["rule"][language]
    return Attribution(licence, licence, licence, "none", "", "", "", rule, "")


def _marked_up(facts: Mapping[str, str]) -> dict[str, str]:
    """*facts* for HTML: all escaped, the addresses as links."""
    escaped = {key: escape(value) for key, value in facts.items()}
    for key, relation in (("address", ""), ("url", ' rel="license"')):
        if facts[key].startswith(("http://", "https://")):
            escaped[key] = f'<a href="{escaped[key]}"{relation}>{escaped[key]}</a>'
    return escaped


def _bibtex(work: Work, licence: str) -> str:
    key = re.sub(r"[^a-z0-9]+", "", work.address.rsplit("/", 1)[-1].lower()) or "dataset"
    fields = {
        "author": f"{{{_tex(work.by)}}}",  # a second pair of braces: a body has no first name
        "title": f"{{{_tex(work.title)}}}",
        "year": work.year,
        "howpublished": rf"\url{{{work.address}}}",
        "note": _tex(licence),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@misc{{{key},\n" + ",\n".join(lines) + "\n}"


def _tex(text: str) -> str:
    return "".join(_TEX.get(sign, sign) for sign in text)
