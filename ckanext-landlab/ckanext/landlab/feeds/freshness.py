"""Whether a harvester has what we would send: ETag, Last-Modified and conditional requests (RFC 9110, 13)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import blake2b

# What is being saved bears its date already and is seen later; and a date knows no parts of a second.
UNSETTLED = timedelta(minutes=1)


@dataclass(frozen=True)
class Freshness:
    """The state of one answer: its tag, and when the youngest thing in it changed."""

    tag: str
    changed: datetime | None = None

    def headers(self) -> dict[str, str]:
        """What a cache is told: keep it, but ask every time, so that what is withdrawn is gone at once."""
        # nginx keeps nothing that is to be asked for every time, except until a moment that is past already
        found = {"ETag": f'W/"{self.tag}"', "Cache-Control": "no-cache", "X-Accel-Expires": "@1"}
        if self.changed:
            moment = min(self.changed, datetime.now(timezone.utc) - UNSETTLED)
            found["Last-Modified"] = format_datetime(moment.astimezone(timezone.utc), usegmt=True)
        return found

    def is_known(self, asked: Mapping[str, str]) -> bool:
        """Whether the request *asked* (its headers) comes from somebody who has this answer."""
        if tags := asked.get("If-None-Match"):
            return tags.strip() == "*" or self.tag in [_bare(tag) for tag in tags.split(",")]
        since = _moment(asked.get("If-Modified-Since"))
        return bool(since and self.changed and self.changed.replace(microsecond=0) <= since)


def freshness_of(*facts: object, changed: datetime | None = None) -> Freshness:
    """The state that is the same as long as all *facts* are."""
    return Freshness(blake2b(repr(facts).encode(), digest_size=12).hexdigest(), changed)


def _bare(tag: str) -> str:
    return tag.strip().removeprefix("W/").strip('"')


def _moment(text: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text) if text else None
    except ValueError:
        return None
    return moment.replace(tzinfo=timezone.utc) if moment and moment.tzinfo is None else moment
