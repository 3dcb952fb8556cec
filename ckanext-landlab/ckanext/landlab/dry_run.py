"""What the harvester of a feed will make of its datasets, told before it comes."""

from __future__ import annotations

from typing import Any

from ckan import model
from ckanext.landlab.dcat.acceptance import marks_of, outcome_of
from ckanext.landlab.feeds.feed import Feed
from ckanext.landlab.model import feed as store
from ckanext.landlab.model import titles
from ckanext.landlab.surroundings import context_of, stored

MOST = 200  # a page of more would keep its reader waiting


def told(feed: Feed, organizations: list[str] | None, start: int, rows: int) -> dict[str, Any]:
    """The datasets of *feed* that belong to *organizations* (None: to any), each with what becomes of it and why."""
    ids = store.chosen(feed, organizations, start, rows)
    doubles = store.doubles(feed, ids)
    datasets = [_told(feed, dataset_id, dataset_id in doubles) for dataset_id in ids]
    return {"count": store.count(feed, organizations), "datasets": [dataset for dataset in datasets if dataset]}


def _told(feed: Feed, dataset_id: str, is_double: bool) -> dict[str, Any]:
    package = model.Package.get(dataset_id)
    if package is None or package.state != "active" or package.private:
        return {}
    record = stored(package)
    marks = marks_of(record, context_of(record), feed.contributor, is_double=is_double)
    known = {key: record.get(key) for key in ("id", "name", "type", "title")}
    known |= {key: record[key] for key in titles.TRANSLATED if record.get(key)}
    return {**known, "outcome": outcome_of(marks), "marks": [mark.as_dict() for mark in marks]}
