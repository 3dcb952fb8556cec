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
    version: int | None = None


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
    if kind in ("application/xml", "text/xml"):
        return list(_xml(body))
    if kind in ("application/json", "text/json"):
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
        case "add" if isinstance(plain, list):
            yield from (_added(each) for each in plain)
        case "add":
            if not isinstance(plain, dict) or not isinstance(plain.get("doc"), dict):
                raise RequestError("JSON: add needs a doc")
            _known("add", plain, ("doc", "commitWithin", "overwrite", "boost"))
            refuse_double(plain.get("overwrite"))
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
        _known("delete", plain, ("id", "query", "commitWithin", "_version_"))
        keys, queries = plain.get("id"), plain.get("query")
        if keys is None and queries is None:
            raise RequestError("JSON: delete needs an id or a query")
        return Delete(
            tuple(map(str, keys)) if isinstance(keys, list) else (str(keys),) if keys is not None else (),
            (str(queries),) if queries is not None else (),
            _number(plain.get("_version_")),
        )
    if plain is None:
        raise RequestError("JSON: delete needs an id or a query")
    return Delete(keys=(str(plain),))


def _known(command: str, given: dict[str, Any], names: tuple[str, ...]) -> None:
    """Refuse what else stands in a *command*: it would be passed over."""
    for name in given:
        if name not in names:
            raise RequestError(f"Unknown key '{name}' in the command {command}")


def refuse_double(overwrite: object) -> None:
    """Refuse `overwrite=false`: two documents with one key are more than CKAN can tell apart."""
    if overwrite is not None and str(overwrite).lower() != "true":
        raise RequestError("overwrite=false is not known here: a document takes the place of the one with its key")


def _added(values: Any, within: object = None) -> Add:
    if not isinstance(values, dict):
        raise RequestError("JSON: a document must be an object")
    return Add(values, _number(values.pop("_version_", None)), _number(within))


def _number(given: object) -> int | None:
    try:
        return None if given is None else int(str(given))
    except ValueError as error:
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
            refuse_double(element.get("overwrite"))
            for document in _children(element, "doc"):
                yield _added(_xml_values(document), element.get("commitWithin"))
        case "delete":
            parts = list(_children(element, "id", "query"))
            yield Delete(
                tuple(_text(each) for each in parts if each.tag == "id"),
                tuple(_text(each) for each in parts if each.tag == "query"),
            )
        case "commit" | "optimize":
            yield Commit()
        case "rollback":
            yield Rollback()
        case _:
            raise RequestError(f"Unknown command '{element.tag}'")


def _children(parent: etree._Element, *tags: str) -> Iterator[etree._Element]:
    """The elements in *parent*, which must have one of the *tags*."""
    for element in parent.iterchildren(etree.Element):
        if element.tag not in tags:
            raise RequestError(f"XML: unexpected element <{element.tag}> in <{parent.tag}>")
        yield element


def _text(element: etree._Element) -> str:
    """All text of *element*, which holds no other."""
    for child in element.iterchildren(etree.Element):
        raise RequestError(f"XML: unexpected element <{child.tag}> in <{element.tag}>")
    return "".join(str(part) for part in element.xpath("text()"))


def _xml_values(document: etree._Element) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for element in _children(document, "field"):
        name = element.get("name")
        if name is None:
            raise RequestError("XML: a field needs a name")
        if element.get("update") is not None:
            raise RequestError("XML: a part of a document cannot be updated here: send the whole document")
        text = _text(element)
        if element.get("null") != "true":
            values.setdefault(name, []).append(text)
    return {name: found if len(found) > 1 else found[0] for name, found in values.items()}
