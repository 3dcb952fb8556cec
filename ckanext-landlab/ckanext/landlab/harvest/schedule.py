"""Harvesting without cron: a small job that comes back every minute through the scheduler of CKAN's job worker.

It begins the runs that are due, takes up again those that were broken off, and has other duties looked after.
Its id is that of its minute: two that want to come back are one, and the end of one, which rq clears away by its id,
does not take the next along.  Every start of CKAN looks that it is there.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta, timezone

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import jobs
from ckanext.harvest.logic import HarvestJobExists
from ckanext.harvest.logic.action.update import _calculate_next_run as next_run
from ckanext.landlab import config, due
from ckanext.landlab.harvest.running import alone, run
from ckanext.landlab.harvest.tables import HarvestJob, HarvestSource
from redis.exceptions import RedisError
from rq import get_current_job
from rq.exceptions import NoSuchJobError
from rq.job import Job

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=1)
TICK = "landlab-harvest-tick"


def ensure() -> None:
    """See to it that the small job comes back; called whenever CKAN starts."""
    try:
        waiting = jobs.get_queue().scheduled_job_registry.get_job_ids()
        if not any(job_id.startswith(TICK) for job_id in waiting):
            _come_back()
    except (RedisError, OSError) as error:
        log.warning("Harvesting is not scheduled, because Redis does not answer: %s", error)


def _come_back() -> None:
    minute = int(time.time() // EVERY.total_seconds()) + 1
    running = get_current_job()
    if running and running.id == f"{TICK}-{minute}":
        minute += 1  # it came early
    name, moment = f"{TICK}-{minute}", datetime.fromtimestamp(minute * EVERY.total_seconds(), timezone.utc)
    jobs.get_queue().enqueue_at(moment, tick, job_id=name, job_timeout=600, result_ttl=0, failure_ttl=3600)


def tick() -> None:
    """Come back in a minute; begin what is due, take up what was broken off."""
    _come_back()
    due.enqueue()
    begin_due()
    take_up()


def begin_due() -> list[str]:
    """Begin a run of every source whose time has come; their ids."""
    moment = datetime.utcnow()  # noqa: DTZ003 as ckanext-harvest writes it
    sources = model.Session.query(HarvestSource).filter(HarvestSource.active, HarvestSource.frequency != "MANUAL")
    begun = []
    for source in sources.all():
        if source.next_run and source.next_run > moment:
            continue
        try:
            user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
            tk.get_action("harvest_job_create")({"ignore_auth": True, "user": user}, {"source_id": source.id})
            begun.append(source.id)
        except HarvestJobExists:
            log.info("The source %s is due, but its last run has not ended yet", source.id)
        source.next_run = next_run(source.frequency)
        source.save()
    return begun


def take_up() -> list[str]:
    """Have every run that nobody works on gone on with; the ids of the jobs."""
    open_ones = model.Session.query(HarvestJob.id, HarvestJob.source_id).filter(HarvestJob.status != "Finished").all()
    taken = []
    for job_id, source in open_ones:
        with alone(source) as nobody:
            if nobody and not _waits(job_id):
                enqueue(job_id)
                taken.append(job_id)
    return taken


def enqueue(job_id: str) -> None:
    """Have the job worker run a harvest job."""
    options = {"timeout": config.harvest_seconds(), "job_id": _name(job_id), "result_ttl": 0, "failure_ttl": 86_400}
    tk.enqueue_job(run, [job_id], title=f"Harvest {job_id}", rq_kwargs=options)


def _waits(job_id: str) -> bool:
    """Whether a harvest job is in the queue already."""
    try:
        return Job.fetch(_name(job_id), connection=jobs.get_queue().connection).is_queued
    except NoSuchJobError:
        return False


def _name(job_id: str) -> str:
    return f"landlab-harvest-{job_id}"
