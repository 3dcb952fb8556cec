"""The metadata of one dataset as a file, for the ZIP."""

from __future__ import annotations

from typing import Any

from ckan import model
from ckanext.landlab import statements
from ckanext.landlab.dcat.completeness import described
from ckanext.landlab.dcat.context import Context
from ckanext.landlab.dcat.syntax import serialise


def turtle(dataset: dict[str, Any]) -> str:
    """*dataset* in DCAT-AP.de 3.0 as Turtle."""
    return serialise(described(dataset, context_of(dataset)), "ttl").decode()


def context_of(dataset: dict[str, Any]) -> Context:
    """What the description of *dataset* needs from around it."""
    group = model.Group.get(dataset.get("owner_org") or "")
    known = {"id": group.id, "name": group.name, "title": group.title} if group else {}
    extras = group.extras or {} if group else {}  # type: ignore[attr-defined] a column CKAN maps late
    return Context(
        base=statements.site().address,
        organization={**extras, **known},
        statement=statements.address_of(dataset["id"]),
        attribution=statements.statement(dataset).work.by,
    )
