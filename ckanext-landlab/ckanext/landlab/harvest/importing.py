"""The second half of a run: take in what was noted, one record after the other, each in one step."""

from __future__ import annotations

import json
import logging
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.plugins.toolkit import _
from ckanext.landlab.harvest import rivals, taking
from ckanext.landlab.harvest.tables import HarvestObject, HarvestObjectError, HarvestSource
from ckanext.landlab.harvest.taking import Found, Outcome, Place
from ckanext.landlab.language import Said
from ckanext.landlab.model import harvest as store
from ckanext.landlab.model.upserting import compiled, run
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, StatementError

STATUS = {taking.CREATED: "added", taking.CHANGED: "updated", store.DUPLICATE: "not modified"}
MOST_TRIES = 1  # before a record that breaks a run is rejected
log = logging.getLogger(__name__)

OPEN = ("WAITING", "FETCH", "IMPORT")


def place_of(job: Any) -> Place:
    """Where the records of a job go."""
    package = model.Package.get(job.source_id)
    assert package is not None  # noqa: S101 a source is a dataset of its own kind
    source, standing = job.source_id, sa.and_(HarvestObject.harvest_source_id == job.source_id, HarvestObject.current)
    current = set(model.Session.execute(sa.select(HarvestObject.guid).where(standing)).scalars())
    return Place(source, package.owner_org or "", job.id, taking.site_user(), rivals.claimed(), current)


def hold(place: Place) -> None:
    """Keep in the session what every record asks for; it forgets what nobody else holds."""
    known = (model.Session.get(model.User, place.user), model.Session.get(HarvestSource, place.source))
    model.Session().info["landlab_held"] = known


def waiting(job_id: str) -> list[str]:
    """The objects of a job that are still to be taken in: first what others point at, deletions at the end."""
    is_dataset = HarvestObject.content.startswith('{"kind": "dataset",')
    query = (
        sa.select(HarvestObject.id)
        .where(HarvestObject.harvest_job_id == job_id, HarvestObject.state.in_(OPEN))
        .order_by(HarvestObject.content.is_(None), is_dataset, HarvestObject.gathered, HarvestObject.guid)
    )
    return list(model.Session.execute(query).scalars())


def take_in(one: Any, place: Place) -> bool:
    """Take in or delete what *one* says; whether that went well."""
    if one.content is None:
        _deleted(one, place)
        return True
    found = Found(**json.loads(one.content))
    known = _dataset_id(one)
    outcome = known or rivals.settle(found, place)  # what is here already stays, until somebody pushes it out
    if not isinstance(outcome, Outcome):
        known = outcome

        def note(dataset_id: str) -> None:
            _settled(one, STATUS[taking.CHANGED if known else taking.CREATED], dataset_id, place)

        outcome = taking.take(found, place, known, note)
    if outcome.what in (taking.CREATED, taking.CHANGED):
        return True
    _not_taken(one.id, outcome)
    return outcome.what == store.DUPLICATE


def take_in_or_give_up(one: Any, place: Place) -> None:
    """Take *one* in; a record that cannot be stored again and again is rejected, so that the others come in."""
    object_id, tries = one.id, one.retry_times or 0
    try:
        take_in(one, place)
    except (DataError, IntegrityError, StatementError, TypeError, ValueError) as error:
        if isinstance(error, OperationalError):
            raise  # the database has gone; no record is to blame
        model.Session.rollback()
        if tries < MOST_TRIES:
            tried = sa.update(HarvestObject).where(HarvestObject.id == object_id)
            model.Session.execute(tried.values(retry_times=tries + 1))
            model.repo.commit()
            raise
        log.exception("The harvest object %s cannot be stored", object_id)
        reason = Said(lambda: _("It cannot be stored. Please ask whoever looks after this site."))
        found = Found(**json.loads(one.content))
        _not_taken(object_id, taking.reject(found, place, reason, str(error)[:300]))


def _dataset_id(one: Any) -> str | None:
    """The dataset that *one* was before, unless it has been deleted."""
    return one.package_id if one.package_id and taking.is_there([one.package_id]) else None


def _settled(one: Any, status: str, dataset_id: str | None, place: Place) -> None:
    """Note the end of *one* in the session; whoever saves the dataset commits it along."""
    if one.guid in place.current:
        others = sa.and_(HarvestObject.guid == one.guid, HarvestObject.harvest_source_id == one.harvest_source_id)
        model.Session.execute(sa.update(HarvestObject).where(others, HarvestObject.current).values(current=False))
    values: dict[str, Any] = {
        "state": "COMPLETE",
        "report_status": status,
        "package_id": dataset_id,
        "current": status in ("added", "updated"),
        "import_finished": datetime.utcnow(),  # noqa: DTZ003 as ckanext-harvest writes it
    }
    run(_settling(tuple(values)), own_id=one.id, **values)


@cache
def _settling(names: tuple[str, ...]) -> str:
    own = HarvestObject.id == sa.bindparam("own_id")
    return "SET CONSTRAINTS harvest_object_package_id_fkey DEFERRED; " + compiled(
        sa.update(HarvestObject.__table__).where(own), names
    )


def _deleted(one: Any, place: Place) -> None:
    dataset_id = one.package_id
    _settled(one, "deleted", dataset_id, place)
    store.drop(place.source, [one.guid])
    if dataset_id:
        taking.remove(dataset_id)
    else:
        model.repo.commit()


def _not_taken(object_id: str, outcome: Outcome) -> None:
    rejected = outcome.what == store.REJECTED
    values: dict[str, Any] = {
        "state": "ERROR" if rejected else "COMPLETE",
        "report_status": "errored" if rejected else "not modified",
        "import_finished": datetime.utcnow(),  # noqa: DTZ003 as ckanext-harvest writes it
    }
    model.Session.execute(sa.update(HarvestObject).where(HarvestObject.id == object_id).values(values))
    if rejected:
        model.Session.add(HarvestObjectError(harvest_object_id=object_id, message=outcome.reason, stage="Import"))
    model.repo.commit()
