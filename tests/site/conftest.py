"""CKAN on real servers: PostgreSQL, Redis and search of the stack, in a data folder of the tests' own.

They start before CKAN's own pytest plugin reads its settings, and stop with the session.  The folder (`var/test`, or
`LANDLAB_TEST_DATA`) is kept, so that the next session starts in a second; `clean_db` and `clean_index` empty it.
Run `pytest tests/site`, or anything below it; with `LANDLAB_TEST_ENGINE=solr` a real Solr 9 stands in for our search,
with `solrcloud` SolrCloud with two shards, with an address the core that is there.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg2
import pytest
import solr9
from ckanext.landlab.errors import StackError
from ckanext.landlab.stack import settings
from ckanext.landlab.stack.folder import Folder
from ckanext.landlab.stack.index import Search
from ckanext.landlab.stack.postgres import FORGETFUL, Postgres
from ckanext.landlab.stack.redis import Redis
from ckanext.landlab.stack.supervisor import Supervisor
from faker.providers.lorem.la import Provider as Latin

CHECKOUT = Path(__file__).parents[2]
SITE = "http://test.ckan.net"  # what CKAN's own tests expect

TESTING = {
    "testing": "true",
    "ckan.site_id": "test",
    "ckan.site_url": SITE,
    "ckan.locale_default": "en",  # a test that is about German asks for /de/
    "ckanext.landlab.release.mode": "off",  # tests of the release check switch it on
    "ckanext.landlab.password.length": "8",  # CKAN's factories know no longer ones
    "ckan.auth.create_unowned_dataset": "true",
    "ckan.auth.create_user_via_api": "false",
    "ckan.auth.create_user_via_web": "true",
    "WTF_CSRF_ENABLED": "false",
    "SERVER_NAME": "test.ckan.net",
    "ckan.upload.user.types": "image text",
    "ckan.upload.user.mimetypes": "image/png text/svg text/plain",
}

# CKAN obeys these, and the tests empty what they are given: never the database of a site.
FOREIGN = (
    "CKAN_SQLALCHEMY_URL",
    "CKAN_REDIS_URL",
    "CKAN_SOLR_URL",
    "CKAN_SITE_URL",
    "CKAN_SITE_ID",
    "CKAN_STORAGE_PATH",
)

servers = ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers and tell CKAN's plugin, which comes after us, where its settings are."""
    if config.option.collectonly:
        return
    for variable in FOREIGN:
        os.environ.pop(variable, None)
    folder = Folder(Path(os.environ.get("LANDLAB_TEST_DATA", CHECKOUT / "var" / "test")).resolve())
    try:
        servers.enter_context(folder.locked())
        config.option.ckan_ini = str(_started(folder))
    except StackError as error:
        servers.close()
        raise pytest.UsageError(str(error)) from error


def pytest_unconfigure() -> None:
    servers.close()


@pytest.fixture(scope="session")
def reset_db() -> Callable[[], None]:
    """CKAN's fixture, which would drop the plugins' tables with its own the first time; here the tables stay."""
    from ckan import model  # not before CKAN's plugin has read its settings
    from ckan.tests.helpers import reset_db as emptied

    model.repo.tables_created_and_initialised = True
    return emptied


@pytest.fixture(scope="session", autouse=True)
def plugins_of_the_site() -> None:
    """All are loaded once: CKAN's fixtures load them twice for every test, which takes most of a small test's time.

    A test that needs others loads these again at its end.
    """
    from ckan import plugins as p  # not before CKAN's plugin has read its settings

    p.load_all()


@pytest.fixture(scope="session", autouse=True)
def made_up_words() -> None:
    """What CKAN's factories make up is nothing that a test looks for: else they write English, and name users "tle"."""
    from ckan.tests.factories import fake  # not before CKAN's plugin has read its settings

    providers = {provider.__provider__.rpartition(".")[2]: provider for provider in fake.factories[0].providers}
    providers["internet"].user_name_formats = ("kuerzel-??????????",)
    providers["lorem"].word_list = Latin.word_list


@pytest.fixture
def with_plugins(ckan_config):
    """CKAN's fixture, with nothing left to do but to give the settings back."""


@pytest.fixture(scope="session")
def application(plugins_of_the_site):
    """The site, made once."""
    from ckan.tests.helpers import _get_test_app

    return _get_test_app()


@pytest.fixture
def app(application, ckan_config):
    """CKAN's fixture: a browser of the site that knows nothing of what an earlier test has seen."""
    from ckan.lib import app_globals
    from ckan.tests.helpers import CKANTestApp

    app_globals._CONFIG_CACHE.clear()
    return CKANTestApp(application.app)


def _started(folder: Folder) -> Path:
    supervisor = servers.enter_context(Supervisor(folder))
    postgres, redis, search = Postgres(folder, FORGETFUL), Redis(folder), Search(folder)
    solr = _solr(folder)
    supervisor.start(postgres, redis, *([] if solr else [search]))
    index = (solr, SITE) if solr else (search.url, SITE, search.login)
    ini = settings.write(folder, settings.Addresses(postgres.url, redis.url, *index), TESTING)
    _make_tables(folder, ini, postgres.url)
    return ini


def _solr(folder: Folder) -> str | None:
    """The address of a real Solr 9 with our configset, if `LANDLAB_TEST_ENGINE` asks for or names one."""
    engine = os.environ.get("LANDLAB_TEST_ENGINE", "landlab")
    if engine.startswith("http://"):
        return engine
    if engine not in ("solr", "solrcloud"):
        return None
    library = solr9.jars()
    if isinstance(library, str):
        raise pytest.UsageError(f"LANDLAB_TEST_ENGINE={engine}: {library}")
    if engine == "solrcloud":
        room = Path(servers.enter_context(TemporaryDirectory()))
        return servers.enter_context(solr9.cloud(library, room, "ckan", solr9.CONFIGSET))
    return servers.enter_context(solr9.running(library, folder.path, {"ckan": solr9.CONFIGSET})) + "/ckan"


def _make_tables(folder: Folder, ini: Path, database: str) -> None:
    """Make the tables of CKAN and of all plugins anew if a migration has come or changed since the last time."""
    versions = CHECKOUT.glob("ckanext-landlab/ckanext/landlab/migration/landlab/versions/*.py")
    migrations = [file.read_text(encoding="utf-8") for file in sorted(versions)]
    wanted = hashlib.sha256("\n".join([*migrations, *settings.plugins()]).encode()).hexdigest()
    if folder.read("tables.json").get("made_of") == wanted:
        return
    connection = psycopg2.connect(database)
    with connection, connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    connection.close()
    ckan = Path(sys.executable).with_name("ckan")
    subprocess.run([ckan, "-c", ini, "db", "upgrade"], check=True, stdout=sys.stderr)
    folder.write("tables.json", {"made_of": wanted})
