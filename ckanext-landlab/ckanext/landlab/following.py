"""Datasets whose entries follow another's: members of a series, users of a service, what an organisation owns.

They wait in Redis until the change that they follow is committed; one job then writes them, however many changes came.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any, cast

import ckan.plugins.toolkit as tk
import redis
from ckan import model
from ckan.lib.redis import connect_to_redis
from sqlalchemy import event

log = logging.getLogger(__name__)

_IN_SESSION = "landlab_followers"
LATEST = 10  # seconds after which a job is asked for again, should the first have been lost


def let_follow(dataset_ids: Iterable[str]) -> None:
    """Have the entries of *dataset_ids* written anew as soon as what happens now is committed."""
    if ids := set(dataset_ids):
        model.Session().info.setdefault(_IN_SESSION, set()).update(ids)


@event.listens_for(model.Session, "after_commit")
def _committed(session: Any) -> None:
    if session.in_nested_transaction():
        return
    ids = session.info.pop(_IN_SESSION, None)
    if not ids:
        return
    try:
        store = connect_to_redis()
        store.sadd(_name("waiting"), *ids)
        if store.set(_name("asked"), 1, nx=True, ex=LATEST):
            tk.enqueue_job(follow, title="Feed entries that follow others")
    except redis.RedisError:
        log.exception("Feed entries that follow others could not be put in line: run `ckan landlab feeds rebuild`.")


@event.listens_for(model.Session, "after_rollback")
def _rolled_back(session: Any) -> None:
    session.info.pop(_IN_SESSION, None)


def follow() -> None:
    """Write what waits, as a background job."""
    from ckanext.landlab import entries, standings  # they ask this module to let others follow

    store = connect_to_redis()
    store.delete(_name("asked"))
    while waiting := cast("list[bytes]", store.spop(_name("waiting"), 100)):
        for followed in entries.refresh_all([dataset_id.decode() for dataset_id in waiting]):
            standings.refresh(followed)
    model.Session.commit()


def meanwhile() -> None:
    """The same from within a job that takes long: no other one gets its turn before it ends."""
    try:
        follow()
    except redis.RedisError:
        log.warning("Feed entries that follow others wait: Redis does not answer.")


def _name(what: str) -> str:
    return f"landlab:{tk.config['ckan.site_id']}:feeds:{what}"
