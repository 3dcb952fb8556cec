"""Where CKAN's datasets meet their statements: what stands now, what stood when, and what a save records.

Levels and texts are read once per request; showing a dataset costs four queries, however many notices stand on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from typing import Any, TypeVar

import ckan.plugins.toolkit as tk
from ckan import model
from ckanext.landlab import config, language
from ckanext.landlab.errors import UnknownVersion
from ckanext.landlab.legal import notices, reviews
from ckanext.landlab.legal.inheritance import Level, assignments_of
from ckanext.landlab.legal.notices import Edition
from ckanext.landlab.legal.responsibilities import Body
from ckanext.landlab.legal.statement import Site, Statement, statement_of
from ckanext.landlab.model import notices as kept
from ckanext.landlab.model import release
from ckanext.landlab.stated import STAND_INS, content_of, organization_of
from flask import g, has_request_context

T = TypeVar("T")

PORTAL = ("portal", "")


def statement(dataset: Mapping[str, Any]) -> Statement:
    """The statement that stands on *dataset* now; *dataset* as package_show gives it."""
    owner_org = dataset.get("owner_org") or ""
    rows = _once(f"sayings:{owner_org}", lambda: kept.sayings_at([PORTAL, ("organization", owner_org)]))
    said = _once(f"dataset:{dataset['id']}", lambda: kept.sayings_at([("dataset", dataset["id"])]))
    owner = _once(f"organization:{owner_org}", lambda: organization_of(owner_org))
    return _statement({**dataset, "organization": owner}, rows, said, texts())


def told(dataset: Mapping[str, Any]) -> dict[str, Any]:
    """The statement of *dataset* in the reader's language, made once for the page and what the page asks of the API."""
    spoken = "de" if language.reader() == "de" else "en"
    saved = dataset.get("metadata_modified")
    return _once(f"told:{dataset['id']}:{saved}:{spoken}", lambda: statement(dataset).as_dict(spoken))


def address_of(dataset_id: str) -> str:
    """The address of a dataset's statement, which stays when its name changes; RDF names it."""
    return f"{site().address}/dataset/{dataset_id}/hinweise"


def statement_at(dataset_id: str, moment: datetime) -> Statement:
    """The statement that stood on a dataset at *moment*.

    Raises:
        UnknownVersion: nothing had been recorded by then.
    """
    said = kept.sayings_at([("dataset", dataset_id)], moment)
    row = said.get(("dataset", dataset_id))
    if row is None:
        raise UnknownVersion(moment.isoformat())
    rows = kept.sayings_at([PORTAL, ("organization", row.content.get("owner_org") or "")], moment)
    return _statement(row.content, rows, said, {text.code: text for text in kept.texts_at(moment)}, moment)


def moment_of(version: str) -> datetime:
    """The moment that *version* names: a moment in UTC, or a day, which stands for its end.

    Raises:
        UnknownVersion: it names neither, or a time that has not come yet.
    """
    try:
        if len(version) == len("2026-11-23"):
            begin = datetime.combine(date.fromisoformat(version), time(), timezone.utc)
            moment = min(begin + timedelta(days=1, microseconds=-1), max(kept.now(), begin))
        else:
            moment = datetime.fromisoformat(version.replace("Z", "+00:00")).astimezone(timezone.utc)
    except (ValueError, OverflowError) as error:
        raise UnknownVersion(version) from error
    if moment > kept.now():
        raise UnknownVersion(version)
    return moment


def history(dataset_id: str) -> list[Statement]:
    """Every version of a dataset's statement, the oldest first."""
    own = kept.sayings_of([("dataset", dataset_id)])
    owners = {("organization", row.content.get("owner_org") or "") for row in own}
    moments = {row.recorded for row in [*own, *kept.sayings_of([PORTAL, *owners])]}
    for text in kept.text_versions():
        moments |= {text.recorded, text.review_recorded or text.recorded}
    first = min((row.recorded for row in own), default=None)
    found: list[Statement] = []
    moments |= set(reviews.turns(_reviews(dataset_id), kept.now()))
    for moment in sorted(moment for moment in moments if first and moment >= first):
        version = statement_at(dataset_id, moment)
        if not found or found[-1].identity() != version.identity():
            found.append(version)
    return found


def texts() -> dict[str, kept.Row]:
    """The row of the words in force, by code; a code that was never published is missing."""
    return _once("texts", lambda: {row.code: row for row in kept.texts_at()})


def editions(rows: Mapping[str, kept.Row], moment: datetime | None = None) -> dict[str, Edition]:
    """The words of *rows*, as the legal part wants them; a review recorded after *moment* had not happened yet."""
    return {code: edition_of(row, moment) for code, row in rows.items()}


def edition_of(row: kept.Row, moment: datetime | None = None) -> Edition:
    """One published text."""
    reviewed = row.reviewed if not moment or (row.review_recorded and row.review_recorded <= moment) else None
    return Edition(
        version=row.version,
        date=row.recorded.date(),
        author_role=row.author_role,
        text={"de": row.text_de, "en": row.text_en},
        reviewed=reviewed,
        withdrawn=row.withdrawn,
    )


def withdrawn() -> list[str]:
    """The codes that can no longer be chosen."""
    return [code for code, row in texts().items() if row.withdrawn]


