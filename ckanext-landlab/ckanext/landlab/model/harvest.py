"""What came in from other catalogues: each record of each source with what became of it, and each run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from functools import cache
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.model.meta import registry
from ckanext.landlab.model.upserting import compiled, run, upsert
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert

TAKEN, REJECTED, DUPLICATE = "taken", "rejected", "duplicate"

RECORDS = sa.Table(
    "landlab_harvest_record",
    registry.metadata,
    sa.Column("source", sa.Text, primary_key=True),  # the id of a harvest source, or of an organisation (command line)
    sa.Column("address", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("dataset_id", sa.Text),
    sa.Column("aliases", ARRAY(sa.Text), nullable=False),  # by which it is known when it comes another way
    sa.Column("remarks", JSONB, nullable=False),
    sa.Column("job_id", sa.Text, nullable=False),
    sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
)

RUNS = sa.Table(
    "landlab_harvest_run",
    registry.metadata,
    sa.Column("job_id", sa.Text, primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("begun", sa.DateTime(timezone=True), nullable=False),
    sa.Column("alive", sa.DateTime(timezone=True), nullable=False),
    sa.Column("ended", sa.DateTime(timezone=True)),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("failure", sa.Text, nullable=False),  # empty: none
    sa.Column("remark", sa.Text, nullable=False),  # what a person should know although the run went well
    sa.Column("counts", JSONB, nullable=False),
    sa.Column("confirmed", sa.Boolean, nullable=False),  # deletions that a person has agreed to
)

PAGES = sa.Table(
    "landlab_harvest_page",
    registry.metadata,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("address", sa.Text, primary_key=True),
    sa.Column("digest", sa.Text, nullable=False),  # of its bytes
    sa.Column("etag", sa.Text, nullable=False),
    sa.Column("modified", sa.Text, nullable=False),
    sa.Column("follows", sa.Text, nullable=False),  # the address of the next page
    sa.Column("total", sa.Integer, nullable=False),  # how many datasets the catalogue says it has
    sa.Column("mended", sa.Integer, nullable=False),
    sa.Column("records", JSONB, nullable=False),  # the fingerprint of each, by address
)

NEW_RUN = {"ended": None, "attempts": 0, "failure": "", "remark": "", "counts": {}, "confirmed": False}


def now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(timezone.utc)


def known(source: str) -> dict[str, sa.Row[Any]]:
    """What is known of the records of *source*, by address."""
    columns = (RECORDS.c.address, RECORDS.c.fingerprint, RECORDS.c.outcome, RECORDS.c.dataset_id, RECORDS.c.kind)
    rows = model.Session.execute(sa.select(*columns).where(RECORDS.c.source == source))
    return {row.address: row for row in rows}


def keep(row: Mapping[str, Any]) -> None:
    """Write what became of a record; does not commit."""
    upsert(RECORDS, {"reason": "", "dataset_id": None, "aliases": [], "remarks": {}, "changed": now(), **row})


def pages(source: str) -> list[sa.Row[Any]]:
    """The pages of *source* as they were when they were last read."""
    columns = [column for column in PAGES.c if column.name != "source"]
    return list(model.Session.execute(sa.select(*columns).where(PAGES.c.source == source)))


def keep_page(source: str, values: Mapping[str, Any]) -> None:
    """Remember a page that was read; does not commit."""
    upsert(PAGES, {"source": source, **values})


def drop_pages(source: str, addresses: Iterable[str]) -> None:
    """Forget pages of *source*; does not commit."""
    gone = sa.and_(PAGES.c.source == source, PAGES.c.address.in_(list(addresses)))
    model.Session.execute(sa.delete(PAGES).where(gone))


def drop(source: str, addresses: Iterable[str]) -> None:
    """Forget records of *source*; does not commit."""
    gone = sa.and_(RECORDS.c.source == source, RECORDS.c.address.in_(list(addresses)))
    model.Session.execute(sa.delete(RECORDS).where(gone))


def rivals(keys: Iterable[str], kind: str, source: str, address: str) -> list[sa.Row[Any]]:
    """Records of the same *kind* taken into the catalogue that share one of *keys* with another, the oldest first."""
    about = {"kind": kind, "source": source, "address": address}
    return list(run(_rivals(), keys=list(keys), outcome=TAKEN, **about))


@cache
def _rivals() -> str:
    given = {name: sa.bindparam(name, type_=sa.Text) for name in ("outcome", "kind", "source", "address")}
    wanted = sa.and_(
        RECORDS.c.aliases.overlap(sa.cast(sa.bindparam("keys", type_=ARRAY(sa.Text)), ARRAY(sa.Text))),
        RECORDS.c.outcome == given["outcome"],
        RECORDS.c.kind == given["kind"],
        sa.or_(RECORDS.c.source != given["source"], RECORDS.c.address != given["address"]),
    )
    return compiled(sa.select(RECORDS).where(wanted).order_by(RECORDS.c.changed))


def records(source: str, outcome: str, limit: int = 100, offset: int = 0) -> list[sa.Row[Any]]:
    """Records of *source* with this *outcome*, what changed last first."""
    query = sa.select(RECORDS).where(RECORDS.c.source == source, RECORDS.c.outcome == outcome)
    return list(
        model.Session.execute(query.order_by(RECORDS.c.changed.desc(), RECORDS.c.address).limit(limit).offset(offset))
    )


def numbers(source: str) -> dict[str, int]:
    """How many records of *source* there are, by outcome."""
    query = sa.select(RECORDS.c.outcome, sa.func.count()).where(RECORDS.c.source == source)
    return dict(model.Session.execute(query.group_by(RECORDS.c.outcome)).tuples().all())


def run_of(job_id: str) -> sa.Row[Any] | None:
    """The run of a harvest job."""
    return model.Session.execute(sa.select(RUNS).where(RUNS.c.job_id == job_id)).first()


def runs(source: str, limit: int = 10) -> list[sa.Row[Any]]:
    """The runs of *source*, the last first."""
    return list(
        model.Session.execute(sa.select(RUNS).where(RUNS.c.source == source).order_by(RUNS.c.begun.desc()).limit(limit))
    )


def note(job_id: str, source: str, **values: Any) -> None:
    """Write *values* to the run of a job, which begins with the first of them; does not commit."""
    values["alive"] = now()
    begun = {**NEW_RUN, "job_id": job_id, "source": source, "begun": values["alive"], **values}
    statement = insert(RUNS).values(begun)
    model.Session.execute(statement.on_conflict_do_update(index_elements=["job_id"], set_=values))
