"""The drill: fill a site, back it up while people save, destroy it, restore it, and compare everything.

These are over 300 lines because all of it plays on one filled site.
"""

import hashlib
import json
import secrets
import shutil
import subprocess
import threading

import psycopg2
import pytest
import requests
from ckanext.landlab.stack import backup as taking
from ckanext.landlab.stack import dump, keeping, manifest, steps
from ckanext.landlab.stack.folder import Folder
from ckanext.landlab.stack.place import place_of, plain
from conftest import LANDLAB, wait_for
from psycopg2 import sql
from release_answers import HARMLESS

CSV = "Art;Jahr\nLinde;1980\n" * 2000
CUSTODIAN = [{"name": "Grünflächenamt", "email": "gruen@rebenau.example"}]
CHECKED = {"code": "CHECK", "parameters": {"level": "sample", "method": "Begehung", "date": "2026-05-01"}}
PAGES = (
    "/catalog.ttl",
    "/catalog.rdf",
    "/feed/drill/catalog.nt",
    "/api/3/action/landlab_statement_show?id=drill-bestand",
    "/api/3/action/package_show?id=drill-bestand",
    "/api/3/action/package_search?q=baumbestand",
    "/api/3/action/landlab_notice_history?id=drill-bestand",
    "/api/3/action/landlab_feed_list",
)
PASSING = {"api_token", "task_status"}  # the test itself makes tokens
FLEETING = {"user": "last_active"}
WAITING = (
    "SELECT pg_stat_clear_snapshot();"
    " SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'LOCK TABLE%'"
)


class Saver(threading.Thread):
    """Somebody who replaces a file again and again, and writes into the record which one it is."""

    def __init__(self, site, token, resource):
        super().__init__()
        self.site, self.token, self.resource = site, token, resource
        self.address = site.status()["address"]
        self.done = threading.Event()
        self.saved = 0

    def run(self):
        while not self.done.is_set():
            upload(self.address, self.token, "resource_update", id=self.resource, name=f"Stand {self.saved + 1}")
            self.saved += 1


def upload(address, token, action, **values):
    number = values["name"].rpartition(" ")[2]
    answer = requests.post(
        f"{address}/api/3/action/{action}",
        data={**values, "url": "baeume.csv", "format": "CSV"},
        files={"upload": ("baeume.csv", f"{number};{CSV}".encode(), "text/csv")},
        headers={"Authorization": token},
        timeout=30,
    )
    assert answer.ok, answer.text
    return answer.json()["result"]


@pytest.fixture(scope="module")
def filled(site):
    """A site with all that may not be lost; returns the token of a sysadmin and the file that is saved all the time."""
    admin = site.sysadmin()
    editor = {"name": "drill-editor", "email": "drill@example.org", "password": secrets.token_urlsafe()}
    site.action("user_create", admin, **editor)
    editor = site.action("api_token_create", admin, user="drill-editor", name="drill")["token"]
    members = [{"name": "drill-editor", "capacity": "editor"}]
    site.action("organization_create", admin, name="drill", title="Stadt Drill", users=members)
    about = {
        "title": "Baumbestand",
        "owner_org": "drill",
        "license_id": "http://dcat-ap.de/def/licenses/dl-zero-de/2.0",
        "origin": "urn:landlab:origin:administrative_records",
        "publisher": [{"name": "Stadt Drill"}],
        "custodian": CUSTODIAN,
        "notices": [CHECKED],
        "private": True,
    }
    for name in ("drill-bestand", "drill-laufend"):
        site.action("package_create", editor, name=name, notes="Bäume an Straßen.", **about)
    address = site.status()["address"]
    upload(address, editor, "resource_create", package_id="drill-bestand", name="Stand 0")
    running = upload(address, editor, "resource_create", package_id="drill-laufend", name="Stand 0")
    words = site.action("landlab_notice_show", admin, code="SENSOR")["versions"][-1]["text"]
    new = {f"text_{language}": f"{text}\n\n1." for language, text in words.items()}
    site.action("landlab_notice_version_create", admin, code="SENSOR", base_version=1, **new)
    for question, given in HARMLESS.items():
        choice, records = (given, {}) if isinstance(given, str) else given
        site.action(
            "landlab_release_answer", editor, id="drill-bestand", question=question, choice=choice, records=records
        )
    site.action("landlab_release_submit", editor, id="drill-bestand")
    site.action("landlab_release_confirm", admin, id="drill-bestand", publish=True)
    site.action("landlab_feed_update", admin, name="drill", title="Alles aus Drill", organizations="drill")
    return admin, running["id"]


def tables(site):
    """A checksum of every table, without what changes when somebody only looks."""
    connection = psycopg2.connect(place_of(site.data / "ckan.ini").database)
    cursor = connection.cursor()
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    found = {}
    for (name,) in cursor.fetchall():
        rows = sql.SQL(
            "SELECT md5(string_agg(row, '|' ORDER BY row)) FROM (SELECT (to_jsonb(t) - {})::text AS row FROM {} t)"
        )
        cursor.execute(rows.format(sql.Literal(FLEETING.get(name, "")), sql.Identifier(name)))
        found[name] = cursor.fetchone()[0]
    connection.close()
    return {name: mark for name, mark in found.items() if name not in PASSING}


