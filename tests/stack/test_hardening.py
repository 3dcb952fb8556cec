"""A real site against what strangers try: each test names one way in, and fails where it is open."""

import re
import time

import psycopg2
import pytest
import requests
from ckanext.landlab.stack.place import place_of
from redis import Redis

PASSWORD = "ein-langes-passwort"
HTML = b"<!DOCTYPE html><script>document.title='taken over'</script>"
WORKERS = 24  # as many requests as it takes to have met every worker of the web server


@pytest.fixture(scope="module")
def people(site):
    """An organisation with an editor, and one of its datasets; returns the token of a sysadmin."""
    token = site.sysadmin()
    site.action("user_create", token, name="burg-editor", email="editor@burg.example", password=PASSWORD)
    members = [{"name": "burg-editor", "capacity": "editor"}]
    site.action("organization_create", token, name="burg", title="Burg", users=members)
    site.action("package_create", token, name="burg-plan", title="Plan", owner_org="burg", state="draft")
    return token


@pytest.fixture
def address(site, people):
    for key in redis(site).scan_iter("landlab:login:*"):
        redis(site).delete(key)
    return site.status()["address"]


def redis(site):
    port = site.status()["servers"]["redis"]["address"].rpartition(":")[2]
    return Redis(port=int(port), password=site.secrets()["redis"], decode_responses=True)


def login(address, name="burg-editor", password=PASSWORD, session=None, **more):
    session = session or requests.Session()
    answer = session.post(f"{address}/user/login", data={"login": name, "password": password}, timeout=30, **more)
    return session, answer


def field(page):
    """The hidden field of a form against forgery."""
    return re.search(r'name="_csrf_token"[^>]*(?:value|content)="([^"]+)"', page).group(1)


def test_every_page_forbids_foreign_scripts_frames_and_guesses(address):
    for path in ("/", "/dataset/", "/user/login", "/api/3/action/status_show", "/nirgends"):
        told = requests.get(address + path, timeout=30).headers
        policy = dict(rule.partition(" ")[::2] for rule in told["Content-Security-Policy"].split("; "))

        assert policy["script-src"] == "'self'"
        assert (policy["object-src"], policy["base-uri"], policy["frame-ancestors"]) == ("'none'", "'self'", "'self'")
        assert (told["X-Content-Type-Options"], told["X-Frame-Options"]) == ("nosniff", "SAMEORIGIN")
        assert told["Referrer-Policy"] == "strict-origin-when-cross-origin"
        assert "Permissions-Policy" in told


def test_the_cookie_of_a_session_is_closed_to_scripts_and_to_other_sites(address):
    _session, answer = login(address, allow_redirects=False)

    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_the_cookie_that_remembers_a_login_is_closed_too(address):
    session = requests.Session()
    data = {"login": "burg-editor", "password": PASSWORD, "remember": "63072000"}
    answer = session.post(f"{address}/user/login", data=data, timeout=30, allow_redirects=False)

    cookie = next(part for part in answer.raw.headers.getlist("Set-Cookie") if part.startswith("remember_token"))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_login_gets_a_new_session(address):
    session = requests.Session()
    session.get(f"{address}/user/login", timeout=30)
    before = session.cookies["ckan"]
    login(address, session=session)

    assert session.cookies["ckan"] != before


def test_a_session_that_was_left_is_worth_nothing_to_who_has_copied_its_cookie(address):
    session, _answer = login(address)
    inside = f"{address}/dashboard/datasets"
    page = session.get(inside, timeout=30).text
    copied = {"ckan": session.cookies["ckan"]}
    assert requests.get(inside, cookies=copied, timeout=30, allow_redirects=False).status_code == 200

    session.post(f"{address}/user/_logout", data={"_csrf_token": field(page)}, timeout=30)

    assert requests.get(inside, cookies=copied, timeout=30, allow_redirects=False).status_code == 302


def test_a_form_that_another_page_sends_is_refused_also_after_strangers_have_looked_at_it(address):
    session, _answer = login(address)
    form = f"{address}/dataset/edit/burg-plan"
    for _ in range(WORKERS):
        requests.get(form, timeout=30, allow_redirects=False)
        requests.post(form, data={"title": "x"}, timeout=30, allow_redirects=False)

    answers = [session.post(form, data={"title": "übernommen"}, timeout=30) for _ in range(4)]

    assert {answer.status_code for answer in answers} == {400}


def test_a_login_leads_nowhere_else(address):
    _session, answer = login(f"{address}", params=None)
    session = requests.Session()
    answer = session.post(
        f"{address}/user/login?next=https://evil.example/",
        data={"login": "burg-editor", "password": PASSWORD},
        timeout=30,
        allow_redirects=False,
    )

    assert "evil.example" not in answer.headers.get("Location", "")


def test_too_many_failures_are_refused_even_with_the_right_password_and_forgotten_after_a_while(site, address):
    for _ in range(10):
        login(address, password="falsch")
    refused = login(address)[1]

    assert refused.status_code == 429
    assert "warten Sie 15 Minuten" in refused.text
    keys = list(redis(site).scan_iter("landlab:login:*"))
    assert keys
    assert not any("burg" in key or "editor" in key for key in keys)
    assert all(0 < redis(site).ttl(key) <= 900 for key in keys)


def test_a_success_makes_failures_forgotten(address):
    for _ in range(2):
        for _ in range(6):
            login(address, password="falsch")
        assert login(address)[1].status_code == 200


def timed(address, name):
    began = time.perf_counter()
    answer = login(address, name, "falsch")[1]
    return time.perf_counter() - began, answer.text.replace(name, "")


