"""`landlab doctor`: looks at a site and says what is wrong and what to do about it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import requests
from ckanext.landlab.stack import health, manifest
from ckanext.landlab.stack.folder import Folder
from ckanext.landlab.stack.language import _
from ckanext.landlab.stack.place import plain
from ckanext.landlab.stack.report import report
from ckanext.landlab.stack.restore import revisions
from ckanext.landlab.stack.steps import has_sample
from redis import Redis
from redis.exceptions import RedisError

OK, WARNING, WRONG = "ok", "warning", "wrong"
SLOW = 3  # seconds for the start page
OLD = 26  # hours since the last backup; a nightly one may take its time
DAY = 86_400
LOCAL = ("localhost", "127.0.0.1", "::1")
PAGES = ("imprint", "privacy", "accessibility")

UNLISTED = """
SELECT count(*) FROM package p LEFT JOIN landlab_feed_item i ON i.dataset_id = p.id AND i.gone IS NULL
WHERE p.state = 'active' AND NOT p.private AND p.type IN ('dataset', 'dataset_series', 'data_service')
AND i.dataset_id IS NULL
"""


@dataclass(frozen=True)
class Symptom:
    """One thing that was looked at: its state, what was seen, and what to do."""

    name: str
    state: str
    seen: str
    advice: str = ""


def examine(folder: Folder, settings: Mapping[str, str], backups: Path | None) -> Iterator[Symptom]:
    """Everything that can be looked at; what depends on a part that does not work is left out."""
    yield from _servers(folder)
    parts = {part.name: part for part in health.parts(settings, _limits(settings))}
    for part in parts.values():
        yield _part(part)
    yield from _page(settings, patience=30 if all(part.works for part in parts.values()) else 5)
    if parts["database"].works:
        yield from _tables(settings, is_searchable=parts["search"].works)
    if parts["redis"].works:
        yield _jobs(settings)
    yield from _settings(folder, settings)
    yield _errors(folder)
    if backups:
        yield _backup(backups)


def _limits(settings: Mapping[str, str]) -> health.Limits:
    return health.Limits(free=int(settings.get("ckanext.landlab.health.disk_free") or health.Limits.free))


def _servers(folder: Folder) -> Iterator[Symptom]:
    """The processes of `landlab up`, where it is that which runs the site."""
    if not (folder.path / "postgres").is_dir():
        return
    found = report(folder)
    if not found["running"]:
        yield Symptom("landlab", WRONG, _("The site is not running."), "landlab up --detach")
        return
    for name, server in found["servers"].items():
        if server["state"] not in ("running", "foreign"):
            yield Symptom(name, WRONG, server["state"], f"landlab logs {name}")
        elif server["restarts"] > 3:
            seen = _("It has been started again {count} times.").format(count=server["restarts"])
            yield Symptom(name, WARNING, seen, f"landlab logs {name}")


def _part(part: health.Part) -> Symptom:
    if part.works:
        return Symptom(part.name, OK, f"{part.seconds * 1000:.0f} ms")
    return Symptom(part.name, WRONG if part.needed else WARNING, part.reason, _advice(part.name))


def _advice(name: str) -> str:
    match name:
        case "database":
            return _(
                "Look whether PostgreSQL runs, whether its disk is full, and whether address and password are right."
            )
        case "redis":
            return _("Look whether Redis runs and has memory left, and whether its address and password are right.")
        case "search":
            return _("Look whether the search runs; if its index is lost: ckan search-index rebuild")
        case "disk":
            return _("Make room on the disk of the uploads, or move them to a larger one; look who may write there.")
        case "store":
            return _("Look whether the store of the uploads runs, and whether bucket, address and keys are right.")
        case _queue:
            return _("Look whether the worker runs and what it is doing: ckan jobs list")


def _page(settings: Mapping[str, str], patience: int) -> Iterator[Symptom]:
    """Whether people reach the site under its own address, and how quickly; *patience* in seconds."""
    address = settings.get("ckan.site_url", "").rstrip("/")
    started = time.monotonic()
    try:
        answer = requests.get(f"{address}/", timeout=patience)
    except requests.RequestException as error:
        advice = _("Look whether the web server and the proxy before it run, and whether ckan.site_url is right.")
        yield Symptom("page", WRONG, f"{address}: {type(error).__name__}", advice)
        return
    seconds = time.monotonic() - started
    if not answer.ok:
        yield Symptom("page", WRONG, f"{address}: HTTP {answer.status_code}", "landlab logs web")
    elif seconds > SLOW:
        seen = _("The start page takes {seconds} s.").format(seconds=f"{seconds:.1f}")
        yield Symptom("page", WARNING, seen, _("Look at processor and memory; more web workers may help."))
    else:
        yield Symptom("page", OK, f"{address} {seconds * 1000:.0f} ms")


def _tables(settings: Mapping[str, str], is_searchable: bool) -> Iterator[Symptom]:
    connection = psycopg2.connect(plain(settings["sqlalchemy.url"]), connect_timeout=health.PATIENCE)
    try:
        cursor = connection.cursor()

        def ask(query: str) -> str:
            cursor.execute(query)
            return str((cursor.fetchone() or [""])[0])

        newest = revisions()[-1]
        stands = ask("SELECT max(version_num) FROM landlab_alembic_version")
        if stands != newest:
            seen = _("The tables stand at {stands}, this version needs {newest}.").format(stands=stands, newest=newest)
            yield Symptom("tables", WRONG, seen, "landlab upgrade")
        else:
            yield Symptom("tables", OK, stands)
        if missing := int(ask(UNLISTED)):
            seen = _("{count} public datasets are missing in the feeds.").format(count=missing)
            yield Symptom("feeds", WARNING, seen, "ckan landlab feeds rebuild")
        else:
            yield Symptom("feeds", OK, "")
        if is_searchable:
            yield _index(settings, int(ask("SELECT count(*) FROM package WHERE state IN ('active', 'draft')")))
    finally:
        connection.close()


def _index(settings: Mapping[str, str], stored: int) -> Symptom:
    user, password = settings.get("solr_user"), settings.get("solr_password")
    question = {"q": "*:*", "rows": "0", "wt": "json", "fq": f'site_id:"{settings.get("ckan.site_id", "default")}"'}
    address = f"{settings['solr_url'].rstrip('/')}/select"
    login = (user, password) if user and password else None
    found = requests.get(address, params=question, auth=login, timeout=30).json()["response"]["numFound"]
    if found == stored:
        return Symptom("index", OK, str(found))
    seen = _("The search knows {found} datasets, the database {stored}.").format(found=found, stored=stored)
    return Symptom("index", WRONG if found < stored else WARNING, seen, "ckan search-index rebuild")


def _jobs(settings: Mapping[str, str]) -> Symptom:
    client = Redis.from_url(settings["ckan.redis.url"], socket_timeout=health.PATIENCE, decode_responses=True)
    try:
        failed = sum(int(client.zcard(name)) for name in client.scan_iter("rq:failed:ckan:*"))  # type: ignore[arg-type]
    except RedisError as error:
        return Symptom("jobs", WRONG, type(error).__name__)
    finally:
        client.close()
    if failed:
        return Symptom("jobs", WARNING, _("{count} jobs have failed.").format(count=failed), "landlab logs worker")
    return Symptom("jobs", OK, "")


def _settings(folder: Folder, settings: Mapping[str, str]) -> Iterator[Symptom]:
    """What a site that others can reach must not have, and what it should have."""
    address = urlsplit(settings.get("ckan.site_url", ""))
    is_public = (address.hostname or "localhost") not in LOCAL
    if is_public and address.scheme != "https":
        seen = _("The site is reached without encryption.")
        yield Symptom(
            "https", WRONG, seen, _("Put a proxy with a certificate before it and name https in ckan.site_url.")
        )
    if is_public and has_sample(folder):
        seen = _("The sample data are loaded; their passwords are known to everybody.")
        yield Symptom("sample", WRONG, seen, "ckan landlab sample remove")
    if settings.get("debug", "false").lower() in ("true", "1", "yes", "on"):
        yield Symptom("debug", WRONG, _("Errors show the code to everybody."), "debug = false")
    secrets = folder.path / "secrets.json"
    if secrets.exists() and secrets.stat().st_mode & 0o077:
        yield Symptom("secrets", WRONG, _("Others can read {path}.").format(path=secrets), f"chmod 600 {secrets}")
    if is_public and not settings.get("smtp.server"):
        seen = _("No mail server is set: nobody gets a new password or hears of a release.")
        yield Symptom("mail", WARNING, seen, "smtp.server = …")
    missing = [page for page in PAGES if not settings.get(f"ckanext.landlab.pages.{page}")]
    if is_public and missing:
        seen = _("Pages that the law demands are not set: {pages}.").format(pages=", ".join(missing))
        yield Symptom("pages", WARNING, seen, f"ckanext.landlab.pages.{missing[0]} = …")


def _errors(folder: Folder) -> Symptom:
    """How many errors stand in the log of the last day."""
    log = folder.log("web")
    if not log.exists():
        return Symptom("errors", OK, "")
    count, last = 0, ""
    since = datetime.fromtimestamp(time.time() - DAY, timezone.utc).isoformat()
    with log.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if '"level": "ERROR"' in line:
                with suppress(ValueError):  # a line that is just being written, or was cut off when the disk was full
                    told = json.loads(line)
                    if told["time"] > since:
                        count, last = count + 1, str(told["message"])[:120]
    if not count:
        return Symptom("errors", OK, "")
    seen = _("{count} errors since yesterday, the last one: {last}").format(count=count, last=last)
    return Symptom("errors", WARNING, seen, "landlab logs web")


def _backup(folder: Path) -> Symptom:
    advice = f"landlab backup {folder} --keep 14"
    made = manifest.backups(folder)
    if not made:
        return Symptom("backup", WRONG, _("There is no backup in {path}.").format(path=folder), advice)
    age = time.time() - datetime.fromisoformat(manifest.read(made[-1]).made).timestamp()
    if age > OLD * 3600:
        seen = _("The last backup is {hours} hours old.").format(hours=round(age / 3600))
        return Symptom("backup", WRONG, seen, advice)
    return Symptom("backup", OK, made[-1].name)
