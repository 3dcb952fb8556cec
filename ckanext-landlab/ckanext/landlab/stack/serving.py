"""One part of a site in a container: its servers run elsewhere, the environment says where.

`landlab serve web|worker|search` waits for what it needs, writes CKAN's settings, brings the database up to date and
then becomes the program that serves.  To serve another part, write a row in `PARTS`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click
from ckanext.landlab.stack import environment, foreign, settings
from ckanext.landlab.stack.bucket import OPTION, TYPE
from ckanext.landlab.stack.folder import Folder
from ckanext.landlab.stack.index import USER
from ckanext.landlab.stack.steps import CKAN
from ckanext.landlab.stack.web import gunicorn

REDIS = """\
requirepass {password}
protected-mode no
appendonly yes
appendfsync everysec
maxmemory-policy noeviction
"""
SHARED = {"database": "{password}\n", "search": "{password}\n", "redis": "{password}\n"}  # one file per server
BUCKET = {
    "bucket": "BUCKET",
    "endpoint": "ENDPOINT",
    "region": "REGION",
    "path": "PREFIX",
    "key": "KEY",
    "secret": "SECRET",
}
SESSION = 12 * 60 * 60  # seconds; every visitor has a session, so CKAN's year would fill Redis


@dataclass(frozen=True)
class Part:
    """A part of the site: whether it needs the database and the rest first, and its command."""

    needs_servers: bool
    command: Callable[[Folder], list[str]]


def serve(folder: Folder, name: str) -> None:
    """Become the part *name* of the site."""
    folder.make()
    part = PARTS[name]
    if part.needs_servers:
        environment.check()
        prepare(folder)
        migrate(folder, with_texts=name == "web")
    command = part.command(folder)
    sys.stdout.flush()
    os.execve(command[0], command, _environment(folder))  # noqa: S606 we become the server, which gets the signals


def prepare(folder: Folder) -> None:
    """Wait for the servers and write CKAN's settings."""
    addresses = _addresses(folder)
    extra = _extra()
    servers = {
        "LANDLAB_DATABASE": addresses.database,
        "LANDLAB_REDIS": addresses.redis,
        "LANDLAB_SEARCH": addresses.search,
    }
    login = (USER, folder.secrets()["search"])
    foreign.wait_for_all(
        servers, login, environment.number("LANDLAB_PATIENCE"), lambda text: click.echo(text, err=True)
    )
    settings.write(folder, addresses, extra, own=environment.value("LANDLAB_SETTINGS") or None)


def migrate(folder: Folder, *, with_texts: bool = False) -> None:
    """Bring the database up to date, or only look; the command says itself what is wrong.

    The texts of CKAN's scripts are made along, for a call of their own would start CKAN once more.
    """
    only_look = [] if environment.is_yes("LANDLAB_MIGRATE") else ["--check"]
    texts = ["--texts"] if with_texts else []
    command = [str(CKAN), "landlab", "migrate", *only_look, *texts]
    ended = subprocess.run(command, env=_environment(folder), stdout=sys.stderr, check=False)
    if ended.returncode:
        raise SystemExit(ended.returncode)


def share_secrets(folder: Folder, target: Path) -> None:
    """Write what PostgreSQL, Redis and the search service must know of our secrets into *target*, a file for each."""
    folder.make()
    known = folder.secrets()
    target.mkdir(parents=True, exist_ok=True)
    texts = {name: form.format(password=known[name]) for name, form in SHARED.items()}
    for name, text in {**texts, "redis.conf": REDIS.format(password=known["redis"])}.items():
        new = target / f"{name}.new"
        new.write_text(text, encoding="utf-8")
        new.chmod(0o444)  # the servers have accounts of their own; who sees the folder is for its mounts to say
        new.replace(target / name)


def _addresses(folder: Folder) -> settings.Addresses:
    known = folder.secrets()
    return settings.Addresses(
        database=environment.several(
            environment.with_password(environment.value("LANDLAB_DATABASE"), known["database"], user="ckan")
        ),
        redis=environment.with_password(environment.value("LANDLAB_REDIS"), known["redis"]),
        search=environment.value("LANDLAB_SEARCH").rstrip("/"),
        site=environment.value("LANDLAB_SITE_URL").rstrip("/"),
        search_login=(USER, known["search"]),
    )


def _extra() -> dict[str, str]:
    """What a container has otherwise than a site on one machine."""
    own_assets = os.environ.get("LANDLAB_WEBASSETS")  # made with the image
    is_secret = environment.value("LANDLAB_SITE_URL").startswith("https:")
    return {
        **({"ckan.webassets.path": own_assets} if own_assets else {}),
        **_bucket(),
        "ckan.max_resource_size": environment.value("LANDLAB_MAX_UPLOAD"),
        "ckanext.landlab.proxies": "1",
        "SESSION_TYPE": "redis",
        "PERMANENT_SESSION_LIFETIME": str(SESSION),
        "SESSION_COOKIE_SECURE": str(is_secret).lower(),
    }


def _bucket() -> dict[str, str]:
    """Where uploads lie, if not in the data volume."""
    if not environment.value("LANDLAB_S3_BUCKET"):
        return {}
    told = {option: environment.value(f"LANDLAB_S3_{name}") for option, name in BUCKET.items()}
    return {f"{OPTION}{option}": value for option, value in {"type": TYPE, **told}.items()}


def _environment(folder: Folder) -> dict[str, str]:
    return {**os.environ, "CKAN_INI": str(folder.ini), "LANDLAB_SEARCH_TOKEN": folder.secrets()["search"]}


def _web(folder: Folder) -> list[str]:
    bind = environment.value("LANDLAB_BIND") or "0.0.0.0:5000"  # a container's own network
    workers, threads = environment.number("LANDLAB_WEB_WORKERS"), environment.number("LANDLAB_WEB_THREADS")
    return [*gunicorn(bind, workers, threads), "--forwarded-allow-ips", "*", "--worker-tmp-dir", "/dev/shm"]  # noqa: S108 memory, where a heartbeat waits for no disk


def _worker(folder: Folder) -> list[str]:
    return [str(CKAN), "jobs", "worker"]


def _search(folder: Folder) -> list[str]:
    host, _, port = (environment.value("LANDLAB_BIND") or "0.0.0.0:8983").rpartition(":")
    data = os.environ.get("LANDLAB_SEARCH_DATA") or str(folder.path / "search")
    return [sys.executable, "-m", "ckanext.landlab.search", "--host", host, "--port", port, "--data", data]


PARTS = {
    "web": Part(needs_servers=True, command=_web),
    "worker": Part(needs_servers=True, command=_worker),
    "search": Part(needs_servers=False, command=_search),
}
