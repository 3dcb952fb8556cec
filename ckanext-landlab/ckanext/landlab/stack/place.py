"""Where a site keeps what must not be lost: its database and its files, as its settings or the environment say.

The environment wins, as it does for CKAN: so the same commands work on `landlab up`, in a container and beside a
database that somebody else runs.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from configparser import RawConfigParser
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

from ckanext.landlab.errors import BackupRefused
from ckanext.landlab.stack.bucket import Bucket, bucket_of
from ckanext.landlab.stack.language import _
from ckanext.landlab.stack.settings import SECTION
from psycopg2.extensions import parse_dsn

VARIABLES = {
    "sqlalchemy.url": "CKAN_SQLALCHEMY_URL",
    "ckan.storage_path": "CKAN_STORAGE_PATH",
    "ckan.site_url": "CKAN_SITE_URL",
    "ckan.redis.url": "CKAN_REDIS_URL",
    "solr_url": "CKAN_SOLR_URL",
    "solr_user": "CKAN_SOLR_USER",
    "solr_password": "CKAN_SOLR_PASSWORD",
}
CONNECTION = {  # what libpq calls it in an address, and in the environment, where `ps` does not show it
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
    "options": "PGOPTIONS",
}


@dataclass(frozen=True)
class Place:
    """A site's database, the folder of its files, and all its settings."""

    database: str
    files: Path
    settings: Mapping[str, str]

    @property
    def bucket(self) -> Bucket | None:
        """Where uploads lie, if not in the folder of files."""
        return bucket_of(self.settings)

    def connection(self) -> dict[str, str]:
        """The environment with which PostgreSQL's own programs find the database."""
        parts = parse_dsn(self.database)
        named = {CONNECTION[key]: str(value) for key, value in parts.items() if key in CONNECTION}
        return {**{name: value for name, value in os.environ.items() if not name.startswith("PG")}, **named}


def place_of(ini: Path | None, database: str | None = None) -> Place:
    """The place that the settings file *ini* and the environment name; *database* where somebody knows better."""
    found = settings_of(ini)
    url = database or found.get("sqlalchemy.url")
    files = found.get("ckan.storage_path")
    for option, value in (("sqlalchemy.url", url), ("ckan.storage_path", files)):
        if not value:
            raise BackupRefused(
                str(ini or "."),
                _("There is no site here: set {variable}, or name the data folder with --data.").format(
                    variable=VARIABLES[option]
                ),
            )
    return Place(plain(str(url)), Path(str(files)), found)


def settings_of(ini: Path | None) -> dict[str, str]:
    """The settings in the file *ini*, if there is one, and over them what the environment says."""
    parser = RawConfigParser()
    parser.optionxform = str  # type: ignore[method-assign] CKAN's options keep their case
    if ini and ini.exists():
        parser.read(ini, encoding="utf-8")
    found = dict(parser.items(SECTION)) if parser.has_section(SECTION) else {}
    found = {option: value.replace("%%", "%") for option, value in found.items()}
    return found | {option: os.environ[name] for option, name in VARIABLES.items() if os.environ.get(name)}


def plain(url: str) -> str:
    """The address of a database as libpq reads it.

    SQLAlchemy lets people name a driver in it, gives one port to all hosts, and takes hosts with ports of their own as
    parameters; libpq wants a port behind each host.
    """
    parts = urlsplit(url)
    login, at, places = parts.netloc.rpartition("@")
    named = [value for name, value in parse_qsl(parts.query) if name == "host" and ":" in value]
    hosts, colon, port = places.rpartition(":")
    if named:
        places = ",".join(named)
    elif "," in hosts and ":" not in hosts:
        places = ",".join(f"{host}{colon}{port}" for host in hosts.split(","))
    rest = urlencode([(name, value) for name, value in parse_qsl(parts.query) if value not in named])
    scheme = parts.scheme.partition("+")[0]
    return f"{scheme}://{login}{at}{places}{parts.path}" + (f"?{rest}" if rest else "")
