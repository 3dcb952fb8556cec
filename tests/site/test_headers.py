"""What depends on the address of the site: behind TLS cookies and browsers stay there."""

import pytest
from ckan.plugins import toolkit as tk
from ckanext.landlab import headers
from ckanext.landlab.logic.validators.password import is_guessed

pytestmark = pytest.mark.usefixtures("with_plugins")


def settings_of(address):
    settings = {"ckan.site_url": address}
    headers.hardened(settings)
    return settings


def test_behind_tls_cookies_travel_encrypted_only():
    secure = settings_of("https://daten.example.org")

    assert secure["SESSION_COOKIE_SECURE"] is True
    assert secure["REMEMBER_COOKIE_SECURE"] is True
    assert secure["REMEMBER_COOKIE_SAMESITE"] == "Lax"
    assert "SESSION_COOKIE_SECURE" not in settings_of("http://localhost:5000")


def test_behind_tls_browsers_are_told_to_stay_there(app, monkeypatch):
    assert "Strict-Transport-Security" not in app.get("/api/3/action/status_show").headers
    monkeypatch.setitem(tk.config, "ckan.site_url", "https://test.ckan.net")

    told = app.get("/api/3/action/status_show").headers

    assert told["Strict-Transport-Security"] == "max-age=31536000"
    assert "upgrade-insecure-requests" in told["Content-Security-Policy"]


def test_a_host_that_the_site_names_may_show_pictures_and_no_scripts(app, monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.landlab.csp.hosts", "https://karten.example.org")

    rules = dict(rule.partition(" ")[::2] for rule in headers.policy().split("; "))

    assert "https://karten.example.org" in rules["img-src"]
    assert rules["script-src"] == "'self'"


@pytest.mark.parametrize(
    "password", ["passwort1234", "Admin123456!", "anna.muster2026", "000000000000", "Qwertz123456"]
)
def test_what_a_program_tries_first_is_no_password(password):
    assert is_guessed(password, "anna.muster")


@pytest.mark.parametrize("password", ["regen faellt auf den rhein", "landlab-admin", "Zk7!pQ2m#x9L"])
def test_words_and_chance_are_passwords(password):
    assert not is_guessed(password, "anna.muster")
