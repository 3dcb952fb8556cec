"""What the catalogue adds to the written chapters, from its declarations: nothing is said twice."""

from __future__ import annotations

from typing import Any

from ckanext.landlab import schemas
from ckanext.landlab.legal import glossary, guideline
from ckanext.landlab.legal.notices import vocabulary as notice_vocabulary
from ckanext.landlab.legal.release_check import CHOICES, Effect, Question, release_check, text_in
from ckanext.landlab.logic.action.guideline import current_version
from ckanext.landlab.release_told import question_told

EFFECTS = {
    "block": {"de": "kann nicht veröffentlicht werden", "en": "cannot be published"},
    "fix": {"de": "zuerst zu erledigen", "en": "has to be done first"},
    "notices": {"de": "Hinweise nötig: {codes}", "en": "Notices needed: {codes}"},
    "one_of": {
        "de": "mindestens einer dieser Hinweise nötig: {codes}",
        "en": "at least one of these notices needed: {codes}",
    },
    "record": {"de": "festzuhalten", "en": "to be written down"},
    "go": {"de": "weiter mit {go}", "en": "go on with {go}"},
    "on": {"de": "weiter", "en": "go on"},
    "unknown": {
        "de": "kann nicht veröffentlicht werden, bis es geklärt ist",
        "en": "cannot be published until cleared up",
    },
}
OBLIGATIONS = {
    "mandatory": {"de": "Pflicht", "en": "mandatory"},
    "conditional": {"de": "unter Umständen Pflicht", "en": "mandatory in some cases"},
    "recommended": {"de": "empfohlen", "en": "recommended"},
    "optional": {"de": "freiwillig", "en": "optional"},
}


def additions(kind: str | None, language: str) -> Any:
    """The addition of this *kind* to a chapter, for the template of the same name."""
    match kind:
        case "check":
            return [_question(question, language) for question in release_check().questions.values()]
        case "terms":
            return [(term.code, text_in(term.label, language)) for term in glossary.terms().values()]
        case "fields":
            return _fields(language)
        case "licences":
            return [_licence(concept, language) for concept in schemas.vocabulary("licenses").concepts.values()]
        case "notices":
            return [_notice(notice, language) for notice in notice_vocabulary().notices.values()]
        case "profiles":
            return [schemas.read(f"legal_profiles/{name}") for name in schemas.names("legal_profiles")]
        case "versions":
            return {
                "guideline": current_version(),
                "declared": guideline.declared_version(),
                "check": release_check().version,
                "notices": max(notice.edition.date for notice in notice_vocabulary().notices.values()).isoformat(),
                "licences": schemas.vocabulary("licenses").taken,
            }
    return None


def _question(question: Question, language: str) -> dict[str, Any]:
    effects = {choice: _effects(question.effects[choice], language) for choice in CHOICES[:2]}
    effects["unknown"] = [text_in(EFFECTS["unknown"], language)]
    return {**question_told(question, language), "effects": effects}


def _effects(effect: Effect, language: str) -> list[str]:
    told = []
    if effect.block:
        told.append(f"{text_in(EFFECTS['block'], language)}: {text_in(effect.block, language)}")
    if effect.fix:
        told.append(f"{text_in(EFFECTS['fix'], language)}: {text_in(effect.fix, language)}")
    for key, codes in (("notices", effect.notices), ("one_of", effect.one_of)):
        if codes:
            told.append(text_in(EFFECTS[key], language).format(codes=", ".join(codes)))
    told += [f"{text_in(EFFECTS['record'], language)}: {text_in(entry.label, language)}" for entry in effect.record]
    if effect.go:
        told.append(text_in(EFFECTS["go"], language).format(go=effect.go))
    return told or [text_in(EFFECTS["on"], language)]


def paragraph_of(name: str, *, of_file: bool) -> str:
    """The paragraph that explains a field, or the group whose part it is; files have fields of the same names."""
    whole = name.partition("-")[0]
    return f"datei-{whole}" if of_file else whole


def _fields(language: str) -> dict[str, list[dict[str, Any]]]:
    table = schemas.read("dataset")
    return {
        "dataset": _rows(table["dataset_fields"], language, of_file=False),
        "file": _rows(table["resource_fields"], language, of_file=True),
    }


def _rows(rows: list[dict[str, Any]], language: str, *, of_file: bool) -> list[dict[str, Any]]:
    return [
        {
            "paragraph": paragraph_of(row["field_name"], of_file=of_file),
            "label": text_in(row["label"], language),
            "obligation": text_in(OBLIGATIONS[row["obligation"]], language) if row.get("obligation") else "",
            "help": text_in(row["help_text"], language) if isinstance(row.get("help_text"), dict) else "",
        }
        for row in rows
        if isinstance(row.get("label"), dict)
    ]


def _licence(concept: schemas.Concept, language: str) -> dict[str, Any]:
    return {"code": concept.code, "label": concept.text(language), **concept.facts}


def _notice(notice: Any, language: str) -> dict[str, Any]:
    return {
        "code": notice.code,
        "label": text_in(notice.label, language),
        "trigger": text_in(notice.trigger, language),
        "answers": text_in(notice.answers, language),
        "severity": notice.severity,
        "text": text_in(notice.edition.text, language),
        "parameters": [text_in(parameter.label, language) for parameter in notice.parameters if parameter.required],
    }
