"""Servers that somebody else runs: an address in the environment wins over our own server."""

from __future__ import annotations

import os
from collections.abc import Callable
from urllib.parse import urlsplit

import psycopg2
import requests
from ckanext.landlab.errors import NoAnswer
from redis import Redis
from redis.exceptions import RedisError

PATIENCE = 5  # seconds


def address(variable: str) -> str | None:
    """The address in the environment *variable*, once it has answered; None if none is set."""
    url = os.environ.get(variable)
    if not url:
        return None
    reason = QUESTIONS[variable](url)
    if reason:
        raise NoAnswer(variable, without_password(url), reason)
    return url


def without_password(url: str) -> str:
    """*url* as it may be shown."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    return parts._replace(netloc=f"{host}:{parts.port}" if parts.port else host).geturl()


def _postgres(url: str) -> str:
    try:
        psycopg2.connect(url, connect_timeout=PATIENCE).close()
    except psycopg2.OperationalError as error:
        return str(error).strip()
    return ""


def _redis(url: str) -> str:
    try:
        Redis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE).ping()
    except (RedisError, ValueError) as error:
        return str(error)
    return ""


def _solr(url: str) -> str:
    user, password = os.environ.get("CKAN_SOLR_USER"), os.environ.get("CKAN_SOLR_PASSWORD")
    login = (user, password) if user and password else None
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
