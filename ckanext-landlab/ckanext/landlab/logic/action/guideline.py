"""Actions of the guideline: read it, write a version, see the history, confirm having read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.plugins.toolkit import _
from ckanext.landlab.language import reader
from ckanext.landlab.legal import guideline
from ckanext.landlab.model import guideline as table
from sqlalchemy.exc import IntegrityError

__all__ = [
    "landlab_guideline_acknowledge",
    "landlab_guideline_readers",
    "landlab_guideline_show",
    "landlab_guideline_update",
    "landlab_guideline_versions",
]


@tk.side_effect_free
def landlab_guideline_show(context: Any, data_dict: Any) -> dict[str, Any]:
    """Return the chapters of the guideline with their texts (Markdown), and the version of the whole.

    Args:
        language: de or en (optional, default the language of the request)
    """
    tk.check_access("landlab_guideline_show", context, data_dict)
    language = _language(data_dict)
    written = table.current(language)
    return {
        "language": language,
        "version": _version(),
        "chapters": [
            {
                "name": chapter.name,
                "half": chapter.half,
                "title": chapter.title[language],
                "generated": chapter.generated,
                "version": written[chapter.name].version if chapter.name in written else 0,
                "text": _text(chapter.name, language, written),
            }
            for chapter in guideline.chapters().values()
        ],
    }


def landlab_guideline_update(context: Any, data_dict: Any) -> dict[str, Any]:
    """Write a new version of a chapter; the versions before it stay.

    Args:
        chapter: the chapter's name
        language: de or en
        text: Markdown, at most 100,000 characters
        version: the version that the text is based on; another one by now is refused
    """
    tk.check_access("landlab_guideline_update", context, data_dict)
    chapter, language = _chapter(data_dict), _language(data_dict)
    text = str(data_dict.get("text") or "").strip()
    if not text:
        raise tk.ValidationError({"text": [_("A chapter cannot be empty.")]})
    if len(text) > guideline.LONGEST:
        raise tk.ValidationError({"text": [_("At most {n} characters.").format(n=guideline.LONGEST)]})
    based_on = _number(data_dict.get("version"))
    newest = max((row.version for row in table.versions_of(chapter, language)), default=0)
    if based_on != newest:
        raise _overtaken()
    try:
        table.add_version(chapter, language, newest + 1, text, _user_id(context))
        model.repo.commit()
    except IntegrityError as error:
        model.Session.rollback()
        raise _overtaken() from error
    return {"chapter": chapter, "language": language, "version": newest + 1}


@tk.side_effect_free
def landlab_guideline_versions(context: Any, data_dict: Any) -> list[dict[str, Any]]:
    """Return every version of a chapter with its text, the newest first; version 0 is the text it came with.

    Args:
        chapter: the chapter's name
        language: de or en
    """
    tk.check_access("landlab_guideline_versions", context, data_dict)
    chapter, language = _chapter(data_dict), _language(data_dict)
    written = [
        {"version": row.version, "recorded": row.recorded.isoformat(), "text": row.text}
        for row in table.versions_of(chapter, language)
    ]
    return [*written, {"version": 0, "recorded": None, "text": guideline.default_text(chapter, language)}]


def landlab_guideline_acknowledge(context: Any, data_dict: Any) -> dict[str, Any]:
    """Confirm having read the current version of the guideline."""
    tk.check_access("landlab_guideline_acknowledge", context, data_dict)
    version = _version()
    table.acknowledge(str(_user_id(context)), version)
    model.repo.commit()
    return {"version": version}


@tk.side_effect_free
def landlab_guideline_readers(context: Any, data_dict: Any) -> dict[str, Any]:
    """Return which editors have confirmed having read the current version, and which have not."""
    tk.check_access("landlab_guideline_readers", context, data_dict)
    version = _version()
    read = table.readers(version)
    people = [
        {"id": user.id, "name": user.name, "display_name": user.display_name, "read": _day(read.get(user.id))}
        for user in _editors()
    ]
    return {"version": version, "people": people}


def current_version() -> str:
    """The version of the guideline as it reads now, in all languages."""
    return _version()


def has_read(user_id: str) -> bool:
    """Whether this person has confirmed the current version."""
    return user_id in table.readers(_version())


def _version() -> str:
    texts = {}
    for language in guideline.LANGUAGES:
        written = table.current(language)
        for chapter in guideline.chapters():
            texts[f"{chapter}.{language}"] = _text(chapter, language, written)
    return guideline.version_of(texts, guideline.declared_version())


def _text(chapter: str, language: str, written: Mapping[str, Any]) -> str:
    return written[chapter].text if chapter in written else guideline.default_text(chapter, language)


def _editors() -> list[model.User]:
    query = model.Session.query(model.User).join(model.Member, model.Member.table_id == model.User.id)
    query = query.filter(
        model.Member.table_name == "user",
        model.Member.capacity.in_(("admin", "editor")),
        model.Member.state == "active",
        model.User.state == "active",
    )
    return query.distinct().order_by(model.User.name).all()


def _chapter(data_dict: Any) -> str:
    chapter = str(data_dict.get("chapter"))
    if chapter not in guideline.chapters():
        raise tk.ObjectNotFound(_("The guideline has no such chapter."))
    return chapter


def _language(data_dict: Any) -> str:
    language = str(data_dict.get("language") or reader())[:2]
    return language if language in guideline.LANGUAGES else "de"


def _number(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        raise tk.ValidationError({"version": [_("Please say which version the text is based on.")]}) from None


def _overtaken() -> tk.ValidationError:
    sentence = _(
        "Somebody else has saved this chapter in the meantime. Your text is still here: "
        "compare it with the new version, then save again."
    )
    return tk.ValidationError({"version": [sentence]})


def _day(moment: Any) -> str | None:
    return moment.date().isoformat() if moment else None


def _user_id(context: Any) -> str | None:
    user = model.User.get(context.get("user") or "")
    return user.id if user else None
