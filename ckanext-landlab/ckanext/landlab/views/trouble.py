"""A page that says what is wrong when the disk is full, or the database only gives and takes nothing.

It needs nothing of what may be broken: no database, no style sheet of CKAN, no session.
"""

from __future__ import annotations

import errno
import logging
from typing import Any

from ckan.plugins.toolkit import _
from flask import Blueprint, Response, current_app, render_template, request
from redis.exceptions import RedisError
from sqlalchemy.exc import DBAPIError

__all__ = ["landlab_trouble"]

landlab_trouble = Blueprint("landlab_trouble", __name__)
log = logging.getLogger(__name__)

READ_ONLY, FULL, GONE, QUEUE = "read-only", "full", "gone", "queue"
CODES = {"25006": READ_ONLY, "53100": FULL, "53300": GONE, "57P01": GONE, "57P02": GONE, "57P03": GONE}
NUMBERS = {errno.ENOSPC: FULL, errno.EDQUOT: FULL, errno.EROFS: FULL}
PATIENCE = 60  # seconds after which it is worth another try


@landlab_trouble.app_errorhandler(DBAPIError)
def database(error: DBAPIError) -> Any:
    """What PostgreSQL refuses because of its state; everything else is a fault of ours."""
    code = getattr(error.orig, "pgcode", None)
    trouble = CODES.get(code or "") or (
        GONE if error.connection_invalidated or (code is None and _is_away(error)) else ""
    )
    return _told(trouble, error)


@landlab_trouble.app_errorhandler(OSError)
def disk(error: OSError) -> Any:
    """A file that cannot be written."""
    return _told(NUMBERS.get(error.errno or 0, ""), error)


@landlab_trouble.app_errorhandler(RedisError)
def queue(error: RedisError) -> Any:
    """Redis does not answer, so that no job can be put into the queue."""
    return _told(QUEUE, error)


def _is_away(error: DBAPIError) -> bool:
    return type(error).__name__ in ("OperationalError", "InterfaceError")


def _told(trouble: str, error: Exception) -> Any:
    if not trouble:
        usual = current_app.error_handler_spec[None][None].get(Exception)
        if usual is None:  # while developing, when CKAN shows errors as they are
            raise error
        return usual(error)
    log.error("trouble: %s (%s)", trouble, type(error).__name__)
    words = _words(trouble)
    if request.path.startswith("/api/"):
        answer: Any = current_app.json.response(
            {"success": False, "error": {"__type": "Unavailable", "message": words}}
        )
    else:
        text = render_template(
            "landlab/trouble.html", title=_("The catalogue cannot do this at the moment"), words=words
        )
        answer = Response(text, content_type="text/html; charset=utf-8")
    answer.status_code = 503
    answer.headers["Retry-After"] = str(PATIENCE)
    return answer


def _words(trouble: str) -> str:
    match trouble:
        case "read-only":
            return _(
                "The database can be read but not changed at the moment. Nothing was saved; please try again later."
            )
        case "full":
            return _(
                "There is no room left on the disk of the catalogue. Nothing was saved; please tell its operators."
            )
        case "queue":
            return _("The queue for background jobs does not answer. Please try again in a minute.")
        case _gone:
            return _("The database does not answer at the moment. Please try again in a minute.")
