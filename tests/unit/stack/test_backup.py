"""Backups: what counts as one, what is a secret, and which database is meant."""

import pytest
from ckanext.landlab.errors import BackupRefused
from ckanext.landlab.stack import manifest
from ckanext.landlab.stack.backup import backup, is_secret
from ckanext.landlab.stack.manifest import LIST, SEAL, Manifest, digest_of
from ckanext.landlab.stack.place import Place, place_of, plain


@pytest.mark.parametrize(
    ("option", "value", "secret"),
    [
        ("smtp.password", "x", True),
        ("api_token.jwt.encode.secret", "string:x", True),
        ("solr_url", "http://me:mine@host/solr", True),
        ("ckan.recaptcha.privatekey", "x", True),
        ("ckan.site_url", "https://daten.example.org", False),
        ("ckan.site_title", "Offene Daten", False),
    ],
)
def test_a_secret_is_known_by_its_name_or_by_a_password_in_an_address(option, value, secret):
    assert is_secret(option, value) is secret


def test_a_driver_in_the_address_of_a_database_is_not_for_postgresqls_own_programs():
    assert plain("postgresql+psycopg2://me:mine@db/ckan") == "postgresql://me:mine@db/ckan"


@pytest.mark.parametrize(
    ("url", "read_by_libpq"),
    [
        ("postgresql://me:p%40@a,b/ckan?x=y", "postgresql://me:p%40@a,b/ckan?x=y"),
        ("postgresql://me:p%40@a,b:5433/ckan", "postgresql://me:p%40@a:5433,b:5433/ckan"),
        (
            "postgresql://me:p%40@/ckan?target_session_attrs=read-write&host=a:1&host=b:2",
            "postgresql://me:p%40@a:1,b:2/ckan?target_session_attrs=read-write",
        ),
    ],
)
def test_several_hosts_have_their_ports_behind_each_as_libpq_wants_it(url, read_by_libpq):
    assert plain(url) == read_by_libpq


def test_the_password_goes_by_the_environment_and_not_by_the_command_line(tmp_path, monkeypatch):
    monkeypatch.setenv("PGUSER", "somebody else")
    place = Place("postgresql://me:m%40ine@db:5433/ckan?sslmode=require", tmp_path, {})

    named = {name: value for name, value in place.connection().items() if name.startswith("PG")}

    assert named == {
        "PGHOST": "db",
        "PGPORT": "5433",
        "PGUSER": "me",
        "PGPASSWORD": "m@ine",
        "PGDATABASE": "ckan",
        "PGSSLMODE": "require",
    }


def test_the_environment_wins_over_the_settings_file(tmp_path, monkeypatch):
    ini = tmp_path / "ckan.ini"
    ini.write_text("[app:main]\nsqlalchemy.url = postgresql://file/ckan\nckan.storage_path = /files\n")
    monkeypatch.setenv("CKAN_SQLALCHEMY_URL", "postgresql://environment/ckan")

    place = place_of(ini)

    assert (place.database, str(place.files)) == ("postgresql://environment/ckan", "/files")


def test_without_a_site_it_is_said_what_is_missing(tmp_path, monkeypatch):
    monkeypatch.delenv("CKAN_SQLALCHEMY_URL", raising=False)

    with pytest.raises(BackupRefused, match="CKAN_SQLALCHEMY_URL"):
        place_of(tmp_path / "ckan.ini")


@pytest.mark.parametrize("text", ["", "[]", '{"format": 1}', '{"format": 1, "entries": [{"path": 1}]}', "\x00"])
def test_a_list_that_is_none_is_refused_though_its_seal_is_right(tmp_path, text):
    (tmp_path / LIST).write_text(text)
    (tmp_path / SEAL).write_text(f"{digest_of(tmp_path / LIST)}  {LIST}\n")

    with pytest.raises(BackupRefused, match="no backup of landlab"):
        manifest.check(tmp_path)


def test_a_link_that_leads_out_of_the_backup_is_refused(tmp_path):
    outside = tmp_path / "outside"
    outside.write_text("geheim")
    backup = tmp_path / "backup"
    backup.mkdir()
    (backup / "database.dump").symlink_to(outside)
    Manifest("", "", {}, {}, (manifest.Entry("database.dump", 6, digest_of(outside)),)).write(backup)

    with pytest.raises(BackupRefused):
        manifest.check(backup)


def test_a_folder_that_cannot_be_made_is_told_in_a_sentence(tmp_path):
    (tmp_path / "datei").write_text("x", encoding="utf-8")
    with pytest.raises(BackupRefused, match="Not a directory"):
        backup(Place("postgresql://nobody@localhost/nothing", tmp_path, {}), tmp_path / "datei" / "sicherung")
