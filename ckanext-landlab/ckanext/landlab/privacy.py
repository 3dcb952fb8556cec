"""What is stored about the people who work with the catalogue, and how it goes.

A person is known by an id that says nothing.  Erasing takes away everything that leads from the id to the person: the
account's data, its tokens, memberships and marks, and the name wherever a text repeats it.  What the law wants kept,
that a release was confirmed and by somebody of which role, stays under the id, which then only has a role.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib import files
from ckan.model.meta import registry
from ckanext.landlab import config
from ckanext.landlab.model import release as releases

ROLES = {"sysadmin": "Verwaltung des Katalogs", "admin": "Administration", "editor": "Redaktion", "member": "Mitglied"}
NO_ROLE = "Frühere Bearbeitung"
SHORTEST = 3  # letters of a name that may be looked for inside of a text; shorter ones stand in other words

GOES, STAYS = "goes", "stays"


@dataclass(frozen=True)
class Trace:
    """A column that leads to a person: what it is for, and whether the row goes or stays under the id."""

    table: str
    column: str
    fate: str
    purpose: str


TRACES = (
    Trace("activity", "object_id", GOES, "changes of the account itself"),
    Trace("activity", "user_id", STAYS, "who changed what, for those who work on it"),
    Trace("api_token", "user_id", GOES, "keys for the API"),
    Trace("dashboard", "user_id", GOES, "when news were last looked at"),
    Trace("harvest_source", "user_id", STAYS, "who entered a harvest source"),
    Trace("landlab_acknowledgement", "user_id", GOES, "who has read which version of the guideline"),
    Trace("landlab_guideline_chapter", "user_id", STAYS, "who wrote a version of a chapter"),
    Trace("landlab_notice_saying", "author_id", STAYS, "who set notices; shown is the role only"),
    Trace("landlab_notice_text", "author_id", STAYS, "who published words of a notice; shown is the role only"),
    Trace("landlab_release", "entered_by", STAYS, "who answered for a release"),
    Trace("landlab_release_event", "user_id", STAYS, "who did what in a release, the record the law asks for"),
    Trace("member", "table_id", GOES, "who belongs to which organisation"),
    Trace("package", "creator_user_id", STAYS, "who entered a dataset"),
    Trace("package_member", "user_id", GOES, "who works along on a dataset"),
    Trace("user_following_dataset", "follower_id", GOES, "who follows a dataset"),
    Trace("user_following_group", "follower_id", GOES, "who follows an organisation"),
    Trace("user_following_user", "follower_id", GOES, "who follows whom"),
    Trace("user_following_user", "object_id", GOES, "who is followed"),
)
TEXTS = (  # columns that may repeat a name
    ("activity", "data"),
    ("landlab_release", "answers"),
    ("landlab_release", "confirmation"),
    ("landlab_release_event", "content"),
)


def report(person: model.User) -> dict[str, Any]:
    """Everything that is stored about *person* (GDPR, article 15)."""
    named = ("name", "fullname", "email", "about", "image_url", "created", "last_active", "state", "sysadmin")
    account = {name: _plain(getattr(person, name, None)) for name in named}
    return {
        "account": {"id": person.id, **account},
        "traces": [
            {"table": trace.table, "column": trace.column, "rows": count, "fate": trace.fate, "purpose": trace.purpose}
            for trace in TRACES
            if (count := _count(trace, person.id))
        ],
        "datasets_that_name_the_address": list(_naming(person.email)) if person.email else [],
    }


def erase(person: model.User) -> dict[str, int]:
    """Take away all that leads to *person*; returns how many rows of each table were touched."""
    role, words = _role(person), _words(person)
    touched: dict[str, int] = {}
    for table, column in TEXTS:
        _add(touched, table, _rename(table, column, words, role))
    for trace in TRACES:
        if trace.fate == GOES:
            _add(touched, trace.table, _delete(trace, person.id))
    _empty(person, role)
    model.repo.commit()
    return touched


def tidy(now: datetime | None = None) -> dict[str, int]:
    """Delete what has been kept as long as it may be; returns how many rows of each kind went."""
    now = now or datetime.now(timezone.utc)
    activity, tokens = registry.metadata.tables["activity"], registry.metadata.tables["api_token"]
    users = registry.metadata.tables["user"]
    old = (now - timedelta(days=30 * config.activity_months())).replace(tzinfo=None)
    unused = (now - timedelta(days=config.token_days())).replace(tzinfo=None)
    yesterday = (now - timedelta(days=1)).replace(tzinfo=None)
    gone = {
        "activity": _executed(sa.delete(activity).where(activity.c.timestamp < old)),
        "api_token": _executed(
            sa.delete(tokens).where(sa.func.coalesce(tokens.c.last_access, tokens.c.created_at) < unused)
        ),
        "reset_key": _executed(
            sa.update(users)
            .where(users.c.reset_key.is_not(None), users.c.last_active < yesterday)
            .values(reset_key=None)
        ),
    }
    model.repo.commit()
    return gone


def _role(person: model.User) -> str:
    """What the person was here, which is all that stays."""
    if person.sysadmin:
        return ROLES["sysadmin"]
    held = model.Session.query(model.Member.capacity).filter_by(table_name="user", table_id=person.id)
    capacities = {capacity for (capacity,) in held}
    return next((label for capacity, label in ROLES.items() if capacity in capacities), NO_ROLE)


def _words(person: model.User) -> tuple[str, ...]:
    """What the person is called, the longest first."""
    known = {person.fullname or "", person.email or "", person.name}
    return tuple(sorted((word for word in known if len(word) >= SHORTEST), key=len, reverse=True))


def _empty(person: model.User, role: str) -> None:
    """Leave of an account its id and the role that its owner had."""
    picture = person.image_url
    account: Any = person
    account.name = f"geloescht-{secrets.token_hex(4)}"
    account.fullname = role
    account.email = account.about = account.image_url = account.apikey = account.reset_key = None
    account.password = secrets.token_urlsafe(32)
    account.plugin_extras = None
    account.last_active = None
    account.sysadmin = False
    account.state = model.State.DELETED
    if picture and "://" not in picture:
        storage = files.get_storage(tk.config["ckan.files.default_storages.user"])
        location = files.Location(picture)
        if storage.exists(files.FileData(location)):
            storage.remove(files.FileData(location))


def _rename(table: str, column: str, words: tuple[str, ...], role: str) -> int:
    """Put the role in the place of the person's *words* in a column of JSON."""
    stored = registry.metadata.tables.get(table)
    if stored is None or not words:
        return 0
    cell = stored.c[column]
    keys = list(stored.primary_key.columns)
    holds = sa.or_(*(sa.cast(cell, sa.Text).contains(_quoted(word), autoescape=True) for word in words))
    rows = model.Session.execute(sa.select(*keys, cell).where(holds)).all()
    changed = 0
    for *key, value in rows:
        new = _renamed(value, words, role)
        if new != value:
            condition = sa.and_(*(column == part for column, part in zip(keys, key, strict=True)))
            changed += _executed(sa.update(stored).where(condition).values({column: new}))
    return changed


