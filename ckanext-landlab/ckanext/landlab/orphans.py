"""What is left of datasets that went past us.

ckanext-harvest clears a source with SQL of its own, which tells no plugin.  So we look afterwards which datasets are no
more: harvesters are told, answers and looks go, and a record of a source may come in again.  The history stays.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckanext.landlab.model import arrivals, feed_item, harvest, release, use

HELD = (release.RELEASES, release.LOOKS, arrivals.ARRIVALS, use.USE)


def clear() -> dict[str, int]:
    """Take away what is kept of datasets that are no more; returns how many rows of each table."""
    left = sa.select(feed_item.ITEMS.c.dataset_id).where(feed_item.ITEMS.c.gone.is_(None), _gone(feed_item.ITEMS))
    shown = model.Session.execute(left).scalars().all()
    for dataset_id in shown:
        feed_item.note_gone(dataset_id)
    counts = {table.name: _deleted(table, _gone(table)) for table in HELD}
    counts[harvest.RECORDS.name] = _forget_records()
    model.repo.commit()
    return {feed_item.ITEMS.name: len(shown), **counts}


@tk.chained_action
def clear_source(original: Callable[..., Any], context: Any, data_dict: dict[str, Any]) -> Any:
    """ckanext-harvest's `harvest_source_clear`, and what it leaves behind."""
    answer = original(context, data_dict)
    clear()
    return answer


def _forget_records() -> int:
    """Forget records whose dataset is no more, and the pages that they stood on, so that they can come in again."""
    records, pages = harvest.RECORDS, harvest.PAGES
    gone = sa.and_(records.c.dataset_id.is_not(None), _gone(records))
    sources = sa.select(records.c.source).where(gone)
    model.Session.execute(sa.delete(pages).where(pages.c.source.in_(sources)))
    return _deleted(records, gone)


def _gone(table: sa.Table) -> sa.ColumnElement[bool]:
    return ~sa.exists().where(feed_item.PACKAGE.c.id == table.c.dataset_id)


def _deleted(table: sa.Table, condition: sa.ColumnElement[bool]) -> int:
    return int(model.Session.execute(sa.delete(table).where(condition)).rowcount)  # type: ignore[attr-defined]
