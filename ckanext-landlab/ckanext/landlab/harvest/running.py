"""A run from its beginning, or from wherever it was left, to its end; one at a time for each source.

A run that was killed is taken up again by `schedule`: a run that had not read every page begins anew, one that had goes
on with the records that are left.  What cannot be finished after some attempts, or takes too long, ends and says so.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import blake2b
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib import search
from ckan.plugins.toolkit import _
from ckanext.harvest import queue
from ckanext.landlab import following
from ckanext.landlab.errors import SourceUnreadable
from ckanext.landlab.harvest import gathering, importing, reports
from ckanext.landlab.harvest.sparing import sparingly
from ckanext.landlab.harvest.tables import HarvestGatherError, HarvestJob, HarvestObject
from ckanext.landlab.harvest.words import detailed, in_short, noted, parted, unread
from ckanext.landlab.language import Said, site_language
from ckanext.landlab.model import harvest as store
from rq.timeouts import JobTimeoutException
from sqlalchemy.exc import SQLAlchemyError

log = logging.getLogger(__name__)

NAME = "landlab_dcat_ap_de"
MOST_ATTEMPTS = 5  # in a row without a record taken in
BEAT = 5  # seconds between two signs of life; what follows a change of other datasets waits no longer


def run(job_id: str) -> None:
    """Bring a harvest job to its end; leaves at once if another process is at it."""
    job = HarvestJob.get(job_id)
    if job is None or job.status == "Finished":
        return
    source = job.source_id
    with alone(source) as ours:
        if not ours:
            return
        try:
            _go_on(job_id, source)
        except SourceUnreadable as error:
            with site_language():
                end(job_id, source, failure=unread(error))
        except JobTimeoutException:
            sentence = Said(lambda: _("The run took too long and was ended. The next one goes on from here."))
            with site_language():
                end(job_id, source, failure=noted(sentence))


@contextmanager
def alone(source: str) -> Iterator[bool]:
    """Whether this process is the only one that works on *source*; a killed process loses that at once."""
    assert model.meta.engine is not None  # noqa: S101 CKAN has started
    number = int.from_bytes(blake2b(f"landlab harvest {source}".encode(), digest_size=8).digest(), "big", signed=True)
    with model.meta.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        ours = connection.execute(sa.select(sa.func.pg_try_advisory_lock(number))).scalar()
        try:
            yield bool(ours)
        finally:
            if ours:
                connection.execute(sa.select(sa.func.pg_advisory_unlock(number)))


def _go_on(job_id: str, source: str) -> None:
    earlier = store.run_of(job_id)
    attempts = earlier.attempts + 1 if earlier else 1
    with site_language():
        if attempts > MOST_ATTEMPTS:
            end(job_id, source, failure=noted(Said(_given_up), parted(earlier.remark)[1] if earlier else ""))
            return
    store.note(job_id, source, attempts=attempts)
    job = HarvestJob.get(job_id)
    job.status = "Running"
    model.repo.commit()
    try:
        if job.source.type == NAME:
            _ours(job)
        else:
            _others(job)
    except Exception as error:
        _note_breaking(job_id, source, error)
        raise
    end(job_id, source)


def _given_up() -> str:
    return _("The run was broken off {times} times and is given up.").format(times=MOST_ATTEMPTS)


def _note_breaking(job_id: str, source: str, error: Exception) -> None:
    """Leave a word why a run broke off, if the database still listens."""
    if isinstance(error, (SourceUnreadable, JobTimeoutException)):
        return
    log.exception("Harvest job %s broke off and will be taken up again", job_id)
    try:
        model.Session.rollback()
        earlier = store.run_of(job_id)
        said = f"{type(error).__name__}: {str(error)[:300]}"
        store.note(job_id, source, remark=detailed(parted(earlier.remark)[0] if earlier else "", said))
        model.repo.commit()
    except SQLAlchemyError:
        model.Session.remove()


def _ours(job: Any) -> None:
    job_id, source = job.id, job.source_id
    if job.gather_finished is None:
        job.gather_started = datetime.utcnow()  # noqa: DTZ003 as ckanext-harvest writes it
        with site_language():
            gathering.gather(job)
        job = HarvestJob.get(job_id)
        job.gather_finished = datetime.utcnow()  # noqa: DTZ003
        model.repo.commit()
    waiting = importing.waiting(job_id)
    if not waiting:
        return
    place = importing.place_of(HarvestJob.get(job_id))
    with sparingly():
        importing.hold(place)
        beat = time.monotonic() + BEAT
        for object_id in waiting:
            one = model.Session.get(HarvestObject, object_id)
            if one is None or one.state not in importing.OPEN:
                continue  # somebody stopped the job
            with site_language():
                importing.take_in_or_give_up(one, place)
            if time.monotonic() > beat:
                search.commit()
                store.note(job_id, source, attempts=1)
                model.repo.commit()
                following.meanwhile()
                model.Session.remove()
                importing.hold(place)
                beat = time.monotonic() + BEAT


def _others(job: Any) -> None:
    """A run of a harvester of another extension, by its own means."""
    harvester = queue.get_harvester(job.source.type)
    if harvester is None:
        sentence = Said(lambda: _("No harvester for this kind of source is installed."))
        raise SourceUnreadable(job.source.url, sentence)
    if job.gather_finished is None:
        gathering.forget_objects(job.id)
        queue.gather_stage(harvester, job)
    for object_id in importing.waiting(job.id):
        queue.fetch_and_import_stages(harvester, HarvestObject.get(object_id))


def end(job_id: str, source: str, failure: str = "") -> None:
    """Note the end of a run and its *failure*, and tell those who look after the source if it has just gone wrong."""
    model.Session.rollback()
    job = HarvestJob.get(job_id)
    if failure:
        objects = sa.and_(HarvestObject.harvest_job_id == job_id, HarvestObject.state.in_(importing.OPEN))
        model.Session.execute(sa.update(HarvestObject).where(objects).values(state="ERROR", report_status="errored"))
        model.Session.add(HarvestGatherError(message=in_short(failure), harvest_job_id=job_id))
    job.status = "Finished"
    job.finished = datetime.utcnow()  # noqa: DTZ003
    job.gather_finished = job.gather_finished or job.finished
    counts = reports.counted(job_id, source)
    store.note(job_id, source, ended=store.now(), failure=failure, counts=counts)
    model.repo.commit()
    if counts["created"] or counts["deleted"]:  # the list of sources says how many datasets each has
        tk.get_action("harvest_source_reindex")({"ignore_auth": True, "user": ""}, {"id": source})
    with site_language():
        reports.tell_failure(source)
