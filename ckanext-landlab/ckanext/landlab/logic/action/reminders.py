"""Reminders of releases that wait and of reviews that are due."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckanext.landlab import release
from ckanext.landlab.mails import tell_confirmers, tell_review
from ckanext.landlab.model import release as table

__all__ = ["landlab_release_remind"]

PATIENCE = timedelta(days=3)  # between two mails about the same thing


def landlab_release_remind(context: Any, data_dict: Any) -> dict[str, int]:
    """Mail reminders of what waits and of what is past its review date; none twice within three days."""
    tk.check_access("landlab_release_remind", context, data_dict)
    moment = table.now()
    waiting = [row for row in table.waiting() if (row.reminded or row.waiting_since) <= moment - PATIENCE]
    due = [row for row in table.due(date.today()) if not row.reminded or row.reminded <= moment - PATIENCE]  # noqa: DTZ011
    mails = 0
    for row in waiting:
        mails += tell_confirmers(_noted(row.dataset_id, moment), again=True)
    for row in due:
        mails += tell_review(_noted(row.dataset_id, moment))
    return {"waiting": len(waiting), "due": len(due), "mails": mails}


def _noted(dataset_id: str, moment: datetime) -> release.Release:
    """The release of a dataset; that it was reminded of is stored first, so that nothing is mailed twice."""
    found = release.release_of(release.dataset_of(dataset_id))
    table.store(dataset_id, reminded=moment)
    model.repo.commit()
    return found
