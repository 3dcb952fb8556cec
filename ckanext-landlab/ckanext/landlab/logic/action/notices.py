"""Actions on notices: read the vocabulary and its versions, publish words, set what portal and organisations say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.plugins.toolkit import _
from ckanext.landlab import language, statements
from ckanext.landlab.legal import inheritance, notices, profiles
from ckanext.landlab.legal.notices import Edition, Notice, TemplateFault
from ckanext.landlab.model import notices as kept
from sqlalchemy.exc import IntegrityError

__all__ = [
    "landlab_notice_list",
    "landlab_notice_review",
    "landlab_notice_show",
    "landlab_notice_version_create",
    "landlab_notice_withdraw",
    "landlab_notices_show",
    "landlab_notices_update",
]

LONGEST_TEXT = 10_000


@tk.side_effect_free
def landlab_notice_list(context: Any, data_dict: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The vocabulary of notices with the words in force.

    :returns: for each notice its code, labels, severity, parameters and words in German and English
    """
    tk.check_access("landlab_notice_list", context, dict(data_dict))
    words = statements.editions(statements.texts())
    return [
        _described(notice, words.get(notice.code, notice.edition)) for notice in notices.vocabulary().notices.values()
    ]


@tk.side_effect_free
def landlab_notice_show(context: Any, data_dict: Mapping[str, Any]) -> dict[str, Any]:
    """One notice with all its versions.

    :param code: the notice's code, e.g. SENSOR
    :param version: optional, the number of one version; then `text` holds its words
    """
    tk.check_access("landlab_notice_show", context, dict(data_dict))
    notice = _notice(data_dict)
    versions = _versions(notice)
    edition = versions[-1]
    if number := data_dict.get("version"):
        edition = next((entry for entry in versions if str(entry.version) == str(number)), None)
        if edition is None:
            raise tk.ObjectNotFound(
                _("The notice {code} has no version {number}.").format(code=notice.code, number=str(number)[:40])
            )
    return {**_described(notice, edition), "versions": [_words(entry) for entry in versions]}


def landlab_notice_version_create(context: Any, data_dict: Mapping[str, Any]) -> dict[str, Any]:
    """Publish new words for a notice; the old ones stay at their address.

    :param code: the notice's code
    :param text_de: the template in German
    :param text_en: the template in English
    :param base_version: the version that was edited; if somebody has published a newer one, nothing is changed
    """
    tk.check_access("landlab_notice_version_create", context, dict(data_dict))
    notice = _notice(data_dict)
    texts = {key: _lines(data_dict.get(key)) for key in ("text_de", "text_en")}
    errors = {key: reason for key, text in texts.items() if (reason := _refusal(notice, text))}
    statements.publish_templates()
    latest = _versions(notice)[-1].version
    if str(data_dict.get("base_version")) != str(latest):
        message = _(
            "Somebody else published version {number} while you were writing. Nothing has been changed."
            " Compare both and save again."
        )
        errors["base_version"] = message.format(number=latest)
    if errors:
        raise tk.ValidationError({key: [reason] for key, reason in errors.items()})
    person = model.User.get(context.get("user"))
    role = statements.role_of(person, "")
    values = {"code": notice.code, "version": latest + 1, "author_role": role, "author_id": person and person.id}
    _saved(lambda: kept.add_text(**values, **texts))
    return landlab_notice_show(context, {"code": notice.code})


def landlab_notice_review(context: Any, data_dict: Mapping[str, Any]) -> dict[str, Any]:
    """Record the day on which a version was reviewed legally.

    :param code: the notice's code
    :param version: the number of the version
    :param date: the day, not in the future
    """
    tk.check_access("landlab_notice_review", context, dict(data_dict))
    notice = _notice(data_dict)
    day = _day(data_dict.get("date"))
    statements.publish_templates()
    known = {str(entry.version): entry for entry in _versions(notice)}
    edition = known.get(str(data_dict.get("version")))
    if edition is None or edition.reviewed:
        raise tk.ValidationError({"version": [_("There is no such version that still awaits its review.")]})
    _saved(lambda: kept.record_review(notice.code, edition.version, day))
    return landlab_notice_show(context, {"code": notice.code})


