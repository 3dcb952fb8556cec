"""The guided page of the release check, the queue, and the record for the files."""

from __future__ import annotations

from datetime import date
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _
from ckanext.landlab import release
from ckanext.landlab.language import reader
from ckanext.landlab.legal.confirmation import latest_review
from ckanext.landlab.legal.release_check import release_check
from ckanext.landlab.legal.release_record import answer_lines, as_pdf, facts_of_record, notice_line, word
from ckanext.landlab.release_told import question_told
from flask import Blueprint, Response

__all__ = ["landlab_release"]

landlab_release = Blueprint("landlab_release", __name__)

Page = str | Response


def overview(id: str) -> Page:  # noqa: A002 CKAN's routes name it so
    """Where the check of a dataset stands: what blocks, what is needed, which notices became mandatory."""
    return _overview(id, {})


def question(id: str, question: str) -> Page:  # noqa: A002 CKAN's routes name it so
    """One question; answering it leads to the next."""
    if tk.request.method == "GET":
        return _question(id, question, {}, {})
    form = tk.request.form
    given = {
        "id": id,
        "question": question,
        "choice": form.get("choice"),
        "revision": form.get("revision"),
        "records": {key[7:]: value for key, value in form.items() if key.startswith("record-")},
    }
    try:
        told = _call("landlab_release_answer", given)
    except tk.ValidationError as error:
        return _question(id, question, given, error.error_dict)
    after = form.get("after") or told["next"]
    if form.get("then") == "overview" or not after:
        return tk.redirect_to("landlab_release.overview", id=id)
    return tk.redirect_to("landlab_release.question", id=id, question=after)


def submit(id: str) -> Page:  # noqa: A002 CKAN's routes name it so
    """Hand the answers to those who confirm."""
    return _done(id, "landlab_release_submit", {}, _("The dataset now waits for confirmation."))


def confirm(id: str) -> Page:  # noqa: A002 CKAN's routes name it so
    """Confirm, and publish if that was chosen."""
    form = tk.request.form
    given = {key: form.get(key) for key in ("review_by", "revision", "publish")}
    said = (
        _("The release is confirmed and the dataset is public.") if given["publish"] else _("The release is confirmed.")
    )
    return _done(id, "landlab_release_confirm", given, said)


def give_back(id: str) -> Page:  # noqa: A002 CKAN's routes name it so
    """Give the dataset back with a reason."""
    given = {"reason": tk.request.form.get("reason")}
    return _done(id, "landlab_release_return", given, _("The dataset was given back."))


def publish(id: str) -> Page:  # noqa: A002 CKAN's routes name it so
    """Make a released dataset public."""
    return _done(id, "package_patch", {"private": False, "state": "active"}, _("The dataset is public."))


def note(id: str) -> Page:  # noqa: A002 CKAN's routes name it so
    """The record of the last release as a page."""
    memo = _memo(id)
    language = _language_of(memo)
    shared = {
        "memo": memo,
        "language": language,
        "facts": facts_of_record(memo, language),
        "answers": list(answer_lines(memo["steps"], language)),
        "word": lambda key: word(key, language),
        "notices": [notice_line(notice, language) for notice in memo["present"]],
    }
    return tk.render("landlab/release/note.html", extra_vars={**_dataset(id), **shared})


def note_pdf(id: str) -> Page:  # noqa: A002 CKAN's routes name it so
    """The record of the last release as PDF."""
    memo = _memo(id)
    name = f"freigabevermerk-{memo['dataset']['name']}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(as_pdf(memo, _language_of(memo)), mimetype="application/pdf", headers=headers)


def queue() -> Page:
    """What waits for confirmation, and what is past its review date."""
    try:
        told = tk.get_action("landlab_release_queue")({"user": tk.c.user}, {})
    except tk.NotAuthorized:
        return tk.abort(403, _("Please log in to see what waits for confirmation."))
    return tk.render("landlab/release/queue.html", extra_vars={"queue": told, "rules": _rules()})


def rule() -> Page:
    """Set whether an organisation wants four eyes."""
    form = tk.request.form
    given = {"organization_id": form.get("organization_id", ""), "four_eyes": form.get("four_eyes") == "true"}
    _call("landlab_release_rule_update", given)
    tk.h.flash_success(_("The rule of the organisation is saved."))
    return tk.redirect_to("landlab_release.queue")


