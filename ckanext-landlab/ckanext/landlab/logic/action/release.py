"""Actions of the release check of a dataset: show, answer, submit, confirm, return, history, record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.plugins.toolkit import _
from ckanext.landlab import gate, release, statements
from ckanext.landlab.language import reader
from ckanext.landlab.legal.confirmation import latest_review
from ckanext.landlab.legal.release_check import CHOICES, Question, complaint, release_check, text_in
from ckanext.landlab.legal.reopening import snapshot
from ckanext.landlab.legal.walk import Answer
from ckanext.landlab.mails import tell_confirmers, tell_enterer
from ckanext.landlab.model import release as table
from ckanext.landlab.release_told import memo_of, told

__all__ = [
    "landlab_release_answer",
    "landlab_release_confirm",
    "landlab_release_events",
    "landlab_release_memo",
    "landlab_release_return",
    "landlab_release_show",
    "landlab_release_submit",
]

LONGEST = 5_000  # characters of one thing that is written down


@tk.side_effect_free
def landlab_release_show(context: Any, data_dict: Any) -> dict[str, Any]:
    """Return where the release check of a dataset stands: questions, blocks, needs, notices, looks into files.

    Args:
        id: the dataset's name or id
    """
    return told(_found(context, data_dict, "landlab_release_show"))


def landlab_release_answer(context: Any, data_dict: Any) -> dict[str, Any]:
    """Answer one question of the release check.

    Args:
        id: the dataset's name or id
        question: the question's id, for example B3
        choice: yes, no or unknown
        records: what has to be written down with it, by name
        revision: the revision that the answer is based on (optional); another one by now is refused
    """
    found = _found(context, data_dict, "landlab_release_answer", lock=True)
    question = _question(data_dict.get("question"))
    if data_dict.get("choice") not in CHOICES:
        raise tk.ValidationError({"choice": [_("Please choose an answer.")]})
    _newest(found, data_dict, question.id)
    user = _user_id(context)
    answer = Answer(data_dict["choice"], _records(question, data_dict), by=user)
    if (before := found.answers.get(question.id)) and replace(before, by=user) == answer:
        model.Session.rollback()
        return told(_again(found))
    answers = {**found.answers, question.id: answer}
    table.store(
        found.dataset["id"],
        answers=release.plain(answers),
        entered_by=user,
        waiting_since=None,
    )
    table.record(found.dataset["id"], "answered", user, {"question": question.id, "choice": answer.choice})
    model.repo.commit()
    return told(_again(found))


def landlab_release_submit(context: Any, data_dict: Any) -> dict[str, Any]:
    """Hand the answers to those who confirm, and tell them by mail.

    Args:
        id: the dataset's name or id
    """
    found = _found(context, data_dict, "landlab_release_submit", lock=True)
    _confirmable(found)
    table.store(found.dataset["id"], waiting_since=table.now(), reminded=None, snapshot=snapshot(found.dataset))
    table.record(found.dataset["id"], "submitted", _user_id(context))
    model.repo.commit()
    tell_confirmers(found)
    return told(_again(found))


def landlab_release_confirm(context: Any, data_dict: Any) -> dict[str, Any]:
    """Confirm the release of a dataset; by another person than the one who entered the answers.

    Args:
        id: the dataset's name or id
        review_by: the day of the next review, at most 24 months off (optional; else the last day that is allowed)
        revision: the revision that was looked at (optional); another one by now is refused
        publish: whether to make the dataset public at once (optional, default no)
    """
    found = _found(context, data_dict, "landlab_release_confirm", lock=True)
    _newest(found, data_dict, "J")
    _confirmable(found)
    user, today = _user_id(context), date.today()  # noqa: DTZ011 told in whole days
    review_by = _review_day(data_dict.get("review_by"), today)
    confirmation = {
        "entered_by": sorted(found.entered_by),
        "confirmed_by": user,
        "confirmed_on": today.isoformat(),
        "review_by": review_by.isoformat(),
        "digest": found.digest,
    }
    table.store(
        found.dataset["id"],
        confirmation=confirmation,
        review_by=review_by,
        snapshot=snapshot(found.dataset),
        waiting_since=None,
        exempt=None,
    )
    table.record(found.dataset["id"], "confirmed", user, confirmation)
    statements.forget()  # it may say that a review is overdue
    table.add_memo(found.dataset["id"], memo_of(_again(found)))
    model.repo.commit()
    if tk.asbool(data_dict.get("publish") or False):
        public = {"id": found.dataset["id"], "private": False, "state": "active"}
        tk.get_action("package_patch")({"user": context.get("user")}, public)
    return told(_again(found))


def landlab_release_return(context: Any, data_dict: Any) -> dict[str, Any]:
    """Give a dataset that waits for confirmation back to the person who entered the answers, with a reason.

    Args:
        id: the dataset's name or id
        reason: what has to be changed
    """
    found = _found(context, data_dict, "landlab_release_return", lock=True)
    reason = str(data_dict.get("reason") or "").strip()[:LONGEST]
    if not reason:
        raise tk.ValidationError({"reason": [_("Please say what has to be changed.")]})
    table.store(found.dataset["id"], waiting_since=None)
    table.record(found.dataset["id"], "returned", _user_id(context), {"reason": reason})
    model.repo.commit()
    tell_enterer(found, reason)
    return told(_again(found))


@tk.side_effect_free
def landlab_release_events(context: Any, data_dict: Any) -> list[dict[str, Any]]:
    """Return the history of a release, the newest first.

    Args:
        id: the dataset's name or id
    """
    found = _found(context, data_dict, "landlab_release_events")
    return [
        {"kind": row.kind, "recorded": row.recorded.isoformat(), "user_id": row.user_id, "content": row.content}
        for row in table.events_of(found.dataset["id"])
    ]


@tk.side_effect_free
def landlab_release_memo(context: Any, data_dict: Any) -> dict[str, Any]:
    """Return the record of the last confirmed release as it was on that day.

    Args:
        id: the dataset's name or id
    """
    found = _found(context, data_dict, "landlab_release_memo")
    confirmed = table.events_of(found.dataset["id"], "confirmed")
    if not confirmed:
        raise tk.ObjectNotFound(_("This dataset has not been released yet."))
    organization = model.Group.get(found.dataset.get("owner_org") or "")
    return {
        **confirmed[0].content["memo"],
        "address": tk.url_for("dataset.read", id=found.dataset["name"], qualified=True, locale="default"),
        "organization": organization.title if organization else "",
    }


def _found(context: Any, data_dict: Any, action: str, *, lock: bool = False) -> release.Release:
    package = model.Package.get(tk.get_or_bust(data_dict, "id"))
    if package is None:
        raise tk.ObjectNotFound(_("Dataset not found"))
    tk.check_access(action, context, {"id": package.id})
    return release.release_of(release.dataset_of(package.id), lock=lock)


def _again(found: release.Release) -> release.Release:
    return release.release_of(release.dataset_of(found.dataset["id"]))


def _question(identifier: Any) -> Question:
    question = release_check().questions.get(str(identifier))
    if question is None:
        raise tk.ObjectNotFound(_("There is no such question in the release check."))
    if question.check:
        raise tk.ValidationError({"question": [_("The catalogue answers this question itself.")]})
    return question


def _newest(found: release.Release, data_dict: Any, question: str) -> None:
    """Refuse an answer that was based on another state than the one in the database."""
    given = data_dict.get("revision")
    if given in (None, "") or str(given) == str(found.revision):
        return
    model.Session.rollback()
    other = model.User.get(found.row.entered_by) if found.row and found.row.entered_by else None
    raise tk.ValidationError(
        {
            "revision": [
                _(
                    "{name} has changed this release check in the meantime. Nothing is lost: "
                    "look at the current state, then save your answer again."
                ).format(name=other.display_name if other else _("Somebody else"))
            ],
            "question": [question],
        }
    )


def _records(question: Question, data_dict: Any) -> dict[str, str]:
    given = data_dict.get("records") or {}
    if not isinstance(given, dict):
        raise tk.ValidationError({"records": [_("Records are given by name.")]})
    kept, wrong = {}, {}
    for entry in question.effects.get(data_dict["choice"], question.effects["no"]).record:
        value = str(given.get(entry.name) or "").strip()
        if problem := complaint(entry, value, LONGEST):
            wrong[entry.name] = [text_in(problem, reader())]
        elif value:
            kept[entry.name] = value
    if wrong:
        model.Session.rollback()
        raise tk.ValidationError(wrong)
    return kept


def _confirmable(found: release.Release) -> None:
    if found.confirmable:
        return
    sentences = gate.reasons(found)
    model.Session.rollback()
    raise tk.ValidationError({"release_check": sentences})


def _review_day(given: Any, today: date) -> date:
    latest = latest_review(today, release_check().review_months)
    try:
        day = date.fromisoformat(str(given)) if given else latest
    except ValueError:
        model.Session.rollback()
        raise tk.ValidationError({"review_by": [_("Please give the day as year-month-day.")]}) from None
    if not today < day <= latest:
        model.Session.rollback()
        message = _("The next review must be after today and not later than {day}.").format(day=latest.isoformat())
        raise tk.ValidationError({"review_by": [message]})
    return day


def _user_id(context: Any) -> str | None:
    user = model.User.get(context.get("user") or "")
    return user.id if user else None
