"""nginx as its container starts it, and a name server that knows where CKAN is."""

from __future__ import annotations

import json
import os
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
import solr9
from conftest import CHECKOUT, PORT, SITE, WEBS, Container, wait_until

UPLOAD = 3  # MB
HOST = SITE.partition("//")[2]


class Names:
    """A name server that knows one name, as Docker's does: it gives all addresses at which `web` runs."""

    def __init__(self, addresses: tuple[str, ...]) -> None:
        self.addresses = addresses
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.socket.getsockname()[1]}"

    def _serve(self) -> None:
        while True:
            question, client = self.socket.recvfrom(512)
            name_end = question.index(b"\0", 12) + 5
            found = self.addresses if question[name_end - 4 : name_end - 2] == b"\0\1" else ()
            head = question[:2] + struct.pack("!HHHHH", 0x8180, 1, len(found), 0, 0)
            answer = b"".join(
                b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 1, 4) + socket.inet_aton(address) for address in found
            )
            self.socket.sendto(head + question[12:name_end] + answer, client)


@dataclass
class Front:
    """A running nginx and its log."""

    url: str
    plain: str
    log: Path
    certificate: Path

    def get(self, path: str, method: str = "GET", **options) -> requests.Response:
        return requests.request(
            method, self.url + path, timeout=60, verify=str(self.certificate), allow_redirects=False, **options
        )

    def logged(self, request: str, seconds: float = 10) -> str:
        """What nginx has written, the line of *request* included; it writes a line after the answer has gone out."""
        deadline = time.monotonic() + seconds
        while request not in {line["request_id"] for line in self._lines()}:
            assert time.monotonic() < deadline, f"no line of {request} after {seconds} s"
            time.sleep(0.05)
        return self.log.read_text()

    def _lines(self) -> list[dict]:
        lines = self.log.read_text().splitlines()
        return [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]


def certify(folder: Path) -> None:
    """Put a new key and its certificate into *folder*."""
    names = f"/CN={HOST}", "-addext", "subjectAltName=IP:127.0.0.1"
    files = "-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"
    request = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    subprocess.run([*request, "-days", "2", "-subj", *names, *files], check=True, capture_output=True)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tls")
    certify(folder)
    return folder


@pytest.fixture(scope="session")
def front(webs: list[Container], room: Callable[[str], Path], certificate: Path) -> Iterator[Callable[..., Front]]:
    """Start nginx as the container does."""
    running: list[subprocess.Popen[bytes]] = []

    def _front(tls: bool = False, names: Names | None = None, port: int = 0, **environment: str) -> Front:
        names = names or Names(WEBS)
        folder = room("nginx")
        folder.chmod(0o755)
        plain, secret = port or solr9.free_port(), solr9.free_port()
        settings = {
            "LANDLAB_WEB": f"web:{PORT}",
            "LANDLAB_SITE_URL": SITE,
            "LANDLAB_RESOLVER": names.place,
            "LANDLAB_NGINX_RUN": str(folder / "run"),
            "LANDLAB_NGINX_CACHE": str(folder / "cache"),
            "LANDLAB_NGINX_HTTP": str(plain),
            "LANDLAB_NGINX_HTTPS": str(secret),
            "LANDLAB_TLS": "on" if tls else "off",
            "LANDLAB_TLS_FOLDER": str(certificate),
            "LANDLAB_MAX_UPLOAD": str(UPLOAD),
            **environment,
        }
        log = folder / "log"
        with log.open("wb") as output:
            command = ["sh", CHECKOUT / "config" / "nginx" / "start"]
            process = subprocess.Popen(command, env={**os.environ, **settings}, stdout=output, stderr=output)
        running.append(process)
        address = f"https://127.0.0.1:{secret}" if tls else f"http://127.0.0.1:{plain}"
        made = Front(address, f"http://127.0.0.1:{plain}", log, certificate / "fullchain.pem")
        asked = {**os.environ, **settings}
        health = ["sh", CHECKOUT / "config" / "nginx" / "answers"]
        wait_until(lambda: subprocess.run(health, env=asked, check=False).returncode == 0, log.read_text(), webs[0], 60)
        return made

    yield _front
    for process in running:
        process.terminate()
        process.wait()


@pytest.fixture(scope="session")
def plain(front: Callable[..., Front]) -> Front:
    return front(LANDLAB_API_RATE="1000")


@pytest.fixture(scope="session")
def secret(front: Callable[..., Front]) -> Front:
    return front(tls=True, LANDLAB_API_RATE="1000")
