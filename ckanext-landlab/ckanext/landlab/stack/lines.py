"""Logs as JSON, one line each, with the number of the request and without what tells who somebody is."""

from __future__ import annotations

import json
import logging
import re
import sys
from contextvars import ContextVar
from datetime import datetime, timezone

REQUEST: ContextVar[str] = ContextVar("landlab_request", default="")
LONGEST = 8000  # characters of one message or trace
_READ = 10 * LONGEST  # more is not looked through: a message may hold a record of megabytes

# Mail and token begin where a word begins, so that one long word is looked through once, not from each of its letters.
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_IPV4 = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
_HEX = "[0-9a-f]{1,4}"
_IPV6 = re.compile(rf"(?<![\w:])(?:(?:{_HEX}:){{5,7}}{_HEX}|(?:{_HEX}:)+(?::{_HEX})+)(?![\w:])", re.IGNORECASE)
_TOKEN = re.compile(r"(?<![\w-])(?=[\w-]+\.[\w-]+\.[\w-])([\w-]*?)eyJ[\w-]+\.[\w-]+\.[\w-]+")
_PERSON = re.compile(r"(/(?:user|dashboard)/)(?!(?:login|logged_\w+|register|reset|me|_logout)\b)[^\s?'\"]+")
_NAMED = re.compile(r"((?:requested for user|Login as) )['\"]?[^\s'\"]+['\"]?")
_QUESTION = re.compile(r"\?[^\s'\"]+")  # what was asked for may be a name, a mail address or a key
_SECRET = re.compile(r"(://)[^/\s@]+@")
LOOPBACK = ("127.0.0.1", "0.0.0.0")  # noqa: S104 our own servers, nobody's address


class JsonLines(logging.Formatter):
    """Makes one line of JSON of every record."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line; at a terminal in words."""
        if sys.stderr.isatty():
            return super().format(record)
        told: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": impersonal(record.getMessage()[:_READ])[:LONGEST],
        }
        if request := REQUEST.get():
            told["request"] = request
        told.update(getattr(record, "facts", {}))
        if record.exc_info and record.exc_info[0]:
            told["error"] = record.exc_info[0].__name__
            told["trace"] = impersonal(self.formatException(record.exc_info)[-_READ:])[-LONGEST:]
        return json.dumps(told, ensure_ascii=False, default=str)


def impersonal(text: str) -> str:
    """*text* without mail addresses, network addresses, names of accounts, keys and what people asked for."""
    text = _SECRET.sub(r"\1…@", text)
    text = _TOKEN.sub(r"\1[token]", text)
    text = _MAIL.sub("[mail]", text)
    text = _IPV4.sub(lambda found: found.group() if found.group() in LOOPBACK else "[address]", text)
    text = _IPV6.sub("[address]", text)
    text = _QUESTION.sub("?…", text)
    text = _NAMED.sub(r"\1…", text)
    return _PERSON.sub(r"\1…", text)


def readable(line: str) -> str:
    """A line of JSON as people read it at a terminal; any other line as it is."""
    if not line.startswith("{"):
        return line
    try:
        told = json.loads(line)
        head = f"{told['time'][:19].replace('T', ' ')} {told['level']:<7} {told['logger']}: {told['message']}\n"
    except (ValueError, KeyError, TypeError):
        return line
    return head + (f"{told['trace']}\n" if told.get("trace") else "")
