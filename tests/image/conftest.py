"""The image, built as the Dockerfile says and run as a container would be, on real servers.

There is no Docker engine here: buildah builds it, and `inside` runs it in a read-only root as the ordinary user.
PostgreSQL and Redis are those of the stack, Solr 9 is Solr 9, nginx is Debian's with our configuration.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests
import solr9
from ckanext.landlab.stack.folder import Folder
from ckanext.landlab.stack.postgres import Postgres
from ckanext.landlab.stack.redis import Redis
from ckanext.landlab.stack.supervisor import Supervisor

HERE = Path(__file__).parent
CHECKOUT = HERE.parents[1]
NEEDED = ("buildah", "debootstrap", "unshare", "setpriv", "nginx", "openssl", "curl")
SITE = "http://daten.musterstadt.test"
WEBS, PORT = ("127.0.0.2", "127.0.0.3"), 5077  # as two containers have two addresses
START = 400  # seconds


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where it cannot be tried, say so aloud instead of failing."""
    missing = [tool for tool in NEEDED if shutil.which(tool) is None]
    if os.geteuid() != 0:
        missing = ["root"]
    if missing:
        for item in items:
            item.add_marker(pytest.mark.skip(reason=f"THE IMAGE WAS NOT TRIED: {', '.join(missing)} is missing here"))


@dataclass
class Image:
    """The built image: its root on this disk, and what it says of itself."""

    root: Path
    configuration: dict

    @property
    def environment(self) -> dict[str, str]:
        return dict(line.split("=", 1) for line in self.configuration["config"]["Env"])

    @property
    def entrypoint(self) -> list[str]:
        return self.configuration["config"]["Entrypoint"]

    @property
    def uid(self) -> str:
        name = self.configuration["config"]["User"].partition(":")[0]
        lines = (self.root / "etc" / "passwd").read_text().splitlines()
        return next(parts[2] for parts in (line.split(":") for line in lines) if name in (parts[0], parts[2]))


