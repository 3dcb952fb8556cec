"""Fields that no person fills in: they hold what came with a record and goes out with it again."""

from __future__ import annotations

import json
import re
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _

__all__ = ["landlab_kept"]

_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL holds neither
_LARGEST = 1_000_000  # characters; a whole catalogue's leftovers do not belong to one dataset


def landlab_kept(value: Any) -> str:
    """The value as text, within bounds."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if _NOT_STORABLE.search(text):
        raise tk.Invalid(_("The text contains invisible control characters. Please type it again without them."))
    if len(text) > _LARGEST:
        raise tk.Invalid(
            _("This is too long: {length} characters. Please shorten it to at most {limit}.").format(
                length=len(text), limit=_LARGEST
            )
        )
    return text
