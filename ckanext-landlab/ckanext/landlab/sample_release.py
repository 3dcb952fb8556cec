"""The releases of the sample catalogue: answered by its editor, confirmed by its administrator, as people would.

Written straight into the tables, because some were confirmed years ago; what must not pass does not pass here either.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timezone
from typing import Any

from ckan import model
from ckanext.landlab import looks, release
from ckanext.landlab.errors import DeclarationError
from ckanext.landlab.legal.confirmation import latest_review
from ckanext.landlab.legal.release_check import release_check
from ckanext.landlab.legal.reopening import snapshot
from ckanext.landlab.legal.walk import Answer
from ckanext.landlab.model import release as table
from ckanext.landlab.release_told import memo_of
from ckanext.landlab.stack.sample.records import Entry
from ckanext.landlab.stack.sample.releases import answers_of

CLERK, CONFIRMER = "redaktion", "freigabe"


def make(entry: Entry) -> None:
    """Bring the release of a sample dataset into the state that *entry* wants.

    Raises:
        DeclarationError: it is to be published and its release check does not pass.
    """
    clerk, confirmer = model.User.by_name(CLERK), model.User.by_name(CONFIRMER)
    if clerk is None or confirmer is None:
        return  # a part of the sample without its people: the datasets stay exempt
    dataset = release.dataset_of(entry.record["id"])
    given = answers_of(entry.record, entry.stage).items()
    answers = {question: Answer(choice, records, by=clerk.id) for question, (choice, records) in given}
    kept = {"answers": release.plain(answers), "entered_by": clerk.id, "exempt": None}
    if entry.stage == "published":
        _confirm(dataset, answers, kept, confirmer.id, date.fromisoformat(entry.review_by) if entry.review_by else None)
        return
    looks.look_at(dataset)
    waits = entry.stage == "awaiting_confirmation"
    kept |= {"waiting_since": table.now(), "snapshot": snapshot(dataset)} if waits else {}
    table.store(dataset["id"], **kept)
    table.record(dataset["id"], "submitted" if waits else "answered", clerk.id)
    _expect(release.release_of(dataset), "waiting" if waits else "open")


def _confirm(
    dataset: Mapping[str, Any], answers: Mapping[str, Answer], kept: Mapping[str, Any], by: str, review_by: date | None
) -> None:
    check, today = release_check(), date.today()  # noqa: DTZ011 told in whole days
    on = review_by.replace(year=review_by.year - check.review_months // 12) if review_by else today
    due = review_by or latest_review(today, check.review_months)
    table.store(dataset["id"], **kept, snapshot=snapshot(dataset), review_by=due)
    confirmation = {
        "entered_by": sorted({answer.by for answer in answers.values() if answer.by}),
        "confirmed_by": by,
        "confirmed_on": on.isoformat(),
        "review_by": due.isoformat(),
        "digest": release.release_of(dataset).digest,
    }
    table.store(dataset["id"], confirmation=confirmation)
    moment = datetime.combine(on, time(9), timezone.utc) if review_by else None
    found = release.release_of(dataset)
    _expect(found, "due" if due < today else "released")
    table.record(dataset["id"], "confirmed", by, {**confirmation, "memo": memo_of(found)}, moment)


def _expect(found: release.Release, state: str) -> None:
    if found.state != state:
        blocks = ", ".join(block.code for block in (*found.walk.blocks, *found.walk.needs))
        lacking = ", ".join(found.walk.lacking(found.present))
        reason = (
            f"its release is {found.state}, not {state}: blocked by {blocks or 'nothing'}, lacks {lacking or 'nothing'}"
        )
        raise DeclarationError("stack/sample/records", str(found.dataset["name"]), reason)
