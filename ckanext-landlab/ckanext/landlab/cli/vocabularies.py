"""`ckan landlab vocabularies …`: which lists a site works with, and how they are renewed."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import ckan.model as model
import click
import sqlalchemy as sa
from ckanext.landlab import config, outside, schemas
from ckanext.landlab.dcat import editions, renewal
from ckanext.landlab.errors import LandlabError

__all__ = ["vocabularies"]


@click.group(short_help="Show and renew the controlled vocabularies.")
def vocabularies() -> None:
    """Controlled vocabularies: languages, licences, regions, model datasets …"""


@vocabularies.command("list")
def show() -> None:
    """Name every vocabulary with its number of concepts, version, day and origin."""
    for name in schemas.vocabularies():
        found = schemas.vocabulary(name)
        own = schemas.vocabulary_file(name).parent != schemas.HERE / "vocabularies"
        place = "renewed" if own else "shipped"
        click.echo(f"{name:<28}{len(found.concepts):>6}  {found.version:<28} {found.taken}  {place}")


@vocabularies.command()
@click.argument("names", nargs=-1, metavar="[NAME]…")
@click.option("--from", "file", type=click.File("rb"), help="Read this file instead of the published address.")
@click.option("--dry-run", is_flag=True, help="Say what would change and change nothing.")
@click.option("--force", is_flag=True, help="Take a list even if it has hardly any of our concepts.")
def update(names: tuple[str, ...], file: IO[bytes] | None, dry_run: bool, force: bool) -> None:
    """Renew the vocabularies NAME (all that have an address, unless named) and say what changed.

    A concept that a dataset may point at is never dropped: it is marked as deprecated.  Regions are read
    from the official list of municipalities (GV100AD….txt or AuszugGV….xlsx) with --from.
    Leaves with 1 if a list could not be read; the others are renewed all the same.
    """
    if file and len(names) != 1:
        raise click.UsageError("--from reads one vocabulary: name it")
    if unknown := sorted(set(names) - set(schemas.vocabularies())):
        raise click.UsageError(f"no vocabulary named {', '.join(unknown)}; see `ckan landlab vocabularies list`")
    wanted = names or tuple(name for name in schemas.vocabularies() if schemas.vocabulary(name).renewal)
    failed = [name for name in wanted if not _renew(name, file, dry_run, force)]
    raise SystemExit(1 if failed else 0)


def _renew(name: str, file: IO[bytes] | None, dry_run: bool, force: bool) -> bool:
    try:
        content = file.read(renewal.MAX_BYTES + 1) if file else outside.listed(schemas.vocabulary(name).renewal)
        published = editions.read(name, content, file.name if file else schemas.vocabulary(name).renewal)
        renewed, changes = renewal.renewed(name, published, force)
    except LandlabError as error:
        click.secho(f"{name}: {error}", fg="red", err=True)
        return False
    iris = {entry["code"]: entry.get("iri") or renewed["base"] + entry["code"] for entry in renewed["concepts"]}
    used = frozenset(code for code in changes.withdrawn if _is_used(iris[code]))
    click.secho(name, bold=True)
    for line in renewal.sentences(changes, used):
        click.echo(f"  {line}")
    if not dry_run:
        click.echo(f"  {renewal.write(Path(config.vocabulary_folder()), name, renewed)}")
    return True


def _is_used(iri: str) -> bool:
    """Whether a dataset or a resource names *iri*."""
    named = (sa.cast(table.extras, sa.Text).contains(iri, autoescape=True) for table in (model.Package, model.Resource))
    return any(model.Session.query(sa.exists().where(condition)).scalar() for condition in named)
