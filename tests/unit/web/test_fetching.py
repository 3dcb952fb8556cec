"""What lies on the web is taken only from the public web, within bounds of size and time, and not twice."""

from __future__ import annotations

import io
import socket
import time

import pytest
from answering import CONTENT, LARGE, Answers, answering
from ckanext.landlab.errors import Unfetchable
from ckanext.landlab.web import guarding
from ckanext.landlab.web.fetching import Seen, Terms, fetch
from ckanext.landlab.web.guarding import is_public


@pytest.fixture(scope="module")
def server():
    with answering() as address:
        yield address


def terms(size=2_000_000, seconds=5.0, **others):
    return Terms(size=size, seconds=seconds, **{"trusted": ["127.0.0.1"], "pause": 0.01, **others})


def reason(address, **others):
    with pytest.raises(Unfetchable) as refused:
        fetch(address, io.BytesIO(), terms(**others))
    return refused.value.reason


def test_a_file_comes_over_byte_for_byte(server):
    target = io.BytesIO()

    came = fetch(f"{server}/file", target, terms())

    assert target.getvalue() == CONTENT
    assert (came.size, came.media_type, came.seen) == (len(CONTENT), "text/csv", Seen('"one"', "yesterday"))


@pytest.mark.parametrize("seen", [Seen(etag='"one"'), Seen(modified="yesterday")])
def test_what_is_there_already_is_not_sent_again(server, seen):
    target = io.BytesIO()

    assert fetch(f"{server}/known", target, terms(), seen=seen).unchanged
    assert target.getvalue() == b""
    assert not fetch(f"{server}/known", target, terms(), seen=Seen()).unchanged


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
        "http://[64:ff9b::7f00:1]/",
        "http://2130706433/",
        "https://127.0.0.1/",
    ],
)
def test_the_own_network_is_refused(address):
    assert reason(address, trusted=()) == "private"


@pytest.mark.parametrize(
    ("number", "public"),
    [
        ("93.184.216.34", True),
        ("2a00:1450:4001:80b::200e", True),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("2002:7f00:1::", False),
        ("64:ff9b::a00:1", False),
        ("::127.0.0.1", False),
        ("192.0.2.1", False),
    ],
)
def test_addresses_are_judged_also_where_they_wrap_another(number, public):
    assert is_public(number) is public


def test_a_host_is_trusted_with_its_port_or_with_all(server):
    host = server.removeprefix("http://")

    assert fetch(f"{server}/file", io.BytesIO(), terms(trusted=[host])).size == len(CONTENT)
    assert reason(f"{server}/file", trusted=["127.0.0.1:1"]) == "private"


def test_a_name_that_changes_its_address_meanwhile_is_not_followed(server, monkeypatch):
    """The address that was judged is the one connected with: the name is not resolved a second time."""
    asked = []

    def resolved(host, port, *arguments, **options):
        asked.append(host)
        number = "93.184.216.34" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port))]

    connected = []

    def refused(place, **_options):
        connected.append(place)
        raise ConnectionRefusedError

    monkeypatch.setattr(guarding.socket, "getaddrinfo", resolved)
    monkeypatch.setattr(guarding, "create_connection", refused)

    assert reason("http://rebinding.example/", trusted=()) == "unreachable"
    assert (asked, connected) == (["rebinding.example"], [("93.184.216.34", 80)])


def test_one_private_address_among_public_ones_is_enough(monkeypatch):
    numbers = ["93.184.216.34", "10.0.0.1"]
    monkeypatch.setattr(
        guarding.socket, "getaddrinfo", lambda *_a, **_o: [(2, 1, 6, "", (number, 80)) for number in numbers]
    )

    assert reason("http://both.example/", trusted=()) == "private"


def test_a_redirect_into_the_own_network_is_refused(server):
    assert reason(f"{server}/inward") == "private"


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "ftp://a.example/x",
        "gopher://x",
        "",
        "http://",
        "http://[::1",
        "http://a.example/\r\nX: y",
    ],
)
def test_what_is_no_web_address_is_refused(address):
    assert reason(address) == "address"


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/nothing", "status"),
        ("/round", "redirects"),
        ("/away", "unreachable"),
        ("/elsewhere", "address"),
        ("/half", "broken"),
        ("/cut/gzip", "broken"),
        ("/cut/zstd", "broken"),
        ("/packed/br", "encoding"),
    ],
)
def test_what_cannot_be_had_says_why(server, path, why):
    assert reason(f"{server}{path}") == why


@pytest.mark.parametrize("path", ["/endless", "/packed/gzip", "/packed/zstd"])
def test_what_is_too_large_is_refused(server, path):
    assert reason(f"{server}{path}", size=90_000) == "size"


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_packed_answers_are_unpacked(server, encoding):
    target = io.BytesIO()

    fetch(f"{server}/packed/{encoding}", target, terms())

    assert target.getvalue() == LARGE


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_a_bomb_stops_at_the_bound(server, encoding):
    class Counting(io.RawIOBase):
        size = largest = 0

        def write(self, piece):
            self.size += len(piece)
            self.largest = max(self.largest, len(piece))
            return len(piece)

    target = Counting()
    with pytest.raises(Unfetchable) as refused:
        fetch(f"{server}/bomb/{encoding}", target, terms(size=10_000_000))

    assert refused.value.reason == "size"
    assert target.size <= 10_000_000
    assert target.largest <= 32 * 128 * 1024  # what one sip of zstd may grow to


@pytest.mark.parametrize("path", ["/slow/head", "/slow/body", "/silent"])
def test_a_slow_server_is_given_up(server, path):
    begun = time.monotonic()

    assert reason(f"{server}{path}", seconds=0.5) == "time"
    assert time.monotonic() - begun < 20  # half of what the answer takes


def test_a_busy_server_is_asked_again(server):
    target = io.BytesIO(b"before ")
    target.seek(7)

    fetch(f"{server}/busy/2/gently", target, terms(attempts=3))

    assert target.getvalue() == b"before there"


def test_a_server_that_says_when_to_come_again_is_asked_then(server):
    begun = time.time()

    fetch(f"{server}/later", io.BytesIO(), terms(attempts=2))

    assert time.time() - begun > 0.9


def test_a_busy_server_is_not_asked_for_ever(server):
    assert reason(f"{server}/busy/9/always", attempts=2) == "status"
    assert Answers.asked.count("/busy/9/always") == 2


def test_what_is_not_there_is_not_asked_for_again(server):
    assert reason(f"{server}/missing", attempts=3) == "status"
    assert Answers.asked.count("/missing") == 1


def test_a_password_in_an_address_is_not_told():
    assert "secret" not in str(Unfetchable("https://me:secret@a.example/x", "status", "401"))


def test_with_a_proxy_the_own_network_stays_closed():
    assert reason("http://10.0.0.1/", trusted=(), proxy="http://127.0.0.1:9") == "private"
    assert reason("http://name.invalid/", trusted=(), proxy="http://127.0.0.1:9") == "unreachable"
