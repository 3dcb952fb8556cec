"""nginx with our configuration before the containers: real requests, with TLS and without."""

from __future__ import annotations

import gzip
import json
import os
import re
import shlex
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests
from conftest import CHECKOUT, SITE, WEBS, Container, answers, wait_until
from front import HOST, UPLOAD, Front, Names, certificate, certify, front, plain, secret

__all__ = ["certificate", "front", "plain", "secret"]  # fixtures
RATE = 2  # so low that a slow machine asks more often as well


def test_a_page_comes_with_the_headers_of_safety_and_without_our_version(plain: Front) -> None:
    answer = plain.get("/")

    assert answer.status_code == 200
    assert '<html lang="de"' in answer.text
    for name, value in (
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "SAMEORIGIN"),
        ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ):
        assert answer.raw.headers.getlist(name) == [value], name
    assert answer.headers["Server"] == "nginx"
    assert len(answer.raw.headers.getlist("X-Request-ID")) == 1
    assert "Strict-Transport-Security" not in answer.headers


def test_a_renewed_certificate_holds_after_the_command_of_the_page(
    front: Callable[..., Front], webs: list[Container], tmp_path: Path
) -> None:
    page = (CHECKOUT / "docs" / "operation.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"^docker compose exec nginx (nginx .*)$", page, re.MULTILINE)
    certify(tmp_path)
    renewed = front(tls=True, LANDLAB_TLS_FOLDER=str(tmp_path))
    certify(tmp_path)

    subprocess.run(shlex.split(line.replace("/tmp/nginx", str(renewed.log.parent / "run"))), check=True)

    def shown() -> bytes:
        return ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate(("127.0.0.1", int(renewed.url.rpartition(":")[2]))))

    ours = ssl.PEM_cert_to_DER_cert((tmp_path / "fullchain.pem").read_text())
    wait_until(lambda: shown() == ours, "the new certificate", webs[0], 30)


