"""`ckan landlab privacy`: what is stored about people, and how it goes."""

from __future__ import annotations

import json

import click
from ckan import model
from ckanext.landlab import privacy as stored

__all__ = ["privacy"]


@click.group()
def privacy() -> None:
    """What is stored about people, and how it goes."""


@privacy.command()
@click.argument("user")
def report(user: str) -> None:
    """Print everything that is stored about USER (name, id or mail address) as JSON."""
    for person in _people(user):
        click.echo(json.dumps(stored.report(person), indent=1, ensure_ascii=False))


@privacy.command()
@click.argument("user")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(user: str, yes: bool) -> None:
    """Take away all that leads to USER; releases keep the role, not the name.  This cannot be undone."""
    for person in _people(user):
        if not yes:
            click.confirm(
                f"Erase {person.name} ({person.fullname or '–'}, {person.email or '–'}) for good?", abort=True
            )
        naming = stored.report(person)["datasets_that_name_the_address"]
        touched = stored.erase(person)
        click.echo("Erased: " + (", ".join(f"{table} {count}" for table, count in touched.items()) or "the account"))
        for dataset in naming:
            click.echo(f"The address still stands as a contact in the dataset {dataset}; please edit it.")


@privacy.command()
def tidy() -> None:
    """Delete what has been kept as long as it may be: old activities, unused tokens, links for new passwords."""
    for kind, count in stored.tidy().items():
        click.echo(f"{kind}: {count}")


def _people(user: str) -> list[model.User]:
    found = model.User.get(user)
    people = [found] if found else list(model.Session.query(model.User).filter(model.User.email.ilike(user)))
    if not people:
        raise click.ClickException(f"There is no user {user!r}.")
    return people
