"""`ckan landlab …`: the commands that the sub-modules name in their `__all__`."""

from __future__ import annotations

import sys

import click
from ckanext.landlab.parts import offered


@click.group(short_help="The open-data catalogue: harvest, check, validate.")
def landlab() -> None:
    """Commands of the municipal open-data catalogue."""


for _command in offered(sys.modules[__name__]).values():
    landlab.add_command(_command)