def publish_templates() -> None:
    """Publish the vocabulary's own words where a code has none yet, or only older words of the vocabulary."""
    known = texts()
    for code, notice in notices.vocabulary().notices.items():
        row, edition = known.get(code), notice.edition
        ours = row is None or (row.author_role == edition.author_role and not row.withdrawn)
        if ours and (row is None or (row.text_de, row.text_en) != (edition.text["de"], edition.text["en"])):
            kept.add_text(
                code=code,
                version=row.version + 1 if row else 1,
                text_de=edition.text["de"],
                text_en=edition.text["en"],
                author_role=edition.author_role,
            )
    forget()


def record(data: Mapping[str, Any], user: model.User | str | None) -> None:
    """Record what a saved dataset says from now on, if that differs from what it said before."""
    package = model.Package.get(data["id"])
    if package is None:
        return
    publish_templates()
    content = content_of(data, package)
    last = kept.last_saying("dataset", package.id)
    if last is None or last.content != content:
        say("dataset", package.id, content, user)


def organization_saved(organization_id: str) -> None:
    """Have it recorded what the datasets of an organisation say now: its title or a body may be another."""
    tk.enqueue_job(record_all, [organization_id], title="Statements of the datasets of an organisation")


def record_all(organization_id: str) -> None:
    """Record what every dataset of an organisation says now, a commit after each, as a background job."""
    owned = model.Session.query(model.Package.id).filter_by(owner_org=organization_id, type="dataset", state="active")
    for (dataset_id,) in owned.all():
        record(tk.get_action("package_show")({"ignore_auth": True, "use_cache": False}, {"id": dataset_id}), None)
        model.Session.commit()


def record_deletion(dataset: str, user: str | None) -> None:
    """Record that a dataset says nothing any more; what it said stays."""
    package = model.Package.get(dataset)
    last = kept.last_saying("dataset", package.id) if package else None
    if package and last:
        say("dataset", package.id, {**last.content, "state": "deleted"}, user)


def say(level: str, owner_id: str, content: dict[str, Any], user: model.User | str | None) -> None:
    """Record what *level* says, with the role (never the name) of the person who said it."""
    person = user if isinstance(user, model.User) else model.User.get(user) if user else None
    role = role_of(person, content.get("owner_org") or owner_id)
    kept.add_saying(level, owner_id, content, role, person.id if person else None)
    forget()


def role_of(person: model.User | None, organization: str) -> str:
    """What *person* is to the organisation: the role under which a text is published."""
    if person is None:
        return "system"
    if person.sysadmin:
        return "sysadmin"
    roles = model.Session.query(model.Member.capacity).filter_by(
        table_name="user", table_id=person.id, group_id=organization, state="active"
    )
    return next((row.capacity for row in roles), "collaborator")


def site() -> Site:
    """What a statement has to know of this catalogue."""
    address = tk.config["ckan.site_url"].rstrip("/")
    root = (tk.config.get("ckan.root_path") or "").replace("/{{LANG}}", "").rstrip("/")
    operator = Body(config.publisher_name(), config.publisher_email(), config.publisher_url())
    return Site(f"{address}{root}", operator)


def add_to(dataset: dict[str, Any], context: Mapping[str, Any]) -> None:
    """Put the resolved notices and the attribution line on *dataset*, as a reader of the API gets it.

    Not while it is being saved or indexed (`validate` is off then): what is derived belongs neither into the index nor
    into what is compared and saved.  A mapping, because CKAN ignores one where somebody sends the dataset back.
    """
    if context.get("validate") is False or context.get("for_update") or dataset.get("type") != "dataset":
        return
    whole = told(dataset)
    entries = [{key: value for key, value in entry.items() if key != "html"} for entry in whole["notices"]]
    dataset["statement"] = {**whole, "notices": entries}


def forget() -> None:
    """Forget what this request has read, because it has been changed."""
    if has_request_context():
        g.landlab_statements = {}


def level_of(name: str, title: str, row: kept.Row | None, owner_id: str = "") -> Level:
    """A level as the legal part wants it."""
    return Level(name, title, assignments_of(row.content.get("notices") if row else ()), owner_id)


def _statement(
    record: Mapping[str, Any],
    above: Mapping[tuple[str, str], kept.Row],
    said: Mapping[tuple[str, str], kept.Row],
    words: Mapping[str, kept.Row],
    moment: datetime | None = None,
) -> Statement:
    owner_org = record.get("owner_org") or ""
    owner = record.get("organization") or {}
    title = owner.get("title") or ""
    record = {**record, **{field: owner[field] for field in STAND_INS if owner.get(field) and not record.get(field)}}
    levels = [
        level_of("portal", tk.config["ckan.site_title"], above.get(PORTAL)),
        level_of("organization", title, above.get(("organization", owner_org)), owner_org),
    ]
    until = moment or kept.now()
    looked_at = _reviews(record["id"])
    overdue = reviews.overdue_at(looked_at, until)
    found = statement_of(record, levels, editions(words, moment), site(), overdue=overdue)
    since = [row.recorded for row in [*above.values(), *said.values()]] + reviews.turns(looked_at, until)
    for entry in found.standing:
        if row := words.get(entry.notice.code):
            since += [row.recorded, row.review_recorded if entry.edition.reviewed else row.recorded]
    return replace(found, valid_from=max(since, default=None))


def _reviews(dataset_id: str) -> list[reviews.Review]:
    return _once(f"reviews:{dataset_id}", lambda: release.reviews_of(dataset_id))


def _once(key: str, make: Callable[[], T]) -> T:
    """What *make* gives, made once in a request."""
    if not has_request_context():
        return make()
    store: dict[str, Any] = g.setdefault("landlab_statements", {})
    if key not in store:
        store[key] = make()
    return store[key]
