"""How datasets stand, of an organisation and of the whole catalogue: ready for GovData, points, what to do next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckanext.landlab import checks, following, schemas
from ckanext.landlab.dcat import findings, quality
from ckanext.landlab.dcat.quality import Score
from ckanext.landlab.model import standing as store
from ckanext.landlab.model import titles
from ckanext.landlab.surroundings import Look, judging_context_of, look_at, public_named

AT_ONCE = 200  # datasets that a page looks at before it shows a list; the rest follows in the background


def refresh(dataset_id: str, look: Look | None = None) -> None:
    """Note how a dataset stands now; *look* if somebody has just looked at it."""
    package = model.Package.get(dataset_id)
    if package is None or package.type not in schemas.RECORDS:
        return
    record, around = look or look_at(package)
    if package.type == "data_service":
        following.let_follow(served.id for served in public_named(record))
    around = judging_context_of(record, around)
    found = findings.of_record(record, around)
    scored = checks.scored(record)
    score = quality.of_dataset(record, around, findings=found) if scored else None
    store.keep(
        {
            "dataset_id": package.id,
            "ready": findings.ready(found),
            "counts": findings.counts(found),
            "points": round(score.points, 1) if score else None,
            "earned": dict(score.earned) if score else {},
            "high_value": bool(record.get("hvd_category")),
            "duties": sorted({finding.rule for finding in found if finding.basis == "HVD"}),
        }
    )


def refresh_chosen(dataset_ids: list[str]) -> None:
    """Note how *dataset_ids* stand, as a background job."""
    for dataset_id in dataset_ids:
        refresh(dataset_id)
    model.Session.commit()


def refresh_all() -> Iterator[str]:
    """Note how every dataset stands, a commit after each; yields the ids."""
    for (dataset_id,) in model.Session.query(model.Package.id).filter(model.Package.type.in_(schemas.RECORDS)).all():
        refresh(dataset_id)
        model.Session.commit()
        yield dataset_id


def organization_saved(organization_id: str) -> None:
    """What the datasets take over from their organisation may be another now."""
    owned = model.Session.query(model.Package.id).filter(model.Package.owner_org == organization_id)
    if ids := [dataset_id for (dataset_id,) in owned]:
        tk.enqueue_job(refresh_chosen, [ids], title="Standing of the datasets of an organisation")


def of_organization(organization_id: str, start: int, rows: int, high_value: bool = False) -> dict[str, Any]:
    """How an organisation's datasets stand, drafts included: totals, score, and each dataset in short."""
    _complete(organization_id)
    listed = store.listed(organization_id, start, rows, high_value)
    return {**_told(organization_id), "datasets": [_dataset(row) for row in listed]}


def of_catalogue() -> dict[str, Any]:
    """How the public datasets of the catalogue stand together."""
    _complete(None)
    return _told(None)


def of_organizations(ids: list[str]) -> dict[str, Mapping[str, Any]]:
    """The totals of several organisations, by id."""
    return store.by_owner(ids)


@cache
def duties() -> list[Mapping[str, Any]]:
    """What a high-value dataset owes: rules, and what each asks for, per language."""
    return schemas.read("findings")["duties"]


def _complete(owner: str | None) -> None:
    """Look at datasets that nobody has looked at: a few now, many in the background."""
    ids = store.missing(owner, AT_ONCE + 1)
    if len(ids) > AT_ONCE:
        tk.enqueue_job(refresh_chosen, [store.missing(owner, 1_000_000)], title="Standing of datasets")
    elif ids:
        refresh_chosen(ids)


def _told(owner: str | None) -> dict[str, Any]:
    totals = store.totals(owner)
    earned = store.averages(owner)
    score = Score({metric.id: earned.get(metric.id) for metric in quality.metrics()}) if earned else None
    return {
        "count": totals["count"],
        "ready": totals["ready"],
        "high_value": totals["high_value"],
        "points": round(float(totals["points"]), 1) if totals["points"] is not None else None,
        "quality": score.as_dict() if score else None,
    }


def _dataset(row: Mapping[str, Any]) -> dict[str, Any]:
    score = Score({metric.id: row["earned"].get(metric.id) for metric in quality.metrics()}) if row["earned"] else None
    step = score.as_dict()["next_step"] if score else None
    about = ("id", "name", "title", "type", "state", "private", "ready", "counts", "points")
    words = {name: row[name] for name in titles.TRANSLATED if row[name]}
    missing = [rule for rule in row["duties"] if any(rule in duty["rules"] for duty in duties())]
    return {
        **{name: row[name] for name in about},
        **words,
        "next_step": step,
        "high_value": missing if row["high_value"] else None,
    }
