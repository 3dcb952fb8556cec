"""Fields that no person fills in: they hold what came with a record and goes out with it again."""

from __future__ import annotations

import json
import re
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.plugins.toolkit import _
from ckanext.landlab.dcat import kept
from ckanext.landlab.logic.kinds import came_so, harvested
from ckanext.landlab.surroundings import site
from sqlalchemy.dialects.postgresql import JSONB

__all__ = ["landlab_kept"]

_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL holds neither
_LARGEST = 1_000_000  # characters; a whole catalogue's leftovers do not belong to one dataset


def landlab_kept(value: Any, context: dict[str, Any]) -> str:
    """The value as text, within bounds, and about no other record unless it came so from another catalogue."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if _NOT_STORABLE.search(text):
        raise tk.Invalid(_("The text contains invisible control characters. Please type it again without them."))
    if len(text) > _LARGEST:
        raise tk.Invalid(
            _("This is too long: {length} characters. Please shorten it to at most {limit}.").format(
                length=len(text), limit=_LARGEST
            )
        )
    if not (harvested(context) or came_so(text, context)) and (other := _other_record(text)):
        raise tk.Invalid(
            _(
                "Something is said about {address}, which is a record of its own. Please keep only what is said about "
                "this record and say the rest there."
            ).format(address=other)
        )
    return text


def _other_record(text: str) -> str:
    """The address of another record of which *text* says something; empty if there is none."""
    said = {subject[1:-1]: is_record for subject, is_record in kept.about(text).items()}
    other = next((address for address, is_record in said.items() if is_record or address.startswith(f"{site()}/")), "")
    return other or (_known(list(said)) if said else "")


def _known(addresses: list[str]) -> str:
    """The first of *addresses* under which a record or a file from another catalogue is known here."""
    of_files = sa.cast(sa.type_coerce(model.Resource.extras, sa.Text), JSONB)  # CKAN keeps them as text
    stored = (model.Package.extras["uri"].astext, of_files["uri"].astext)
    queries = [sa.select(uri.label("uri")).where(uri.in_(addresses)) for uri in stored]
    return model.Session.execute(sa.union(*queries).limit(1)).scalar() or ""