def _rules() -> list[dict[str, Any]]:
    """The rules of the organisations that the reader administers."""
    own = tk.get_action("organization_list_for_user")({"user": tk.c.user}, {"permission": "update"})
    return [{**one, **_call("landlab_release_rule_show", {"organization_id": one["id"]})} for one in own]


def _overview(identifier: str, errors: dict[str, Any]) -> Page:
    told = _show(identifier)
    check = release_check()
    shared = {
        "told": told,
        "errors": errors,
        "sections": check.sections,
        "may_confirm": _may_confirm(told["dataset"]["id"]),
        "latest_review": latest_review(date.today(), check.review_months).isoformat(),  # noqa: DTZ011 in whole days
        "events": _call("landlab_release_events", {"id": identifier}),
    }
    return tk.render("landlab/release/overview.html", extra_vars={**_dataset(identifier), **shared})


def _question(identifier: str, question: str, given: dict[str, Any], errors: dict[str, Any]) -> Page:
    told = _show(identifier)
    check = release_check()
    if question not in check.questions or check.questions[question].check:
        return tk.abort(404, _("There is no such question in the release check."))
    steps = {step["id"]: step for step in told["steps"]}
    order = [step["id"] for step in told["steps"] if step["state"] not in ("skipped", "checked")]
    shared = {
        "told": told,
        "question": question_told(check.questions[question], reader()),
        "step": steps[question],
        "given": given,
        "errors": errors,
        "number": order.index(question) + 1 if question in order else None,
        "total": len(order),
        "previous": _before(order, question),
        "looks": [look for look in told["looks"] if any(f["question"] == question for f in look["findings"])],
    }
    return tk.render("landlab/release/question.html", extra_vars={**_dataset(identifier), **shared})


def _before(order: list[str], question: str) -> str | None:
    place = order.index(question) if question in order else 0
    return order[place - 1] if place > 0 else None


def _done(identifier: str, action: str, given: dict[str, Any], said: str) -> Page:
    try:
        _call(action, {"id": identifier, **given})
    except tk.ValidationError as error:
        return _overview(identifier, error.error_dict)
    tk.h.flash_success(said)
    return tk.redirect_to("landlab_release.overview", id=identifier)


def _call(action: str, given: dict[str, Any]) -> Any:
    try:
        return tk.get_action(action)({"user": tk.c.user, "auth_user_obj": tk.c.userobj}, given)
    except tk.NotAuthorized as error:
        return tk.abort(403, str(error) or _("Only editors of the organisation may see the release check."))
    except tk.ObjectNotFound as error:
        return tk.abort(404, str(error))


def _show(identifier: str) -> dict[str, Any]:
    return _call("landlab_release_show", {"id": identifier})


def _dataset(identifier: str) -> dict[str, Any]:
    dataset = release.dataset_of(identifier)
    return {"pkg_dict": dataset, "pkg": dataset, "dataset_type": dataset["type"]}


def _memo(identifier: str) -> dict[str, Any]:
    return _call("landlab_release_memo", {"id": identifier})


def _language_of(memo: dict[str, Any]) -> str:
    """The language in which the record was written down; its words are not translated afterwards."""
    return str(memo.get("language") or reader())


def _may_confirm(identifier: str) -> bool:
    try:
        tk.check_access("landlab_release_confirm", {"user": tk.c.user}, {"id": identifier})
    except tk.NotAuthorized:
        return False
    return True


_AT = "/dataset/<id>/freigabe"
for _rule, _view, _methods in (
    (_AT, overview, ["GET"]),
    (f"{_AT}/frage/<question>", question, ["GET", "POST"]),
    (f"{_AT}/vorlegen", submit, ["POST"]),
    (f"{_AT}/bestaetigen", confirm, ["POST"]),
    (f"{_AT}/zurueckgeben", give_back, ["POST"]),
    (f"{_AT}/veroeffentlichen", publish, ["POST"]),
    (f"{_AT}/vermerk", note, ["GET"]),
    (f"{_AT}/vermerk.pdf", note_pdf, ["GET"]),
    ("/freigaben", queue, ["GET"]),
    ("/freigaben/regel", rule, ["POST"]),
):
    landlab_release.add_url_rule(_rule, view_func=_view, methods=_methods)
