"""A pytest plugin: a plain CKAN, without any extension, on the stack's servers, for CKAN's own tests.

The settings are those that CKAN's tests expect (`test-core.ini` of its source, which the wheel lacks).  Where
`LANDLAB_TEST_SOLR` holds an address, that Solr is used instead of our search service; where `LANDLAB_TEST_RECORD` names
a file, the searches are written into it (`tests/conformance/solr/recorded.json` was made so).
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from configparser import RawConfigParser
from contextlib import ExitStack
from pathlib import Path

import pysolr
import pytest
from ckanext.landlab.stack.folder import Folder
from ckanext.landlab.stack.index import Search
from ckanext.landlab.stack.postgres import FORGETFUL, Postgres
from ckanext.landlab.stack.redis import Redis
from ckanext.landlab.stack.supervisor import Supervisor
from faker import Faker

EXPECTED = {
    "use": "egg:ckan",
    "debug": "false",
    "testing": "true",
    "SECRET_KEY": "only-for-tests",
    "WTF_CSRF_SECRET_KEY": "only-for-tests",
    "WTF_CSRF_ENABLED": "false",
    "ckan.plugins": "",
    "ckan.site_id": "test.ckan.net",
    "ckan.site_title": "CKAN",
    "ckan.site_logo": "/images/ckan_logo_fullname_long.png",
    "ckan.site_url": "http://test.ckan.net",
    "SESSION_COOKIE_DOMAIN": "test.ckan.net",
    "ckan.files.default_storages.default": "test",
    "ckan.files.storage.test.type": "ckan:memory",
    "ckan.auth.user_create_organizations": "true",
    "ckan.auth.user_create_groups": "true",
    "ckan.auth.create_user_via_api": "false",
    "ckan.auth.create_user_via_web": "false",
    "ckan.auth.create_dataset_if_not_in_organization": "true",
    "ckan.auth.anon_create_dataset": "false",
    "ckan.auth.user_delete_groups": "true",
    "ckan.auth.user_delete_organizations": "true",
    "ckan.auth.create_unowned_dataset": "true",
    "ckan.cache_enabled": "false",
    "package_new_return_url": "http://localhost/dataset/<NAME>?test=new",
    "package_edit_return_url": "http://localhost/dataset/<NAME>?test=edit",
    "ckan.extra_resource_fields": "alt_url",
    "smtp.mail_from": "info@test.ckan.net",
    "ckan.locale_default": "en",
    "ckan.locale_order": "en pt_BR ja it cs_CZ ca es fr el sv sr sr@latin no sk fi ru de pl nl bg ko_KR hu sa sl lv",
    "ckan.datasets_per_page": "20",
    "ckan.activity_streams_email_notifications": "true",
}

servers = ExitStack()
heard: dict[str, dict] = {}


def pytest_configure(config: pytest.Config) -> None:
    folder = Folder(Path(os.environ["LANDLAB_TEST_DATA"]).resolve())
    servers.enter_context(folder.locked())
    config.option.ckan_ini = str(_started(folder))
    if os.environ.get("LANDLAB_TEST_RECORD"):
        _listen()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Give every test the same made-up texts in every run.

    CKAN's factories make titles of random English words, and "record", which one of its tests searches, is among them.
    """
    Faker.seed(item.nodeid)


def pytest_unconfigure() -> None:
    servers.close()
    if heard:
        text = json.dumps(list(heard.values()), ensure_ascii=False, indent=0)
        Path(os.environ["LANDLAB_TEST_RECORD"]).write_text(text, encoding="utf-8")


def _listen() -> None:
    """Keep every search that CKAN sends, each form of it once: names and numbers of the tests are all alike."""
    sent = pysolr.Solr._select

    def select(self: pysolr.Solr, params: dict, handler: str | None = None) -> str:
        form = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+", "#", json.dumps(params, sort_keys=True))
        heard.setdefault(form, dict(params))
        return sent(self, params, handler)

    pysolr.Solr._select = select


def _started(folder: Folder) -> Path:
    supervisor = servers.enter_context(Supervisor(folder))
    postgres, redis, search = Postgres(folder, FORGETFUL), Redis(folder), Search(folder)
    solr = os.environ.get("LANDLAB_TEST_SOLR")
    supervisor.start(postgres, redis, *([] if solr else [search]))
    parser = RawConfigParser()
    parser.optionxform = str
    addresses = {"sqlalchemy.url": postgres.url, "ckan.redis.url": redis.url, "solr_url": solr or search.url}
    if not solr:
        addresses |= dict(zip(("solr_user", "solr_password"), search.login, strict=True))
    parser.read_dict({"app:main": {**EXPECTED, **addresses}})
    ini = folder.path / "plain.ini"
    with ini.open("w", encoding="utf-8") as file:
        parser.write(file)
    ckan = Path(sys.executable).with_name("ckan")
    subprocess.run([ckan, "-c", ini, "db", "init"], check=True, stdout=sys.stderr)
    return ini
