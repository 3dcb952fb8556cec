"""After a change of the site's address: what records point at on this site points there again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from ckan import model
from ckan.lib import search
from ckanext.landlab.dcat.completeness import pointers
from ckanext.landlab.errors import AddressRefused
from ckanext.landlab.surroundings import site


def move(before: str) -> int:
    """Put the site's address in place of *before* wherever a record or its files point at a record; how many changed.

    Only the fields that point at records are touched, in one transaction; moments of change stay, because the data
    have not changed.  Raises AddressRefused.
    """
    old, new = before.strip().rstrip("/"), site()
    if not _is_site(old):
        raise AddressRefused(
            f"“{before}” is no address of a site; give it whole, such as https://daten.musterstadt.de."
        )
    if old == new:
        raise AddressRefused(f"{new} is the present address; give the one before, and change the settings first.")

    def change(value: str) -> str:
        return new + value[len(old) :] if value.startswith(f"{old}/") else value

    package, file = model.package_table, model.resource_table
    records = sa.select(package.c.id, package.c.id.label("record"), package.c.type, package.c.extras)
    files = sa.select(file.c.id, package.c.id.label("record"), package.c.type, file.c.extras).join(
        package, package.c.id == file.c.package_id
    )
    changed = {
        row.record
        for table, query, place in ((package, records, 0), (file, files, 1))
        for row in _naming(old, query, table)
        if _written(table, row, pointers({"type": row.type})[place], change)
    }
    model.Session.commit()
    model.Session.expire_all()  # a commit leaves what was read before as it was
    search.rebuild(package_ids=changed)  # CKAN edits what the index holds, and would bring the old address back
    search.commit()
    return len(changed)


def _is_site(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:  # an unfinished bracket
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not parts.query and not parts.fragment


def _naming(old: str, query: sa.Select[Any], table: sa.Table) -> Iterable[sa.Row[Any]]:
    text = sa.cast(table.c.extras, sa.Text)
    held = query.where(text.contains(f"{old}/", autoescape=True)).with_for_update(of=table)  # nobody saves meanwhile
    return model.Session.execute(held).all()


def _written(table: sa.Table, row: sa.Row[Any], fields: Iterable[str], change: Callable[[str], str]) -> bool:
    """Whether the *fields* of a row of *table* were other after *change*, and are stored so."""
    extras = row.extras or {}
    after = {**extras, **{name: _changed(extras[name], change) for name in fields if name in extras}}
    if after == extras:
        return False
    model.Session.execute(sa.update(table).where(table.c.id == row.id).values(extras=after))
    return True


def _changed(value: Any, change: Callable[[str], str]) -> Any:
    """*value* of a field, a text, a list or a list as JSON, with every address changed."""
    if isinstance(value, str) and value.startswith("["):
        return json.dumps([change(str(one)) for one in json.loads(value)], ensure_ascii=False)
    return change(value) if isinstance(value, str) else [change(str(one)) for one in value or ()]
