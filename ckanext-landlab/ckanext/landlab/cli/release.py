"""`ckan landlab remind`: reminders of what waits, at once; the worker sends them once a day."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import click

__all__ = ["remind"]


@click.command()
def remind() -> None:
    """Mail the confirmers what has waited for three days, and custodians what is past its review date."""
    done = tk.get_action("landlab_release_remind")({"ignore_auth": True}, {})
    click.echo(f"{done['waiting']} waiting, {done['due']} past their review date, {done['mails']} mails")
