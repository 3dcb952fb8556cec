"""What must be filled in, and when: a draft may be incomplete, a published dataset may not."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _
from ckanext.landlab.logic.kinds import foreign, harvested, of_field

__all__ = ["landlab_required"]


@of_field
def landlab_required(field: dict[str, Any], schema: dict[str, Any]) -> Any:
    """Refuse an empty *field* that is `required`, unless the dataset is a draft or comes from another catalogue."""

    def validator(key: Any, data: dict[Any, Any], errors: dict[Any, Any], context: dict[str, Any]) -> None:
        if _filled(data.get(key)):
            return
        if field.get("required") and _strict(data, context):
            errors[key].append(_("Please fill in this field. It is mandatory for publishing."))
        data.pop(key, None)
        raise tk.StopOnError

    return validator


def _filled(value: Any) -> bool:
    """Whether *value* says anything; a form sends a list of one empty text for a list left empty."""
    if isinstance(value, list):
        return any(_filled(entry) for entry in value)
    return value is not tk.missing and value not in (None, "")


def _strict(data: dict[Any, Any], context: dict[str, Any]) -> bool:
    """Whether the dataset is, or is about to be, published by a person whose catalogue it comes from."""
    if harvested(context) or foreign(context):
        return False
    state = data.get(("state",))
    if state in (None, tk.missing, ""):
        stored = context.get("package")
        state = stored.state if stored else "active"
    return not str(state).startswith("draft")
