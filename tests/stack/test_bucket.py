"""A second site beside the first, on the Redis of another, with its uploads in a bucket; its tests follow its life."""

import io
import json
import signal
import subprocess
import zipfile

import psycopg2
import pytest
import requests
import store
from ckanext.landlab.stack import manifest
from ckanext.landlab.stack.place import place_of
from conftest import LANDLAB, Running, wait_for

CSV = "Name;Telefon\nErika Mustermann;0761 201-1234\n"
SETTINGS = """[app:main]
ckan.files.storage.default.type = landlab:s3
ckan.files.storage.default.bucket = daten
ckan.files.storage.default.path = stadt
ckan.files.storage.default.endpoint = {address}
ckan.files.storage.default.key = {key}
ckan.files.storage.default.secret = {secret}
"""


@pytest.fixture(scope="module")
def address():
    with store.running("daten") as found:
        yield found


@pytest.fixture(scope="module")
def terminal(site, address, tmp_path_factory):
    """The site as somebody starts it at a terminal, and the command that runs there."""
    data = tmp_path_factory.mktemp("bucket") / "var"
    data.mkdir()
    (data / "site.ini").write_text(SETTINGS.format(address=address, **store.KEYS))
    redis = f"redis://:{site.secrets()['redis']}@{site.status()['servers']['redis']['address']}/1"
    running = Running(data, CKAN_REDIS_URL=redis)
    command = [LANDLAB, "--data", data, "up", "--no-sample"]
    started = subprocess.Popen(command, env=running.environment, stdout=subprocess.PIPE, text=True)
    wait_for(lambda: started.poll() is not None or running.status()["ready"], 600)
    yield running, started
    running.landlab("down")


@pytest.fixture(scope="module")
def bucket_site(terminal):
    return terminal[0]


@pytest.fixture(scope="module")
def resource(bucket_site):
    """An uploaded file of a private dataset."""
    admin = bucket_site.sysadmin()
    bucket_site.action("organization_create", admin, name="eimer", title="Stadt Eimer")
    bucket_site.action(
        "package_create",
        admin,
        name="liste",
        title="Liste",
        notes="Eine Liste.",
        owner_org="eimer",
        private=True,
        custodian=[{"name": "Amt", "email": "amt@eimer.example"}],
        license_id="http://dcat-ap.de/def/licenses/dl-zero-de/2.0",
        origin="urn:landlab:origin:administrative_records",
    )
    return upload(bucket_site, "resource_create", package_id="liste", name="Liste", text=CSV)


def upload(site, action, text, **values):
    answer = requests.post(
        f"{site.status()['address']}/api/3/action/{action}",
        data={**values, "url": "liste.csv", "format": "CSV"},
        files={"upload": ("liste.csv", text.encode(), "text/csv")},
        headers={"Authorization": site.sysadmin()},
        timeout=30,
    )
    assert answer.ok, answer.text
    return answer.json()["result"]


def key_of(resource):
    found = resource["id"]
    return f"stadt/resources/{found[:3]}/{found[3:6]}/{found[6:]}"


def got(site, path, **headers):
    headers["Authorization"] = site.sysadmin()
    return requests.get(site.status()["address"] + path, headers=headers, timeout=30)


def test_two_sites_run_at_once_on_ports_of_their_own(site, bucket_site):
    ours, theirs = (
        {server["address"] for server in each.status()["servers"].values() if server["pid"] and server["address"]}
        for each in (site, bucket_site)
    )

    assert len(ours) > len(theirs) > 2
    assert ours.isdisjoint(theirs)
    assert site.is_whole()
    assert bucket_site.is_whole()


def test_a_named_server_is_used_and_ours_is_not_started(site, bucket_site):
    redis = bucket_site.status()["servers"]["redis"]

    assert (redis["state"], redis["pid"]) == ("foreign", None)
    assert site.secrets()["redis"] not in redis["address"]
    assert not (bucket_site.data / "redis").exists()


def test_a_file_lies_in_the_bucket_and_goes_out_through_the_site_to_those_who_may(bucket_site, resource, address):
    page = f"/dataset/liste/resource/{resource['id']}/download/liste.csv"

    assert store.contents(address, "daten")[key_of(resource)] == CSV.encode()
    assert not list((bucket_site.data / "files").rglob("*liste*"))
    whole, rest = got(bucket_site, page), got(bucket_site, page, Range="bytes=5-11")
    assert (whole.text, whole.headers["Accept-Ranges"]) == (CSV, "bytes")
    assert (rest.status_code, rest.text) == (206, CSV[5:12])
    assert requests.get(bucket_site.status()["address"] + page, timeout=30).text != CSV
    with zipfile.ZipFile(io.BytesIO(got(bucket_site, "/dataset/liste/paket.zip").content)) as package:
        assert CSV.encode() in [package.read(name) for name in package.namelist()]