def landlab_notice_withdraw(context: Any, data_dict: Mapping[str, Any]) -> dict[str, Any]:
    """Withdraw a notice, so that nobody can choose it any more; refused while it is in use.

    :param code: the notice's code
    """
    tk.check_access("landlab_notice_withdraw", context, dict(data_dict))
    notice = _notice(data_dict)
    statements.publish_templates()
    in_use = kept.saying_that(notice.code)
    if in_use:
        places = ", ".join(sorted(_place(row) for row in in_use)[:5])
        message = _("This notice is in use in {count} places and cannot be withdrawn: {places}.")
        raise tk.ValidationError({"code": [message.format(count=len(in_use), places=places)]})
    last, person = _versions(notice)[-1], model.User.get(context.get("user"))
    words = {"text_de": last.text["de"], "text_en": last.text["en"], "author_id": person and person.id}
    role = statements.role_of(person, "")
    number = last.version + 1
    _saved(lambda: kept.add_text(code=notice.code, version=number, author_role=role, withdrawn=True, **words))
    return landlab_notice_show(context, {"code": notice.code})


@tk.side_effect_free
def landlab_notices_show(context: Any, data_dict: Mapping[str, Any]) -> dict[str, Any]:
    """What the portal or an organisation says of all its data.

    :param level: portal or organization
    :param id: the organisation's id or name
    """
    tk.check_access("landlab_notices_show", context, dict(data_dict))
    level, owner_id = _owner(data_dict)
    row = kept.sayings_at([(level, owner_id)]).get((level, owner_id))
    content = row.content if row else {}
    return {
        "level": level,
        "id": owner_id,
        "notices": content.get("notices", []),
        "legal_profile": content.get("legal_profile"),
        "version": row.version if row else 0,
        "recorded": row.recorded.isoformat() if row else None,
        "author_role": row.author_role if row else None,
    }


def landlab_notices_update(context: Any, data_dict: Mapping[str, Any]) -> dict[str, Any]:
    """Set what the portal or an organisation says of all its data.

    :param level: portal or organization
    :param id: the organisation's id or name
    :param notices: a list of {code, parameters}
    :param legal_profile: the code of the organisation's legal profile
    :param base_version: the version that was edited; if somebody has saved since, nothing is changed
    """
    tk.check_access("landlab_notices_update", context, dict(data_dict))
    level, owner_id = _owner(data_dict)
    before = landlab_notices_show(context, {"level": level, "id": owner_id})
    chosen = data_dict.get("notices") or []
    errors: dict[str, Any] = _errors_of(chosen, data_dict.get("legal_profile"))
    if str(data_dict.get("base_version", before["version"])) != str(before["version"]):
        message = _("Somebody else has changed these notices meanwhile. Nothing was saved. Compare and save again.")
        errors["base_version"] = [message]
    if errors:
        raise tk.ValidationError(errors)
    known = notices.vocabulary().notices
    entries = [{"code": e["code"], "parameters": known[e["code"]].kept(e.get("parameters") or {})} for e in chosen]
    content: dict[str, Any] = {"notices": entries}
    if level == "organization":
        content["legal_profile"] = data_dict.get("legal_profile") or None
    statements.publish_templates()
    _saved(lambda: statements.say(level, owner_id, content, context.get("user")))
    return landlab_notices_show(context, {"level": level, "id": owner_id})


def _errors_of(chosen: Any, profile: Any) -> dict[str, list[str]]:
    if not isinstance(chosen, list):
        return {"notices": [_("A list of notices is expected.")]}
    found = [fault.sentence(language.reader()) for fault in inheritance.faults_of(chosen, statements.withdrawn())]
    errors = {"notices": found} if found else {}
    if profile and profile not in profiles.all_profiles():
        errors["legal_profile"] = [_("There is no such legal profile. Choose one from the list.")]
    return errors


