"""The guideline under /leitfaden and the glossary under /begriffe."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.plugins.toolkit import _
from ckanext.landlab.guideline_told import additions
from ckanext.landlab.helpers.terms import landlab_explained
from ckanext.landlab.language import reader
from ckanext.landlab.legal import glossary, guideline
from ckanext.landlab.legal.pdf import document
from ckanext.landlab.logic.action.guideline import has_read
from flask import Blueprint, Response
from markupsafe import Markup

__all__ = ["landlab_glossary", "landlab_guideline"]

landlab_guideline = Blueprint("landlab_guideline", __name__)
landlab_glossary = Blueprint("landlab_glossary", __name__)

Page = str | Response


def index() -> Page:
    """The chapters, for whom each is, and whether one has confirmed having read them."""
    told = _show()
    person = tk.c.userobj
    shared = {"told": told, "halves": guideline.halves(), "read": bool(person and has_read(person.id))}
    return tk.render("landlab/guideline/index.html", extra_vars=shared)


def chapter(chapter: str) -> Page:
    """One chapter: its text and what the catalogue adds to it."""
    told = _show()
    found = _found(told, chapter)
    order = [entry["name"] for entry in told["chapters"]]
    place = order.index(chapter)
    shared = {
        "told": told,
        "chapter": found,
        "html": _html(found["text"]),
        "additions": additions(found["generated"], told["language"]),
        "previous": told["chapters"][place - 1] if place else None,
        "following": told["chapters"][place + 1] if place + 1 < len(order) else None,
        "may_edit": _may_edit(),
    }
    return tk.render("landlab/guideline/chapter.html", extra_vars=shared)


def edit(chapter: str) -> Page:
    """Write a chapter in Markdown: look at it first, then save it."""
    _only_administrators()
    told = _show()
    found = _found(told, chapter)
    form, errors = tk.request.form, {}
    text, version = form.get("text", found["text"]), form.get("version", found["version"])
    if tk.request.method == "POST" and form.get("then") == "save":
        given = {"chapter": chapter, "language": told["language"], "text": text, "version": version}
        try:
            tk.get_action("landlab_guideline_update")({"user": tk.c.user}, given)
        except tk.ValidationError as error:
            errors = error.error_dict
            version = found["version"]  # the second click saves over the version that was just shown
        else:
            tk.h.flash_success(_("The chapter is saved."))
            return tk.redirect_to("landlab_guideline.chapter", chapter=chapter)
    shared = {
        "chapter": found,
        "text": text,
        "version": version,
        "errors": errors,
        "preview": _html(text) if tk.request.method == "POST" else None,
        "difference": list(guideline.difference(found["text"], text)) if errors else [],
    }
    return tk.render("landlab/guideline/edit.html", extra_vars=shared)


def versions(chapter: str) -> Page:
    """The history of a chapter, the difference between two versions, and the way back to an old one."""
    told = _show()
    found = _found(told, chapter)
    known = _call("landlab_guideline_versions", {"chapter": chapter, "language": told["language"]})
    texts = {entry["version"]: entry["text"] for entry in known}
    old, new = _chosen(texts, "a", max(known[0]["version"] - 1, 0)), _chosen(texts, "b", known[0]["version"])
    shared = {
        "chapter": found,
        "versions": known,
        "old": old,
        "new": new,
        "difference": list(guideline.difference(texts[old], texts[new])),
        "may_edit": _may_edit(),
    }
    return tk.render("landlab/guideline/versions.html", extra_vars=shared)


def restore(chapter: str) -> Page:
    """Make an old version the current one, as a new version."""
    _only_administrators()
    told = _show()
    found = _found(told, chapter)
    known = _call("landlab_guideline_versions", {"chapter": chapter, "language": told["language"]})
    texts = {str(entry["version"]): entry["text"] for entry in known}
    wanted = tk.request.form.get("version", "")
    if wanted not in texts:
        return tk.abort(404, _("This chapter has no version {version}.").format(version=wanted[:20]))
    given = {"chapter": chapter, "language": told["language"], "text": texts[wanted], "version": found["version"]}
    _call("landlab_guideline_update", given)
    tk.h.flash_success(_("Version {version} is current again.").format(version=wanted))
    return tk.redirect_to("landlab_guideline.versions", chapter=chapter)


def whole() -> Page:
    """The whole guideline on one page, for print."""
    return tk.render("landlab/guideline/print.html", extra_vars=_whole())


def as_pdf() -> Page:
    """The whole guideline as PDF."""
    told = _whole()
    html = tk.render("landlab/guideline/body.html", extra_vars=told)
    title = _("Guideline")
    headers = {"Content-Disposition": 'attachment; filename="leitfaden.pdf"'}
    return Response(document(title, html, told["told"]["language"]), mimetype="application/pdf", headers=headers)


def acknowledge() -> Page:
    """Confirm having read the current version."""
    try:
        tk.get_action("landlab_guideline_acknowledge")({"user": tk.c.user}, {})
    except tk.NotAuthorized:
        return tk.abort(403, _("Please log in first."))
    tk.h.flash_success(_("Thank you. It is recorded that you have read this version."))
    return tk.redirect_to("landlab_guideline.index")


def readers() -> Page:
    """Who has read the current version and who has not."""
    told = _call("landlab_guideline_readers", {})
    return tk.render("landlab/guideline/readers.html", extra_vars={"told": told})


def terms() -> Page:
    """The glossary as page, Turtle or JSON-LD, as the reader asks."""
    best = tk.request.accept_mimetypes.best_match(["text/html", *(media for _, media in glossary.SYNTAXES.values())])
    for ending, (_form, media) in glossary.SYNTAXES.items():
        if best == media:
            return skos(ending)
    language = reader()
    known = sorted(glossary.terms().values(), key=lambda term: term.label.get(language, term.label["de"]).casefold())
    return tk.render("landlab/guideline/terms.html", extra_vars={"terms": known})


def skos(ending: str) -> Page:
    """The glossary as SKOS."""
    if ending not in glossary.SYNTAXES:
        return tk.abort(404, _("The glossary is there as .ttl and as .jsonld."))
    address = tk.url_for("landlab_glossary.terms", locale="default", qualified=True)
    return Response(glossary.as_skos(address, ending), mimetype=glossary.SYNTAXES[ending][1])


def _whole() -> dict[str, Any]:
    told = _show()
    language = told["language"]
    chapters = [
        {**entry, "html": guideline.as_html(entry["text"]), "additions": additions(entry["generated"], language)}
        for entry in told["chapters"]
    ]
    return {"told": told, "chapters": chapters, "halves": guideline.halves()}


def _html(text: str) -> str:
    return landlab_explained(Markup(guideline.as_html(text)))  # noqa: S704 as_html leaves nothing dangerous


def _show() -> dict[str, Any]:
    return _call("landlab_guideline_show", {"language": reader()})


def _found(told: dict[str, Any], chapter: str) -> dict[str, Any]:
    found = next((entry for entry in told["chapters"] if entry["name"] == chapter), None)
    return found or tk.abort(404, _("The guideline has no such chapter."))


def _chosen(texts: dict[int, str], key: str, default: int) -> int:
    given = tk.request.args.get(key, "")
    if given and (not given.isdigit() or int(given) not in texts):
        return tk.abort(404, _("This chapter has no version {version}.").format(version=given[:20]))
    return int(given) if given else default


def _call(action: str, given: dict[str, Any]) -> Any:
    try:
        return tk.get_action(action)({"user": tk.c.user}, given)
    except tk.NotAuthorized as error:
        return tk.abort(403, str(error))
    except tk.ObjectNotFound as error:
        return tk.abort(404, str(error))


def _may_edit() -> bool:
    user = model.User.get(tk.c.user or "")
    return bool(user and user.sysadmin)


def _only_administrators() -> None:
    if not _may_edit():
        tk.abort(403, _("Only administrators of the site may write the guideline."))


_AT = "/leitfaden"
for _rule, _view, _methods in (
    (_AT, index, ["GET"]),
    (f"{_AT}.pdf", as_pdf, ["GET"]),
    (f"{_AT}/druck", whole, ["GET"]),
    (f"{_AT}/kenntnis", acknowledge, ["POST"]),
    (f"{_AT}/kenntnisse", readers, ["GET"]),
    (f"{_AT}/<chapter>", chapter, ["GET"]),
    (f"{_AT}/<chapter>/bearbeiten", edit, ["GET", "POST"]),
    (f"{_AT}/<chapter>/versionen", versions, ["GET"]),
    (f"{_AT}/<chapter>/wiederherstellen", restore, ["POST"]),
):
    landlab_guideline.add_url_rule(_rule, view_func=_view, methods=_methods)
landlab_glossary.add_url_rule("/begriffe", view_func=terms)
landlab_glossary.add_url_rule("/begriffe.<ending>", view_func=skos)
