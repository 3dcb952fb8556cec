"""Where CKAN's datasets meet their findings, their score and GovData's official shapes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ckan import model
from ckanext.landlab.dcat import findings, quality
from ckanext.landlab.dcat.completeness import completed, described, table_of_record
from ckanext.landlab.dcat.context import Context
from ckanext.landlab.dcat.demands import WARNING
from ckanext.landlab.dcat.fields import fields_of
from ckanext.landlab.dcat.findings import SEVERITIES
from ckanext.landlab.dcat.terms import Statement
from ckanext.landlab.dcat.validation import Result, located
from ckanext.landlab.legal.responsibilities import personal_addresses
from ckanext.landlab.schemas import RECORDS
from ckanext.landlab.surroundings import context_of, judging_context_of, shown

Record = dict[str, Any]


def report(record: Record) -> dict[str, Any]:
    """What is to be mended in *record* (as package_show gives it), whether it may go out, and its score."""
    around = judging_context_of(record)
    found = _found(record, around)
    return {
        "id": record.get("id"),
        "name": record.get("name"),
        "title": record.get("title"),
        "conforms": findings.conforms(found),
        "ready": findings.ready(found),
        "counts": findings.counts(found),
        "findings": [finding.as_dict() for finding in found],
        "quality": quality.of_dataset(record, around, findings=found).as_dict() if scored(record) else None,
    }


def findings_of(record: Record) -> list[dict[str, Any]]:
    """What is to be mended in *record*, without its score."""
    return [finding.as_dict() for finding in _found(record, judging_context_of(record))]


def _found(record: Record, around: Context) -> list[findings.Finding]:
    """The findings on the metadata, and a warning for each mailbox that looks like a person's."""
    warned = [] if record.get("uri") else personal_addresses(record)
    found = [
        findings.Finding(
            WARNING,
            "personal_address",
            (address.field, address.index, "email"),
            {language: address.sentence(language) for language in ("de", "en")},
            basis="LandLab",
        )
        for address in warned
    ]
    return sorted([*findings.of_record(record, around), *found], key=lambda finding: SEVERITIES.index(finding.severity))


def scored(record: Record) -> bool:
    """Whether data.europa.eu scores it: a series and a service have no files that could earn anything."""
    return record.get("type") == "dataset"


def statements_of(record: Record, version: str = "3.0") -> list[Statement]:
    """All that harvesters are told of *record*."""
    return described(record, context_of(record), version)


def at_fields(record: Record, results: list[Result]) -> list[tuple[Result, str, Mapping[str, str]]]:
    """The results on *record* itself, each with path and label of the field that it means."""
    around = context_of(record)
    fields = fields_of(table_of_record(record), completed(record, around), around.address(record))
    said = statements_of(record)
    places = ((result, located(result, said, fields)) for result in results)
    return [
        (result, ".".join(map(str, place.path)), {language: place.label(language) for language in ("de", "en")})
        for result, place in places
        if place is not None
    ]


def published() -> Iterator[Record]:
    """Every public dataset, series and service, one after the other."""
    query = model.Session.query(model.Package.id).filter(
        model.Package.state == "active", model.Package.private.is_(False), model.Package.type.in_(RECORDS)
    )
    for (dataset_id,) in query.order_by(model.Package.name).all():
        yield shown(dataset_id)
