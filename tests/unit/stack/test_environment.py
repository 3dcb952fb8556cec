"""What a container is told by its environment."""

import pytest
from ckanext.landlab.errors import SettingMissing, SettingWrong
from ckanext.landlab.stack import environment
from ckanext.landlab.stack.folder import Folder
from sqlalchemy.engine import make_url


def test_a_value_comes_from_the_environment_else_it_is_the_default():
    assert environment.value("LANDLAB_WEB_WORKERS", {"LANDLAB_WEB_WORKERS": " 4 "}) == "4"
    assert environment.value("LANDLAB_WEB_WORKERS", {}) == "2"


def test_a_value_may_lie_in_a_file(tmp_path):
    (tmp_path / "url").write_text("https://daten.example.org\n", encoding="utf-8")

    assert (
        environment.value("LANDLAB_SITE_URL", {"LANDLAB_SITE_URL_FILE": str(tmp_path / "url")})
        == "https://daten.example.org"
    )


def test_what_must_be_set_is_named_with_an_example():
    with pytest.raises(SettingMissing, match=r"^LANDLAB_SITE_URL is not set\. .*Example: LANDLAB_SITE_URL=https://"):
        environment.value("LANDLAB_SITE_URL", {})


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("LANDLAB_SITE_URL", "daten.example.org"),
        ("LANDLAB_SITE_URL", "ftp://daten.example.org"),
        ("LANDLAB_DATABASE", "mysql://ckan@database/ckan"),
        ("LANDLAB_REDIS", "redis:6379"),
        ("LANDLAB_SEARCH", "search"),
        ("LANDLAB_SETTINGS", "/nowhere/site.ini"),
        ("LANDLAB_MAX_UPLOAD", "0"),
        ("LANDLAB_MAX_UPLOAD", "-1"),
        ("LANDLAB_WEB_WORKERS", "2.5"),
        ("LANDLAB_WEB_THREADS", "65"),
        ("LANDLAB_BIND", "5000"),
        ("LANDLAB_PATIENCE", "9" * 50),
        ("LANDLAB_MIGRATE", "perhaps"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(name, wrong):
    with pytest.raises(SettingWrong, match=rf"^{name} is set to .*, but "):
        environment.value(name, {name: wrong})


def test_every_example_and_default_can_be_used(tmp_path):
    for variable in environment.VARIABLES:
        for text in {variable.example, variable.default} - {"", None, "/etc/landlab/site.ini"}:
            assert environment.value(variable.name, {variable.name: text}) == text
    assert len(environment.VARIABLES) >= 11


@pytest.mark.parametrize(
    ("url", "whole"),
    [
        ("postgresql://ckan@database/ckan", "postgresql://ckan:p%40%2Fs@database/ckan"),
        ("postgresql://database:5433/ckan", "postgresql://ckan:p%40%2Fs@database:5433/ckan"),
        ("postgresql://other:own@database/ckan", "postgresql://other:own@database/ckan"),
        (
            "postgresql://ckan@one,two:5433/ckan?target_session_attrs=read-write",
            "postgresql://ckan:p%40%2Fs@one,two:5433/ckan?target_session_attrs=read-write",
        ),
    ],
)
def test_a_password_is_added_where_the_address_has_none(url, whole):
    assert environment.with_password(url, "p@/s", user="ckan") == whole


@pytest.mark.parametrize(
    ("url", "read_by_sqlalchemy"),
    [
        ("postgresql://ckan:p@db/ckan", "postgresql://ckan:p@db/ckan"),
        ("postgresql://ckan:p@db:5433/ckan", "postgresql://ckan:p@db:5433/ckan"),
        ("postgresql://ckan:p@a,b/ckan?x=y", "postgresql://ckan:p@a,b/ckan?x=y"),
        ("postgresql://ckan:p@a:1,b/ckan?x=y", "postgresql://ckan:p@/ckan?x=y&host=a:1&host=b:5432"),
    ],
)
def test_several_hosts_are_said_as_sqlalchemy_reads_them(url, read_by_sqlalchemy):
    assert environment.several(url) == read_by_sqlalchemy
    assert make_url(read_by_sqlalchemy)


def test_redis_knows_no_user():
    assert environment.with_password("redis://redis:6379/0", "secret") == "redis://:secret@redis:6379/0"


def test_a_secret_that_is_given_is_neither_made_nor_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("LANDLAB_SECRET_SITE", "from the environment")
    (tmp_path / "tokens").write_text("from a file\n", encoding="utf-8")
    monkeypatch.setenv("LANDLAB_SECRET_TOKENS_FILE", str(tmp_path / "tokens"))
    folder = Folder(tmp_path / "var")
    folder.make()

    known = folder.secrets()

    assert (known["site"], known["tokens"]) == ("from the environment", "from a file")
    assert not {"site", "tokens"} & set(folder.read("secrets.json"))
    assert len(known["database"]) >= 32
