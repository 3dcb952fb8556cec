"""`ckan landlab harvest FILE_OR_URL`: take the datasets of another DCAT-AP.de catalogue into this one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NoReturn

import ckan.plugins.toolkit as tk
import click
from ckanext.landlab import harvesting, sources
from ckanext.landlab.dcat.catalog import summary
from ckanext.landlab.errors import SourceUnreadable

__all__ = ["harvest"]

ROWS = (harvesting.CREATED, harvesting.CHANGED, harvesting.UNCHANGED, harvesting.REJECTED)


@click.command()
@click.argument("location", metavar="FILE_OR_URL")
@click.option(
    "--organization", required=True, metavar="NAME", help="The organisation that the datasets will belong to."
)
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
def harvest(location: str, organization: str, dry_run: bool) -> None:
    """Read a DCAT-AP.de catalogue (RDF/XML, Turtle, JSON-LD, N-Triples) and take its datasets in.

    The whole catalogue is read before the first dataset is written.  Leaves with 1 if it cannot be read, or if a
    dataset was rejected; the others are taken in all the same.
    """
    try:
        owner = tk.get_action("organization_show")({"ignore_auth": True}, {"id": organization})
        source = sources.read(location)
    except tk.ObjectNotFound:
        _leave(f"There is no organisation {organization!r}; `ckan landlab harvest` does not create one.")
    except SourceUnreadable as error:
        _leave(str(error))
    outcomes = []
    with click.progressbar(
        harvesting.take_in(source.records, owner["id"], dry_run), length=len(source.records), label="Datasets"
    ) as taken:
        outcomes.extend(taken)
    _table(outcomes, dry_run)
    counts = summary(remark for remarks in source.remarks.values() for remark in remarks)
    click.echo("Statements: " + ", ".join(f"{count} {kind}" for kind, count in counts.items()))
    for wrong, right in source.mended:
        click.echo(f"Mended address: {wrong} -> {right}")
    raise SystemExit(any(outcome.what == harvesting.REJECTED for outcome in outcomes))


def _table(outcomes: Iterable[harvesting.Outcome], dry_run: bool) -> None:
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
