"""`ckan landlab moved`: the site has got another address."""

from __future__ import annotations

import click
from ckanext.landlab.errors import LandlabError
from ckanext.landlab.moved import move

__all__ = ["moved"]


@click.command()
@click.argument("before")
def moved(before: str) -> None:
    """Say that the site stood at the address BEFORE: records that point at each other find each other again."""
    try:
        changed = move(before)
    except LandlabError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Records that now point at the new address: {changed}")
