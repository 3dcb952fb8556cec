"""What a run came to: its numbers, and a mail when a source that worked stops working."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.plugins.toolkit import _
from ckanext.landlab import mails
from ckanext.landlab.dcat.reading import KINDS
from ckanext.landlab.harvest.tables import HarvestObject, HarvestSource
from ckanext.landlab.harvest.words import in_mail, is_same
from ckanext.landlab.model import harvest as store

NAMES = {"added": "created", "updated": "changed", "deleted": "deleted"}


def counted(job_id: str, source: str) -> dict[str, int]:
    """The numbers of a run: what it found, and what became of that."""
    earlier = store.run_of(job_id)
    query = sa.select(HarvestObject.report_status, sa.func.count()).where(HarvestObject.harvest_job_id == job_id)
    stages = dict(model.Session.execute(query.group_by(HarvestObject.report_status)).tuples().all())
    numbers = store.numbers(source)
    return {
        **(dict(earlier.counts) if earlier else {}),
        **{ours: stages.get(theirs, 0) for theirs, ours in NAMES.items()},
        "rejected": numbers.get(store.REJECTED, 0),
        "duplicate": numbers.get(store.DUPLICATE, 0),
    }


def tell_failure(source: str) -> int:
    """Mail those who look after *source* that its last run failed, unless the run before failed in the same way."""
    runs = [run for run in store.runs(source, 3) if run.ended is not None]
    if not runs or not runs[0].failure or (len(runs) > 1 and is_same(runs[1].failure, runs[0].failure)):
        return 0
    known = HarvestSource.get(source)
    subject = _("Harvesting “{title}” failed").format(title=known.title)
    text = _(
        "The harvest of “{title}” ({url}) failed: {reason}\n\nThe catalogue stays as it was."
        " You find what happened here: {address}"
    )
    address = tk.url_for("harvester.admin", id=source, qualified=True)
    body = text.format(title=known.title, url=known.url, reason=in_mail(runs[0].failure), address=address)
    people = keepers(source)
    for person in people:
        mails.queue(person, subject, body)
    return len(people)


def keepers(source: str) -> list[str]:
    """The ids of the people who look after *source*: its organisation's administrators, else those of the site."""
    package = model.Package.get(source)
    member = model.Member
    query: Any = sa.select(member.table_id).where(
        member.group_id == (package.owner_org if package else ""),
        member.table_name == "user",
        member.capacity == "admin",
        member.state == "active",
    )
    found: list[str] = list(model.Session.execute(query).scalars())
    if not found:
        user = model.User
        query = sa.select(user.id).where(user.sysadmin, user.state == "active", user.name != tk.config["ckan.site_id"])
        found = list(model.Session.execute(query).scalars())
    return found


def remarks_of(source: str) -> dict[str, Any]:
    """How many statements of a source's records were converted or kept, all together."""
    totals = [
        sa.func.coalesce(sa.func.sum(store.RECORDS.c.remarks["counts"][kind].as_integer()), 0).label(kind)
        for kind in KINDS
    ]
    row = model.Session.execute(sa.select(*totals).where(store.RECORDS.c.source == source)).one()
    return dict(zip(KINDS, row, strict=True))