def test_tls_is_spoken_in_its_safe_versions_only(secret: Front) -> None:
    answer = secret.get("/")
    assert answer.status_code == 200
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")

    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    old.set_ciphers("ALL:@SECLEVEL=0")  # this client would speak it
    port = int(secret.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as wire, pytest.raises(ssl.SSLError):
        old.wrap_socket(wire)


def test_plain_requests_are_led_to_tls(secret: Front) -> None:
    answer = requests.get(f"{secret.plain}/dataset?q=x", allow_redirects=False, timeout=10)

    assert answer.status_code == 308
    assert answer.headers["Location"] == f"https://{HOST}/dataset?q=x"


class Echo(BaseHTTPRequestHandler):
    """Answers with the names of the site that it hears."""

    def do_GET(self) -> None:
        heard = [self.headers.get(name, "") for name in ("Host", "X-Forwarded-Host")]
        body = json.dumps(heard).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


def test_another_host_name_changes_nothing(front: Callable[..., Front], plain: Front) -> None:
    claimed = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    answer = plain.get("/dataset/", headers=claimed)
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        before = front(LANDLAB_WEB=f"127.0.0.1:{server.server_port}")
        heard = before.get("/dataset/", headers=claimed).json()
        server.shutdown()

    assert "evil.example" not in answer.text + str(answer.headers)
    assert heard == [HOST, ""]


@pytest.mark.parametrize("path", ["/", "/api/3/action/status_show", "/catalog.ttl", "/catalog.rdf"])
def test_answers_are_compressed_where_the_client_can_read_it(plain: Front, path: str) -> None:
    packed = plain.get(path, headers={"Accept-Encoding": "gzip"}, stream=True)
    body = packed.raw.read()
    bare = plain.get(path, headers={"Accept-Encoding": "identity"})

    if len(bare.content) > 512:
        assert packed.headers["Content-Encoding"] == "gzip"
        assert len(gzip.decompress(body)) > len(body)
    assert "Accept-Encoding" in packed.headers.get("Vary", "") or len(bare.content) <= 512
    assert "Content-Encoding" not in bare.headers


def test_scripts_speak_german(plain: Front) -> None:
    assert plain.get("/api/i18n/de").json()["Upload"][1] == "Hochladen"


def test_a_feed_is_kept_for_those_who_are_not_logged_in(plain: Front) -> None:
    path = "/catalog.jsonld?page=1"
    first, second = (plain.get(path, headers={"Accept-Encoding": "identity"}) for _ in range(2))
    known = plain.get(path, headers={"Authorization": "some-token", "Accept-Encoding": "identity"})

    assert first.status_code == second.status_code == 200
    assert (first.headers["X-Cache"], second.headers["X-Cache"]) == ("MISS", "REVALIDATED")
    assert known.headers["X-Cache"] == "BYPASS"
    assert first.content == second.content
    assert second.headers["X-Content-Type-Options"] == "nosniff"


def test_a_harvester_that_has_the_feed_is_told_so(plain: Front) -> None:
    answer = plain.get("/catalog.nt")
    again = plain.get("/catalog.nt", headers={"If-None-Match": answer.headers["ETag"]})

    assert (answer.status_code, again.status_code) == (200, 304)
    assert not again.content


def test_head_says_what_get_would(plain: Front) -> None:
    for path in ("/", "/catalog.ttl", "/api/3/action/status_show"):
        head = plain.get(path, "HEAD")
        assert head.status_code == 200, path
        assert not head.content
        assert head.headers["Content-Type"] == plain.get(path).headers["Content-Type"]


def test_static_files_are_kept_and_set_no_cookie(plain: Front) -> None:
    page = plain.get("/").text
    style = next(part.split('"')[0] for part in page.split('href="') if part.startswith("/webassets/"))
    plain.get(style)
    answer = plain.get(style)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/css")
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["X-Cache"] == "HIT"
    assert answer.raw.headers.getlist("Cache-Control") == ["public, max-age=3600"]


def test_a_file_that_is_too_large_is_refused_with_a_sentence(plain: Front) -> None:
    body = os.urandom(UPLOAD * 1024 * 1024 + 1024)

    told = plain.get("/api/3/action/resource_create", "POST", files={"upload": ("a.bin", body)})
    page = plain.get("/dataset/x/resource/new", "POST", files={"upload": ("a.bin", body)})

    assert told.status_code == page.status_code == 413
    assert f"höchstens {UPLOAD} MB" in told.json()["error"]["message"]
    assert f"at most {UPLOAD} MB" in told.json()["error"]["message"]
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert f"höchstens {UPLOAD} MB" in page.text


def test_the_api_is_limited_for_those_without_a_login(front: Callable[..., Front]) -> None:
    slow = front(LANDLAB_API_RATE=str(RATE))

    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(lambda _: slow.get("/api/3/action/status_show"), range(60)))
    refused = [answer for answer in found if answer.status_code == 429]
    with ThreadPoolExecutor(20) as pool:
        token = {"Authorization": "a-token"}
        known = list(pool.map(lambda _: slow.get("/api/3/action/status_show", headers=token), range(60)))

    assert 10 <= len(refused) <= 60 - RATE * 4
    assert {answer.status_code for answer in found} == {200, 429}
    assert refused[0].headers["Retry-After"] == "5"
    assert f"höchstens {RATE} in der Sekunde" in refused[0].json()["error"]["message"]
    assert 429 not in {answer.status_code for answer in known}
    assert slow.get("/").status_code == 200, "pages are not the API"


def test_an_outer_proxy_is_believed_only_where_it_was_named(front: Callable[..., Front]) -> None:
    claim = {"X-Forwarded-Proto": "https"}
    trusting = front(LANDLAB_TRUSTED_PROXY="127.0.0.1")
    wary = front(LANDLAB_TRUSTED_PROXY="10.0.0.0/8")

    assert "Strict-Transport-Security" in trusting.get("/", headers=claim).headers
    assert "Strict-Transport-Security" not in wary.get("/", headers=claim).headers


