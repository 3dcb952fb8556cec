"""Whoever watches a site hears what fails, in time and without a secret; `landlab doctor` says what to do."""

import json
import time

import psycopg2
import pytest
import requests
from ckanext.landlab.stack.place import place_of
from conftest import frozen, wait_for
from redis import Redis

PARTS = {"database", "redis", "search", "disk", "queue"}
SERVER = {"database": "postgres", "redis": "redis", "search": "search"}


@pytest.fixture(autouse=True)
def at_rest(site):
    """A worker that lost Redis or its scheduler in the test before has started anew."""
    wait_for(site.is_at_rest, 60)


def ready(site, question=""):
    return requests.get(f"{site.status()['address']}/health/ready{question}", timeout=30)


def count(site, kind):
    told = requests.get(f"{site.status()['address']}/metrics", timeout=30).text
    start = f'landlab_requests_total{{kind="{kind}",status="2xx"}} '
    return next(float(line.removeprefix(start)) for line in told.splitlines() if line.startswith(start))


def redis(site):
    port = site.status()["servers"]["redis"]["address"].rpartition(":")[2]
    return Redis(port=int(port), password=site.secrets()["redis"], decode_responses=True)


def test_a_whole_site_is_alive_and_ready_and_says_how_long_each_part_took(site):
    assert requests.get(f"{site.status()['address']}/health/live", timeout=30).json() == {"status": "ok"}

    told = ready(site)

    assert told.status_code == 200
    assert {part: told.json()["parts"][part]["state"] for part in PARTS} == dict.fromkeys(PARTS, "ok")
    assert all(part["seconds"] >= 0 for part in told.json()["parts"].values())


@pytest.mark.parametrize("part", SERVER)
def test_a_part_that_fails_is_named_and_the_doctor_says_what_to_do(site, part):
    address = site.status()["address"]
    with frozen(site.pid(SERVER[part])):
        time.sleep(2.5)  # what was found a moment ago still holds
        began = time.monotonic()
        told = ready(site)
        alive = requests.get(f"{address}/health/live", timeout=30)
        doctor = json.loads(site.landlab("doctor", "--json").stdout)

    assert told.status_code == 503
    assert part in told.json()["failed"]
    assert time.monotonic() - began < 100
    assert not any(secret in told.text for secret in site.secrets().values())
    assert alive.status_code == 200
    wrong = {symptom["name"]: symptom for symptom in doctor if symptom["state"] == "wrong"}
    assert wrong[part]["advice"]
    wait_for(lambda: ready(site).status_code == 200, 60)


def test_without_a_worker_the_site_serves_and_warns(site):
    connection = redis(site)
    with frozen(site.pid("worker")):  # or it may start anew now, and come to its place while we look
        workers = connection.smembers("rq:workers")
        connection.delete("rq:workers")
        try:
            time.sleep(2.5)
            told, strict = ready(site), ready(site, "?strict")
            doctor = site.landlab("doctor").stdout
        finally:
            connection.sadd("rq:workers", *workers)

    assert (told.status_code, told.json()["status"], told.json()["warnings"]) == (200, "warning", ["queue"])
    assert strict.status_code == 503
    assert "no worker" in doctor


def test_what_rq_lays_beside_a_queue_is_no_queue(site):
    """A worker that was killed with a job in hand leaves such a mark for a day."""
    connection, mark = redis(site), "rq:queue:ckan:default:default:intermediate:first_seen:1"
    connection.set(mark, "1.0", ex=60)
    try:
        time.sleep(2.5)
        told = ready(site).json()
        measured = requests.get(f"{site.status()['address']}/metrics", timeout=30)
    finally:
        connection.delete(mark)

    assert told["parts"]["queue"]["state"] == "ok"
    assert measured.status_code == 200
    assert "first_seen" not in measured.text


def test_the_doctor_finds_datasets_that_search_and_feeds_have_lost(site):
    token = site.sysadmin()
    site.action("organization_create", token, name="doctor", title="Doctor")
    site.action("package_create", token, name="verlaufen", title="Verlaufen", owner_org="doctor", state="draft")
    assert site.landlab("doctor").returncode == 0

    site.ckan("search-index", "clear", "verlaufen")
    ended = site.landlab("doctor")
    site.ckan("search-index", "rebuild", "verlaufen")

    assert ended.returncode == 1
    assert "ckan search-index rebuild" in ended.stdout
    assert site.landlab("doctor").returncode == 0


