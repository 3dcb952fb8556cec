"""The vocabulary of notices as pages and SKOS, and the pages on which administrators work on it."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _
from ckanext.landlab import language, statements
from ckanext.landlab.legal import notices, skos
from flask import Blueprint, Response, request
from flask.views import MethodView

__all__ = ["landlab_notices"]

landlab_notices = Blueprint("landlab_notices", __name__)

SYNTAX = {"text/html": "html", "text/turtle": "ttl", "application/ld+json": "jsonld"}


def vocabulary(suffix: str = "") -> Any:
    """The vocabulary as HTML, Turtle or JSON-LD, by suffix or Accept."""
    wanted = suffix or SYNTAX[request.accept_mimetypes.best_match(SYNTAX, "text/html")]
    if wanted == "html":
        known = notices.vocabulary()
        entries = tk.get_action("landlab_notice_list")({}, {})
        page = {"vocabulary": known, "entries": entries, "language": _language(), "may_edit": _may_edit()}
        response = Response(tk.render("landlab/notices/vocabulary.html", page), content_type="text/html; charset=utf-8")
    else:
        words = statements.editions(statements.texts())
        media_type = skos.FORMATS[wanted][0]
        content = skos.serialized(f"{statements.site().address}/hinweise", words, wanted)
        response = Response(content, content_type=f"{media_type}; charset=utf-8")
    response.vary.add("Accept")
    return response


def notice(code: str) -> Any:
    """One notice with all its versions; `?v=` shows one of them."""
    version = request.args.get("v", "")
    try:
        found = tk.get_action("landlab_notice_show")({}, {"code": code, "version": version})
    except tk.ObjectNotFound as error:
        return tk.abort(404, str(error))
    page = {"notice": found, "version": version, "language": _language(), "may_edit": _may_edit()}
    page["roles"] = notices.vocabulary().author_roles
    return tk.render("landlab/notices/notice.html", page)


class Edit(MethodView):
    """Write new words for a notice: publishing makes a new version, the old one keeps its address."""

    def get(self, code: str) -> Any:
        _authorized("landlab_notice_version_create")
        found = _shown(code)
        return self._page(found, {**found, "base_version": found["version"], "typed": found["text"]}, {})

    def post(self, code: str) -> Any:
        form = request.form
        data = {"code": code, **{key: form.get(key, "") for key in ("text_de", "text_en", "base_version")}}
        try:
            tk.get_action("landlab_notice_version_create")(_context(), data)
        except tk.NotAuthorized as error:
            return tk.abort(403, str(error))
        except tk.ObjectNotFound as error:
            return tk.abort(404, str(error))
        except tk.ValidationError as error:
            found = _shown(code)
            typed = {"de": data["text_de"], "en": data["text_en"]}
            # The other one's version becomes the base: who has been told and has compared may save.
            return self._page(found, {**found, "base_version": found["version"], "typed": typed}, error.error_dict)
        tk.h.flash_success(_("The new version is published. Until its legal review is recorded, it says so."))
        return tk.redirect_to("landlab_notices.notice", code=code)

    def _page(self, found: dict[str, Any], data: dict[str, Any], errors: dict[str, Any]) -> Any:
        return tk.render(
            "landlab/notices/edit.html",
            {"notice": found, "data": data, "errors": errors, "language": _language()},
        )


def review(code: str) -> Any:
    """Record the day of the legal review of a version."""
    data = {"code": code, "version": request.form.get("version"), "date": request.form.get("date")}
    return _done("landlab_notice_review", data, _("The legal review is recorded."))


def withdraw(code: str) -> Any:
    """Withdraw a notice that is not in use."""
    return _done("landlab_notice_withdraw", {"code": code}, _("The notice is withdrawn and can no longer be chosen."))


def _done(action: str, data: dict[str, Any], message: str) -> Any:
    try:
        tk.get_action(action)(_context(), data)
        tk.h.flash_success(message)
    except tk.NotAuthorized as error:
        return tk.abort(403, str(error))
    except tk.ObjectNotFound as error:
        return tk.abort(404, str(error))
    except tk.ValidationError as error:
        for sentences in error.error_summary.values():
            tk.h.flash_error(sentences)
    return tk.redirect_to("landlab_notices.notice", code=data["code"])


class Level(MethodView):
    """Set the notices that the portal or an organisation puts on all its data."""

    def get(self, organization: str = "") -> Any:
        owner = _owner(organization)
        _authorized("landlab_notices_update", owner)
        said = tk.get_action("landlab_notices_show")({}, owner)
        return self._page(owner, said, said, {})

    def post(self, organization: str = "") -> Any:
        owner = _owner(organization)
        form = {key: request.form.get(key, "") for key in ("base_version", "legal_profile")}
        data = {**owner, **form, "notices": _rows(request.form)}
        try:
            tk.get_action("landlab_notices_update")(_context(), data)
        except tk.NotAuthorized as error:
            return tk.abort(403, str(error))
        except tk.ValidationError as error:
            said = tk.get_action("landlab_notices_show")({}, owner)
            return self._page(owner, said, {**data, "version": said["version"]}, error.error_dict)
        tk.h.flash_success(_("The notices are saved. They stand on all datasets from now on."))
        return tk.redirect_to(request.path)

    def _page(self, owner: dict[str, Any], said: dict[str, Any], data: dict[str, Any], errors: dict[str, Any]) -> Any:
        group = _organization(owner["id"]) if owner.get("id") else None
        page = {"said": said, "data": data, "errors": errors, "group_dict": group, "language": _language()}
        page["group_type"] = "organization"
        return tk.render("landlab/notices/level.html", page)


def _rows(form: Any) -> list[dict[str, Any]]:
    """The chosen notices of a form whose fields are named notices-<position>-<parameter>."""
    rows: dict[str, dict[str, str]] = {}
    for name, value in form.items():
        field, _, rest = name.partition("-")
        position, _, key = rest.partition("-")
        if field == "notices" and position.isdigit() and key:
            rows.setdefault(position, {})[key] = value
    chosen = (rows[position] for position in sorted(rows, key=int))
    return [
        {"code": row["code"], "parameters": {key: row[key] for key in row if key != "code" and row[key].strip()}}
        for row in chosen
        if row.get("code") and not row.get("remove")
    ]


def _owner(organization: str) -> dict[str, Any]:
    if not organization:
        return {"level": "portal"}
    return {"level": "organization", "id": _organization(organization)["id"]}


def _organization(organization: str) -> dict[str, Any]:
    try:
        return tk.get_action("organization_show")({}, {"id": organization, "include_datasets": False})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404, _("There is no such organisation."))


def _shown(code: str) -> dict[str, Any]:
    try:
        return tk.get_action("landlab_notice_show")({}, {"code": code})
    except tk.ObjectNotFound as error:
        return tk.abort(404, str(error))


def _authorized(action: str, data: dict[str, Any] | None = None) -> None:
    try:
        tk.check_access(action, _context(), data or {})
    except tk.NotAuthorized as error:
        tk.abort(403, str(error))


def _may_edit() -> bool:
    return tk.h.check_access("landlab_notice_version_create")


def _context() -> Any:
    return {"user": tk.current_user.name, "auth_user_obj": tk.current_user}


def _language() -> str:
    return "de" if language.reader() == "de" else "en"


landlab_notices.add_url_rule("/hinweise", "vocabulary", vocabulary)
for ending in ("html", "ttl", "jsonld"):
    landlab_notices.add_url_rule(f"/hinweise.{ending}", "vocabulary", vocabulary, defaults={"suffix": ending})
landlab_notices.add_url_rule("/hinweise/<code>", "notice", notice)
landlab_notices.add_url_rule("/hinweise/<code>/bearbeiten", view_func=Edit.as_view("edit"))
landlab_notices.add_url_rule("/hinweise/<code>/pruefung", "review", review, methods=["POST"])
landlab_notices.add_url_rule("/hinweise/<code>/zuruecknahme", "withdraw", withdraw, methods=["POST"])
landlab_notices.add_url_rule("/ckan-admin/hinweise", view_func=Level.as_view("portal"))
landlab_notices.add_url_rule("/organization/hinweise/<organization>", view_func=Level.as_view("organization"))
