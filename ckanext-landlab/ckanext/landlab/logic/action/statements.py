"""Actions on statements: what stands on a dataset now, and what stood there when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.plugins.toolkit import _
from ckanext.landlab import language, statements
from ckanext.landlab.errors import UnknownVersion
from ckanext.landlab.legal.statement import Statement

__all__ = ["landlab_notice_history", "landlab_statement_show"]


@tk.side_effect_free
def landlab_statement_show(context: Any, data_dict: Mapping[str, Any]) -> dict[str, Any]:
    """The statement of a dataset: licence, attribution, notices and who answers for what.

    :param id: the dataset's id or name
    :param version: optional, a day (2026-11-23) or a moment in UTC: what stood there then
    :param language: de or en, else the reader's
    """
    tk.get_or_bust(dict(data_dict), "id")
    tk.check_access("landlab_statement_show", context, dict(data_dict))
    return _of(context, data_dict).as_dict(_language(data_dict))


@tk.side_effect_free
def landlab_notice_history(context: Any, data_dict: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every version of a dataset's statement, the oldest first; with *date* only the one that stood on that day.

    :param id: the dataset's id or name
    :param date: optional, a day (2026-11-23) or a moment in UTC
    :param language: de or en, else the reader's
    """
    tk.get_or_bust(dict(data_dict), "id")
    tk.check_access("landlab_notice_history", context, dict(data_dict))
    if day := data_dict.get("date"):
        return [_of(context, {**data_dict, "version": day}).as_dict(_language(data_dict))]
    return [version.as_dict(_language(data_dict)) for version in statements.history(_id(data_dict))]


def _of(context: Any, data_dict: Mapping[str, Any]) -> Statement:
    version = data_dict.get("version")
    if not version:
        dataset = tk.get_action("package_show")(context, {"id": data_dict["id"]})
        return statements.statement(dataset)
    try:
        return statements.statement_at(_id(data_dict), statements.moment_of(str(version)))
    except UnknownVersion as error:
        message = _("There is no version “{version}” of these notices. The page of versions lists all there are.")
        raise tk.ObjectNotFound(message.format(version=error.version)) from error


def _id(data_dict: Mapping[str, Any]) -> str:
    """The dataset's id, whether its id or its name was given."""
    package = model.Package.get(data_dict["id"])
    if package is None:
        raise tk.ObjectNotFound(_("There is no such dataset, or you may not see it."))
    return package.id


def _language(data_dict: Mapping[str, Any]) -> str:
    chosen = data_dict.get("language") or language.reader()
    return "de" if str(chosen).startswith("de") else "en"
