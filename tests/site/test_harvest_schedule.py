"""Harvesting without cron: the small job comes back by itself, also after the one before was cleared away."""

from __future__ import annotations

import pytest
import rq
from ckan import model
from ckan.lib import jobs
from ckan.lib.redis import connect_to_redis
from ckanext.harvest.model import HarvestJob
from ckanext.landlab import due
from ckanext.landlab.harvest import schedule
from harvest_case import upstream  # noqa: F401 a fixture

pytestmark = pytest.mark.usefixtures("upstream")


def coming() -> list[str]:
    ids = jobs.get_queue().scheduled_job_registry.get_job_ids()
    return [job_id for job_id in ids if job_id.startswith(schedule.TICK)]


def test_the_small_job_comes_back_and_begins_what_is_due(upstream):  # noqa: F811
    model.Session.execute(model.meta.metadata.tables["harvest_source"].update().values(frequency="DAILY"))
    model.repo.commit()
    queue = jobs.get_queue()
    queue.empty()
    for job_id in coming():
        queue.scheduled_job_registry.remove(job_id)
    schedule.ensure()
    schedule.ensure()
    (first,) = coming()
    queue.scheduled_job_registry.remove(first)
    queue.enqueue_job(rq.job.Job.fetch(first, connection=queue.connection))

    rq.SimpleWorker([queue], connection=queue.connection).work(burst=True, max_jobs=1)

    (following,) = coming()
    assert rq.job.Job.fetch(following, connection=queue.connection).func_name.endswith("schedule.tick")
    assert model.Session.query(HarvestJob).count() == 1
    assert schedule.take_up() == []  # it waits in the queue already
    queue.empty()


def test_the_small_job_has_what_is_due_done_once_and_without_visitors(upstream):  # noqa: F811
    queue = jobs.get_queue()
    queue.empty()
    for duty in due.DUTIES:
        connect_to_redis().delete(due._mark(duty))

    schedule.tick()
    schedule.tick()

    wanted = [job.func_name for job in queue.jobs if not job.id.startswith("landlab-harvest")]
    assert sorted(wanted) == sorted(f"{duty.job.__module__}.{duty.job.__name__}" for duty in due.DUTIES)
    assert "ckanext.landlab.privacy.tidy" in wanted
    queue.empty()
