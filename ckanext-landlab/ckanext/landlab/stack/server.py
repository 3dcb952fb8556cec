"""What all servers of the stack have in common: a name, a port, a command, and a way to ask whether it answers."""

from __future__ import annotations

import os
import signal
from abc import ABC, abstractmethod
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar

from ckanext.landlab.stack.account import Account
from ckanext.landlab.stack.folder import Folder
from ckanext.landlab.stack.ports import HOST
from ckanext.landlab.stack.process import TAG, Launch


class Server(ABC):
    """One server: prepared once, started, asked until it answers, stopped with its own signal."""

    name: ClassVar[str]
    title: ClassVar[str]  # how the person before the terminal reads it
    preferred_port: ClassVar[int | None] = None
    end_signal: ClassVar[int] = signal.SIGTERM
    patience: ClassVar[float] = 60  # seconds until it must answer
    account: Account | None = None
    see_all: bool = False

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.port = 0

    def prepare(self) -> None:  # noqa: B027 not every server has something to prepare
        """Make what the server needs on disk; called before each start, so it must be quick when all is there."""

    @abstractmethod
    def command(self) -> list[str]:
        """The command line."""

    @abstractmethod
    def answers(self, pid: int) -> bool:
        """Whether the server, running as *pid*, gives a right answer to a real question at this moment."""

    def is_whole(self, pid: int) -> bool:
        """Whether the server, whose process runs, still has all that it needs; asked every few seconds, so cheap."""
        return True

    @property
    def address(self) -> str:
        """Where the server listens, for people: without passwords."""
        return f"{HOST}:{self.port}" if self.port else ""

    def environment(self) -> dict[str, str]:
        """The environment of the server."""
        return {**os.environ, TAG: str(self.folder.path)}

    def launch(self) -> Launch:
        """All that is needed to start the process."""
        return Launch(
            command=self.command(),
            log=self.folder.log(self.name),
            environment=self.environment(),
            end_signal=self.end_signal,
            account=self.account,
            see_all=self.see_all,
            folder=self.folder.path,
        )


def package_folder(name: str) -> Path:
    """The folder of the installed package *name*, which is not imported: we only want the programs that it carries."""
    spec = find_spec(name)
    if not spec or not spec.origin:
        raise ModuleNotFoundError(name)
    return Path(spec.origin).parent
