"""docs/configuration.md, written from the declarations: every setting of ours, its meaning, default and an example.

python -m ckanext.landlab.stack.reference > docs/configuration.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from ckanext.landlab.stack import environment
from ckanext.landlab.stack.folder import SECRETS

DECLARATION = Path(__file__).parents[1] / "config_declaration.yaml"
SECRET_MEANINGS = {
    "postgres": "password of PostgreSQL's own account, for `landlab up` only",
    "database": "password of CKAN's account in PostgreSQL",
    "redis": "password of Redis or Valkey",
    "search": "what CKAN brings to the search service",
    "site": "key that signs sessions and forms; a new one logs everybody out",
    "tokens": "key that signs API tokens; a new one makes all of them void",
}

HEAD = """# Configuration

Written from `config_declaration.yaml` and `stack/environment.py` by
`python -m ckanext.landlab.stack.reference > docs/configuration.md`; a test fails when it is stale.

A setting that is wrong or unknown stops the start with a sentence that names it. What a clerk may change without a
restart stands in the catalogue under Administration → Configuration and wins over the file.
"""
OPTIONS = """
## Settings of the catalogue

They belong into the section `[app:main]` of `site.ini`: in the data folder (`var/`) for `landlab up`, in `config/` for
docker compose. CKAN's own settings may stand there too, see CKAN's documentation.
"""
VARIABLES = """
## Variables of a container

They come from `.env` for docker compose. `NAME_FILE` names a file that holds the value of `NAME`.

| Variable | Meaning | Default | Example |
|---|---|---|---|
"""
SECRETS_HEAD = """
## Secrets

Made at the first start where they are not given, and kept in `secrets.json` in the data folder, which only CKAN's
account can read. To bring your own, set the variable or the file (`…_FILE`) before the first start.

| Variable | What it is |
|---|---|
"""


@cache
def options() -> dict[str, dict[str, Any]]:
    """Every declared option by its key."""
    return {option["key"]: option for group in _groups() for option in group["options"]}


def page() -> str:
    """The whole page."""
    return "".join([HEAD, OPTIONS, *_told_options(), VARIABLES, *_told_variables(), SECRETS_HEAD, *_told_secrets()])


def _groups() -> list[dict[str, Any]]:
    return yaml.safe_load(DECLARATION.read_text(encoding="utf-8"))["groups"]


def _told_options() -> Iterator[str]:
    for group in _groups():
        yield f"\n### {group['annotation']}\n\n| Setting | Meaning | Default | Example |\n|---|---|---|---|\n"
        for option in group["options"]:
            default = option.get("default", "")
            yield _row(option["key"], option["description"], _plain(default), _plain(option.get("example", "")))


def _told_variables() -> Iterator[str]:
    for variable in environment.VARIABLES:
        default = "must be set" if variable.default is None else _code(variable.default)
        yield f"| `{variable.name}` | {variable.meaning} | {default} | {_code(variable.example)} |\n"


def _told_secrets() -> Iterator[str]:
    for name in SECRETS:
        yield f"| `{environment.SECRET}{name.upper()}` | {SECRET_MEANINGS[name]} |\n"


def _row(name: str, meaning: str, default: str, example: str) -> str:
    return f"| `{name}` | {' '.join(meaning.split())} | {_code(default)} | {_code(example)} |\n"


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


if __name__ == "__main__":
    sys.stdout.write(page())
