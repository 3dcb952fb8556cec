"""`ckan landlab adopt dcatde`: move a catalogue that ckanext-dcatde wrote into our fields, and back."""

from __future__ import annotations

from collections import Counter

import ckan.plugins.toolkit as tk
import click
from ckanext.landlab import adopting

__all__ = ["adopt"]

ROWS = (adopting.ADOPTED, adopting.RESTORED, adopting.UNCHANGED, adopting.EDITED, adopting.REFUSED)


@click.group(short_help="Move a catalogue that another extension wrote into our fields.")
def adopt() -> None:
    """Move a catalogue that another extension wrote into our fields."""


@adopt.command()
@click.argument("datasets", nargs=-1)
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@click.option("--undo", is_flag=True, help="Give adopted datasets back what they were.")
def dcatde(datasets: tuple[str, ...], dry_run: bool, undo: bool) -> None:
    """Move what ckanext-dcatde keeps in extras, groups and JSON texts into the fields of DCAT-AP.de 3.0.

    All datasets, or the DATASETS named.  Prints which key moved into which field how often, and what could not move
    and why; that stays where it is.  Leaves with 1 if a dataset was refused or had been edited since.
    """
    work = adopting.undo if undo else adopting.adopt
    try:
        outcomes = list(work(datasets, dry_run))
    except tk.ObjectNotFound as error:
        click.secho(f"There is no dataset {error}.", fg="red", err=True)
        raise SystemExit(1) from error
    if dry_run:
        click.echo("Nothing was changed; this is what would become of them:")
    counts = Counter(outcome.what for outcome in outcomes)
    for what in ROWS:
        if counts[what] or what == adopting.UNCHANGED:
            click.echo(f"{what:<12}{counts[what]:>7}")
    moved = Counter(pair for outcome in outcomes for pair in outcome.moved)
    left = Counter((one.key, one.reason) for outcome in outcomes for one in outcome.left)
    _table("Moved", [(f"{key} -> {place}", count) for (key, place), count in sorted(moved.items())])
    _table("Stayed", [(f"{key}: {reason}", count) for (key, reason), count in sorted(left.items())])
    for outcome in outcomes:
        if outcome.reason:
            click.secho(f"{outcome.name}: {outcome.reason}", fg="red", err=True)
    raise SystemExit(bool(counts[adopting.REFUSED] or counts[adopting.EDITED]))


def _table(title: str, rows: list[tuple[str, int]]) -> None:
    if rows:
        click.echo(f"{title}:")
    for text, count in rows:
        click.echo(f"{count:>7}  {text}")