def files(folder):
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file()
    }


def pages(site):
    address = site.status()["address"]
    answers = {page: requests.get(address + page, timeout=30) for page in PAGES}
    assert {page: answer.status_code for page, answer in answers.items()} == dict.fromkeys(PAGES, 200)
    return {page: answer.json()["result"] if "api/3" in page else answer.text for page, answer in answers.items()}


def backup(site, folder, *arguments):
    ended = site.landlab("backup", str(folder), *arguments)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return manifest.backups(folder)[-1]


def test_a_backup_waits_for_a_save_that_is_not_certain_yet(site, filled, tmp_path):
    _token, resource = filled
    command = [LANDLAB, "--data", site.data, "backup", tmp_path]
    connection = psycopg2.connect(place_of(site.data / "ckan.ini").database)
    with connection, connection.cursor() as cursor:
        cursor.execute("UPDATE resource SET name = 'Stand -1' WHERE id = %s", (resource,))
        running = subprocess.Popen(command, env=site.environment)
        wait_for(lambda: cursor.execute(WAITING) or cursor.fetchone() == (1,), 30)
    connection.close()

    assert running.wait(60) == 0
    assert "Stand -1" in saved_names(manifest.backups(tmp_path)[-1])


def test_a_backup_while_somebody_saves_holds_database_and_files_of_one_moment(site, filled, tmp_path):
    token, resource = filled
    saver = Saver(site, token, resource)
    saver.start()
    try:
        wait_for(lambda: saver.saved > 0, 30)
        made = backup(site, tmp_path)
        saved = saver.saved
        wait_for(lambda: saver.saved > saved, 30)
    finally:
        saver.done.set()
        saver.join()

    stored = made / "files" / "resources" / resource[:3] / resource[3:6] / resource[6:]
    number = stored.read_text().partition(";")[0]
    assert f"Stand {number}" in saved_names(made)
    assert not list(site.data.glob("*.backup-*"))


def test_what_is_saved_during_a_backup_is_in_neither_its_database_nor_its_files(site, filled, tmp_path):
    token, resource = filled
    place = place_of(site.data / "ckan.ini")

    with taking._moment(place) as (tied, snapshot, *_more):
        upload(site.status()["address"], token, "resource_update", id=resource, name="Stand -2")
        dump.dump(place, tmp_path / manifest.DATABASE, snapshot)
        stored = (tied / "resources" / resource[:3] / resource[3:6] / resource[6:]).read_text()

    assert not stored.startswith("-2;")
    assert f"Stand {stored.partition(';')[0]}" in saved_names(tmp_path)
    assert "Stand -2" not in saved_names(tmp_path)


def saved_names(made):
    """The names of all files that stand in the database of a backup."""
    command = [dump.program("pg_restore"), "--data-only", "--table=resource", "--file=-", made / "database.dump"]
    rows = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return {cell for line in rows.splitlines() for cell in line.split("\t")}


def test_a_running_site_is_not_restored_over(site, filled, tmp_path):
    made = backup(site, tmp_path)

    ended = site.landlab("restore", "--yes", str(made))

    assert ended.returncode == 1
    assert "in use" in ended.stderr
    assert site.is_whole()


def test_only_as_many_backups_are_kept_as_wanted_and_nothing_else_is_thrown_away(site, filled, tmp_path):
    (tmp_path / "landlab-notes.txt").write_text("mine")
    first, second = backup(site, tmp_path), backup(site, tmp_path)

    third = backup(site, tmp_path, "--keep", "2")

    assert manifest.backups(tmp_path) == [second, third]
    assert not first.exists()
    assert (tmp_path / "landlab-notes.txt").exists()
    assert json.loads((third / manifest.LIST).read_text())["rows"]["package"] == 2


def test_an_upgrade_from_an_earlier_version_of_the_tables_keeps_the_data(site, filled, tmp_path):
    """The tables go back to what they were two versions ago, with the data in them; the upgrade brings them forward."""
    young = ("landlab_feed", "landlab_use", "landlab_standing", "landlab_harvest", "landlab_alembic")
    old = [name for name in tables(site) if not name.startswith(young)]
    before = {name: mark for name, mark in tables(site).items() if name in old}, pages(site)
    site.ckan("db", "downgrade", "-p", "landlab", "-v", "003_feeds")
    assert "landlab upgrade" in site.landlab("doctor").stdout

    ended = site.landlab("upgrade", "--backups", str(tmp_path))

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert manifest.read(manifest.backups(tmp_path)[-1]).versions["landlab_alembic_version"] == "003_feeds"
    assert {name: mark for name, mark in tables(site).items() if name in old} == before[0]
    assert pages(site) == before[1]
    assert site.landlab("doctor").returncode == 0


