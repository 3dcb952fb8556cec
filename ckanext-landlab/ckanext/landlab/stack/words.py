"""What `landlab up` tells the person at the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import yaml
from ckanext.landlab.stack.folder import Folder
from ckanext.landlab.stack.language import _
from ckanext.landlab.stack.server import Server
from ckanext.landlab.stack.steps import has_sample

USERS = Path(__file__).with_name("sample") / "users.yaml"


def tell(event: str, server: Server, detail: str = "") -> None:
    """Tell what happened to *server*."""
    click.echo(_sentence(event, server).format(title=server.title, address=server.address, detail=detail))


def _sentence(event: str, server: Server) -> str:
    match event:
        case "starting":
            return _("{title}: starting …")
        case "running":
            return _("{title}: running ({address})") if server.address else _("{title}: running")
        case "stopping":
            return _("{title}: stopping …")
        case "died":
            return _("{title}: has ended, starting it again")
        case "taken":
            return _("{title}: port {detail} is taken, trying the next")
        case _other:
            raise ValueError(_other)


def welcome(folder: Folder, address: str, seconds: float, detached: bool) -> str:
    """Address, logins, and how to stop."""
    logins = [
        f"  {user['name']:<12} {user['password']:<20} {_role(user)}"
        for user in (_users() if has_sample(folder) else [])
    ]
    lines = [
        "",
        _("The site is up after {seconds} s: {address}").format(seconds=round(seconds), address=address),
        *([_("Log in as (name, password):"), *logins] if logins else []),
        _("Data and logs: {path}").format(path=folder.path),
        _("Stop: make stop, or landlab down") if detached else _("Stop: Ctrl-C here, or make stop in another terminal"),
    ]
    return "\n".join(lines)


def _users() -> list[dict[str, Any]]:
    if not USERS.exists():
        return []
    return yaml.safe_load(USERS.read_text(encoding="utf-8"))["users"]


def _role(user: dict[str, Any]) -> str:
    if user.get("sysadmin"):
        return _("administers the site")
    return _("edits") if user.get("capacity") == "editor" else _("reads drafts")
