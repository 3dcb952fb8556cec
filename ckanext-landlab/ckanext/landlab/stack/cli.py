"""`landlab`: start, stop and look at a site with all its servers."""

from __future__ import annotations

import json
import os
import webbrowser
from collections.abc import Callable
from pathlib import Path

import click
from ckanext.landlab.errors import AlreadyRunning, AuditRefused, ServerFailed, StackError, StepFailed
from ckanext.landlab.stack import answering, audit, doctor, keeping, manifest, run, sbom, serving
from ckanext.landlab.stack.folder import Folder
from ckanext.landlab.stack.language import _
from ckanext.landlab.stack.lines import readable
from ckanext.landlab.stack.logs import follow, tail
from ckanext.landlab.stack.place import place_of
from ckanext.landlab.stack.report import report

LAST_WORDS = 12  # lines of the log of a server that failed
CHECKOUT = Path(__file__).parents[4]
WORDS: dict[str, Callable[[], str]] = {  # asked late, because the language is known only then
    doctor.OK: lambda: _("fine   "),
    doctor.WARNING: lambda: _("warning"),
    doctor.WRONG: lambda: _("WRONG  "),
}


def default_folder() -> Path:
    """`LANDLAB_DATA`, else `var` in the checkout that we run from, else `var` where we are."""
    if chosen := os.environ.get("LANDLAB_DATA"):
        return Path(chosen)
    return (CHECKOUT if (CHECKOUT / "pyproject.toml").exists() else Path.cwd()) / "var"


