"""What templates ask about harvest sources."""

from __future__ import annotations

from typing import Any

from ckanext.landlab.harvest import reports
from ckanext.landlab.harvest.tables import HarvestJob
from ckanext.landlab.model import harvest as store

__all__ = ["landlab_harvest_dashboard"]

MOST = 100  # rows of a table


def landlab_harvest_dashboard(source: str) -> dict[str, Any]:
    """All that the page of a source shows: its runs, what was rejected, what is there twice, what was converted."""
    runs = store.runs(source)
    job = HarvestJob.filter(source_id=source).filter(HarvestJob.status != "Finished").first()
    last = next((run for run in runs if run.ended), None)
    return {
        "running": job.id if job else "",
        "last": last,
        "runs": runs,
        "numbers": store.numbers(source),
        "rejected": store.records(source, store.REJECTED, MOST),
        "duplicates": store.records(source, store.DUPLICATE, MOST),
        "converted": [row for row in store.records(source, store.TAKEN, MOST) if row.remarks.get("lines")],
        "remarks": reports.remarks_of(source),
        "to_confirm": bool(last and last.remark and last.counts.get("missing") and not last.confirmed),
    }
