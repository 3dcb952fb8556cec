"""The data folder: everything that a stack keeps lies in it, and nothing elsewhere."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ckanext.landlab.errors import AlreadyRunning
from ckanext.landlab.stack import environment

SECRETS = ("postgres", "database", "redis", "search", "site", "tokens")

OURS = ("postgres", "redis", "search", "files", "webassets", "log", "ckan.ini", "redis.conf", "ports.json")
OURS += (
    "stack.json",
    "steps.json",
    "tables.json",
    "secrets.lock",
    "secrets.json",
)  # the last, because it is what says "ours"


@dataclass(frozen=True)
class Folder:
    """Where a stack keeps its data, logs, settings and secrets."""

    path: Path

    @property
    def logs(self) -> Path:
        """The folder of the log files, one per server."""
        return self.path / "log"

    @property
    def ini(self) -> Path:
        """CKAN's settings, written anew at each start."""
        return self.path / "ckan.ini"

    def make(self) -> None:
        """Make the folder and what it always holds."""
        self.path.mkdir(parents=True, exist_ok=True)
        self.logs.mkdir(exist_ok=True)

    def is_ours(self) -> bool:
        """Whether a stack has lived here."""
        return (self.path / "secrets.json").exists()

    def empty(self) -> None:
        """Throw away what a stack keeps, and nothing that somebody else put here."""
        for name in OURS:
            path = self.path / name
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        for left in self.path.glob("*.new"):
            left.unlink()

    def log(self, name: str) -> Path:
        """The log of the server *name*."""
        return self.logs / f"{name}.log"

    def secrets(self) -> dict[str, str]:
        """The passwords and keys of this stack by name: from the environment, else made once and kept."""
        given = {name: text for name in SECRETS if (text := environment.given(environment.SECRET + name.upper()))}
        with (self.path / "secrets.lock").open("w") as lock:  # several containers may start at the same moment
            fcntl.flock(lock, fcntl.LOCK_EX)
            known = self.read("secrets.json")
            missing = [name for name in SECRETS if name not in {**known, **given}]
            if missing:
                known |= {name: secrets.token_urlsafe(32) for name in missing}
                self.write("secrets.json", known)
        return {**known, **given}

    def read(self, name: str) -> dict[str, Any]:
        """The JSON object in the file *name*; empty if there is none yet, or a broken one."""
        try:
            return json.loads((self.path / name).read_text(encoding="utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            return {}

    def write(self, name: str, content: dict[str, Any]) -> None:
        """Put *content* into the file *name*, whole or not at all, readable by nobody else."""
        self.write_text(name, json.dumps(content, indent=1) + "\n")

    def write_text(self, name: str, text: str) -> None:
        """Put *text* into the file *name*, whole or not at all, readable by nobody else."""
        new = self.path / f"{name}.{secrets.token_hex(4)}.new"
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        new.replace(self.path / name)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep the folder to ourselves; the kernel gives it free when we end, however we end."""
        self.make()
        with (self.path / "lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise AlreadyRunning(self.path) from error
            yield

    def is_locked(self) -> bool:
        """Whether a supervisor holds the folder at this moment."""
        try:
            file = (self.path / "lock").open("r")
        except FileNotFoundError:
            return False
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False
