"""A linked file is taken over only from the public web, within bounds of size and time."""

from __future__ import annotations

import io
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from ckanext.landlab.errors import Unfetchable
from ckanext.landlab.legal.fetching import fetch

CONTENT = b"\xef\xbb\xbfa;b\r\n\x00\xff"


class Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        match self.path:
            case "/file":
                self.answer(200, CONTENT)
            case "/away":
                self.answer(302, b"", Location="http://localhost.invalid/")
            case "/inward":
                self.answer(302, b"", Location="http://169.254.169.254/latest/meta-data/")
            case "/round":
                self.answer(302, b"", Location="/round")
            case "/slow":
                self.send_response(200)
                self.end_headers()
                for _ in range(20):
                    self.wfile.write(b"x" * 10)
                    self.wfile.flush()
                    time.sleep(0.2)
            case "/endless":
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"x" * 100_000)
            case _:
                self.answer(404, b"")

    def answer(self, status, content, **headers):
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="module")
def server():
    served = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{served.server_address[1]}"
    served.shutdown()


def reason(address, limit=1000, seconds=5.0, trusted=("127.0.0.1",)):
    with pytest.raises(Unfetchable) as refused:
        fetch(address, io.BytesIO(), limit, seconds, trusted)
    return refused.value.reason


def test_a_file_comes_over_byte_for_byte(server):
    target = io.BytesIO()
    assert fetch(f"{server}/file", target, 1000, 5, ["127.0.0.1"]) == len(CONTENT)
    assert target.getvalue() == CONTENT


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/",
        "http://localhost/",
        "http://10.0.0.1/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://0.0.0.0/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://2130706433/",
    ],
)
def test_the_own_network_is_refused(address):
    assert reason(address, trusted=()) == "private"


def test_a_redirect_into_the_own_network_is_refused(server):
    assert reason(f"{server}/inward") == "private"


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "ftp://a.example/x", "gopher://x", "", "http://", "http://[::1"]
)
def test_what_is_no_web_address_is_refused(address):
    assert reason(address) == "address"


@pytest.mark.parametrize(
    ("path", "why"),
    [("/nothing", "status"), ("/round", "redirects"), ("/away", "unreachable"), ("/endless", "size")],
)
def test_what_cannot_be_had_says_why(server, path, why):
    assert reason(f"{server}{path}") == why


def test_a_file_beyond_the_bound_is_refused_before_it_is_read(server):
    assert reason(f"{server}/file", limit=3) == "size"


def test_a_slow_server_is_given_up(server):
    begun = time.monotonic()
    assert reason(f"{server}/slow", seconds=0.5) in ("time", "broken")
    assert time.monotonic() - begun < 3