def test_a_file_in_the_bucket_is_looked_into(bucket_site, resource):
    found = bucket_site.action("landlab_release_show", bucket_site.sysadmin(), id="liste")

    assert "phone" in json.dumps(found)


def test_ctrl_c_stops_everything_and_a_new_start_skips_what_is_done(terminal, resource):
    running, first = terminal

    first.send_signal(signal.SIGINT)
    said = first.communicate(timeout=60)[0]

    assert first.returncode == 0
    assert "Tables in the database" in said
    assert running.processes() == []
    again = running.landlab("up", "--no-sample", "--detach")
    assert again.returncode == 0
    assert "Tables in the database" not in again.stdout


def test_files_in_the_bucket_are_in_the_backup_and_back_after_the_restore(bucket_site, resource, address, tmp_path):
    before = store.contents(address, "daten")
    assert bucket_site.landlab("backup", str(tmp_path)).returncode == 0
    made = manifest.backups(tmp_path)[-1]
    upload(bucket_site, "resource_update", id=resource["id"], name="Liste", text="etwas anderes\n")
    other = upload(bucket_site, "resource_create", package_id="liste", name="Neu", text="neu\n")
    assert (made / "files" / key_of(resource).removeprefix("stadt/")).read_text() == CSV
    assert store.KEYS["secret"].encode() not in b"".join(file.read_bytes() for file in made.iterdir() if file.is_file())

    assert bucket_site.landlab("down").returncode == 0
    assert bucket_site.processes() == []
    ended = bucket_site.landlab("restore", "--yes", str(tmp_path))
    assert ended.returncode == 0, ended.stdout + ended.stderr
    bucket_site.up()

    assert store.contents(address, "daten") == before
    assert key_of(other) not in before
    assert got(bucket_site, f"/dataset/liste/resource/{resource['id']}/download/liste.csv").text == CSV


def test_a_file_that_is_replaced_during_a_backup_has_it_begin_again(bucket_site, resource, tmp_path):
    dump = "FROM pg_stat_activity WHERE application_name = 'pg_dump' AND wait_event_type = 'Lock'"
    waiting = f"SELECT pg_stat_clear_snapshot(); SELECT count(*) {dump}"
    command = [LANDLAB, "--data", bucket_site.data, "backup", tmp_path]
    connection = psycopg2.connect(place_of(bucket_site.data / "ckan.ini").database)
    with connection, connection.cursor() as cursor:
        cursor.execute("LOCK TABLE harvest_log IN ACCESS EXCLUSIVE MODE")  # the dump waits for it, and nobody else
        running = subprocess.Popen(command, env=bucket_site.environment)
        wait_for(lambda: cursor.execute(waiting) or cursor.fetchone() == (1,), 30)
        upload(bucket_site, "resource_update", id=resource["id"], name="Liste", text="ersetzt\n")
        other = upload(bucket_site, "resource_create", package_id="liste", name="Zweite", text="zweite\n")
    connection.close()

    assert running.wait(60) == 0
    (made,) = manifest.backups(tmp_path)
    folder = made / "files"
    assert (folder / key_of(resource).removeprefix("stadt/")).read_text() == "ersetzt\n"
    assert (folder / key_of(other).removeprefix("stadt/")).read_text() == "zweite\n"
    assert manifest.read(made).rows["resource"] == 2


def test_a_store_that_is_away_is_seen_and_named(bucket_site, resource, address):
    ready = requests.get(bucket_site.status()["address"] + "/health/ready", timeout=30)
    assert ready.json()["parts"]["store"]["state"] == "ok"

    store.client(address).delete_object(Bucket="daten", Key=key_of(resource))
    for key in store.contents(address, "daten"):
        store.client(address).delete_object(Bucket="daten", Key=key)
    store.client(address).delete_bucket(Bucket="daten")

    wait_for(lambda: not requests.get(bucket_site.status()["address"] + "/health/ready", timeout=30).ok, 30)
    said = bucket_site.landlab("doctor")
    assert said.returncode == 1
    assert "there is no such bucket" in said.stdout
    assert "address and keys are right" in said.stdout