@dataclass
class Container:
    """One run of the image with its data folder; *output* grows as it speaks."""

    process: subprocess.Popen[str]
    image: Image
    environment: dict[str, str]
    output: list[str] = field(default_factory=list)
    data: Path = Path()

    def __post_init__(self) -> None:
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self.output.append(line)

    @property
    def text(self) -> str:
        return "".join(self.output)

    def wait(self, seconds: float = START) -> int:
        code = self.process.wait(seconds)
        self.reader.join(5)
        return code

    @property
    def first(self) -> int:
        """The process that is number one inside."""
        deadline = time.monotonic() + 10
        while not (found := _children(self.process.pid)) and time.monotonic() < deadline:
            time.sleep(0.05)
        return found[0]

    def run(self, *command: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """As `docker exec`: a command among the processes and files of the container, with its account."""
        account = ["setpriv", "--reuid", self.image.uid, "--regid", self.image.uid, "--clear-groups", "--no-new-privs"]
        there = ["sh", "-c", 'cd /var/lib/landlab && exec "$@"', "sh"]
        return subprocess.run(
            ["nsenter", "--mount", "--pid", "--root", f"--target={self.first}", *account, *there, *command],
            env={**self.image.environment, **self.environment},
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
            start_new_session=True,  # without a terminal, as in a script
        )

    def stop(self) -> None:
        """As `docker stop`: the program is asked, then made to end."""
        if self.process.poll() is None:
            for child in _children(self.process.pid):
                os.kill(child, signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def _children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text() if Path(f"/proc/{pid}").exists() else ""
    return [int(word) for word in text.split()]


def buildah(*words: str) -> str:
    """What buildah answers to *words*."""
    environment = {**os.environ, "STORAGE_DRIVER": "vfs", "BUILDAH_ISOLATION": "chroot"}
    return subprocess.run(
        ["buildah", *words], env=environment, check=True, capture_output=True, text=True
    ).stdout.strip()


@contextmanager
def mounted(name: str) -> Iterator[Image]:
    """The image *name* with its root on this disk."""
    container = buildah("from", "--pull-never", name)
    try:
        configuration = json.loads(buildah("inspect", "--type", "image", name))["OCIv1"]
        yield Image(Path(buildah("mount", container)), configuration)
    finally:
        buildah("rm", container)


@pytest.fixture(scope="session")
def image() -> Iterator[Image]:
    """Built once; LANDLAB_IMAGE_READY=name uses one that is there."""
    name = os.environ.get("LANDLAB_IMAGE_READY")
    if not name:
        built = subprocess.run(["sh", HERE / "build"], stdout=subprocess.PIPE, text=True, check=True)
        name = built.stdout.split()[-1]
    with mounted(name) as found:
        yield found


@dataclass
class Servers:
    """The servers that a site needs, as the environment names them."""

    environment: dict[str, str]
    postgres: Postgres


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """PostgreSQL, Redis and Solr with `config/solr/`."""
    library = solr9.jars()
    if isinstance(library, str):
        pytest.skip(f"THE IMAGE WAS NOT TRIED ON SOLR: {library}")
    folder = Folder(tmp_path_factory.mktemp("servers"))
    folder.make()
    cores = {"ckan": solr9.CONFIGSET, "tests": solr9.CONFIGSET}
    with (
        folder.locked(),
        Supervisor(folder) as supervisor,
        solr9.running(library, tmp_path_factory.mktemp("solr"), cores) as solr,
    ):
        postgres, redis = Postgres(folder), Redis(folder)
        supervisor.start(postgres, redis)
        known = folder.secrets()
        yield Servers(
            {
                "LANDLAB_SITE_URL": SITE,
                "LANDLAB_DATABASE": f"postgresql://ckan@127.0.0.1:{postgres.port}/ckan",
                "LANDLAB_REDIS": f"redis://127.0.0.1:{redis.port}/0",
                "LANDLAB_SEARCH": f"{solr}/ckan",
                "LANDLAB_SECRET_DATABASE": known["database"],
                "LANDLAB_SECRET_REDIS": known["redis"],
            },
            postgres,
        )


@pytest.fixture(scope="session")
def room() -> Iterator[Callable[[str], Path]]:
    """Makes folders that other accounts can reach, unlike pytest's own."""
    with tempfile.TemporaryDirectory(prefix="landlab-image-", dir="/var/tmp") as made:
        Path(made).chmod(0o755)
        yield lambda name: Path(tempfile.mkdtemp(prefix=f"{name}-", dir=made))


@pytest.fixture(scope="session")
def volume(image: Image, room: Callable[[str], Path]) -> Callable[[], Path]:
    """Makes data volumes as Docker would: empty, owned by the user of the image."""

    def _volume() -> Path:
        path = room("volume")
        os.chown(path, int(image.uid), int(image.uid))
        return path

    return _volume


@pytest.fixture(scope="session")
def start(image: Image, volume: Callable[[], Path]) -> Iterator[Callable[..., Container]]:
    """Start the image with a command and an environment; all are stopped at the end."""
    started: list[Container] = []
    backups = volume()

    def _start(*command: str, data: Path, **environment: str) -> Container:
        words = ["sh", HERE / "inside", image.root, image.uid, data, backups, *image.entrypoint, *command]
        process = subprocess.Popen(
            words,
            env={**image.environment, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(Container(process, image, environment))
        return started[-1]

    _start.started = started  # type: ignore[attr-defined]
    yield _start
    for container in reversed(started):
        container.stop()


@pytest.fixture(scope="session")
def webs(start: Callable[..., Container], volume: Callable[[], Path], servers: Servers) -> list[Container]:
    """Two web containers, started at the same moment on an empty database and one data volume."""
    data = volume()
    found = [
        start("serve", "web", data=data, **servers.environment, LANDLAB_BIND=f"{address}:{PORT}") for address in WEBS
    ]
    for container, address in zip(found, WEBS, strict=True):
        container.data = data
        ready = f"http://{address}:{PORT}/api/3/action/package_search?rows=0"
        wait_until(lambda ready=ready: answers(ready), "web", container)
    return found


def wait_until(condition: Callable[[], bool], what: str, container: Container, seconds: float = START) -> None:
    """Wait, but not for a container that has ended."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert container.process.poll() is None, f"{what}: the container ended:\n{container.text[-3000:]}"
        assert time.monotonic() < deadline, f"{what}: not after {seconds} s:\n{container.text[-3000:]}"
        time.sleep(0.5)


def answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=10).ok
    except requests.RequestException:
        return False