def altered(made):
    stored = next(file for file in (made / "files").rglob("*") if file.is_file())
    stored.write_bytes(stored.read_bytes()[:-1] + b"?")


def cut_off(made):
    stored = made / "database.dump"
    stored.write_bytes(stored.read_bytes()[:-10])


def with_a_file_missing(made):
    next(file for file in (made / "files").rglob("*") if file.is_file()).unlink()


def with_a_file_added(made):
    (made / "files" / "resources" / "fremd").write_text("fremd")


def with_an_altered_list(made):
    (made / manifest.LIST).write_text((made / manifest.LIST).read_text().replace("package", "paket"))


def of_a_newer_version(made):
    found = manifest.read(made)
    found.versions["landlab_alembic_version"] = "999"
    found.write(made)


def of_something_else(made):
    for name in (manifest.LIST, manifest.SEAL):
        (made / name).unlink()


DAMAGES = {
    altered: "was altered",
    cut_off: "was altered",
    with_a_file_missing: "is missing",
    with_a_file_added: "does not belong to it",
    with_an_altered_list: "was altered",
    of_a_newer_version: "comes from a newer version",
    of_something_else: "This is no backup of landlab",
}


@pytest.fixture(scope="module")
def known_backup(site, filled, tmp_path_factory):
    """A backup, and what the site held just then: tables, files, pages.

    A job may change tables at any moment (what was used is taken over every few minutes); where one did so between the
    look and the backup, both are done again.
    """
    try:
        (site.data / "site.ini").write_text("[app:main]\nckan.site_title = Drill\nsmtp.password = geheim\n")
        pages(site)  # so that everything that is made at the first look is there
        for _ in range(5):
            held = tables(site), files(site.data / "files"), pages(site)
            made = backup(site, tmp_path_factory.mktemp("backup"))
            if (tables(site), files(site.data / "files")) == held[:2]:
                break
        else:
            pytest.fail("The tables change all the time.")
        yield made, held
    finally:
        site.settle()


@pytest.fixture(scope="module")
def before(known_backup):
    return known_backup[1]


@pytest.fixture(scope="module")
def stopped(site, known_backup):
    """The backup of the site, which is stopped from now on; the last test restores it and starts it again."""
    assert site.landlab("down").returncode == 0
    yield known_backup[0]
    site.settle()
    if not site.is_whole():
        site.up()


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_damaged_or_foreign_backup_is_refused_before_anything_is_touched(site, stopped, tmp_path, damage):
    spoilt = shutil.copytree(stopped, tmp_path / "spoilt")
    before = files(site.data / "files")
    damage(spoilt)

    ended = site.landlab("restore", "--yes", str(spoilt))

    assert ended.returncode == 1
    assert DAMAGES[damage] in ended.stderr
    assert files(site.data / "files") == before != {}


def test_a_restore_that_is_not_wanted_changes_nothing(site, stopped):
    before = files(site.data / "files")

    assert site.landlab("restore", str(stopped), input="n\n").returncode == 1
    assert files(site.data / "files") == before


def test_a_start_against_tables_of_a_later_version_says_so_and_brings_nothing_up(site, stopped):
    """As after somebody has put an older version of the program in place of a newer one."""
    folder = Folder(site.data)

    def stands_at(revision):
        with folder.locked(), keeping._database(folder) as url, psycopg2.connect(plain(url)) as connection:
            cursor = connection.cursor()
            cursor.execute("SELECT version_num FROM landlab_alembic_version")
            (before,) = cursor.fetchone()
            cursor.execute("UPDATE landlab_alembic_version SET version_num = %s", (revision,))
            connection.commit()
        return before

    true = stands_at("999_from_tomorrow")
    steps.forget(folder, "tables")
    try:
        ended = site.landlab("up", "--no-sample", "--detach")
    finally:
        stands_at(true)

    assert ended.returncode == 1
    assert (
        "written by a later version of landlab: it stands at revision 999_from_tomorrow" in ended.stdout + ended.stderr
    )
    assert not site.processes()


def test_what_was_destroyed_is_back_after_a_restore(site, before, stopped):
    ports = (site.data / "ports.json").read_text()
    assert site.landlab("reset", "--yes").returncode == 0
    assert not (site.data / "files").exists()
    (site.data / "site.ini").unlink()
    (site.data / "ports.json").write_text(ports)
    ended = site.landlab("restore", "--yes", str(stopped.parent))
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert (site.data / "site.ini").read_text().split() == ["[app:main]", "ckan.site_title", "=", "Drill"]
    site.settle().up()

    assert len(before[0]) > 40
    assert tables(site) == before[0]
    assert files(site.data / "files") == before[1] != {}
    assert pages(site) == before[2]
    assert b"geheim" not in b"".join(file.read_bytes() for file in stopped.iterdir() if file.is_file())
    token = site.sysadmin()
    assert site.action("user_show", token, id="drill-editor")["state"] == "active"
    assert "confirmed" in {event["kind"] for event in site.action("landlab_release_events", token, id="drill-bestand")}