def _renamed(value: Any, words: tuple[str, ...], role: str) -> Any:
    match value:
        case str():
            for word in words:
                value = role if value == word else value.replace(word, role) if " " in word or "@" in word else value
            return value
        case Mapping():
            return {key: _renamed(part, words, role) for key, part in value.items()}
        case list():
            return [_renamed(part, words, role) for part in value]
        case _:
            return value


def _quoted(word: str) -> str:
    """The word as it stands in JSON text, which writes some letters otherwise."""
    return json.dumps(word, ensure_ascii=False)[1:-1]


def _count(trace: Trace, person: str) -> int:
    table = registry.metadata.tables.get(trace.table)
    if table is None:
        return 0
    query = sa.select(sa.func.count()).select_from(table).where(_leads_to(table, trace, person))
    return int(model.Session.execute(query).scalar() or 0)


def _delete(trace: Trace, person: str) -> int:
    table = registry.metadata.tables.get(trace.table)
    return 0 if table is None else _executed(sa.delete(table).where(_leads_to(table, trace, person)))


def _leads_to(table: sa.Table, trace: Trace, person: str) -> sa.ColumnElement[bool]:
    condition = table.c[trace.column] == person
    return sa.and_(condition, table.c.table_name == "user") if trace.table == "member" else condition


def _naming(address: str) -> Iterator[str]:
    """The datasets whose metadata name a mail address: an editor has to put another contact there."""
    package = releases.registry.metadata.tables["package"]
    texts = sa.cast(package.c.extras, sa.Text) if "extras" in package.c else sa.literal("")
    places = (package.c.author_email, package.c.maintainer_email, texts)
    holds = sa.or_(*(place.contains(address, autoescape=True) for place in places))
    yield from model.Session.execute(sa.select(package.c.name).where(holds, package.c.state != "deleted")).scalars()


def _executed(statement: Any) -> int:
    return int(model.Session.execute(statement).rowcount)  # type: ignore[attr-defined]


def _add(touched: dict[str, int], table: str, count: int) -> None:
    if count:
        touched[table] = touched.get(table, 0) + count


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
