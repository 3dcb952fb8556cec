"""Statements that every save makes, compiled once; and rows that are written whether they are there or not.

SQLAlchemy builds and compares a statement anew each time, which takes longer than PostgreSQL takes to run it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import JSONB, insert, psycopg2


def upsert(table: sa.Table, values: Mapping[str, Any]) -> None:
    """Write *values* as a row of *table*, over one with the same primary key; does not commit."""
    plain = {name: _plain(table.c[name], value) for name, value in values.items()}
    model.Session.connection().exec_driver_sql(_statement(table, frozenset(values)), plain)


def run(statement: str, **values: Any) -> sa.CursorResult[Any]:
    """The outcome of a statement that was `compiled`, in the transaction of the session."""
    return model.Session.connection().exec_driver_sql(statement, values)


def compiled(statement: Any, columns: Iterable[str] | None = None) -> str:
    """*statement* as text for psycopg2, with a parameter for each of *columns*."""
    return str(statement.compile(dialect=psycopg2.dialect(), column_keys=list(columns) if columns else None))


@cache
def _statement(table: sa.Table, names: frozenset[str]) -> str:
    statement = insert(table)
    keys = [column.name for column in table.primary_key]
    written = {name: statement.excluded[name] for name in sorted(names)}
    return compiled(statement.on_conflict_do_update(index_elements=keys, set_=written), sorted(names))


def _plain(column: sa.Column[Any], value: Any) -> Any:
    return json.dumps(value) if isinstance(column.type, JSONB) and value is not None else value
