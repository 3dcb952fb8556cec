"""What the description of a record needs from around it: the site, its organisation, its statement, its siblings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib.munge import munge_filename
from ckanext.landlab import config, statements
from ckanext.landlab.dcat.completeness import pointers, table_of_record
from ckanext.landlab.dcat.context import Context, siblings_of, tail_of
from ckanext.landlab.dcat.mapping import Row
from ckanext.landlab.dcat.markup import is_plain
from ckanext.landlab.dcat.writing import values_of
from ckanext.landlab.legal.notices import LANGUAGES
from ckanext.landlab.legal.statement import named_with, short_line
from ckanext.landlab.model.upserting import compiled, run


class Look(NamedTuple):
    """A record as it is stored now, and what its description needs from around it."""

    record: dict[str, Any]
    context: Context


def look_at(package: model.Package) -> Look:
    """The record of *package* with its surroundings."""
    record = stored(package)
    return Look(record, context_of(record))


def context_of(record: Mapping[str, Any]) -> Context:
    """What the description of *record* needs from around it."""
    organization = organization_of(record.get("owner_org") or "")
    stated = record.get("type") == "dataset" and record.get("id")
    operator = statements.site().operator.name
    return Context(
        base=site(),
        statement=statements.address_of(record["id"]) if stated else "",
        attribution=named_with(record, _publisher(organization), operator) if stated else "",
        organization=organization,
        siblings=siblings_of(_siblings(record), site()),
    )


def judging_context_of(record: Mapping[str, Any], around: Context | None = None) -> Context:
    """What a judgement of *record* needs: also whether a service of this site serves it, asked of high value only."""
    around = around or context_of(record)
    known = record.get("hvd_category") and record.get("id") and record.get("name")
    return replace(around, served=is_served(record)) if known else around


def _publisher(organization: Mapping[str, Any]) -> str:
    return organization.get("publisher_name") or organization.get("title") or ""


def led(record: dict[str, Any]) -> dict[str, Any]:
    """*record* for feeds: each description ends with one sentence that leads to the notices; switchable.

    Not on what came from elsewhere: its notices stand where it came from.
    """
    if not config.notice_in_description() or record.get("type") != "dataset" or record.get("uri"):
        return record
    address = statements.address_of(record["id"])
    translations = [
        {**entry, "text": _leading(entry.get("text"), address, entry["language"])}
        if entry.get("language") in LANGUAGES
        else entry
        for entry in record.get("notes_translations") or ()
    ]
    german = _leading(record.get("notes"), address, "de")
    return {**record, "notes": german, **({"notes_translations": translations} if translations else {})}


def _leading(description: Any, address: str, language: str) -> str:
    """*description* with the sentence at its end; its address is a link where the description has markup at all."""
    words = str(description or "").strip()
    return f"{words}\n\n{short_line(address if is_plain(words) else f'<{address}>', language)}".strip()


def site() -> str:
    """The address of this site, without a slash at its end."""
    return _address(tk.config["ckan.site_url"], tk.config.get("ckan.root_path") or "")


@cache
def _address(_site_url: str, _root_path: str) -> str:
    return statements.site().address


def naming(record: Mapping[str, Any], kind: str, field: str) -> Iterator[Any]:
    """What is true of the public records of *kind* whose *field* names *record*: by address here, id or name."""
    yield model.Package.type == kind
    yield model.Package.state == "active"
    yield model.Package.private.is_(False)
    known = (record["id"], record["name"])
    names = [json.dumps(name) for own in known for name in (own, f"{site()}/dataset/{own}")]
    stored = model.Package.extras[field].astext
    yield sa.or_(*(stored.contains(name, autoescape=True) for name in names))


def is_served(record: Mapping[str, Any]) -> bool:
    """Whether a public data service of this catalogue names *record* among those that it serves."""
    services = model.Session.query(model.Package.id).filter(*naming(record, "data_service", "serves_dataset"))
    return services.first() is not None


def shown(dataset_id: str) -> dict[str, Any]:
    """The record of a dataset, whoever asks; raises tk.ObjectNotFound."""
    return tk.get_action("package_show")({"ignore_auth": True, "use_cache": False}, {"id": dataset_id})


def stored(package: model.Package) -> dict[str, Any]:
    """The record as `shown` gives it, as far as the tables ask, without its slow validators and with one query."""
    record = _columns(package) | {"title": (package.title or "").strip(), "type": package.type or "dataset"}
    record["tags"] = _tags(package.id)
    record["resources"] = [_file(file) for file in package.resources_all if file.state == "active"]
    return decoded(record)


def decoded(record: dict[str, Any]) -> dict[str, Any]:
    """*record*, as CKAN stores it, with lists and groups in place of JSON."""
    rows = (*table_of_record(record).rows, *table_of_record(record).rows_2)
    files = next(((*row.parts.rows, *row.parts.rows_2) for row in rows if row.field == "resources" and row.parts), ())
    return {**_decoded(record, rows), "resources": [_decoded(file, files) for file in record.get("resources") or ()]}


def _columns(row: Any) -> dict[str, Any]:
    """The values of a row of CKAN's with its extras beside them, moments as the API gives them."""
    known: Any = sa.inspect(type(row))
    values = {column.key: getattr(row, column.key) for column in known.column_attrs}
    extras = values.pop("extras", None) or {}
    return {n: value.isoformat() if isinstance(value, datetime) else value for n, value in values.items()} | extras


