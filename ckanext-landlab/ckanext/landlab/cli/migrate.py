"""`ckan landlab migrate`: bring the database up to date, safely when several processes start at once."""

from __future__ import annotations

import click
from ckan.lib.i18n import build_js_translations
from ckanext.landlab import migrations
from ckanext.landlab.errors import LandlabError

__all__ = ["migrate"]


@click.command()
@click.option("--check", is_flag=True, help="Only say whether the database fits; leave with 1 if not.")
@click.option("--tables-only", is_flag=True, help="Whoever calls makes search index and feed entries anew himself.")
@click.option("--texts", is_flag=True, help="Also make the German of CKAN's scripts, where it is not up to date.")
def migrate(check: bool, tables_only: bool, texts: bool) -> None:
    """Bring the database up to date; a second call waits for the first and finds nothing to do."""
    try:
        behind = [] if check else migrations.upgrade(tables_only)
        migrations.check()
    except LandlabError as error:
        raise click.ClickException(str(error)) from error
    for part in behind:
        click.echo(f"{part.name}: {part.current or 'empty'} -> {part.head}")
    click.echo("The database is up to date.")
    if texts:
        build_js_translations()
