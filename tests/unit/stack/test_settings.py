"""CKAN's settings file: ours, then the site's own, then what only this machine knows."""

from configparser import ConfigParser

import pytest
from ckanext.landlab.stack import serving, settings
from ckanext.landlab.stack.bucket import bucket_of
from ckanext.landlab.stack.folder import Folder

ADDRESSES = settings.Addresses(
    database="postgresql://ckan:p%40ss@127.0.0.1:1/ckan",
    redis="redis://127.0.0.1:2/0",
    search="http://127.0.0.1:3/solr/ckan",
    site="http://localhost:4",
    search_login=("ckan", "word"),
)


@pytest.fixture
def folder(tmp_path):
    folder = Folder(tmp_path)
    folder.make()
    return folder


def read(file):
    """As CKAN reads it: with interpolation, options in their own case."""
    parser = ConfigParser()
    parser.optionxform = str
    parser.read(file)
    return parser["app:main"]


def test_addresses_survive_characters_that_mean_something_in_the_file(folder):
    written = read(settings.write(folder, ADDRESSES))

    assert written["sqlalchemy.url"] == ADDRESSES.database
    assert written["ckan.redis.url"] == ADDRESSES.redis
    assert written["solr_url"] == ADDRESSES.search
    assert (written["solr_user"], written["solr_password"]) == ("ckan", "word")
    assert written["ckan.site_url"] == ADDRESSES.site


def test_the_site_speaks_german_first_and_offers_english(folder):
    written = read(settings.write(folder, ADDRESSES))

    assert written["ckan.locale_default"] == "de"
    assert written["ckan.locales_offered"].split() == ["de", "en"]


def test_the_file_is_readable_by_nobody_else(folder):
    assert settings.write(folder, ADDRESSES).stat().st_mode & 0o777 == 0o600


def test_the_keys_stay_the_same_from_start_to_start(folder):
    first = read(settings.write(folder, ADDRESSES))["SECRET_KEY"]

    assert read(settings.write(folder, ADDRESSES))["SECRET_KEY"] == first
    assert len(first) >= 32


def test_uploads_lie_in_the_data_folder(folder):
    written = read(settings.write(folder, ADDRESSES))

    assert written["ckan.files.storage.default.type"] == "landlab:fs"
    assert written["ckan.files.storage.default.path"] == str(folder.path / "files")


def test_what_a_site_wants_otherwise_wins(folder):
    (folder.path / "site.ini").write_text("[app:main]\nckan.site_title = Offene Daten Neustadt\n", encoding="utf-8")

    assert read(settings.write(folder, ADDRESSES))["ckan.site_title"] == "Offene Daten Neustadt"


def test_the_plugins_are_those_of_the_site():
    assert set(settings.plugins()) == {
        *("landlab", "activity", "scheming_datasets", "scheming_organizations", "dcat", "structured_data", "harvest")
    }


def test_uploads_lie_in_the_data_folder_unless_the_site_names_a_bucket(folder):
    assert read(settings.write(folder, ADDRESSES))["ckan.files.storage.default.path"] == str(folder.path / "files")

    (folder.path / "site.ini").write_text("[app:main]\nckan.files.storage.default.type = landlab:s3\n")
    written = read(settings.write(folder, ADDRESSES))

    assert "ckan.files.storage.default.path" not in written
    assert written["ckan.storage_path"] == str(folder.path / "files")


def test_the_bucket_of_a_container_comes_from_the_environment(folder, monkeypatch):
    (folder.path / "secret").write_text("geheim\n")
    monkeypatch.setenv("LANDLAB_SITE_URL", "https://daten.example.org")
    assert not [option for option in serving._extra() if "storage" in option]

    monkeypatch.setenv("LANDLAB_S3_BUCKET", "daten")
    monkeypatch.setenv("LANDLAB_S3_PREFIX", "/stadt/")
    monkeypatch.setenv("LANDLAB_S3_SECRET_FILE", str(folder.path / "secret"))
    found = bucket_of(read(settings.write(folder, ADDRESSES, serving._extra())))

    assert (found.name, found.prefix, found.secret) == ("daten", "stadt", "geheim")
