"""`ckan landlab migrate`: two that start at once on an empty database do the work once."""

import subprocess
from urllib.parse import urlsplit

import psycopg2
import pytest
from conftest import CKAN


@pytest.fixture
def empty(site):
    """The address of a database of its own beside the site's."""
    ini = (site.data / "ckan.ini").read_text()
    url = next(
        line.partition("=")[2].strip().replace("%%", "%") for line in ini.splitlines() if "sqlalchemy.url" in line
    )
    parts = urlsplit(url)
    login = {"host": parts.hostname, "port": parts.port, "user": "postgres", "password": site.secrets()["postgres"]}
    connection = psycopg2.connect(**login, dbname="postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE migrating OWNER ckan")
        yield parts._replace(path="/migrating").geturl()
        cursor.execute("DROP DATABASE migrating WITH (FORCE)")
    connection.close()


def test_two_that_start_at_once_do_the_work_once(site, empty):
    environment = {**site.environment, "CKAN_SQLALCHEMY_URL": empty}
    command = [CKAN, "-c", site.data / "ckan.ini", "landlab", "migrate"]
    options = {"env": environment, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    started = [subprocess.Popen(command, **options) for _ in range(2)]

    told = [process.communicate(timeout=180)[0] for process in started]

    assert [process.returncode for process in started] == [0, 0], told
    assert sorted("ckan: empty -> " in text for text in told) == [False, True], told
    assert all("The database is up to date." in text for text in told)
    with psycopg2.connect(empty) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM landlab_alembic_version")
        assert cursor.fetchone() == (1,)
    connection.close()
