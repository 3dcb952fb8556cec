"""What stands in `stack.json`, checked against the processes that really run."""

from __future__ import annotations

from typing import Any

from ckanext.landlab.stack.folder import Folder
from ckanext.landlab.stack.process import Mark
from ckanext.landlab.stack.supervisor import STATE


def report(folder: Folder) -> dict[str, Any]:
    """Address, state and pid of every server of the stack on *folder*."""
    facts = folder.read(STATE)
    running = folder.is_locked()
    servers = {name: _server(entry) for name, entry in facts.get("servers", {}).items()}
    return {
        "running": running,
        "ready": running and bool(facts.get("ready")),
        "address": facts.get("address") if running else None,
        "data": str(folder.path),
        "supervisor": {"pid": facts.get("supervisor", {}).get("pid") if running else None},
        "servers": servers | {name: _foreign(url) for name, url in facts.get("foreign", {}).items()},
    }


def _server(entry: dict[str, Any]) -> dict[str, Any]:
    alive = bool(entry["pid"]) and Mark(entry["pid"], entry["started"]).is_alive()
    return {
        "state": entry["state"] if alive or entry["state"] != "running" else "dead",
        "pid": entry["pid"] if alive else None,
        "address": entry["address"],
        "restarts": entry["restarts"],
        "log": entry["log"],
    }


def _foreign(url: str) -> dict[str, Any]:
    return {"state": "foreign", "pid": None, "address": url, "restarts": 0, "log": None}
