"""Who may create, change, run and see harvest sources: administrators of the site, and those of the organisation.

A source is a dataset of its own kind, so CKAN would let every editor write one; but it makes this site fetch addresses
and write many datasets.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import authz, model
from ckan.plugins.toolkit import _
from ckan.types import AuthResult
from ckanext.landlab.harvest.tables import HarvestObject

KIND = "harvest"
Decision = AuthResult


def guarded() -> dict[str, Any]:
    """CKAN's rules for datasets, stricter where the dataset is a harvest source."""
    if not p.plugin_loaded(KIND):
        return {}
    return {
        "package_create": package_create,
        "package_update": package_update,
        "package_delete": package_delete,
        "harvest_object_show": harvest_object_show,
    }


@tk.auth_allow_anonymous_access
@tk.chained_auth_function
def package_create(original: Any, context: Any, data_dict: Any) -> Decision:
    """A source may be created by an administrator of the organisation that it belongs to."""
    decision = original(context, data_dict)
    named = (data_dict or {}).get("type") == KIND
    return _judged(decision, context, (data_dict or {}).get("owner_org")) if named else decision


@tk.auth_allow_anonymous_access
@tk.chained_auth_function
def package_update(original: Any, context: Any, data_dict: Any) -> Decision:
    """A source may be changed and run by an administrator of its organisation, and moved to another of theirs."""
    decision = original(context, data_dict)
    package = _package(context, data_dict)
    if package is None or package.type != KIND:
        return decision
    decision = _judged(decision, context, package.owner_org)
    moved = (data_dict or {}).get("owner_org")
    return _judged(decision, context, moved) if moved else decision


@tk.chained_auth_function
def package_delete(original: Any, context: Any, data_dict: Any) -> Decision:
    """A source may be deleted by an administrator of its organisation."""
    decision = original(context, data_dict)
    package = _package(context, data_dict)
    return _judged(decision, context, package.owner_org) if package and package.type == KIND else decision


@tk.auth_allow_anonymous_access
@tk.chained_auth_function
def harvest_object_show(original: Any, context: Any, data_dict: Any) -> Decision:
    """What came from a source may be seen by who may change it: it may never have become public here."""
    found = HarvestObject.get((data_dict or {}).get("id"))
    if found is None:
        return original(context, data_dict)  # the action says that there is none
    try:
        about: Any = {"user": context.get("user"), "model": model}
        tk.check_access("package_update", about, {"id": found.harvest_source_id})
    except tk.NotAuthorized:
        return {"success": False, "msg": _("Only administrators may see this.")}
    return {"success": True}


def _package(context: Any, data_dict: Any) -> model.Package | None:
    return context.get("package") or model.Package.get((data_dict or {}).get("id"))


def _judged(decision: Decision, context: Any, organization: str | None) -> Decision:
    user = context.get("user")
    if not decision.get("success") or authz.is_sysadmin(user):
        return decision
    group = model.Group.get(organization) if organization else None
    if group and authz.has_user_permission_for_group_or_org(group.id, user, "admin"):
        return decision
    return {"success": False, "msg": _("Only administrators of the organisation may do this with a harvest source.")}
