"""The database brought up to date: by one process at a time, and never by a version that does not know it.

Index and feed entries are made anew by a background job where their making has changed, so that a start does not
wait for them.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory
from ckan import model
from ckan.cli import db
from ckan.lib import search
from ckanext.landlab import entries
from ckanext.landlab.errors import DatabaseNewer, DatabaseOlder
from ckanext.landlab.stack.steps import steps

log = logging.getLogger(__name__)

LOCK = 0x6C616E646C6162  # any number that nobody else uses in this database
PATIENCE = "15min"  # for another process that is at it
MADE = "landlab.made."  # + the name of a step: the key with which it was done last


@dataclass(frozen=True)
class Part:
    """CKAN or a plugin: its revision in the database, and the revisions that this version knows."""

    name: str
    current: str
    head: str
    known: frozenset[str]

    @property
    def is_newer(self) -> bool:
        """Whether a later version was here."""
        return bool(self.current) and self.current not in self.known

    @property
    def is_older(self) -> bool:
        """Whether there is something to bring up to date."""
        return not self.is_newer and self.current != self.head


def check() -> None:
    """Raise what the person has to know if the database does not fit this version."""
    for part in parts():
        if part.is_newer:
            raise DatabaseNewer(part.name, part.current)
        if part.is_older:
            raise DatabaseOlder(part.name, part.current, part.head)


def upgrade(tables_only: bool = False) -> list[Part]:
    """Bring the database up to date and return what was behind; whoever comes second finds nothing to do.

    Unless *tables_only*, a job makes index and entries anew where needed.
    """
    with _alone():
        found = parts()
        for part in found:
            if part.is_newer:
                raise DatabaseNewer(part.name, part.current)
        behind = [part for part in found if part.is_older]
        for part in behind:
            db._run_migrations("" if part.name == "ckan" else part.name)
        check()
        if not tables_only:
            _catch_up(is_new=any(part.name == "ckan" and not part.current for part in found))
    return behind


def parts() -> list[Part]:
    """CKAN and every plugin that has migrations."""
    return [found for name in ("ckan", *tk.config["ckan.plugins"]) if (found := _part(name))]


def _part(name: str) -> Part | None:
    plugin = "" if name == "ckan" else name
    ini = Path(db._resolve_alembic_config(plugin))
    if not ini.exists():
        return None
    script = ScriptDirectory.from_config(Config(str(ini)))
    known = frozenset(revision.revision for revision in script.walk_revisions())
    return Part(
        name,
        _current(f"{plugin}_alembic_version" if plugin else "alembic_version"),
        script.get_current_head() or "",
        known,
    )


def _current(table: str) -> str:
    with model.ensure_engine().connect() as connection:
        if not sa.inspect(connection).has_table(table):
            return ""
        return connection.execute(sa.select(sa.column("version_num")).select_from(sa.table(table))).scalar() or ""


@contextmanager
def _alone() -> Iterator[None]:
    """Hold PostgreSQL's advisory lock, which goes with our connection however we end."""
    with model.ensure_engine().connect() as connection:
        connection.execute(sa.text("SELECT set_config('lock_timeout', :patience, false)"), {"patience": PATIENCE})
        connection.execute(sa.select(sa.func.pg_advisory_lock(LOCK)))
        connection.commit()
        try:
            yield
        finally:
            connection.execute(sa.select(sa.func.pg_advisory_unlock(LOCK)))
            connection.commit()


def _catch_up(is_new: bool) -> None:
    """Have a job make anew what is made in another way since the last start, or was lost; nothing in a new database."""
    for step in steps():
        if step.name not in REMAKERS:
            continue
        if is_new:
            model.set_system_info(MADE + step.name, step.key)
        elif model.get_system_info(MADE + step.name) != step.key or (step.name == "index" and _index_is_empty()):
            tk.enqueue_job(
                remake, [step.name, step.key], title=f"remake {step.name}", rq_kwargs={"job_id": f"landlab-{step.name}"}
            )


def remake(name: str, key: str) -> None:
    """Make index or entries anew and remember with which *key*; a background job."""
    REMAKERS[name]()
    model.set_system_info(MADE + name, key)


def _index_is_empty() -> bool:
    """Whether the index holds nothing although there are datasets, as after the loss of its disk."""
    if not model.Session.query(model.Package.id).filter_by(state="active", private=False).first():
        return False
    return not tk.get_action("package_search")({"ignore_auth": True}, {"rows": 0})["count"]


def _remake_feeds() -> None:
    for _dataset in entries.refresh_all():
        pass


REMAKERS = {"index": lambda: search.rebuild(), "feeds": _remake_feeds}