def _file(resource: model.Resource) -> dict[str, Any]:
    """A file as the API gives it, with an address that does not depend on the language of whoever saves it."""
    file = _columns(resource)
    address = str(file["url"] or "")
    if file.get("url_type") == "upload":
        name = munge_filename(address.rpartition("/")[2])
        file["url"] = f"{site()}/dataset/{file['package_id']}/resource/{file['id']}/download/{name}"
    elif address and not urlsplit(address).scheme:
        file["url"] = f"http://{address.lstrip('/')}"  # as CKAN does
    return file


def _tags(package_id: str) -> list[dict[str, str]]:
    return [{"name": name} for name in sorted(run(_tags_of(), package_id=package_id).scalars())]


@cache
def _tags_of() -> str:
    tag, tagging = model.tag_table, model.package_tag_table
    query = sa.select(tag.c.name).join(tagging, tagging.c.tag_id == tag.c.id)
    own = tagging.c.package_id == sa.bindparam("package_id")
    return compiled(query.where(own, tagging.c.state == sa.literal_column("'active'")))


def _decoded(values: dict[str, Any], rows: Iterable[Row]) -> dict[str, Any]:
    """*values* with lists and groups in place of the JSON as which CKAN stores them."""
    several = {row.field for row in rows if row.parts or row.binding.many}
    return {
        name: json.loads(value) if name in several and isinstance(value, str) and value[:1] in ("[", "{") else value
        for name, value in values.items()
    }


def organization_of(organization_id: str) -> dict[str, Any]:
    """What an organisation says of itself and prefers for its datasets; empty where there is none."""
    group = run(_group(), id=organization_id).one_or_none() if organization_id else None
    if group is None:
        return {}
    return {
        "contributorID": config.contributor_id(),
        **(group.extras or {}),
        "id": group.id,
        "name": group.name,
        "title": group.title,
    }


@cache
def _group() -> str:
    group = model.group_table
    query = sa.select(group.c.id, group.c.name, group.c.title, group.c.extras)
    return compiled(query.where(group.c.id == sa.bindparam("id")))


def _siblings(record: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The records of this site that *record* or a file of it points at, as far as they are public."""
    return map(stored, public_named(record))


def public_named(record: Mapping[str, Any]) -> Iterator[model.Package]:
    """The public records of this site that *record* or a file of it points at."""
    return (package for package in named(record) if package.state == "active" and not package.private)


def named(record: Mapping[str, Any]) -> Iterator[model.Package]:
    """The records of this site that *record* or a file of it points at, public or not."""
    own, of_files = pointers(record)
    parts = [(record, own), *((file, of_files) for file in record.get("resources") or ())]
    names = {tail_of(str(value)) for part, fields in parts for name in fields for value in values_of(dict(part), name)}
    for name in sorted(names):
        if package := model.Package.get(name):
            yield package
