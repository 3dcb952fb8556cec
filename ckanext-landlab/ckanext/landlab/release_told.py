"""A release as actions and pages tell it: plain values in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ckan import model
from ckan.plugins.toolkit import _
from ckanext.landlab import config
from ckanext.landlab.language import reader
from ckanext.landlab.legal.inspection import KINDS
from ckanext.landlab.legal.notices import vocabulary
from ckanext.landlab.legal.release_check import Effect, Question, release_check, text_in
from ckanext.landlab.legal.responsibilities import personal_addresses
from ckanext.landlab.legal.walk import Block, Step
from ckanext.landlab.model import release as table
from ckanext.landlab.release import Release

COLUMN = re.compile(r"(.*?) ?\((\d+)\)")


def told(found: Release, *, internal: bool = False) -> dict[str, Any]:
    """Everything about a release; *internal* leaves out what only the page of the moment needs."""
    language = reader()
    upcoming = found.walk.next
    answer = {
        "dataset": {key: found.dataset.get(key) for key in ("id", "name", "title", "owner_org", "private", "state")},
        "state": found.state,
        "mode": config.release_mode(),
        "exempt": found.row.exempt if found.row else None,
        "revision": found.revision,
        "check_version": release_check().version,
        "four_eyes": found.four_eyes,
        "complete": found.walk.complete,
        "confirmable": found.confirmable,
        "next": upcoming.id if upcoming else None,
        "steps": [_step(step, found, language) for step in found.walk.steps],
        "blocks": [_block(block, language) for block in found.walk.blocks],
        "needs": [_block(block, language) for block in found.walk.needs],
        "notices": [_notice(code, asked, found, language) for code, asked in found.walk.notices.items()],
        "choices": [_choice(asked, codes, found, language) for asked, codes in found.walk.choices],
        "present": [_notice(code, [], found, language) for code in found.present],
        "lacking": list(found.walk.lacking(found.present)),
        "records": [
            {"question": question, "label": text_in(entry.label, language), "kind": entry.kind, "value": value}
            for question, entry, value in found.walk.records
        ],
        "addresses": [address.sentence(language) for address in personal_addresses(found.dataset)],
        "confirmation": _confirmation(found),
        "review_by": found.confirmation.review_by.isoformat() if found.confirmation else None,
    }
    if not internal:
        answer["looks"] = looks_told(found.dataset, language)
    return answer


def memo_of(found: Release) -> dict[str, Any]:
    """A release as its record keeps it: in the language in which it is written down now."""
    return {**told(found, internal=True), "language": reader()}


def question_told(question: Question, language: str) -> dict[str, Any]:
    """A question with all that is shown with it."""
    check = release_check()
    return {
        "id": question.id,
        "code": question.code,
        "section": question.section,
        "section_title": text_in(check.sections[question.section], language),
        "ask": text_in(question.ask, language),
        "help": text_in(question.help, language),
        "whom": text_in(question.whom, language),
        "norm": [{"title": norm.title, "clause": norm.clause, "url": norm.url} for norm in question.norm],
        "check": question.check,
        "records": {choice: _entries(effect, language) for choice, effect in question.effects.items()},
    }


def looks_told(dataset: Mapping[str, Any], language: str) -> list[dict[str, Any]]:
    """What the looks into the files of *dataset* found, file by file."""
    kept = table.looks_of(dataset["id"])
    return [
        {
            "resource": resource["id"],
            "name": resource.get("name") or resource.get("url") or resource["id"],
            "rows": kept[resource["id"]].rows,
            "left_out": kept[resource["id"]].left_out,
            "findings": [_finding(finding, language) for finding in kept[resource["id"]].findings],
        }
        for resource in dataset.get("resources") or ()
        if resource["id"] in kept
    ]


def _finding(finding: Mapping[str, Any], language: str) -> dict[str, Any]:
    kind = KINDS[finding["kind"]]
    return {
        **finding,
        "place": _place(finding["place"]),
        "label": text_in(kind.label, language),
        "asks": text_in(kind.asks, language),
        "question": kind.question,
    }


def _place(stored: str) -> str:
    """Where something was noticed, as people say it: a column is stored as its heading and number."""
    column = COLUMN.fullmatch(stored)
    if column is None:
        return stored
    heading, number = column.groups()
    told = _("column {number}, “{heading}”") if heading else _("column {number}")
    return told.format(number=number, heading=heading)


def _step(step: Step, found: Release, language: str) -> dict[str, Any]:
    answer = found.answers.get(step.question.id)
    return {
        "id": step.question.id,
        "code": step.question.code,
        "section": step.question.section,
        "ask": text_in(step.question.ask, language),
        "state": step.state,
        "choice": step.choice,
        "because": list(step.because) if step.because else None,
        "reopened": text_in(answer.reopened, language) if answer and answer.reopened else None,
        "records": dict(answer.records) if answer else {},
    }


def _entries(effect: Effect, language: str) -> list[dict[str, str]]:
    return [
        {"name": entry.name, "kind": entry.kind, "label": text_in(entry.label, language)} for entry in effect.record
    ]


def _block(block: Block, language: str) -> dict[str, Any]:
    return {
        "code": block.code,
        "question": block.question,
        "text": text_in(block.text, language),
        "missing": [text_in(text, language) for text in block.missing],
    }


def _notice(code: str, asked: Sequence[str], found: Release, language: str) -> dict[str, Any]:
    known = vocabulary().notices.get(code)
    return {
        "code": code,
        "label": text_in(known.label, language) if known else code,
        "version": known.edition.version if known else None,
        "asked_by": list(asked),
        "present": code in found.present,
    }


def _choice(asked: str, codes: Sequence[str], found: Release, language: str) -> dict[str, Any]:
    return {
        "asked_by": asked,
        "notices": [_notice(code, [asked], found, language) for code in codes],
        "present": bool(set(codes) & set(found.present)),
    }


def _confirmation(found: Release) -> dict[str, Any] | None:
    given = found.confirmation
    if given is None:
        return None
    return {
        "entered_by": ", ".join(sorted(map(_name_of, given.entered_by))),
        "confirmed_by": _name_of(given.confirmed_by),
        "confirmed_on": given.confirmed_on.isoformat(),
        "review_by": given.review_by.isoformat(),
    }


def _name_of(user_id: str | None) -> str:
    user = model.User.get(user_id) if user_id else None
    return user.display_name if user else ""
