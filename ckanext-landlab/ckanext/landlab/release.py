"""A dataset's release: the answers in the database walked with the facts of the dataset.

The door between the release check (`legal`) and CKAN.  The gate, the actions and the pages all ask here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckanext.landlab.dcat import findings
from ckanext.landlab.dcat.context import Context
from ckanext.landlab.dcat.demands import VIOLATION
from ckanext.landlab.legal.confirmation import Confirmation, confirmation_fact, digest_of, overdue
from ckanext.landlab.legal.facts import facts_of
from ckanext.landlab.legal.release_check import CHANGES, Text, release_check
from ckanext.landlab.legal.reopening import snapshot
from ckanext.landlab.legal.walk import Answer, Walk, walk
from ckanext.landlab.model import release as table
from ckanext.landlab.surroundings import context_of, is_served

LONGEST_NAME = 80  # of a file, in a sentence

__all__ = ["CHANGES", "Release", "answers_of", "dataset_of", "plain", "release_of"]


@dataclass(frozen=True)
class Release:
    """Everything about the release of one *dataset*."""

    dataset: Mapping[str, Any]
    row: Any
    answers: Mapping[str, Answer]
    confirmation: Confirmation | None
    walk: Walk
    present: tuple[str, ...]
    four_eyes: bool
    due: bool = False

    @property
    def revision(self) -> int:
        """The number of changes so far: an editor who saw another one is told."""
        return self.row.revision if self.row else 0

    @property
    def digest(self) -> str:
        """The fingerprint of the answers."""
        return digest_of(self.answers, release_check().version, snapshot(self.dataset))

    @property
    def entered_by(self) -> frozenset[str]:
        """Everybody who gave one of the answers that stand."""
        return frozenset(answer.by for answer in self.answers.values() if answer.by)

    @property
    def confirmable(self) -> bool:
        """Whether nothing but the confirmation itself is missing."""
        others = [block for block in self.walk.blocks if block.code != "J"]
        return self.walk.complete and not (others or self.walk.needs or self.walk.lacking(self.present))

    @property
    def passed(self) -> bool:
        """Whether the dataset may be public."""
        return self.walk.releasable(self.present)

    @property
    def state(self) -> str:
        """exempt, due, released, reopened, waiting, ready or open."""
        if self.row is not None and self.row.exempt:
            return "exempt"
        if self.due and not (self.row and self.row.waiting_since):
            return "due"
        if self.passed:
            return "released"
        if any(answer.reopened for answer in self.answers.values()):
            return "reopened"
        if self.row is not None and self.row.waiting_since:
            return "waiting"
        return "ready" if self.confirmable else "open"


def release_of(dataset: Mapping[str, Any], *, lock: bool = False) -> Release:
    """The release of *dataset* as it stands now."""
    row = table.release_of(dataset["id"], lock=lock)
    answers = answers_of(row.answers if row else {})
    confirmation = _confirmation(row)
    check = release_check()
    both_pairs = table.four_eyes(dataset.get("owner_org"))
    digest = digest_of(answers, check.version, snapshot(dataset))
    fact = confirmation_fact(confirmation, digest, four_eyes=both_pairs, months=check.review_months)
    around = context_of(dataset)
    served = _is_high_value(answers) and is_served(dataset)
    facts = facts_of(dataset, fact, violations_of(dataset, around), served=served, named=around.attribution)
    # The last day on which an answer counts is decided by the server's day; embargoes are told in whole days.
    today = date.today()  # noqa: DTZ011
    due = confirmation is not None and overdue(confirmation.review_by, today)
    walked = walk(check, answers, facts, today, due=due)
    return Release(dataset, row, answers, confirmation, walked, notices_on(dataset), both_pairs, due)


def dataset_of(identifier: str) -> dict[str, Any]:
    """The dataset as it stands in the database, not in the index and not as this person may see it."""
    return tk.get_action("package_show")({"ignore_auth": True, "use_cache": False}, {"id": identifier})


def violations_of(dataset: Mapping[str, Any], around: Context) -> list[Text]:
    """What the official shapes of DCAT-AP.de have against *dataset*, save what the check says in its own words."""
    found = findings.of_record(dict(dataset), around)
    return [
        _at_file(dataset, finding)
        for finding in found
        if finding.official and finding.severity == VIOLATION and finding.path[:1] not in (("notes",), ("license_id",))
    ]


def _is_high_value(answers: Mapping[str, Answer]) -> bool:
    return "G1" in answers and answers["G1"].choice == "yes"


def _at_file(dataset: Mapping[str, Any], finding: findings.Finding) -> Text:
    match finding.path:
        case ("resources", int(index), *_):
            file = dataset["resources"][index]
            name = str(file.get("name") or file.get("url") or index + 1)[:LONGEST_NAME]
            return {"de": f"„{name}“: {finding.message['de']}", "en": f"“{name}”: {finding.message['en']}"}
        case _:
            return dict(finding.message)


def notices_on(dataset: Mapping[str, Any]) -> tuple[str, ...]:
    """The codes of the notices that stand on *dataset*, with those that organisation and portal add."""
    said = (dataset.get("statement") or {}).get("notices")
    if said is None:
        holders = [dataset, *(dataset.get("resources") or ())]
        said = [entry for holder in holders for entry in holder.get("notices") or ()]
    return tuple(dict.fromkeys(entry["code"] for entry in said if isinstance(entry, Mapping) and entry.get("code")))


def answers_of(stored: Mapping[str, Any]) -> dict[str, Answer]:
    """Answers as the table holds them."""
    known = release_check().questions
    return {
        key: Answer(value["choice"], value.get("records") or {}, value.get("reopened"), value.get("by"))
        for key, value in stored.items()
        if key in known
    }


def plain(answers: Mapping[str, Answer]) -> dict[str, Any]:
    """Answers as the table holds them."""
    return {key: {**asdict(answer), "records": dict(answer.records)} for key, answer in answers.items()}


def _confirmation(row: Any) -> Confirmation | None:
    if row is None or not row.confirmation:
        return None
    kept = row.confirmation
    days = {key: date.fromisoformat(kept[key]) for key in ("confirmed_on", "review_by")}
    return Confirmation(frozenset(kept["entered_by"]), kept["confirmed_by"], digest=kept["digest"], **days)


def confirmers(organization_id: str | None, entered_by: frozenset[str]) -> Sequence[model.User]:
    """Who may confirm: the administrators of the organisation, else its editors; never who entered, under four eyes."""
    people = _members(organization_id, "admin") or _members(organization_id, "editor")
    if not table.four_eyes(organization_id):
        return people
    return [user for user in people if user.id not in entered_by]


def _members(organization_id: str | None, capacity: str) -> Sequence[model.User]:
    query = model.Session.query(model.User).join(model.Member, model.Member.table_id == model.User.id)
    query = query.filter(
        model.Member.group_id == (organization_id or ""),
        model.Member.table_name == "user",
        model.Member.capacity == capacity,
        model.Member.state == "active",
        model.User.state == "active",
    )
    return query.all()
