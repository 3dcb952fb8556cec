"""Whether a record is as it was when it was last looked at."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import sqlalchemy as sa
from ckanext.landlab.model import harvest as store

EDITION = version("ckanext-landlab")  # another one may read the same statements in another way


def mark(fingerprint: str) -> str:
    """What is remembered of a record: its fingerprint, and by which edition of ours it was read."""
    return f"{EDITION} {fingerprint}"


def stands(row: sa.Row[Any], there: set[str]) -> bool:
    """Whether what became of a record still holds; a duplicate is looked at anew, the other one may have gone."""
    return row.dataset_id in there if row.outcome == store.TAKEN else row.outcome == store.REJECTED
