"""`ckan landlab shapes`: bring GovData's official SHACL files onto this site."""

from __future__ import annotations

from pathlib import Path

import click
from ckanext.landlab import config, outside
from ckanext.landlab.dcat.shape_files import gathered
from ckanext.landlab.errors import VocabularyUnreadable

__all__ = ["shapes"]


@click.command()
@click.option("--to", "folder", help="Folder to put them into, if not the one of the site.")
def shapes(folder: str | None) -> None:
    """Fetch the official shapes for `ckan landlab validate`; they are not part of this product."""
    target = folder or config.shapes_folder()
    if not target:
        raise click.UsageError("say where to with --to, or set ckanext.landlab.shapes.folder")
    try:
        for name in gathered(Path(target), outside.listed):
            click.echo(name)
    except VocabularyUnreadable as error:
        raise click.ClickException(str(error)) from error
