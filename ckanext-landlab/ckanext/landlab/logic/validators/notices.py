"""The notices of a dataset or file: each complete, those that its origin demands present."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.navl.dictization_functions import unflatten
from ckan.plugins.toolkit import _
from ckanext.landlab import language, statements
from ckanext.landlab.legal import inheritance, notices, responsibilities
from ckanext.landlab.legal.parameters import Fault
from ckanext.landlab.logic.kinds import foreign, harvested, public
from ckanext.landlab.model import notices as kept
from ckanext.landlab.schemas import vocabulary

__all__ = ["landlab_notice_code", "landlab_notice_parameters", "landlab_notices_complete"]

Key = tuple[Any, ...]


def landlab_notice_code(key: Key, data: dict[Key, Any], errors: dict[Key, Any], context: dict[str, Any]) -> None:
    """Leave out a row without a code or one that was marked for removal; join the parameters of a form."""
    row = key[:-1]
    typed = data.pop((*row, "__extras"), None) or {}
    code = data.get(key)
    if code in (None, "", tk.missing) or typed.pop("remove", None):
        for name in [name for name in data if name[: len(row)] == row]:
            data.pop(name)
        raise tk.StopOnError
    # A list or a mapping for a code is refused with the parameters, in the same sentence as an unknown one.
    data[key] = code if isinstance(code, str) else json.dumps(code)
    stored = data.get((*row, "parameters"))
    if stored in (None, "", tk.missing):
        data[(*row, "parameters")] = typed


def landlab_notice_parameters(key: Key, data: dict[Key, Any], errors: dict[Key, Any], context: dict[str, Any]) -> None:
    """Refuse a notice whose parameters are missing or wrong, each with a sentence; keep them cleaned."""
    code = data.get((*key[:-1], "code"))
    if code is None:
        data.pop(key, None)
        raise tk.StopOnError
    values = _mapping(data[key])
    entry = {"code": code, "parameters": values}
    if not harvested(context):
        found = inheritance.faults_of([entry], _withdrawn(code, context))
        errors[key].extend(fault.sentence(language.reader()) for fault in found)
    notice = notices.vocabulary().notices.get(code)
    data[key] = notice.kept(values) if notice and isinstance(values, Mapping) and not errors[key] else values


def landlab_notices_complete(key: Key, data: dict[Key, Any], errors: dict[Key, Any], context: dict[str, Any]) -> None:
    """See that a published dataset has the notices its origin demands and somebody who answers for it."""
    values = unflatten({name: value for name, value in data.items() if value is not tk.missing})
    if harvested(context) or not public(values, context):
        return
    own = inheritance.Level("dataset", "", inheritance.assignments_of(values.get("notices")))
    owner_org = values.get("owner_org") or ""
    above = kept.sayings_at([statements.PORTAL, ("organization", owner_org)])
    levels = [statements.level_of(level, "", row) for (level, _id), row in above.items()]
    found = _of_origin(str(values.get("origin") or ""), [*levels, own]) + _of_profile(own, above, owner_org)
    if found:
        _add(errors, "notices", "parameters", [fault.sentence(language.reader()) for fault in found])
    if not foreign(context) and "custodian" in responsibilities.missing_roles(values):
        message = _("Nobody answers for these data yet. Name the custodian: the office that keeps the data right.")
        _add(errors, "custodian", "name", [message])


def _of_origin(origin: str, levels: list[inheritance.Level]) -> list[Fault]:
    concept = vocabulary("origin").concepts.get(origin)
    if concept is None:
        return []
    known = notices.vocabulary().notices
    missing = inheritance.missing_for(concept.code, inheritance.resolve(levels))
    return [Fault("required_by_origin", known[code].label, concept.label) for code in missing]


def _of_profile(own: inheritance.Level, above: Mapping[tuple[str, str], kept.Row], owner_org: str) -> list[Fault]:
    """A clause may only speak of the law under which the organisation works."""
    row = above.get(("organization", owner_org))
    profile = row.content.get("legal_profile") if row else None
    known = notices.vocabulary().notices
    return [
        Fault("no_profile", known[assignment.code].label, parameter.label)
        for assignment in own.assignments
        if assignment.code in known
        for parameter in known[assignment.code].parameters
        if parameter.kind == "profile" and assignment.parameters.get(parameter.name) != profile
    ]


def _withdrawn(code: str, context: dict[str, Any]) -> list[str]:
    """*code*, if it was withdrawn and does not stand on this dataset already."""
    package = context.get("package")
    in_use = {row.owner_id for row in kept.saying_that(code)} if package and code in statements.withdrawn() else set()
    return [] if package and package.id in in_use else statements.withdrawn()


def _mapping(value: Any) -> Any:
    if isinstance(value, str) and value.strip().startswith("{"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return {} if value in (None, "", tk.missing) else value


def _add(errors: dict[Key, Any], field: str, part: str, sentences: list[str]) -> None:
    """Put *sentences* on *field*; where it has rows, on one after the last: CKAN nests errors as it nests values."""
    rows = [key[1] for key in errors if key[0] == field and len(key) > 1]
    key = (field, max(rows) + 1, part) if rows else (field,)
    errors[key] = [*(errors.get(key) or []), *sentences]
