"""`ckan landlab check` by our own findings, `ckan landlab validate` by GovData's official shapes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import ckan.plugins.toolkit as tk
import click
from ckanext.landlab import checks, config, standings, surroundings
from ckanext.landlab.dcat.quality import maximum
from ckanext.landlab.dcat.shapes import PROFILES, Shapes, shapes_of
from ckanext.landlab.dcat.terms import Statement
from ckanext.landlab.dcat.validation import Catalogue, Result, conforms, judge
from ckanext.landlab.errors import ShapesMissing

__all__ = ["check", "validate"]

COLOURS = {"Violation": "red", "Warning": "yellow", "Info": "blue"}
Record = dict[str, Any]


@click.command()
@click.argument("dataset", required=False)
@click.option("--all", "everything", is_flag=True, help="Every public dataset, series and service.")
@click.option("--json", "as_json", is_flag=True, help="A JSON object for each dataset, a line each.")
@click.option("--language", type=click.Choice(["de", "en"]), default="de", show_default=True)
def check(dataset: str | None, everything: bool, as_json: bool, language: str) -> None:
    """Say what DATASET lacks, or what all datasets lack; leave with 1 if anything mandatory is missing.

    --all also renews what the pages for editors say, which otherwise is noted when a dataset is saved.
    """
    if bool(dataset) == everything:
        raise click.UsageError("name a dataset, or give --all")
    ready, points = True, list[float]()
    for record in _chosen(dataset):
        report = checks.report(record)
        ready &= report["ready"]
        if report["quality"]:
            points.append(report["quality"]["points"])
        if as_json:
            click.echo(json.dumps(report, ensure_ascii=False))
        else:
            _tell(report, language)
    if everything:
        for _done in standings.refresh_all():
            continue
    if everything and points and not as_json:
        click.echo(f"{len(points)} datasets scored, {sum(points) / len(points):.0f} of {maximum()} points on average")
    raise SystemExit(0 if ready else 1)


@click.command()
@click.argument("dataset", required=False)
@click.option(
    "--all", "everything", is_flag=True, help="Every public dataset, series and service, with the fast engine."
)
@click.option(
    "--shapes", "folder", help="The folder of GovData's SHACL files; ckanext.landlab.shapes.folder unless given."
)
@click.option("--profile", type=click.Choice(sorted(PROFILES)), default="3.0", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="A JSON object for each dataset, a line each.")
def validate(dataset: str | None, everything: bool, folder: str | None, profile: str, as_json: bool) -> None:
    """Judge DATASET, or all datasets, by GovData's official shapes; leave with 1 on a Violation.

    One dataset goes through pyshacl, the reference; all of them through pyrudof, which is quicker.
    """
    if bool(dataset) == everything:
        raise click.UsageError("name a dataset, or give --all")
    try:
        shapes = shapes_of(folder or config.shapes_folder(), profile)
    except ShapesMissing as error:
        raise click.ClickException(str(error)) from error
    sound, counts = True, Counter[str]()
    for record, results in _judged(_chosen(dataset), shapes, everything):
        sound &= conforms(results)
        counts.update(result.severity for result in results)
        _say(record, results, as_json)
    if not as_json:
        click.echo(", ".join(f"{number} {severity}" for severity, number in sorted(counts.items())) or "no results")
    raise SystemExit(0 if sound else 1)


def _chosen(dataset: str | None) -> Iterable[Record]:
    if dataset is None:
        return checks.published()
    try:
        return [surroundings.shown(dataset)]
    except tk.ObjectNotFound as error:
        raise click.ClickException(f"there is no dataset {dataset}") from error


def _tell(report: Record, language: str) -> None:
    words = ", ".join(f"{number} {severity}" for severity, number in report["counts"].items() if number)
    state = click.style("ready", fg="green") if report["ready"] else click.style("not ready", fg="red")
    score = f"; {report['quality']['points']:.0f} of {maximum()} points" if report["quality"] else ""
    click.echo(f"{report['name']}: {state}; {words or 'no findings'}{score}")
    for finding in report["findings"]:
        severity = click.style(f"{finding['severity']:<10}", fg=COLOURS[finding["severity"]])
        click.echo(f"  {severity}{'.'.join(map(str, finding['path'])):<34} {finding['message'][language]}")


def _judged(records: Iterable[Record], shapes: Shapes, fast: bool) -> Iterator[tuple[Record, list[Result]]]:
    """Each record with the results on it; with a bar where there are many."""
    version = "2.0" if shapes.profile.startswith("2.0") else "3.0"
    catalogue = Catalogue(shapes) if fast else None

    def judged(statements: list[Statement]) -> list[Result]:
        return catalogue.judge(statements) if catalogue else judge(statements, shapes)

    with click.progressbar(list(records), label="Validating", file=click.get_text_stream("stderr")) as bar:
        for record in bar:
            yield record, judged(checks.statements_of(record, version))


def _say(record: Record, results: list[Result], as_json: bool) -> None:
    located = checks.at_fields(record, results)
    if as_json:
        told = [
            {"severity": r.severity, "path": path, "field": label, "message": r.message} for r, path, label in located
        ]
        click.echo(
            json.dumps({"name": record["name"], "conforms": conforms(results), "results": told}, ensure_ascii=False)
        )
        return
    for result, path, label in located:
        severity = click.style(f"{result.severity:<10}", fg=COLOURS.get(result.severity))
        click.echo(f"{record['name']}  {severity}{path or label['de']:<30} {result.message}")