def test_a_failed_login_does_not_say_whether_the_name_is_known(address):
    known, unknown = timed(address, "burg-editor")[1], timed(address, "gibt-es-nicht")[1]

    def shown(page):
        return re.sub(r"\s+|<meta name=\"_csrf_token\"[^>]*>|value=\"[^\"]*\"", "", page)

    assert shown(known) == shown(unknown)


STRANGERS_QUESTIONS = (
    "/user/{}",
    "/user/edit/{}",
    "/user/{}/api-tokens",
    "/user/activity/{}",
    "/user/reset/{}?key=falsch",
    "/user/reset/{}",
    "/api/3/action/user_show?id={}",
    "/api/3/action/followee_list?id={}",
    "/api/3/action/followee_count?id={}",
    "/api/3/action/user_follower_count?id={}",
    "/api/3/action/user_followee_count?id={}",
    "/api/3/action/dataset_followee_count?id={}",
    "/api/3/action/organization_list_for_user?id={}",
    "/api/3/action/am_following_user?id={}",
    "/api/3/action/user_activity_list?id={}",
    "/api/3/action/api_token_list?user={}",
)


@pytest.mark.parametrize("question", STRANGERS_QUESTIONS)
def test_a_stranger_does_not_learn_whether_somebody_is_known(address, question):
    known, unknown = (
        requests.get(address + question.format(name), timeout=30, allow_redirects=False)
        for name in ("burg-editor", "gibt-es-nicht")
    )

    assert known.status_code == unknown.status_code
    assert known.status_code in (302, 403)


def test_a_wish_for_a_new_password_does_not_say_whether_the_name_is_known(address):
    answers = [
        requests.post(f"{address}/user/reset", data={"user": name}, timeout=30)
        for name in ("burg-editor", "gibt-es-nicht", "niemand@example.org")
    ]

    assert {answer.status_code for answer in answers} == {200}
    assert len({re.sub(r"\s+|content=\"[^\"]*\"", "", answer.text) for answer in answers}) == 1


def test_a_stranger_sees_no_members(address):
    found = requests.get(f"{address}/api/3/action/member_list?id=burg", timeout=30).json()["result"]
    shown = requests.get(f"{address}/api/3/action/organization_show?id=burg&include_users=true", timeout=30)

    assert [row for row in found if row[1] == "user"] == []
    assert "burg-editor" not in shown.text


def uploaded(address, token, name, content, kind):
    return requests.post(
        f"{address}/api/3/action/resource_create",
        data={"package_id": "burg-plan", "name": name, "url": name},
        files={"upload": (name, content, kind)},
        headers={"Authorization": token},
        timeout=30,
    )


@pytest.mark.parametrize(("name", "kind"), [("seite.html", "text/html"), ("bild.svg", "image/svg+xml")])
def test_an_uploaded_page_is_saved_and_never_run(address, people, name, kind):
    made = uploaded(address, people, name, HTML, kind).json()["result"]

    told = requests.get(made["url"], headers={"Authorization": people}, timeout=30)

    assert told.content == HTML
    assert told.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in told.headers["Content-Security-Policy"]
    assert told.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", ["setup.exe", "makro.VBS", "start.bat"])
def test_a_program_is_not_taken(address, people, name):
    refused = uploaded(address, people, name, b"MZ", "application/octet-stream")

    assert refused.status_code == 409
    assert "Programme" in refused.json()["error"]["upload"][0]


def test_a_short_password_is_not_taken(site, people):
    url = f"{site.status()['address']}/api/3/action/user_create"
    about = {"name": "kurz", "email": "kurz@burg.example", "password": "elfzeichen1"}

    refused = requests.post(url, json=about, headers={"Authorization": people}, timeout=30)

    assert refused.status_code == 409
    assert "mindestens 12 Zeichen" in refused.json()["error"]["password"][0]


def test_a_file_beyond_the_bound_is_not_taken(address, people):
    png = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(6 * 1024 * 1024)
    answer = requests.post(
        f"{address}/api/3/action/organization_patch",
        data={"id": "burg"},
        files={"image_upload": ("bild.png", png, "image/png")},
        headers={"Authorization": people},
        timeout=60,
    )

    assert answer.status_code == 409


def test_a_picture_of_an_organisation_must_be_one(address, people):
    answer = requests.post(
        f"{address}/api/3/action/organization_patch",
        data={"id": "burg"},
        files={"image_upload": ("bild.png", HTML, "image/png")},
        headers={"Authorization": people},
        timeout=30,
    )

    assert answer.status_code == 409


def test_an_error_shows_no_code(site, address):
    with psycopg2.connect(place_of(site.data / "ckan.ini").database) as connection, connection.cursor() as cursor:
        cursor.execute("ALTER TABLE package RENAME TO package_away")
        connection.commit()
        try:
            answer = requests.get(f"{address}/dataset/burg-plan", timeout=30)
        finally:
            cursor.execute("ALTER TABLE package_away RENAME TO package")
            connection.commit()
    connection.close()
    assert answer.status_code == 500
    for word in ("Traceback", "site-packages", "SELECT", "psycopg2", "package_away"):
        assert word not in answer.text
    for path in ("/dataset/%00", "/api/3/action/package_search?rows=x", "/api/3/action/nirgends", "/dataset/?page=x"):
        answer = requests.get(address + path, timeout=30)
        assert "Traceback" not in answer.text
        assert "site-packages" not in answer.text


def test_a_token_is_not_kept_where_it_could_be_read(site, people):
    shown = site.action("api_token_list", people, user="keeper")

    assert people not in str(shown)
