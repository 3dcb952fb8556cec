"""`ckan landlab sample load|remove`: the sample catalogue."""

from __future__ import annotations

import time

import click
from ckanext.landlab import sample as catalogue
from ckanext.landlab.stack.sample.records import Sample
from ckanext.landlab.stack.sample.records import sample as described

__all__ = ["sample"]


@click.group()
def sample() -> None:
    """Invented data that show what the catalogue can do."""


@sample.command()
@click.option("--yes", is_flag=True, help="Do not ask, whatever else is on this site.")
def load(yes: bool) -> None:
    """Create the sample organisations, users and datasets; what is there stays as it is."""
    wanted = described()
    if not yes:
        _ask(catalogue.strangers(wanted))
    start, created = time.monotonic(), 0
    with click.progressbar(length=_size(wanted), label="Sample data") as bar:

        def count(name: str) -> None:
            nonlocal created
            created += 1
            bar.update(1)

        catalogue.load(wanted, count)
    click.echo(f"{created} created, the rest was there; {time.monotonic() - start:.1f} s.")
    for user in wanted.users:
        click.echo(f"Login: {user['name']} / {user['password']}")


@sample.command()
def remove() -> None:
    """Take the sample organisations, users and datasets away; nothing else is touched."""
    removed: list[str] = []
    catalogue.remove(described(), removed.append)
    click.echo(f"{len(removed)} removed.")


def _size(wanted: Sample) -> int:
    return len(wanted.organizations) + len(wanted.entries) + len(wanted.users)


def _ask(strangers: list[str]) -> None:
    if not strangers:
        return
    click.secho("This site holds more than sample data: " + ", ".join(strangers), fg="yellow", err=True)
    click.secho(
        "The sample brings logins whose passwords everybody can read, one of them a sysadmin.", fg="yellow", err=True
    )
    click.confirm("Load the sample data nevertheless?", abort=True, err=True)