class Commands(click.Group):
    """Tells our own errors in one line, after the last lines of the log that says more."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (ServerFailed, StepFailed) as error:
            click.echo("".join(map(readable, tail(error.log, LAST_WORDS))), nl=False, err=True)
            raise click.ClickException(str(error)) from error
        except StackError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Commands)
@click.option(
    "--data", type=click.Path(path_type=Path, file_okay=False), help="Data folder (LANDLAB_DATA, else ./var)."
)
@click.pass_context
def main(context: click.Context, data: Path | None) -> None:
    """Run a German open-data catalogue with all its servers on this machine."""
    context.obj = Folder((data or default_folder()).expanduser().resolve())


@main.command()
@click.option("--detach", is_flag=True, help="Return when the site is up and leave it running.")
@click.option("--sample/--no-sample", default=None, help="Load the sample data; by default at the very first start.")
@click.pass_obj
def up(folder: Folder, detach: bool, sample: bool | None) -> None:
    """Start the site; Ctrl-C stops it."""
    try:
        run.detached(folder, sample) if detach else run.attached(folder, sample)
    except AlreadyRunning:
        address = report(folder)["address"] or _("the address comes when it is up")
        click.echo(_("It already runs: {address}").format(address=address))


@main.command()
@click.pass_obj
def down(folder: Folder) -> None:
    """Stop the site."""
    stopped = run.stop(folder)
    click.echo(_("Stopped.") if stopped else _("Nothing was running."))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
@click.pass_obj
def status(folder: Folder, as_json: bool) -> None:
    """Say what runs and where; leave with 1 unless everything does."""
    found = report(folder)
    if as_json:
        click.echo(json.dumps(found, indent=1))
    else:
        click.echo(found["address"] or _("Not running."))
        for name, server in found["servers"].items():
            click.echo(f"{name:<10} {server['state']:<10} {server['pid'] or '':<8} {server['address']}")
    whole = found["ready"] and all(server["state"] in ("running", "foreign") for server in found["servers"].values())
    raise SystemExit(0 if whole else 1)


@main.command()
@click.argument("name", required=False)
@click.option("-n", "--lines", default=40, show_default=True, help="How many lines of each log.")
@click.option("-f", "--follow", "following", is_flag=True, help="Go on as lines come.")
@click.pass_obj
def logs(folder: Folder, name: str | None, lines: int, following: bool) -> None:
    """Show the log of the server NAME, or the end of every log."""
    known = {file.stem: file for file in sorted(folder.logs.glob("*.log"))}
    if name and name not in known:
        names = ", ".join(known) or "–"
        raise click.ClickException(_("There is no log {name!r}; there are: {names}").format(name=name, names=names))
    chosen = [known[name]] if name else list(known.values())
    for file in chosen:
        if not name:
            click.secho(f"== {file.stem}", bold=True)
        click.echo("".join(map(readable, tail(file, lines))), nl=False)
    if following:
        follow(chosen, lambda line: click.echo(readable(line), nl=False))


@main.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def reset(folder: Folder, yes: bool) -> None:
    """Stop the site and throw away all its data."""
    if not folder.is_ours():
        raise click.ClickException(_("{path} is no data folder of landlab.").format(path=folder.path))
    if not yes:
        click.confirm(_("Delete all datasets, users and files in {path}?").format(path=folder.path), abort=True)
    run.stop(folder)
    with folder.locked():
        folder.empty()
    click.echo(_("Everything is gone; the next start begins anew."))


@main.command()
@click.argument("target", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--keep", type=click.IntRange(min=1), help="Afterwards throw away all but this many backups in DIR.")
@click.pass_obj
def backup(folder: Folder, target: Path, keep: int | None) -> None:
    """Put database, files and settings into a new folder below DIR; people may go on working."""
    made, gone = keeping.backup(folder, target.resolve(), keep)
    found = manifest.read(made)
    click.echo(
        _("{path}: {datasets} datasets, {files} files, {size} MB").format(
            path=made, datasets=found.rows.get("package", 0), files=found.files, size=f"{found.size / 1e6:.1f}"
        )
    )
    for path in gone:
        click.echo(_("Thrown away: {path}").format(path=path))


@main.command()
@click.argument("source", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def restore(folder: Folder, source: Path, yes: bool) -> None:
    """Put the backup DIR, or the youngest in DIR, in the place of everything that the site holds."""

    def ask(found: manifest.Manifest) -> None:
        if not yes:
            question = _("Replace all datasets, users and files by those of {made}?")
            click.confirm(question.format(made=found.made), abort=True)

    found = keeping.restore(folder, source.resolve(), ask, click.echo)
    click.echo(_("Restored: the site as it was at {made}. It can be started now.").format(made=found.made))


@main.command()
@click.option(
    "--backups", type=click.Path(path_type=Path, file_okay=False), help="Where the backup goes; else beside the data."
)
@click.pass_obj
def upgrade(folder: Folder, backups: Path | None) -> None:
    """Bring the data to the version that is installed: back up, then tables, search index and feeds."""
    made = keeping.upgrade(
        folder, (backups or folder.path.with_name(f"{folder.path.name}-backups")).resolve(), click.echo
    )
    click.echo(
        _("Upgraded. If anything is wrong: install the old version, then landlab restore {path}").format(path=made)
    )


@main.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
@click.option("--backups", type=click.Path(path_type=Path, file_okay=False), help="Also look at the backups in DIR.")
@click.pass_obj
def look_after(folder: Folder, as_json: bool, backups: Path | None) -> None:
    """Look at the site and say what is wrong and what to do; leave with 1 if anything is."""
    found = list(doctor.examine(folder, place_of(keeping.ini_of(folder)).settings, backups))
    if as_json:
        click.echo(json.dumps([vars(symptom) for symptom in found], indent=1, ensure_ascii=False))
    else:
        for symptom in found:
            colour = {doctor.OK: "green", doctor.WARNING: "yellow", doctor.WRONG: "red"}[symptom.state]
            click.echo(f"{click.style(WORDS[symptom.state](), fg=colour)} {symptom.name:<10} {symptom.seen}")
            if symptom.advice:
                click.echo(f"{'':<18} → {symptom.advice}")
    raise SystemExit(1 if any(symptom.state == doctor.WRONG for symptom in found) else 0)


@main.command()
@click.argument("part", type=click.Choice(sorted(serving.PARTS)))
@click.pass_obj
def serve(folder: Folder, part: str) -> None:
    """Serve one PART of a site whose servers run elsewhere, as in a container."""
    serving.serve(folder, part)


@main.command()
@click.argument("part", type=click.Choice(sorted(answering.QUESTIONS)))
@click.pass_obj
def answers(folder: Folder, part: str) -> None:
    """Leave with 0 if the PART that runs here does its work, else with 1."""
    raise SystemExit(0 if answering.answers(folder, part) else 1)


@main.command()
@click.argument("target", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.pass_obj
def secrets(folder: Folder, target: Path) -> None:
    """Make the secrets that are missing, and write what the other servers need of them into DIR."""
    serving.share_secrets(folder, target)


@main.command("sbom")
def bill_of_materials() -> None:
    """Print what this site is made of as CycloneDX (JSON), for whoever compares it with known weaknesses."""
    click.echo(json.dumps(sbom.bill(CHECKOUT / "requirements.txt"), indent=1))


@main.command("audit")
@click.option("--database", metavar="ZIP", type=click.Path(path_type=Path), help="Look into a copy of OSV's data.")
@click.option("--lock", "locks", metavar="FILE", multiple=True, type=click.Path(path_type=Path, exists=True))
@click.option("--accept", "accepted", metavar="ID", multiple=True, help="Leave out a weakness that was judged.")
@click.option("--strict", is_flag=True, help="Leave with 1 also where nothing can be looked up.")
def look_for_weaknesses(
    database: Path | None, locks: tuple[Path, ...], accepted: tuple[str, ...], strict: bool
) -> None:
    """Say which packages have published weaknesses, of the lock file or of what is installed; leave with 1 if any."""
    packages = audit.packages(locks or (CHECKOUT / "requirements.txt",))
    try:
        weak = audit.from_copy(packages, database) if database else audit.from_service(packages)
    except AuditRefused as error:
        click.echo(_("NOT AUDITED: {count} packages were compared with nothing.").format(count=len(packages)), err=True)
        click.echo(
            f"{error}\n" + _("Fetch {url} elsewhere and name it with --database.").format(url=audit.COPIES), err=True
        )
        raise SystemExit(bool(database) or strict) from error
    for weakness in (found := [each for each in weak if each.number not in accepted]):
        click.echo(f"{weakness}  https://osv.dev/vulnerability/{weakness.number}")
    told = _("{count} packages, {weak} published weaknesses.")
    click.echo(told.format(count=len(packages), weak=len(found)))
    raise SystemExit(bool(found))


@main.command("open")
@click.pass_obj
def open_site(folder: Folder) -> None:
    """Open the site in the browser."""
    address = report(folder)["address"]
    if not address:
        raise click.ClickException(_("Not running; start it with: landlab up"))
    click.echo(address)
    webbrowser.open(address)


if __name__ == "__main__":
    main()
