"""What is done once before CKAN serves its first page, and not again while nothing has changed.

Each step has a key; when its key is the one it was done with, it is skipped.  So a second start calls no `ckan`
command at all, each of which would take seconds.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path

from ckanext.landlab import schemas
from ckanext.landlab.errors import StepFailed
from ckanext.landlab.schemas import read
from ckanext.landlab.stack import settings
from ckanext.landlab.stack.folder import Folder
from ckanext.landlab.stack.language import _
from ckanext.landlab.stack.process import Launch, end_group

DONE = "steps.json"
NEEDLESS = ("index", "feeds")  # in a database that is still empty
SAMPLE, LOADED, DECLINED = "sample", "1", "declined"
PACKAGE = Path(__file__).parents[1]
CKAN = Path(sys.executable).with_name("ckan")


@dataclass(frozen=True)
class Step:
    """One `ckan` command, needed as long as it was not done with this *key*."""

    name: str
    title: str
    command: tuple[str, ...]
    key: str

    def is_done(self, folder: Folder) -> bool:
        """Whether it was done with the same key."""
        return folder.read(DONE).get(self.name) == self.key

    def run(self, folder: Folder, environment: dict[str, str], beat: Callable[[], None]) -> None:
        """Run the command, calling *beat* all the while, and remember that it was done."""
        log = folder.log("setup")
        launch = Launch([str(CKAN), *self.command], log, {**environment, "CKAN_INI": str(folder.ini)})
        process = launch.start()
        try:
            while process.poll() is None:
                beat()
                time.sleep(0.2)
        finally:
            _end(process)
        if process.returncode != 0:
            raise StepFailed(self.title, log)
        count_as_done(folder, self)


def forget(folder: Folder, *names: str) -> None:
    """Have the steps *names* done again at the next start."""
    folder.write(DONE, {name: key for name, key in folder.read(DONE).items() if name not in names})


def count_as_done(folder: Folder, step: Step) -> None:
    """Remember *step* as done where there was nothing to do."""
    folder.write(DONE, {**folder.read(DONE), step.name: step.key})


def steps() -> list[Step]:
    """All steps in their order."""
    return [
        Step("tables", _("Tables in the database"), ("landlab", "migrate", "--tables-only"), _tables_key()),
        Step("index", _("Search index"), ("search-index", "rebuild"), _index_key()),
        Step("feeds", _("Entries for harvesters"), ("landlab", "feeds", "rebuild"), _feeds_key()),
        Step("assets", _("Styles and scripts"), ("asset", "build"), _assets_key()),
        Step("texts", _("Texts of the scripts"), ("translation", "js"), _texts_key()),
        Step(SAMPLE, _("Sample data"), ("landlab", "sample", "load"), LOADED),
    ]


def is_sample_wanted(folder: Folder, choice: bool | None, is_own_database: bool) -> bool:
    """Whether to load the sample: as said; unless said, into our own database, before anything else was decided.

    The sample has a sysadmin whose password everybody can read, so it never goes into another's database unasked.
    """
    return choice if choice is not None else is_own_database and SAMPLE not in folder.read(DONE)


def decline_sample(folder: Folder) -> None:
    """Remember that the sample was not wanted, unless it was loaded before."""
    folder.write(DONE, {SAMPLE: DECLINED, **folder.read(DONE)})


def has_sample(folder: Folder) -> bool:
    """Whether the sample was loaded."""
    return folder.read(DONE).get(SAMPLE) == LOADED


def _tables_key() -> str:
    """Changes with every migration: CKAN's and the plugins' come with their versions, ours lie here."""
    migrations = (str(file.relative_to(PACKAGE)) for file in PACKAGE.glob("migration/*/versions/*.py"))
    return _hash([*_versions(), *migrations, *settings.plugins()])


def _index_key() -> str:
    """Changes with what is indexed and how: the declared fields, and the code of the search service."""
    fields = [(field["field_name"], field.get("search")) for field in read("dataset")["dataset_fields"]]
    code = (file.read_text(encoding="utf-8") for file in PACKAGE.glob("search/*.py"))
    return _hash([repr(fields), *code])


def _feeds_key() -> str:
    """Changes with how a dataset is said in RDF: the declared fields and vocabularies, and the code that says it."""
    code = [*PACKAGE.glob("dcat/*.py"), *PACKAGE.glob("feeds/*.py"), *PACKAGE.glob("entries.py")]
    declared = Path(schemas.__file__).parent.rglob("*.yaml")
    return _hash(file.read_text(encoding="utf-8") for file in (*code, *declared))


def _assets_key() -> str:
    """Changes with our own assets and the versions of all others; unpacked, they cost the first visitor a minute."""
    return _hash([*_versions(), *(file.read_text(encoding="utf-8") for file in PACKAGE.glob("assets/**/*.*"))])


def _texts_key() -> str:
    """Changes with what we say in German and the versions of all others; without them CKAN's scripts speak English."""
    return _hash([*_versions(), *(file.read_text(encoding="utf-8") for file in PACKAGE.glob("i18n/**/*.po"))])


def _versions() -> list[str]:
    return [f"{found.name}={found.version}" for found in distributions() if found.name.lower().startswith("ckan")]


def _hash(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()[:16]


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        process.wait(timeout=15)
    end_group(process.pid)
