"""Whole sites for the tests of `landlab`: every server a real process, in a data folder that is thrown away."""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest
import requests

LANDLAB = Path(sys.executable).with_name("landlab")
CKAN = Path(sys.executable).with_name("ckan")
SETTINGS = "[app:main]\nckanext.landlab.internal_hosts = 127.0.0.1\n"  # so that it can harvest from a test
HEALED = 10  # seconds until a site that lost a process must be whole again, where a start of Python takes 2.5
AT_MOST = 30  # and however slow the machine is
STARTING = [sys.executable, "-c", "import ckan.config.middleware.flask_app, ckanext.landlab.plugin"]
FOREIGN = ("CKAN_SQLALCHEMY_URL", "CKAN_REDIS_URL", "CKAN_SOLR_URL", "CKAN_SOLR_USER", "CKAN_SOLR_PASSWORD")


class Running:
    """The command `landlab` on one data folder, and the site that it started."""

    def __init__(self, data: Path, **environment: str) -> None:
        self.data = data
        own = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        self.tokens: dict[str, str] = {}
        self.environment = {**own, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", **environment}

    def landlab(self, *arguments: str, **options) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [LANDLAB, "--data", self.data, *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
            **options,
        )

    def settle(self) -> "Running":
        """Give it the settings that every test counts on; whoever has written others puts these back."""
        self.data.mkdir(parents=True, exist_ok=True)
        (self.data / "site.ini").write_text(SETTINGS, encoding="utf-8")
        return self

    def up(self) -> "Running":
        ended = self.landlab("up", "--no-sample", "--detach")
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return self

    def status(self) -> dict:
        return json.loads(self.landlab("status", "--json").stdout)

    def pid(self, server: str) -> int:
        return self.status()["servers"][server]["pid"]

    def action(self, called: str, token: str = "", /, **parameters) -> dict:
        url = f"{self.status()['address']}/api/3/action/{called}"
        answer = requests.post(url, json=parameters, headers={"Authorization": token}, timeout=30)
        assert answer.ok, answer.text
        return answer.json()["result"]

    def secrets(self) -> dict[str, str]:
        return json.loads((self.data / "secrets.json").read_text())

    def ckan(self, *arguments: str) -> str:
        command = [CKAN, "-c", self.data / "ckan.ini", *arguments]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=True).stdout

    def sysadmin(self) -> str:
        """The token of a sysadmin, made at the first call; after other secrets have come, another one."""
        key = self.secrets()["tokens"]
        if key not in self.tokens:
            if not self.tokens:
                self.ckan("user", "add", "keeper", "email=keeper@example.org", f"password={secrets.token_urlsafe()}")
                self.ckan("sysadmin", "add", "keeper")
            self.tokens[key] = self.ckan("user", "token", "add", "keeper", "test", "-q").strip()
        return self.tokens[key]

    def is_whole(self) -> bool:
        return self.landlab("status").returncode == 0

    def is_at_rest(self) -> bool:
        """Whether it is whole and nothing is about to start anew: a worker without its scheduler is."""
        return self.is_whole() and bool(living_children(self.pid("worker")))

    def processes(self) -> list[psutil.Process]:
        """Every process of this stack, found by what it carries in its environment, not by what the stack says."""
        return [process for process in psutil.process_iter() if belongs(process, str(self.data))]


def belongs(process: psutil.Process, data: str) -> bool:
    try:
        return process.environ().get("LANDLAB_STACK") == data or any(data in word for word in process.cmdline())
    except psutil.Error:
        return False


def is_dead(process: psutil.Process) -> bool:
    """Whether a process has ended, also where nobody has asked how."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def words_of(process: psutil.Process) -> str:
    """The command line of a process; empty if it ends while we look."""
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def living_children(pid: int | None) -> list[psutil.Process]:
    try:
        children = psutil.Process(pid).children() if pid else []
        return [child for child in children if not is_dead(child)]
    except psutil.NoSuchProcess:  # it ended while we looked
        return []


@contextmanager
def frozen(pid: int):
    """The process and its children stand still, as if the machine under them had died."""
    process = psutil.Process(pid)
    process.suspend()  # first, so that no child comes while the others are stopped
    family = [process, *process.children(recursive=True)]
    tell(family, signal.SIGSTOP)
    try:
        yield
    finally:
        tell(family, signal.SIGCONT)


def tell(processes: list[psutil.Process], number: int) -> None:
    """Signal those of the *processes* that are still there."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(number)


def wait_for(condition, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not true after {seconds} s"
        time.sleep(0.1)


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """A site that runs through all tests; whoever stops it starts it again.

    LANDLAB_STACK_DATA names a data folder to use and to keep, where starting from nothing takes too long.
    """
    kept = os.environ.get("LANDLAB_STACK_DATA")
    running = Running(Path(kept) if kept else tmp_path_factory.mktemp("site") / "var")
    running.settle().up()
    yield running
    running.landlab("down")


@pytest.fixture
def another(tmp_path):
    """The command on a data folder of its own; what runs there is stopped afterwards."""
    made = []

    def _another(**environment):
        made.append(Running(tmp_path / f"var{len(made)}", **environment))
        return made[-1]

    yield _another
    for running in made:
        running.landlab("down")
