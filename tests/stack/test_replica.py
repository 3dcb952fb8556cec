"""A database with a replica under one address: the primary is killed, the replica takes over, the site goes on.

Both are copies of the site's database, made as operators make a replica; web runs as in a container.
"""

import subprocess

import psycopg2
import pytest
import requests
from ckanext.landlab.stack import manifest
from ckanext.landlab.stack.folder import Folder
from ckanext.landlab.stack.ports import HOST
from ckanext.landlab.stack.postgres import FORGETFUL, PROGRAMS, SUPERUSER, Postgres
from conftest import LANDLAB, Running, wait_for
from solr9 import free_port

BACK = 30  # seconds until the site saves again
AWAY = "/api/3/action/organization_list"  # what nobody reads without the database
CUT = """SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE datname = 'ckan' AND backend_type = 'client backend' AND pid <> pg_backend_pid()"""


class Copy(Postgres):
    """A copy of the database server at *source*: one that stands alone, or its replica."""

    def __init__(self, place, secrets, source, options=(), port=0):
        super().__init__(Folder(place), {**FORGETFUL, "max_connections": "100"})
        self.folder.make()
        self.folder.write("secrets.json", secrets)
        self.source, self.options, self.port = source, options, port or free_port()

    def _make_cluster(self):
        login = f"user={SUPERUSER} password={self.folder.secrets()['postgres']}"
        source = f"host={HOST} port={self.source} {login}"
        words = ["-D", str(self.data), "-d", source, "--checkpoint=fast", "--no-sync", *self.options]
        self._run([str(PROGRAMS / "pg_basebackup"), *words])

    def start(self):
        self.prepare()
        self.process = self.launch().start()
        wait_for(self.answers_to_us, 60)
        return self

    def answers_to_us(self):
        try:
            return self.ask("SELECT 1")
        except psycopg2.OperationalError:
            return False

    def ask(self, statement):
        """What the first row of *statement* says, asked of this server and no other."""
        password = self.folder.secrets()["postgres"]
        connection = psycopg2.connect(host=HOST, port=self.port, dbname="ckan", user=SUPERUSER, password=password)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
            (found,) = cursor.fetchone()
        connection.close()
        return found


@pytest.fixture
def pair(site, tmp_path):
    """A primary and its replica, and those that come later; all are ended."""
    secrets = site.secrets()
    site.sysadmin()  # whose token is in the copy then
    port = int(site.status()["servers"]["postgres"]["address"].rpartition(":")[2])
    primary = Copy(tmp_path / "primary", secrets, port).start()
    servers = [primary, Copy(tmp_path / "replica", secrets, primary.port, ["-R"]).start()]
    yield servers
    for server in servers:
        server.process.kill()
        server.process.wait()


@pytest.fixture
def web(site, pair, tmp_path):
    """One web server on both under one address, and its log."""
    (tmp_path / "web").mkdir()
    servers = site.status()["servers"]
    bind = f"{HOST}:{free_port()}"
    hosts = ",".join(f"{HOST}:{server.port}" for server in pair)
    running = Running(
        tmp_path / "web",
        LANDLAB_SITE_URL=f"http://{bind}",
        LANDLAB_BIND=bind,
        LANDLAB_DATABASE=f"postgresql://ckan@{hosts}/ckan?target_session_attrs=read-write&connect_timeout=3",
        LANDLAB_REDIS=f"redis://{servers['redis']['address']}/3",
        LANDLAB_SEARCH=f"http://{servers['search']['address']}/solr/ckan",
        LANDLAB_WEB_WORKERS="1",
        LANDLAB_MIGRATE="no",
        CKAN_SITE_ID="replica",  # so that the site's index does not find what is saved here
        **{f"LANDLAB_SECRET_{name.upper()}": value for name, value in site.secrets().items()},
    )
    log = tmp_path / "web.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [LANDLAB, "--data", running.data, "serve", "web"],
            env=running.environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_for(lambda: process.poll() is not None or status(f"http://{bind}{AWAY}") == 200, 120)
        assert process.poll() is None, log.read_text()[-3000:]
        yield running, f"http://{bind}"
    finally:
        process.terminate()
        process.wait(30)


def status(address):
    try:
        return requests.get(address, timeout=30).status_code
    except requests.RequestException:
        return None


def test_the_site_goes_on_at_the_replica_that_takes_over(site, pair, web, tmp_path):
    primary, replica = pair
    running, address = web

    def save(name):
        form = {"name": name, "title": name}
        headers = {"Authorization": site.sysadmin()}
        return requests.post(f"{address}/api/3/action/group_create", json=form, headers=headers, timeout=30)

    assert save("vor-dem-ausfall").ok
    wait_for(lambda: replica.ask("SELECT count(*) FROM \"group\" WHERE name = 'vor-dem-ausfall'"), 10)

    assert primary.ask(CUT) > 0
    assert status(address + AWAY) == 200  # the first request already: sqlalchemy.pool_pre_ping

    primary.process.kill()
    primary.process.wait()
    assert status(address + AWAY) == 503
    assert save("waehrenddessen").status_code == 503
    assert replica.ask("SELECT pg_promote()")
    wait_for(lambda: save("nach-dem-ausfall").ok, BACK)
    assert status(f"{address}/group/vor-dem-ausfall") == 200

    back = Copy(tmp_path / "back", site.secrets(), replica.port, ["-R"], primary.port)
    pair.append(back.start())
    assert back.ask("SELECT pg_is_in_recovery()")
    assert save("mit-dem-alten-als-replik").ok
    ended = running.landlab("backup", str(tmp_path / "backups"))
    assert ended.returncode == 0, ended.stdout + ended.stderr
    (made,) = manifest.backups(tmp_path / "backups")
    assert manifest.read(made).rows["group"] == replica.ask('SELECT count(*) FROM "group"')
