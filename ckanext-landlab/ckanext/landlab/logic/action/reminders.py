"""Reminders of releases that wait and of reviews that are due."""

from __future__ import annotations

from datetime import date, timedelta
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
        mails += tell_confirmers(release.release_of(release.dataset_of(row.dataset_id)), again=True)
    for row in due:
        mails += tell_review(release.release_of(release.dataset_of(row.dataset_id)))
    for row in (*waiting, *due):
        table.store(row.dataset_id, reminded=moment)
    model.repo.commit()
    return {"waiting": len(waiting), "due": len(due), "mails": mails}
