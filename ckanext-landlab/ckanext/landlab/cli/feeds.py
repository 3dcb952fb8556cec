"""`ckan landlab feeds …`: declare feeds, make their entries anew, write them into a folder."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import click
from ckan import model
from ckanext.landlab import catalogue, entries, outside, returning
from ckanext.landlab.dry_run import MOST
from ckanext.landlab.errors import Unfetchable
from ckanext.landlab.export import export as written
from ckanext.landlab.feeds.returning import KINDS

__all__ = ["feeds"]

WORDS = {
    "taken": {"de": "kommt an", "en": "arrives"},
    "flawed": {"de": "kommt mit Mängeln an", "en": "arrives with flaws"},
    "rejected": {"de": "kommt nicht an", "en": "does not arrive"},
}


@click.group()
def feeds() -> None:
    """What harvesters see."""


@feeds.command("list")
def list_all() -> None:
    """Say which feeds there are."""
    for feed in _call("landlab_feed_list", {}):
        click.echo(f"{feed['name']:<20} {feed['version']}  {feed['datasets']:>6}  {feed['address']}")


@feeds.command()
@click.argument("name")
@click.option("--title", default="")
@click.option("--version", type=click.Choice(["3.0", "2.0"]), default="3.0", show_default=True)
@click.option("--contributor", default="", help="IRI of the supplier's id that the harvester expects.")
@click.option("--page-size", type=int, default=100, show_default=True)
@click.option("--organizations", default="", help="Names with commas; all unless given.")
@click.option("--origins", default="", help="Codes with commas; all unless given.")
@click.option("--tags", default="", help="Keywords with commas, one of which a dataset must have.")
@click.option("--tags-excluded", default="", help="Keywords with commas that keep a dataset out.")
@click.option("--sources-excluded", default="", help="Harvest sources with commas whose datasets stay out.")
@click.option("--portal", type=click.Choice(["", *KINDS]), default="", help="How the portal above is asked.")
@click.option("--portal-address", default="", help="Where it is asked whether datasets have arrived.")
def declare(**settings: Any) -> None:
    """Declare the feed NAME, or declare it anew."""
    try:
        feed = _call("landlab_feed_update", settings)
    except tk.ValidationError as error:
        raise click.ClickException(
            "; ".join(f"{field}: {text}" for field, text in error.error_summary.items())
        ) from error
    click.echo(f"{feed['datasets']} datasets at {feed['address']}")


@feeds.command()
@click.argument("name")
def remove(name: str) -> None:
    """Take the feed NAME away."""
    try:
        _call("landlab_feed_delete", {"name": name})
    except (tk.ValidationError, tk.ObjectNotFound) as error:
        raise click.ClickException(str(error)) from error


@feeds.command("ask")
@click.argument("name")
def ask(name: str) -> None:
    """Ask the portal above the feed NAME now which datasets have arrived."""
    feed = catalogue.feed_named(name)
    if feed is None or not feed.portal:
        raise click.ClickException(f"The feed {name} names no portal that could be asked: see its settings.")
    try:
        click.echo(f"{returning.ask(feed)} datasets asked after.")
    except Unfetchable as error:
        raise click.ClickException(f"{feed.portal_address}: {outside.sentence(error)}") from error


@feeds.command("visits")
@click.argument("name", default="default")
@click.option("--json", "as_json", is_flag=True, help="A JSON object for each visit, a line each.")
def show_visits(name: str, as_json: bool) -> None:
    """Say which harvesters came to the feed NAME, and what they took."""
    for visit in _call("landlab_feed_visits", {"name": name, "rows": 500}):
        facts = (f"{visit[count]} {count}" for count in ("requests", "unchanged", "datasets", "bytes", "broken"))
        text = f"{visit['last'][:16]}  {visit['agent']}  {visit['form']}: {', '.join(facts)}"
        click.echo(json.dumps(visit) if as_json else text)


@feeds.command("dry-run")
@click.argument("name", default="default")
@click.option("--json", "as_json", is_flag=True, help="A JSON object for each dataset, a line each.")
@click.option("--language", type=click.Choice(["de", "en"]), default="de", show_default=True)
def dry_run(name: str, as_json: bool, language: str) -> None:
    """Say what the harvester of the feed NAME will take; leave with 1 if it will leave anything out."""
    counts: Counter[str] = Counter()
    for dataset in _all_told(name):
        counts[dataset["outcome"]] += 1
        if as_json:
            click.echo(json.dumps(dataset, ensure_ascii=False))
        elif dataset["marks"]:
            click.echo(f"{WORDS[dataset['outcome']][language]}: {dataset['title']} ({dataset['name']})")
            for mark in dataset["marks"]:
                click.echo(f"    {'.'.join(map(str, mark['path']))}: {mark['message'][language]}")
    if not as_json:
        click.echo(", ".join(f"{words[language]}: {counts[outcome]}" for outcome, words in WORDS.items()))
    raise SystemExit(1 if counts["rejected"] else 0)


def _all_told(name: str) -> Iterator[dict[str, Any]]:
    start, count = 0, 1
    while start < count:
        try:
            told = _call("landlab_feed_dry_run", {"name": name, "start": start, "rows": MOST})
        except tk.ObjectNotFound as error:
            raise click.ClickException(str(error)) from error
        yield from told["datasets"]
        start, count = start + MOST, told["count"]


@feeds.command()
def rebuild() -> None:
    """Make the entries of every dataset anew."""
    total = model.Session.query(model.Package).count()
    with click.progressbar(entries.refresh_all(), length=total, label="Feed entries") as bar:
        count = sum(1 for _dataset in bar)
    click.echo(f"{count} datasets.")


@feeds.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def export(folder: Path) -> None:
    """Write every feed into FOLDER, for a web server that answers while CKAN cannot."""
    for file in written(folder):
        click.echo(file.relative_to(folder))


def _call(action: str, data_dict: dict[str, Any]) -> Any:
    return tk.get_action(action)({"ignore_auth": True}, data_dict)
