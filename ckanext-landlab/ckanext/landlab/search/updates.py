"""The bodies of `/update`, in JSON and in XML, as commands.

Solr Reference Guide, "Indexing with Update Handlers".
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from ckanext.landlab.errors import RequestError
from lxml import etree  # type: ignore[attr-defined] lxml ships no types


@dataclass(frozen=True)
class Add:
    """Write a document; *version* is what Solr's optimistic concurrency expects."""

    values: dict[str, Any]
    version: int | None = None
    within: int | None = None


@dataclass(frozen=True)
class Delete:
    keys: tuple[str, ...] = ()
    queries: tuple[str, ...] = ()


@dataclass(frozen=True)
class Commit:
    pass


@dataclass(frozen=True)
class Rollback:
    pass


Command: TypeAlias = Add | Delete | Commit | Rollback


def parse(body: bytes, kind: str) -> list[Command]:
    """The commands of *body*; *kind* is its content type.

    Raises:
        RequestError: the body is not of that form.
    """
    if not body.strip():
        return []
    if "xml" in kind:
        return list(_xml(body))
    if "json" in kind:
        return list(_json(body))
    raise RequestError(
        f"Unsupported ContentType: {kind}  Not in: [application/xml, text/xml, application/json, text/json]", 415
    )


def _json(body: bytes) -> Iterator[Command]:
    try:
        pairs = json.loads(body, object_pairs_hook=_Pairs)
    except (ValueError, RecursionError) as error:
        raise RequestError(f"JSON Parse Error: {error}") from error
    if isinstance(pairs, _Pairs):
        for name, value in pairs:
            yield from _json_command(name, value)
    elif isinstance(pairs, list):
        for each in pairs:
            if not isinstance(each, _Pairs):
                raise RequestError("JSON: a document must be an object")
            yield _added(each.plain())
    else:
        raise RequestError("JSON: expected an object of commands or a list of documents")


class _Pairs(list):
    """A JSON object as its pairs, for Solr's commands may repeat their name."""

    def plain(self) -> dict[str, Any]:
        return {name: _plain(value) for name, value in self}


def _plain(value: Any) -> Any:
    if isinstance(value, _Pairs):
        return value.plain()
    return [_plain(each) for each in value] if isinstance(value, list) else value


def _json_command(name: str, value: Any) -> Iterator[Command]:
    plain = _plain(value)
    match name:
        case "add":
            if not isinstance(plain, dict) or not isinstance(plain.get("doc"), dict):
                raise RequestError("JSON: add needs a doc")
            yield _added(plain["doc"], plain.get("commitWithin"))
        case "delete":
            yield _json_delete(plain)
        case "commit" | "optimize":
            yield Commit()
        case "rollback":
            yield Rollback()
        case _:
            raise RequestError(f"Unknown command '{name}'")


def _json_delete(plain: Any) -> Delete:
    if isinstance(plain, list):
        return Delete(keys=tuple(map(str, plain)))
    if isinstance(plain, dict):
        keys, queries = plain.get("id"), plain.get("query")
        return Delete(
            tuple(map(str, keys)) if isinstance(keys, list) else (str(keys),) if keys is not None else (),
            (str(queries),) if queries is not None else (),
        )
    return Delete(keys=(str(plain),))


def _added(values: dict[str, Any], within: object = None) -> Add:
    version = values.pop("_version_", None)
    try:
        return Add(values, None if version is None else int(version), None if within is None else int(str(within)))
    except (TypeError, ValueError) as error:
        raise RequestError(f"_version_ and commitWithin must be whole numbers: {error}") from error


# Nothing is fetched and no entity is put in: the body comes from outside.
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)


def _xml(body: bytes) -> Iterator[Command]:
    try:
        root = etree.fromstring(body, _PARSER)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise RequestError(f"XML Parse Error: {error}") from error
    if root.getroottree().docinfo.doctype:
        raise RequestError("XML Parse Error: a body with a document type is not read")
    for element in root if root.tag == "update" else [root]:
        yield from _xml_command(element)


def _xml_command(element: etree._Element) -> Iterator[Command]:
    match element.tag:
        case "add":
            for document in element.iter("doc"):
                yield _added(_xml_values(document), element.get("commitWithin"))
        case "delete":
            yield Delete(
                tuple(each.text or "" for each in element.findall("id")),
                tuple(each.text or "" for each in element.findall("query")),
            )
        case "commit" | "optimize":
            yield Commit()
        case "rollback":
            yield Rollback()
        case _:
            raise RequestError(f"Unknown command '{element.tag}'")


def _xml_values(document: etree._Element) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for element in document.findall("field"):
        name = element.get("name")
        if name is None:
            raise RequestError("XML: a field needs a name")
        values.setdefault(name, []).append(element.text or "")
    return {name: found if len(found) > 1 else found[0] for name, found in values.items()}