def test_requests_go_to_every_container_and_a_dead_one_costs_no_answer(
    front: Callable[..., Front], webs: list[Container]
) -> None:
    names = Names((*WEBS, "127.0.0.9"))  # nothing listens there
    balanced = front(names=names, LANDLAB_API_RATE="1000")
    before = [len(container.output) for container in webs]

    found = [balanced.get("/api/3/action/status_show").status_code for _ in range(30)]

    assert found == [200] * 30
    for container, count in zip(webs, before, strict=True):  # a line is written when the answer has gone out
        wait_until(lambda c=container, n=count: len(c.output) > n, "the log of a container", container, 30)


def test_a_container_that_comes_later_is_found_without_a_restart(front: Callable[..., Front]) -> None:
    alone = Names(WEBS[:1])
    found = front(names=alone)
    alone.addresses = WEBS[1:]

    wait_seconds = 12  # `valid=10s`
    threading.Event().wait(wait_seconds)
    assert found.get("/").status_code == 200


def test_while_ckan_is_away_people_get_a_page_and_programs_json(front: Callable[..., Front]) -> None:
    names = Names(WEBS)
    away = front(names=names)
    kept = away.get("/catalog.ttl").content
    names.addresses = ("127.0.0.9",)
    threading.Event().wait(12)

    page, told = away.get("/"), away.get("/api/3/action/status_show")

    assert page.status_code == told.status_code == 502
    assert "Der Katalog ist gerade nicht erreichbar" in page.text
    assert page.headers["Retry-After"] == "30"
    assert "cannot be reached" in told.json()["error"]["message"] or "restarted" in told.json()["error"]["message"]
    assert away.get("/catalog.ttl").content == kept, "a feed is handed out although CKAN is away"


def test_the_log_is_json_with_request_ids_and_without_persons(plain: Front) -> None:
    answer = plain.get("/dataset/?q=geheim", headers={"User-Agent": "Netscape", "X-Forwarded-For": "203.0.113.7"})

    text = plain.logged(answer.headers["X-Request-ID"])
    for word in ("geheim", "Netscape", "203.0.113.7", "127.0.0.1"):
        assert word not in text, word


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("LANDLAB_SITE_URL", "daten", "LANDLAB_SITE_URL is 'daten', but it must be an address such as"),
        ("LANDLAB_TLS", "ja", "LANDLAB_TLS is set to 'ja', but it must be on or off."),
        ("LANDLAB_MAX_UPLOAD", "viel", "LANDLAB_MAX_UPLOAD is set to 'viel', but it must be a whole number"),
        ("LANDLAB_TRUSTED_PROXY", "me; evil", "LANDLAB_TRUSTED_PROXY names 'me;'"),
        ("LANDLAB_TLS_FOLDER", "/nowhere", "LANDLAB_TLS is on, but /nowhere/fullchain.pem is not there"),
    ],
)
def test_a_wrong_setting_stops_nginx_with_a_sentence(tmp_path: Path, variable: str, value: str, said: str) -> None:
    settings = {
        "LANDLAB_WEB": "web:5000",
        "LANDLAB_SITE_URL": SITE,
        "LANDLAB_TLS": "on" if "TLS_FOLDER" in variable else "off",
        "LANDLAB_NGINX_RUN": str(tmp_path / "run"),
        "LANDLAB_NGINX_CACHE": str(tmp_path / "cache"),
        variable: value,
    }
    command = ["sh", CHECKOUT / "config" / "nginx" / "start"]
    ended = subprocess.run(
        command, env={"PATH": os.environ["PATH"], **settings}, capture_output=True, text=True, timeout=20, check=False
    )

    assert ended.returncode == 1
    assert ended.stderr.startswith(said)


def test_no_answer_of_the_fixture_is_taken_for_granted() -> None:
    assert not answers("http://127.0.0.9:1/")