def _notice(data_dict: Mapping[str, Any]) -> Notice:
    code = str(tk.get_or_bust(dict(data_dict), "code"))
    notice = notices.vocabulary().notices.get(code)
    if notice is None:
        raise tk.ObjectNotFound(_("There is no notice {code}.").format(code=code[:40]))
    return notice


def _versions(notice: Notice) -> list[Edition]:
    return [statements.edition_of(row) for row in kept.text_versions(notice.code)] or [notice.edition]


def _owner(data_dict: Mapping[str, Any]) -> tuple[str, str]:
    if data_dict.get("level") == "portal":
        return statements.PORTAL
    if data_dict.get("level") != "organization":
        raise tk.ValidationError({"level": [_("The level is portal or organization.")]})
    organization = model.Group.get(tk.get_or_bust(dict(data_dict), "id"))
    if organization is None or not organization.is_organization:
        raise tk.ObjectNotFound(_("There is no such organisation."))
    return "organization", organization.id


def _saved(change: Any) -> None:
    """Carry out *change*; of two that come at the same moment only one is kept, and the other is told."""
    try:
        change()
        model.repo.commit()
    except IntegrityError as error:
        model.Session.rollback()
        message = _("Somebody else saved at the same moment. Nothing of yours has been changed. Please save again.")
        raise tk.ValidationError({"base_version": [message]}) from error
    finally:
        statements.forget()


def _refusal(notice: Notice, text: str) -> str | None:
    if len(text) > LONGEST_TEXT:
        return _("This is too long: at most {limit} characters.").format(limit=LONGEST_TEXT)
    fault = notices.template_fault(notice, text)
    return _worded(fault).format(line=fault.line, about=fault.about) if fault else None


def _worded(fault: TemplateFault) -> str:
    return {
        "unknown_parameter": _("Line {line}: there is no parameter {about}. Use only the ones listed below."),
        "missing_parameter": _("The required parameter {about} is left out. Use it at least once."),
        "braces": _("Line {line}: the braces do not match ({about})."),
        "empty": _("Please write a text."),
        "excludes_liability": _(
            "Line {line} excludes liability. A public body cannot do that by a text of its portal (BGH, III ZR 177/06)."
            " Say instead what the data are and what they are not."
        ),
    }[fault.reason]


def _lines(value: Any) -> str:
    text = value if isinstance(value, str) else ""
    return "\n".join(line.strip() for line in text.replace("\x00", "").splitlines() if line.strip())


def _day(value: Any) -> date:
    try:
        day = date.fromisoformat(str(value))
    except ValueError as error:
        raise tk.ValidationError({"date": [_("This is no date. Write it as YYYY-MM-DD.")]}) from error
    if day > kept.now().date():
        raise tk.ValidationError({"date": [_("The review cannot have taken place in the future.")]})
    return day


def _place(row: kept.Row) -> str:
    named = {"portal": _("the portal"), "organization": _("an organisation")}
    return named.get(row.level) or row.content.get("title", row.owner_id)


def _described(notice: Notice, edition: Edition) -> dict[str, Any]:
    severities = notices.vocabulary().severities
    return {
        "code": notice.code,
        "label": dict(notice.label),
        "severity": notice.severity,
        "severity_label": dict(severities[notice.severity]),
        "trigger": dict(notice.trigger),
        "answers": dict(notice.answers),
        "replaceable": notice.replaceable,
        "origins": list(notice.origins),
        "parameters": [
            {"name": p.name, "kind": p.kind, "required": p.required, "label": dict(p.label)} for p in notice.parameters
        ],
        **_words(edition),
    }


def _words(edition: Edition) -> dict[str, Any]:
    return {
        "version": edition.version,
        "date": edition.date.isoformat(),
        "author_role": edition.author_role,
        "reviewed": edition.reviewed.isoformat() if edition.reviewed else None,
        "withdrawn": edition.withdrawn,
        "text": dict(edition.text),
    }
