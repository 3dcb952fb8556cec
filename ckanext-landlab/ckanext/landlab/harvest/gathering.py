"""The first half of a run: read every page, compare, and note what has to be taken in or deleted.

What has not changed costs a fingerprint and nothing else; a page that is byte for byte as it was, not even that.
Nothing in the catalogue is touched before every page was
read: a page that cannot be read ends the run, and nothing is deleted because something is missing from half a
catalogue.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from ckan import model
from ckan.plugins.toolkit import _
from ckanext.landlab import following
from ckanext.landlab.dcat import catalog
from ckanext.landlab.errors import SourceUnreadable
from ckanext.landlab.harvest import taking
from ckanext.landlab.harvest.comparing import mark, stands
from ckanext.landlab.harvest.pages import Page, Same, pages_of
from ckanext.landlab.harvest.tables import HarvestObject, HarvestObjectError, HarvestObjectExtra
from ckanext.landlab.harvest.taking import Found
from ckanext.landlab.harvest.words import noted
from ckanext.landlab.language import Said
from ckanext.landlab.model import harvest as store

BATCH = 200
BEAT = 10  # seconds between two signs of life while pages are passed over
MOST = 2**31 - 1  # datasets that a catalogue can say it has
FEW = 10  # a source with so few datasets may lose all but one of them at once
MOST_EMPTY = 10  # pages without a dataset, one after the other
MOST_GONE = 0.5  # a larger share is more likely an accident upstream


@dataclass
class Gathered:
    """What a run has found so far."""

    seen: set[str] = field(default_factory=set)
    unchanged: int = 0
    pages: int = 0
    empty: int = 0  # of them without a record, one after the other
    told: float = 0.0  # when the run last showed that it lives
    expected: int = 0
    mended: int = 0
    missing: int = 0  # datasets that look deleted, but were left

    def counts(self) -> dict[str, int]:
        numbers = {"found": len(self.seen), "unchanged": self.unchanged, "pages": self.pages}
        return {**numbers, "mended": self.mended, "missing": self.missing}


def gather(job: Any) -> list[str]:
    """Note what has to be done for the source of *job*, as harvest objects; their ids.

    Raises SourceUnreadable.
    """
    forget_objects(job.id)
    source, job_id = job.source.id, job.id
    known = store.known(source)
    there = taking.is_there(row.dataset_id for row in known.values() if row.dataset_id)
    remembered = {row.address: Same(**row._mapping) for row in store.pages(source)}
    earlier = {address: page for address, page in remembered.items() if _holds(page, known, there)}
    gathered = Gathered()
    with pages_of(job.source.url, earlier) as pages:
        for page in pages:
            remembered.pop(page.address, None)
            if isinstance(page, Same):
                _pass_over(page, source, earlier, gathered)
            else:
                records: dict[str, str] = {}
                for batch in _batches(_changed(page, known, there, gathered, records)):
                    _note_found(batch, job_id, source, known)
                _remember(page, source, records)
            if not isinstance(page, Same) or time.monotonic() > gathered.told + BEAT:
                gathered.told = time.monotonic()
                store.note(job_id, source, counts=gathered.counts())
                model.repo.commit()
                following.meanwhile()
    if not gathered.seen:
        raise SourceUnreadable(job.source.url, Said(lambda: _("There is no dataset in it. Nothing was deleted.")))
    store.drop_pages(source, remembered)
    remark = _note_gone(job_id, source, known, gathered)
    store.note(job_id, source, counts=gathered.counts(), remark=noted(remark))
    model.repo.commit()
    ids = sa.select(HarvestObject.id).where(HarvestObject.harvest_job_id == job_id)
    return list(model.Session.execute(ids).scalars())


def _holds(page: Same, known: Mapping[str, sa.Row[Any]], there: set[str]) -> bool:
    """Whether every record of an earlier page is still what became of it; a page without any is read again."""
    rows = ((known.get(address), fingerprint) for address, fingerprint in page.records.items())
    return bool(page.records) and all(row and row.fingerprint == said and stands(row, there) for row, said in rows)


def _pass_over(page: Same, source: str, earlier: Mapping[str, Same], gathered: Gathered) -> None:
    """Count what is on a page that nobody has to read."""
    new = page.records.keys() - gathered.seen
    _go_round(page.address, page.records, new)
    gathered.seen |= new
    gathered.empty = 0
    gathered.unchanged += len(new)
    gathered.pages += 1
    gathered.mended += page.mended
    gathered.expected = max(gathered.expected, page.total)
    if page != earlier[page.address]:
        store.keep_page(source, asdict(page))


def _remember(page: Page, source: str, records: Mapping[str, str]) -> None:
    """Keep what the next run needs to know whether this page is still the same."""
    if not records:
        store.drop_pages(source, [page.address])
        return
    now = Same(
        address=page.address,
        digest=page.digest,
        etag=page.seen.etag,
        modified=page.seen.modified,
        follows=page.follows,
        total=min(catalog.total_items(page.graph), MOST),
        mended=len(page.mended),
        records=records,
    )
    store.keep_page(source, asdict(now))


def _changed(
    page: Page, known: Mapping[str, sa.Row[Any]], there: set[str], gathered: Gathered, records: dict[str, str]
) -> Iterator[Found]:
    """The records of a page that are new or not as they were.

    *records* comes to hold the marks of all, or of none if one was on an earlier page: then it depends on that one.
    """
    on_page, new, alone = 0, 0, True
    for item in page.items():
        on_page += 1
        if item.address in gathered.seen:
            alone = False
            continue
        new += 1
        gathered.seen.add(item.address)
        now = records[item.address] = mark(item.fingerprint)
        row = known.get(item.address)
        if row is not None and row.fingerprint == now and stands(row, there):
            gathered.unchanged += 1
        else:
            yield taking.found(item)
    _go_round(page.address, on_page, new)
    gathered.empty = 0 if on_page else gathered.empty + 1
    if gathered.empty > MOST_EMPTY:
        message = Said(
            lambda: _("This page is empty like those before it, and another follows; the paging never ends.")
        )
        raise SourceUnreadable(page.address, message)
    if not alone:
        records.clear()
    gathered.pages += 1
    gathered.mended += len(page.mended)
    gathered.expected = max(gathered.expected, catalog.total_items(page.graph))


def _go_round(address: str, on_page: Any, new: Any) -> None:
    """Refuse a page on which there are records, but none that is new."""
    if on_page and not new:
        message = Said(lambda: _("Every dataset on this page was on an earlier one; the paging goes in circles."))
        raise SourceUnreadable(address, message)


def _batches(found: Iterator[Found]) -> Iterator[list[Found]]:
    batch: list[Found] = []
    for one in found:
        batch.append(one)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _note_found(batch: Iterable[Found], job_id: str, source: str, known: Mapping[str, sa.Row[Any]]) -> None:
    rows = []
    for found in batch:
        row = known.get(found.address)
        # The kind comes first: what others point at is taken in first, and the text is what is sorted by.
        content = {"kind": found.kind, **asdict(found)}
        dataset_id = row.dataset_id if row else None
        text = json.dumps(content, ensure_ascii=False).replace("\\u0000", "")
        rows.append(_object(job_id, source, found.address, text, dataset_id))
    model.Session.execute(sa.insert(HarvestObject), rows)


def _note_gone(job_id: str, source: str, known: Mapping[str, sa.Row[Any]], gathered: Gathered) -> str:
    """Note what is to be deleted; if that cannot be right, nothing, and the sentence that says so."""
    gone = {address: row for address, row in known.items() if address not in gathered.seen}
    if not gone:
        return ""
    missing = [row for row in gone.values() if row.dataset_id]
    if gathered.expected > len(gathered.seen):
        return Said(lambda: _too_few(len(gone), gathered))
    taken = sum(1 for row in known.values() if row.dataset_id)
    if len(missing) > max(FEW, taken * MOST_GONE) and not _confirmed(source):
        gathered.missing = len(missing)
        return Said(lambda: _too_many_gone(len(missing), taken))
    rows = [_object(job_id, source, address, None, row.dataset_id) for address, row in gone.items()]
    model.Session.execute(sa.insert(HarvestObject), rows)
    extras = [{"id": str(uuid4()), "harvest_object_id": row["id"], "key": "status", "value": "delete"} for row in rows]
    model.Session.execute(sa.insert(HarvestObjectExtra), extras)
    return ""


def _too_few(missing: int, gathered: Gathered) -> str:
    return _(
        "{missing} datasets are missing, but the catalogue says that it has {expected} and gave {found}."
        " Nothing was deleted."
    ).format(missing=missing, expected=gathered.expected, found=len(gathered.seen))


def _too_many_gone(missing: int, taken: int) -> str:
    return _(
        "{missing} of {taken} datasets are missing. That may be an accident, so nothing was deleted."
        " Confirm the deletion if it is meant."
    ).format(missing=missing, taken=taken)


def _confirmed(source: str) -> bool:
    last = [run for run in store.runs(source, 2) if run.ended is not None]
    return bool(last and last[0].confirmed)


def _object(job_id: str, source: str, address: str, content: str | None, dataset_id: str | None) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "guid": address,
        "harvest_job_id": job_id,
        "harvest_source_id": source,
        "content": content,
        "package_id": dataset_id,
        "state": "WAITING",
    }


def forget_objects(job_id: str) -> None:
    """Take away what a run that was killed had noted before it had read every page."""
    objects = sa.select(HarvestObject.id).where(HarvestObject.harvest_job_id == job_id)
    for table in (HarvestObjectExtra, HarvestObjectError):
        model.Session.execute(sa.delete(table).where(table.harvest_object_id.in_(objects)))
    model.Session.execute(sa.delete(HarvestObject).where(HarvestObject.harvest_job_id == job_id))
    model.repo.commit()