def test_the_doctor_finds_what_the_feeds_have_lost_and_jobs_that_failed(site):
    token = site.sysadmin()
    site.action("organization_create", token, name="lost", title="Lost")
    about = {"title": "Los", "notes": "Los.", "owner_org": "lost", "private": True}
    about |= {"custodian": [{"name": "Amt", "email": "amt@lost.example"}]}
    about |= {"license_id": "http://dcat-ap.de/def/licenses/dl-zero-de/2.0"}
    made = site.action("package_create", token, name="los", origin="urn:landlab:origin:administrative_records", **about)
    connection, failed = redis(site), "rq:failed:ckan:default:default"
    connection.zadd(failed, {"a-job": time.time() + 3600})  # until then, or a worker that tidies up takes it away
    with psycopg2.connect(place_of(site.data / "ckan.ini").database) as tables, tables.cursor() as cursor:
        cursor.execute("UPDATE package SET private = false WHERE id = %s", (made["id"],))
        tables.commit()
        try:
            told = {symptom["name"]: symptom for symptom in json.loads(site.landlab("doctor", "--json").stdout)}
        finally:
            cursor.execute("UPDATE package SET private = true WHERE id = %s", (made["id"],))
            tables.commit()
            connection.delete(failed)
    tables.close()

    assert (told["feeds"]["state"], told["feeds"]["advice"]) == ("warning", "ckan landlab feeds rebuild")
    assert (told["jobs"]["state"], told["jobs"]["advice"]) == ("warning", "landlab logs worker")


def test_the_doctor_misses_the_backup(site, tmp_path):
    ended = site.landlab("doctor", "--backups", str(tmp_path))

    assert ended.returncode == 1
    assert f"landlab backup {tmp_path}" in ended.stdout


def test_all_workers_of_the_web_server_count_together(site):
    address = site.status()["address"]
    before = count(site, "api")

    for _ in range(24):
        assert requests.get(f"{address}/api/3/action/status_show", timeout=30).ok

    wait_for(lambda: count(site, "api") - before >= 24, 30)  # an answer is counted when it has gone out
    assert count(site, "api") - before == 24
    told = requests.get(f"{address}/metrics", timeout=30).text
    for name in ("landlab_part_works", "landlab_queue_jobs", "landlab_datasets", "landlab_feed_datasets"):
        assert f"\n{name}{{" in told
    assert "landlab_harvest_runs" in told


def test_numbers_are_for_this_machine_and_not_for_who_comes_through_a_proxy(site):
    address = site.status()["address"]

    assert requests.get(f"{address}/metrics", timeout=30).status_code == 200
    for header in ("X-Forwarded-For", "X-Real-IP", "Forwarded"):
        assert requests.get(f"{address}/metrics", headers={header: "127.0.0.1"}, timeout=30).status_code == 403


def logged(site):
    """The lines of the log, each of them whole."""
    text = (site.data / "log" / "web.log").read_text()
    return text[: text.rindex("\n") + 1].splitlines(keepends=True)


def is_logged(site, number):
    """Whether the line of a request is there; it is written when the answer has gone out."""
    return any(number in line and '"status"' in line for line in logged(site))


def test_every_line_of_the_log_is_json_with_the_number_that_the_answer_carried_and_nobodys_name(site):
    address = site.status()["address"]
    answer = requests.get(
        f"{address}/dataset/?q=anna.muster@example.org", headers={"X-Request-ID": "abcdef-0123456789"}, timeout=30
    )
    bad = requests.get(f"{address}/user/anna-muster", headers={"X-Request-ID": "<script>"}, timeout=30)

    assert answer.headers["X-Request-ID"] == "abcdef-0123456789"
    assert bad.headers["X-Request-ID"].isalnum()
    numbers = [answer.headers["X-Request-ID"], bad.headers["X-Request-ID"]]
    wait_for(lambda: all(is_logged(site, number) for number in numbers), 30)
    lines = logged(site)
    told = [json.loads(line) for line in lines if line.strip()]
    mine = [line for line in told if line.get("request") == "abcdef-0123456789"]
    assert [(line["method"], line["status"]) for line in mine if "status" in line] == [("GET", 200)]
    assert "anna" not in "".join(lines)
    assert "{" not in site.landlab("logs", "-n", "1", "web").stdout
