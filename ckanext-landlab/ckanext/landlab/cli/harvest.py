"""`ckan landlab harvest FILE_OR_URL`: take the datasets of another DCAT-AP.de catalogue into this one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NoReturn

import ckan.plugins.toolkit as tk
import click
from ckanext.landlab.dcat.reading import KINDS
from ckanext.landlab.errors import SourceUnreadable
from ckanext.landlab.harvest import taking
from ckanext.landlab.harvest.comparing import stands
from ckanext.landlab.harvest.pages import Page, pages_of
from ckanext.landlab.harvest.rivals import claimed, settle
from ckanext.landlab.harvest.sparing import sparingly
from ckanext.landlab.harvest.taking import Found, Outcome, Place
from ckanext.landlab.language import site_language
from ckanext.landlab.model import harvest as store

__all__ = ["harvest"]

ROWS = (taking.CREATED, taking.CHANGED, taking.UNCHANGED, store.DUPLICATE, store.REJECTED)


@click.command()
@click.argument("location", metavar="FILE_OR_URL")
@click.option(
    "--organization", required=True, metavar="NAME", help="The organisation that the datasets will belong to."
)
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
def harvest(location: str, organization: str, dry_run: bool) -> None:
    """Read a DCAT-AP.de catalogue (RDF/XML, Turtle, JSON-LD, N-Triples) and take its datasets in, once.

    The whole catalogue is read before the first dataset is written; none is deleted.  Leaves with 1 if it cannot be
    read, or if a dataset was rejected; the others are taken in all the same.  For a catalogue that is to be harvested
    again and again add a harvest source at /harvest instead.
    """
    with site_language():
        outcomes = _harvested(location, organization, dry_run)
    raise SystemExit(any(outcome.what == store.REJECTED for outcome in outcomes))


def _harvested(location: str, organization: str, dry_run: bool) -> list[Outcome]:
    try:
        owner = tk.get_action("organization_show")({"ignore_auth": True}, {"id": organization})
        found, mended = _read(location)
    except tk.ObjectNotFound:
        _leave(f"There is no organisation {organization!r}; `ckan landlab harvest` does not create one.")
    except SourceUnreadable as error:
        _leave(str(error))
    outcomes: list[Outcome] = []
    place = Place(owner["id"], owner["id"], claimed=claimed())
    with click.progressbar(_taken(found, place, dry_run), length=len(found), label="Datasets") as taken:
        outcomes.extend(taken)
    _table(outcomes, dry_run)
    counts = {kind: sum(one.remarks["counts"][kind] for one in found) for kind in KINDS}
    click.echo("Statements: " + ", ".join(f"{count} {kind}" for kind, count in counts.items()))
    for wrong, right in mended:
        click.echo(f"Mended address: {wrong} -> {right}")
    return outcomes


def _read(location: str) -> tuple[list[Found], list[tuple[str, str]]]:
    found: dict[str, Found] = {}
    mended: list[tuple[str, str]] = []
    with pages_of(location) as pages:
        for page in pages:
            assert isinstance(page, Page)  # noqa: S101 nothing is known from earlier
            for item in page.items():
                found.setdefault(item.address, taking.found(item))
            mended += page.mended
    if not found:
        raise SourceUnreadable(location, tk._("There is no dataset in it."))
    return sorted(found.values(), key=lambda one: one.kind == "dataset"), mended


def _taken(found: Iterable[Found], place: Place, dry_run: bool) -> Iterator[Outcome]:
    """What becomes of each record; what others point at comes first."""
    known = store.known(place.source)
    there = taking.is_there(row.dataset_id for row in known.values() if row.dataset_id)
    with sparingly():
        for one in found:
            row = known.get(one.address)
            if row is not None and row.fingerprint == one.fingerprint and stands(row, there):
                yield Outcome(one.address, one.title, taking.UNCHANGED)
                continue
            dataset_id = row.dataset_id if row and row.dataset_id in there else None
            outcome = dataset_id or settle(one, place, dry_run=dry_run)
            if isinstance(outcome, Outcome):
                yield outcome
            else:
                yield taking.take(one, place, outcome, dry_run=dry_run)


def _table(outcomes: Iterable[Outcome], dry_run: bool) -> None:
    outcomes = list(outcomes)
    counts = Counter(outcome.what for outcome in outcomes)
    if dry_run:
        click.echo("Nothing was changed; this is what would become of them:")
    for what in ROWS:
        click.echo(f"{what:<12}{counts[what]:>7}")
    for outcome in outcomes:
        if outcome.reason:
            click.secho(f"{outcome.address} {outcome.title!r}: {outcome.reason}", fg="red", err=True)


def _leave(message: str) -> NoReturn:
    click.secho(message, fg="red", err=True)
    raise SystemExit(1)
