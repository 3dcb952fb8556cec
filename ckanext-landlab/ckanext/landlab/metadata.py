"""The metadata of one dataset as a file, for the ZIP."""

from __future__ import annotations

from typing import Any

from ckanext.landlab.dcat.completeness import described
from ckanext.landlab.dcat.syntax import serialise
from ckanext.landlab.surroundings import context_of


def turtle(dataset: dict[str, Any]) -> str:
    """*dataset* in DCAT-AP.de 3.0 as Turtle."""
    return serialise(described(dataset, context_of(dataset)), "ttl").decode()
