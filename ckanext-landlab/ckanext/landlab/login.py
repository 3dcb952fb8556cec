"""Logging in: not as often as a program would like, and with the same answer, in the same time, whether or not
somebody of that name is known here.

Of who tries, only a keyed hash is kept, in Redis, for a quarter of an hour.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import mailer
from ckan.lib.redis import connect_to_redis
from ckan.plugins.toolkit import _
from ckanext.landlab import config
from flask import has_request_context
from passlib.hash import pbkdf2_sha512  # type: ignore[attr-defined]
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

WINDOW = 15 * 60  # seconds
NAME_TRIES = 10  # failures for one account
CLIENT_TRIES = 50  # failures from one network address
RESETS = 5  # mails with a new password that one network address may ask for
NOBODY = pbkdf2_sha512.using(rounds=25_000).hash("nobody has this password")


def before_login(identity: dict[str, Any]) -> None:
    """Refuse a try that comes after too many failures; spend as much time on an unknown name as on a known one."""
    name = str(identity.get("login") or "")[:200]
    _refuse_if(_count("name", name.lower()) >= NAME_TRIES or _count("client", client()) >= CLIENT_TRIES)
    person = model.User.by_name(name) or model.User.by_email(name)
    if person is None or not person.is_active:
        pbkdf2_sha512.verify(str(identity.get("password") or "")[:500], NOBODY)


def failed(name: str) -> None:
    """Count a failure; called by CKAN's signal."""
    _count("name", str(name)[:200].lower(), 1)
    if has_request_context():
        _count("client", client(), 1)


def succeeded(_application: Any, user: model.User, **_more: Any) -> None:
    """Forget the failures of an account whose owner has come in; called by CKAN's signal."""
    keys = [_key("name", name.lower()) for name in (user.name, user.email) if name]
    try:
        connect_to_redis().delete(*keys)
    except RedisError as error:
        log.warning("The failures of a login could not be forgotten: %s", type(error).__name__)


def reset_wanted(user_id: str) -> None:
    """Have the worker mail a new password, so that the page takes the same time whether or not somebody gets it."""
    if has_request_context() and client():
        if _count("reset", client()) >= RESETS:
            return
        _count("reset", client(), 1)
    tk.enqueue_job(send_reset, [user_id], title="Mail with a new password")


def send_reset(user_id: str) -> None:
    """Mail the link for a new password, as a background job."""
    person = model.User.get(user_id)
    if person is None:
        return
    try:
        mailer.send_reset_link(person)
    except mailer.MailerException as error:
        log.error("A mail with a new password could not be sent: %s", type(error).__name__)


def client() -> str:
    """The network address of who asks; empty where only a proxy is known, for all would look like one."""
    environ = tk.request.environ
    proxies = config.proxies()
    forwarded = [part.strip() for part in environ.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if proxies:
        return forwarded[-proxies] if len(forwarded) >= proxies else ""
    return "" if forwarded else environ.get("REMOTE_ADDR", "")


def _refuse_if(too_often: bool) -> None:
    if too_often:
        message = _("Too many attempts to log in. Please wait {minutes} minutes and try again.")
        tk.abort(429, message.format(minutes=WINDOW // 60))


def _count(kind: str, text: str, more: int = 0) -> int:
    """How many failures are known; with *more* that many are added.  Without Redis nobody is kept out."""
    if not text:
        return 0
    try:
        connection = connect_to_redis()
        if not more:
            return int(connection.get(_key(kind, text)) or 0)  # type: ignore[arg-type]
        with connection.pipeline() as pipeline:
            pipeline.incrby(_key(kind, text), more)
            pipeline.expire(_key(kind, text), WINDOW)
            return int(pipeline.execute()[0])
    except RedisError as error:
        log.warning("Failures of logins are not counted: %s", type(error).__name__)
        return 0


def _key(kind: str, text: str) -> str:
    secret = str(tk.config["SECRET_KEY"]).encode()
    return f"landlab:login:{kind}:{hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()[:32]}"
