"""What the description of a record needs from around it: the site, its organisation, its statement, its siblings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.dictization import model_dictize
from ckanext.landlab import config, statements
from ckanext.landlab.dcat.completeness import table_of_record
from ckanext.landlab.dcat.context import Context, siblings_of
from ckanext.landlab.dcat.mapping import Row
from ckanext.landlab.dcat.markup import is_plain
from ckanext.landlab.dcat.writing import values_of
from ckanext.landlab.legal.notices import LANGUAGES
from ckanext.landlab.legal.statement import short_line


def context_of(record: Mapping[str, Any]) -> Context:
    """What the description of *record* needs from around it."""
    said = statements.statement(record) if record.get("type") == "dataset" and record.get("id") else None
    return Context(
        base=site(),
        statement=said.address if said else "",
        attribution=said.work.by if said else "",
        organization=_organization(record.get("owner_org") or ""),
        siblings=siblings_of(_siblings(record), site()),
    )


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
    return statements.site().address


def shown(dataset_id: str) -> dict[str, Any]:
    """The record of a dataset, whoever asks; raises tk.ObjectNotFound."""
    return tk.get_action("package_show")({"ignore_auth": True, "use_cache": False}, {"id": dataset_id})


def stored(package: model.Package) -> dict[str, Any]:
    """The record as `shown` gives it, as far as the tables ask, without its slow validators."""
    context: Any = {"model": model, "session": model.Session, "ignore_auth": True}
    record = model_dictize.package_dictize(package, context)
    record |= {extra["key"]: extra["value"] for extra in record.pop("extras", ())}
    rows = table_of_record(record).rows
    files = next((row.parts.rows for row in rows if row.field == "resources" and row.parts), ())
    return {**_decoded(record, rows), "resources": [_decoded(file, files) for file in record.get("resources") or ()]}


def _decoded(values: dict[str, Any], rows: Iterable[Row]) -> dict[str, Any]:
    """*values* with lists and groups in place of the JSON as which CKAN stores them."""
    several = {row.field for row in rows if row.parts or row.binding.many}
    return {
        name: json.loads(value) if name in several and isinstance(value, str) and value[:1] in ("[", "{") else value
        for name, value in values.items()
    }


def _organization(organization_id: str) -> dict[str, Any]:
    group = model.Group.get(organization_id)
    if group is None:
        return {}
    return {
        "contributorID": config.contributor_id(),
        **(group.extras or {}),  # type: ignore[attr-defined] a column CKAN maps late
        "id": group.id,
        "name": group.name,
        "title": group.title,
    }


def _siblings(record: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The records of this site that *record* or a file of it points at, as far as they are public."""
    parts = [(record, table_of_record(record).rows)]
    for row in table_of_record(record).rows:
        if row.field == "resources" and row.parts:
            parts += [(resource, row.parts.rows) for resource in record.get("resources") or ()]
    named = {
        str(value).rpartition("/")[2]
        for part, rows in parts
        for row in rows
        if row.binding.range == "sibling"
        for value in values_of(dict(part), row.field)
    }
    for name in sorted(named):
        package = model.Package.get(name)
        if package and package.state == "active" and not package.private:
            yield stored(package)
