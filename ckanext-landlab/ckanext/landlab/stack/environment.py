"""What the environment tells a container: where its servers are, secrets, and how much it may use.

`NAME_FILE` names a file that holds the value of `NAME`, as secrets are handed to containers.  To add a variable,
write a row in `VARIABLES`; docs/configuration.md and the check of docker-compose.yml read it from there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from ckanext.landlab.errors import SettingMissing, SettingWrong

YES, NO = ("yes", "true", "1", "on"), ("no", "false", "0", "off")


def _address(*schemes: str) -> Callable[[str], str]:
    def reason(value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in schemes or not parts.netloc:
            return f"it must be an address that begins with {' or '.join(f'{scheme}://' for scheme in schemes)}"
        return ""

    return reason


def _number(least: int, most: int) -> Callable[[str], str]:
    def reason(value: str) -> str:
        fits = value.isdecimal() and least <= int(value[:9]) <= most
        return "" if fits else f"it must be a whole number from {least} to {most}"

    return reason


def _choice(value: str) -> str:
    return "" if value.lower() in YES + NO else "it must be yes or no"


def _file(value: str) -> str:
    return "" if Path(value).is_file() else "there is no such file that can be read"


def _bucket(value: str) -> str:
    fits = re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", value)
    return "" if fits else "it must be 3 to 63 small letters, digits, dots and hyphens"


def _place(value: str) -> str:
    host, _, port = value.rpartition(":")
    return "" if host and port.isdecimal() else "it must be an address and a port, such as 0.0.0.0:5000"


@dataclass(frozen=True)
class Variable:
    """One variable: what it means, its default (None: it must be set), an example, and what is wrong with a value."""

    name: str
    meaning: str
    default: str | None = ""
    example: str = ""
    reason: Callable[[str], str] = lambda value: ""


VARIABLES = (
    Variable(
        "LANDLAB_SITE_URL",
        "The address at which people reach the site; it stands in every link and in every feed.",
        None,
        "https://daten.example.org",
        _address("http", "https"),
    ),
    Variable(
        "LANDLAB_DATABASE",
        "The address of PostgreSQL; without a password in it, the secret `database` is used. Several hosts with commas"
        " and `?target_session_attrs=read-write` find the server that can be written to.",
        None,
        "postgresql://ckan@database/ckan",
        _address("postgresql"),
    ),
    Variable(
        "LANDLAB_REDIS",
        "The address of Redis or Valkey; without a password in it, the secret `redis` is used.",
        None,
        "redis://redis:6379/0",
        _address("redis", "rediss"),
    ),
    Variable(
        "LANDLAB_SEARCH",
        "The address of the Solr core, of the SolrCloud collection, or of our search service.",
        None,
        "http://search:8983/solr/ckan",
        _address("http", "https"),
    ),
    Variable("LANDLAB_SETTINGS", "A file with the site's own settings of CKAN.", "", "/etc/landlab/site.ini", _file),
    Variable(
        "LANDLAB_MAX_UPLOAD", "How many MiB an uploaded file may have.", "200", "500", _number(1, 100_000)
    ),
    Variable("LANDLAB_WEB_WORKERS", "How many processes serve pages.", "2", "4", _number(1, 64)),
    Variable("LANDLAB_WEB_THREADS", "How many requests each of them answers at a time.", "4", "8", _number(1, 64)),
    Variable(
        "LANDLAB_BIND", "Where a container listens; the port of the search service is 8983.", "", "0.0.0.0:5000", _place
    ),
    Variable(
        "LANDLAB_S3_BUCKET",
        "The bucket of a store that speaks S3, in which uploads lie; without it they lie in the data volume.",
        "",
        "daten-stadt",
        _bucket,
    ),
    Variable(
        "LANDLAB_S3_ENDPOINT",
        "The address of that store; without it Amazon's.",
        "",
        "https://s3.intern:9000",
        _address("http", "https"),
    ),
    Variable("LANDLAB_S3_REGION", "Its region, where it has any.", "", "eu-central-1"),
    Variable("LANDLAB_S3_PREFIX", "What all keys in the bucket begin with.", "", "opendata"),
    Variable("LANDLAB_S3_KEY", "The access key for the bucket.", "", ""),
    Variable("LANDLAB_S3_SECRET", "The secret key for the bucket.", "", ""),
    Variable(
        "LANDLAB_PATIENCE",
        "How many seconds a container waits for database, Redis and search before it gives up.",
        "120",
        "300",
        _number(1, 3600),
    ),
    Variable(
        "LANDLAB_MIGRATE",
        "Whether a start brings an older database up to date; with `no` it only says that it is older.",
        "yes",
        "no",
        _choice,
    ),
)  # fmt: skip
KNOWN = {variable.name: variable for variable in VARIABLES}
SECRET = "LANDLAB_SECRET_"  # noqa: S105 a name; the secret's own follows in capitals


def value(name: str, environment: Mapping[str, str] = os.environ) -> str:
    """The value of the variable *name*: from the environment, from the file that it names, or the default."""
    variable = KNOWN[name]
    found = given(name, environment) or variable.default
    if found is None:
        raise SettingMissing(name, variable.meaning, variable.example)
    if found and (reason := variable.reason(found)):
        raise SettingWrong(name, found, reason)
    return found


def check() -> None:
    """Raise what is wrong with the first variable that is wrong, before anything is done."""
    for name in KNOWN:
        value(name)


def number(name: str) -> int:
    """The value of *name*, a number."""
    return int(value(name))


def is_yes(name: str) -> bool:
    """Whether the value of *name* is a yes."""
    return value(name).lower() in YES


def given(name: str, environment: Mapping[str, str] = os.environ) -> str:
    """What the environment says of *name*, directly or by a file; empty if nothing."""
    if file := environment.get(f"{name}_FILE"):
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingWrong(f"{name}_FILE", file, f"the file cannot be read ({error})") from error
    return environment.get(name, "").strip()


def several(url: str) -> str:
    """The address of a database with ports behind several hosts as SQLAlchemy reads it; any other as it is."""
    parts = urlsplit(url)
    login, at, places = parts.netloc.rpartition("@")
    hosts = places.split(",")
    if len(hosts) == 1 or not any(":" in host for host in hosts):
        return url
    named = "&".join(f"host={host if ':' in host else f'{host}:5432'}" for host in hosts)
    return parts._replace(netloc=f"{login}{at}", query=f"{parts.query}&{named}".strip("&")).geturl()


def with_password(url: str, password: str, user: str = "") -> str:
    """*url* with the *password*, unless it brings one of its own."""
    parts = urlsplit(url)
    login, _, hosts = parts.netloc.rpartition("@")
    if ":" in login:
        return url
    name = quote(unquote(login or user), safe="")
    return parts._replace(netloc=f"{name}:{quote(password, safe='')}@{hosts}").geturl()
