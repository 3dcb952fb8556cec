"""Backup and restore of a whole site: one of `landlab up`, running or stopped, or one whose servers others run."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ckanext.landlab.errors import BackupRefused
from ckanext.landlab.stack import backup as taking
from ckanext.landlab.stack import foreign, manifest, run
from ckanext.landlab.stack import restore as putting
from ckanext.landlab.stack.folder import Folder
from ckanext.landlab.stack.language import _
from ckanext.landlab.stack.manifest import Manifest
from ckanext.landlab.stack.place import Place, place_of, settings_of
from ckanext.landlab.stack.postgres import Postgres
from ckanext.landlab.stack.steps import CKAN, Step, decline_sample, forget, steps
from ckanext.landlab.stack.supervisor import Supervisor

OWN_SETTINGS = "site.ini"
DATABASE = "CKAN_SQLALCHEMY_URL"

REMADE = ("tables", "index", "feeds")  # the steps that bring up to date what depends on the database

Ask = Callable[[Manifest], None]
Say = Callable[[str], None]


def backup(folder: Folder, target: Path, keep: int | None) -> tuple[Path, list[Path]]:
    """Make a backup below *target*; returns it, and the old ones that went because only *keep* are kept."""
    with _place(folder) as place:
        made = taking.backup(place, target, folder.path / OWN_SETTINGS)
    manifest.read(made)
    return made, manifest.thin_out(target, keep) if keep else []


def restore(folder: Folder, source: Path, ask: Ask, say: Say) -> Manifest:
    """Put the backup in *source*, or the youngest of those in it, in the place of what the site holds.

    Raises:
        BackupRefused: the backup is not whole, not ours, too new or too large, or somebody uses the site.
        AlreadyRunning: the site of this folder runs.
    """
    chosen = manifest.chosen(source)
    if _is_ours(folder):
        with folder.locked():
            return _restore_own(folder, chosen, ask)
    ini = ini_of(folder)
    place = place_of(ini)
    found = putting.judge(place, chosen)
    _restore(place, chosen, found, ask)
    _remake(ini, say)
    return found


def upgrade(folder: Folder, target: Path, say: Say) -> Path:
    """Bring a site to this version: a backup below *target* first, then tables, index and entries anew.

    A site of `landlab up` is stopped for it and runs afterwards; elsewhere web and worker are started again by hand.
    """
    made, _gone = backup(folder, target, None)
    say(_("Backup: {path}").format(path=made))
    if _is_ours(folder):
        run.stop(folder)
        forget(folder, *REMADE)
        run.detached(folder, None)
    else:
        _remake(ini_of(folder), say)
    return made


def _restore_own(folder: Folder, chosen: Path, ask: Ask) -> Manifest:
    """Restore what `landlab up` keeps; tables, index and entries are brought up to date at its next start."""
    with _database(folder) as url:
        place = Place(url, folder.path / "files", settings_of(folder.ini))
        found = putting.judge(place, chosen)
        _restore(place, chosen, found, ask)
    shutil.rmtree(folder.path / "search", ignore_errors=True)
    forget(folder, *REMADE)
    decline_sample(folder)
    if not (folder.path / OWN_SETTINGS).exists() and (settings := putting.own_settings(chosen)).strip():
        folder.write_text(OWN_SETTINGS, settings)
    return found


def _restore(place: Place, chosen: Path, found: Manifest, ask: Ask) -> None:
    if count := putting.others(place):
        message = _("{count} programs are using the database. Please stop the site first, web and worker.")
        raise BackupRefused(chosen, message.format(count=count))
    ask(found)
    putting.restore(place, chosen)


def _is_ours(folder: Folder) -> bool:
    """Whether `landlab up` runs, or is to run, the servers of this folder; not if those are elsewhere."""
    elsewhere = os.environ.get("CKAN_INI") or os.environ.get("CKAN_STORAGE_PATH")
    return (folder.path / "postgres").is_dir() or not elsewhere


def ini_of(folder: Folder) -> Path | None:
    """The settings file of the site: in its data folder, else the one that CKAN_INI names."""
    named = os.environ.get("CKAN_INI")
    return folder.ini if folder.ini.exists() or not named else Path(named)


@contextmanager
def _place(folder: Folder) -> Iterator[Place]:
    """The place of the site; if it is ours and stopped, its database runs meanwhile."""
    if folder.is_locked() or not (folder.path / "postgres").is_dir():
        yield place_of(ini_of(folder))
        return
    with folder.locked(), _database(folder) as url:
        yield place_of(folder.ini, url)


@contextmanager
def _database(folder: Folder) -> Iterator[str]:
    """The address of the database of a stopped site of ours; our own server is started for it and stopped again."""
    if given := foreign.address(DATABASE):
        yield given
        return
    with Supervisor(folder) as supervisor:
        postgres = Postgres(folder)
        supervisor.start(postgres)
        yield postgres.url


def _remake(ini: Path | None, say: Say) -> None:
    for step in steps():
        if step.name in REMADE:
            say(_("{title} …").format(title=step.title))
            _run(step, ini)


def _run(step: Step, ini: Path | None) -> None:
    environment = {**os.environ, "CKAN_INI": str(ini)} if ini else dict(os.environ)
    ended = subprocess.run([str(CKAN), *step.command], env=environment, stdin=subprocess.DEVNULL, check=False)
    if ended.returncode != 0:
        raise BackupRefused(step.title, _("This step failed; the reason stands above. The data are restored."))
