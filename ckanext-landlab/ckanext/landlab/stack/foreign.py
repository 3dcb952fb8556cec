"""Servers that somebody else runs: an address in the environment wins over our own server."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

import psycopg2
import requests
from ckanext.landlab.errors import NoAnswer
from ckanext.landlab.stack.language import _
from ckanext.landlab.stack.place import plain
from redis import Redis
from redis.exceptions import RedisError

PATIENCE = 5  # seconds for one answer
PAUSE = 1  # second between two questions


def address(variable: str) -> str | None:
    """The address in the environment *variable*, once it has answered; None if none is set."""
    url = os.environ.get(variable)
    if not url:
        return None
    reason = QUESTIONS[variable](url)
    if reason:
        raise NoAnswer(variable, without_password(url), reason)
    return url


def wait_for_all(
    addresses: Mapping[str, str], login: tuple[str, str], patience: float, say: Callable[[str], None]
) -> None:
    """Return once every server in *addresses*, by variable, has answered; give up after *patience* seconds."""
    deadline = time.monotonic() + patience
    for variable, url in addresses.items():
        ask = SERVERS[variable]
        told = False
        while reason := ask(url) if ask is not _solr else _solr(url, login):
            if time.monotonic() > deadline:
                raise NoAnswer(variable, without_password(url), reason)
            if not told:
                say(_("Waiting for {address}: {reason}").format(address=without_password(url), reason=reason))
                told = True
            time.sleep(PAUSE)


def without_password(url: str) -> str:
    """*url* as it may be shown."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _postgres(url: str) -> str:
    try:
        psycopg2.connect(plain(url), connect_timeout=PATIENCE).close()
    except psycopg2.OperationalError as error:
        return " ".join(str(error).split())
    return ""


def _redis(url: str) -> str:
    try:
        Redis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE).ping()
    except (RedisError, ValueError) as error:
        return str(error)
    return ""


def _solr(url: str, login: tuple[str, str] | None = None) -> str:
    user, password = os.environ.get("CKAN_SOLR_USER"), os.environ.get("CKAN_SOLR_PASSWORD")
    login = login or ((user, password) if user and password else None)
    question = {"q": "*:*", "rows": "0"}
    try:
        answer = requests.get(f"{url.rstrip('/')}/select", params=question, auth=login, timeout=PATIENCE)
    except requests.RequestException as error:
        return str(error)
    return "" if answer.ok else f"HTTP {answer.status_code}"


QUESTIONS: dict[str, Callable[[str], str]] = {
    "CKAN_SQLALCHEMY_URL": _postgres,
    "CKAN_REDIS_URL": _redis,
    "CKAN_SOLR_URL": _solr,
}

SERVERS: dict[str, Callable[[str], str]] = {  # by the variables of a container
    "LANDLAB_DATABASE": _postgres,
    "LANDLAB_REDIS": _redis,
    "LANDLAB_SEARCH": _solr,
}
