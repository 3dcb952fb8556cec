"""The sample catalogue as CKAN takes it: what `records/*.yaml` says, completed by what they have in common.

A file describes one organisation with its series, services and datasets.  A record inherits the organisation's
`defaults`; concepts are given by their short codes; a resource is a file under `files/<name of the record>/`.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from ckanext.landlab import schemas
from ckanext.landlab.errors import DeclarationError

HERE = Path(__file__).parent
MARK = "Beispieldaten"  # the keyword by which sample data are told apart
NOTICE = {"de": "Beispieldaten, frei erfunden.", "en": "Sample data, freely invented."}
KINDS = {"series": "dataset_series", "services": "data_service", "datasets": "dataset"}
SYNTAXES = {
    ".csv": ("CSV", "text/csv"),
    ".geojson": ("GEOJSON", "application/geo+json"),
    ".pdf": ("PDF", "application/pdf"),
    ".xlsx": ("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
NOT_STORED = {"en", "tags", "resources", "license", "licenseAttributionByText", "stage", "review_by"}
SHA256 = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"


@dataclass(frozen=True)
class Entry:
    """One record to be created, with the file of each of its resources."""

    record: Mapping[str, Any]
    files: tuple[Path, ...] = ()
    stage: str = "published"  # or blocked, awaiting_confirmation
    review_by: str | None = None  # the day by which somebody should have looked at the dataset again


@dataclass(frozen=True)
class Sample:
    """Everything the sample consists of, in the order in which it can be created."""

    organizations: tuple[Mapping[str, Any], ...]
    entries: tuple[Entry, ...]
    users: tuple[Mapping[str, Any], ...]


def sample() -> Sample:
    """The whole sample catalogue."""
    bodies = [_read(file) for file in sorted((HERE / "records").glob("*.yaml"))]
    return Sample(
        organizations=tuple(_organization(body) for body in bodies),
        entries=tuple(entry for kind in KINDS for body in bodies for entry in _entries(body, kind)),
        users=tuple(_read(HERE / "users.yaml")["users"]),
    )


def identifier(name: str) -> str:
    """The id of the record or organisation *name*, the same on every site."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"https://landlab.example/sample/{name}"))


def _read(file: Path) -> Any:
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def _organization(body: Mapping[str, Any]) -> dict[str, Any]:
    about = body["organization"]
    return {
        **_with_iris(about),
        "id": identifier(about["name"]),
        "description": f"{about['description']} {NOTICE['de']}",
    }


def _entries(body: Mapping[str, Any], kind: str) -> Iterator[Entry]:
    for said in body.get(kind, ()):
        own = {**body["defaults"], **said}
        files = tuple(HERE / "files" / own["name"] / resource["file"] for resource in own.get("resources", ()))
        yield Entry(
            record=_record(own, KINDS[kind], body["organization"]["name"], files),
            files=files,
            stage=own.get("stage", "published"),
            review_by=str(own["review_by"]) if "review_by" in own else None,
        )


def _record(own: dict[str, Any], kind: str, organization: str, files: tuple[Path, ...]) -> dict[str, Any]:
    values = {name: value for name, value in own.items() if name not in NOT_STORED}
    for agent in ("publisher", "custodian", "creator", "contact"):
        if agent in values:
            values[agent] = [values[agent]]
    for field in ("in_series", "serves_dataset"):
        if field in values:
            values[field] = [identifier(name) for name in values[field]]
    values |= {
        "id": identifier(own["name"]),
        "owner_org": organization,
        "identifier": identifier(own["name"]),
        "notes": f"{own['notes']} {NOTICE['de']}",
        "tag_string": ", ".join([*own.get("tags", ()), MARK]),
        "license_id": own["license"],
        "resources": [_resource(own, said, file) for said, file in zip(own.get("resources", ()), files, strict=True)],
    }
    completed = _with_iris(values)
    for notice in completed.get("notices", ()):
        notice["parameters"] = json.dumps(notice["parameters"], ensure_ascii=False)
    completed |= {"type": kind, **_translations(own)}
    return {name: value for name, value in completed.items() if name in _fields(kind)}


def _wants_name(licence: str) -> bool:
    """Whether the licence demands that the source be named (DCAT-AP.de convention 35)."""
    concept = schemas.vocabulary("licenses").by_code(licence)
    return bool(concept and concept.facts["attribution"])


def _translations(own: Mapping[str, Any]) -> dict[str, list[dict[str, str]]]:
    if "en" not in own:
        return {}
    return {
        "title_translations": [{"language": "en", "text": own["en"]["title"]}],
        "notes_translations": [{"language": "en", "text": f"{own['en']['notes']} {NOTICE['en']}"}],
    }


def _resource(own: Mapping[str, Any], said: Mapping[str, Any], file: Path) -> dict[str, Any]:
    content = file.read_bytes()
    syntax, media_type = SYNTAXES[file.suffix]
    return {
        "id": identifier(f"{own['name']}/{file.name}"),
        "url": file.name,
        "name": said["name"],
        "description": said["description"],
        "format": syntax,
        "mimetype": media_type,
        "license": own["license"],
        **({"licenseAttributionByText": own["licenseAttributionByText"]} if _wants_name(own["license"]) else {}),
        "availability": own["availability"],
        "language": own["language"],
        "issued": own["issued"],
        "modified": own["modified"],
        "status": "COMPLETED",
        **({"access_services": [identifier(service)]} if (service := said.get("service")) else {}),
        "size": len(content),
        "hash": hashlib.sha256(content).hexdigest(),
        "hash_algorithm": SHA256,
    }


def _with_iris(values: Any, field: str = "") -> Any:
    """*values* with the codes of concepts replaced by their IRIs, and dates by their text."""
    match values:
        case dict():
            return {name: _with_iris(value, name) for name, value in values.items()}
        case list():
            return [_with_iris(value, field) for value in values]
        case str() if field in _vocabularies() and "://" not in values:
            return _iri(field, values)
        case str() | int() | float() | bool() | None:
            return values
    return values.isoformat()


def _iri(field: str, code: str) -> str:
    vocabulary = _vocabularies()[field]
    concept = schemas.vocabulary(vocabulary).by_code(code)
    if concept is None:
        raise DeclarationError("stack/sample/records", field, f"{code!r} is no code of the vocabulary {vocabulary}")
    return concept.iri


@cache
def _vocabularies() -> dict[str, str]:
    """The vocabulary of each field that stores IRIs, as the schemas declare it."""
    found: dict[str, str] = {}
    for name in ("groups", "organization", "dataset"):
        for row in _rows(schemas.read(name)):
            if row.get("rdf", {}).get("range") not in ("code", "media_type"):
                found[row["field_name"]] = row["vocabulary"]
    return found


@cache
def _fields(kind: str) -> frozenset[str]:
    """What a record of *kind* can say."""
    rows = schemas.read(kind)["dataset_fields"]
    return frozenset({row["field_name"] for row in rows} | {"id", "type", "resources", "private"})


def _rows(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        if "field_name" in part and "vocabulary" in part:
            yield part
        part = part.values()
    elif not isinstance(part, list):
        return
    for below in part:
        yield from _rows(below)
