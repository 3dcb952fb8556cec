"""docker-compose.yml and .env.example: what they name exists, and says the same on both sides."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from ckanext.landlab.stack import answering, environment, serving
from ckanext.landlab.stack.cli import main
from ckanext.landlab.stack.folder import SECRETS

CHECKOUT = Path(__file__).parents[2]
TEXT = (CHECKOUT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
VARIABLE = re.compile(r"(?<!\$)\$\{(\w+)(?:(:[-?])([^}]*))?\}")
OUR_IMAGE = [name for name, service in SERVICES.items() if "LANDLAB_IMAGE" in service["image"]]
ONCE = {"secrets"}


def dotenv() -> dict[str, str]:
    """Every variable that .env.example names, set or commented out, with its value there."""
    text = (CHECKOUT / ".env.example").read_text(encoding="utf-8")
    return dict(re.findall(r"^#?([A-Z][A-Z0-9_]*)=(.*)$", text, re.MULTILINE))


def filled_in(text: str, **given: str) -> str:
    """*text* as compose reads it after `cp .env.example .env`."""

    def fill(found: re.Match[str]) -> str:
        name, kind, rest = found.groups()
        value = given.get(name, "")
        return value or (rest if kind == ":-" else "")

    return VARIABLE.sub(fill, text).replace("$$", "$")


def settings(service: str) -> dict[str, str]:
    return {name: filled_in(str(value)) for name, value in SERVICES[service].get("environment", {}).items()}


def health(service: str) -> list[str]:
    return SERVICES[service]["healthcheck"]["test"]


def test_the_services_are_those_of_the_design():
    assert set(SERVICES) == {"secrets", "web", "worker", "database", "redis", "solr", "small-search", "nginx"}
    assert SERVICES["database"]["image"].startswith("postgres:17")
    assert SERVICES["solr"]["image"].startswith("solr:9")


def test_every_variable_is_in_the_example_with_the_default_that_compose_has():
    told = dotenv()
    for name, kind, default in VARIABLE.findall(TEXT):
        assert name in told, f"{name} is missing in .env.example"
        if kind == ":-" and name not in ("LANDLAB_SITE_URL",):
            assert told[name] == default, name
    used = {name for name, _kind, _default in VARIABLE.findall(TEXT)} | {"COMPOSE_PROFILES"}
    assert set(told) == used
    assert len(used) >= 40


def test_a_copied_example_is_all_it_takes():
    text = (CHECKOUT / ".env.example").read_text(encoding="utf-8")
    given = dict(re.findall(r"^([A-Z][A-Z0-9_]*)=(.*)$", text, re.MULTILINE))

    assert given == {"LANDLAB_SITE_URL": "http://localhost", "COMPOSE_PROFILES": "solr"}
    demanded = {name for name, kind, _default in VARIABLE.findall(TEXT) if kind == ":?"}
    assert demanded <= set(given)
    assert not [name for name in given if "SECRET" in name or "PASSWORD" in name]


@pytest.mark.parametrize("service", [name for name in OUR_IMAGE if name != "small-search"])
def test_our_containers_get_variables_that_we_read_and_values_that_we_take(service):
    secret = {environment.SECRET + name.upper() for name in SECRETS}
    for name, value in settings(service).items():
        if name.startswith("CKAN_SMTP_"):
            continue
        assert name in environment.KNOWN or name in secret, name
        if name in environment.KNOWN and value and not value.startswith("/etc/landlab"):
            assert environment.value(name, {name: value}) == value
    needed = {variable.name for variable in environment.VARIABLES if variable.default is None}
    assert needed <= set(settings(service))


def test_nginx_gets_the_variables_that_its_start_reads():
    start = (CHECKOUT / "config" / "nginx" / "start").read_text(encoding="utf-8")
    read = set(re.findall(r"\$\{?(LANDLAB_[A-Z_]+)", start))

    assert set(settings("nginx")) <= read
    assert read - set(settings("nginx")) <= {
        *("LANDLAB_NGINX_RUN", "LANDLAB_NGINX_CACHE", "LANDLAB_NGINX_HTTP", "LANDLAB_NGINX_HTTPS"),
        *("LANDLAB_TLS_FOLDER", "LANDLAB_RESOLVER"),
    }


def test_each_error_that_nginx_tells_has_its_words_in_both_languages():
    folder = CHECKOUT / "config" / "nginx"
    (told,) = re.findall(r"error_page ([\d ]+) /landlab-told/page", (folder / "site.conf").read_text(encoding="utf-8"))
    maps = re.findall(
        r"map \$status \$(told_\w+) \{\n(.*?)\n\}", (folder / "told.conf").read_text(encoding="utf-8"), re.DOTALL
    )
    pages = "".join((folder / "told" / f"page.{ending}").read_text(encoding="utf-8") for ending in ("html", "json"))

    assert {name for name, _rows in maps} == set(re.findall(r'var="(\w+)"', pages))
    for name, rows in maps:
        words = dict(re.findall(r'^    (\w+) "([^"<>\\$]+)";$', rows, re.MULTILINE))
        assert set(words) == set(told.split()) - {"502", "504"} | {"default"}, name
        assert len(words) == len(rows.splitlines()), name


def test_every_volume_is_declared_and_used():
    mounts = [filled_in(mount).split(":")[0] for service in SERVICES.values() for mount in service.get("volumes", [])]
    named = {source for source in mounts if not source.startswith((".", "/"))}
    files = {source for source in mounts if source.startswith(".")}

    assert named == set(COMPOSE["volumes"])
    assert files == {"./config/site.ini", "./config/solr", "./config/nginx", "./tls"}
    assert all((CHECKOUT / source).exists() for source in files - {"./tls"})


def test_what_lies_in_the_repository_is_mounted_read_only():
    for service in SERVICES.values():
        for mount in service.get("volumes", []):
            source, _, rest = filled_in(mount).partition(":")
            assert not source.startswith(".") or rest.endswith(":ro"), mount


def test_only_nginx_has_open_ports():
    assert [name for name, service in SERVICES.items() if service.get("ports")] == ["nginx"]
    assert not [name for name, service in SERVICES.items() if service.get("network_mode") == "host"]
    inside = {filled_in(port).split(":")[1] for port in SERVICES["nginx"]["ports"]}
    start = (CHECKOUT / "config" / "nginx" / "start").read_text(encoding="utf-8")
    assert inside == {"8080", "8443"} == set(re.findall(r"LANDLAB_NGINX_HTTPS?:-(\d+)", start))


def test_servers_that_hold_data_cannot_be_reached_from_outside():
    assert COMPOSE["networks"]["back"] == {"internal": True}
    for name in ("database", "redis", "solr", "small-search"):
        assert list(SERVICES[name]["networks"]) == ["back"], name
    assert SERVICES["nginx"]["networks"] == ["front"]


@pytest.mark.parametrize("name", [name for name in SERVICES if name not in ONCE])
def test_every_service_heals_itself_and_has_limits(name):
    service = SERVICES[name]

    assert service["restart"] == "unless-stopped"
    assert health(name)
    limits = service["deploy"]["resources"]["limits"]
    assert float(filled_in(limits["cpus"])) > 0
    assert re.fullmatch(r"\d+[mg]", filled_in(limits["memory"]))
    assert service["logging"]["options"]["max-size"]


def test_what_is_waited_for_can_be_known():
    for name, service in SERVICES.items():
        for needed, how in service.get("depends_on", {}).items():
            condition = how["condition"]
            assert condition == "service_completed_successfully" if needed in ONCE else "service_healthy", name
            optional = bool(SERVICES[needed].get("profiles"))
            assert how.get("required", True) is not optional, f"{name} waits for {needed}"


def test_our_commands_exist():
    for name in OUR_IMAGE:
        verb, *rest = SERVICES[name]["command"]
        assert verb in main.commands, name
        assert verb != "serve" or rest[0] in serving.PARTS
    asked = [health(name) for name in OUR_IMAGE if name not in ONCE]
    assert all(test[:3] == ["CMD", "landlab", "answers"] and test[3] in answering.QUESTIONS for test in asked)
    assert len(asked) == 3
    for words in (SERVICES["nginx"]["command"], health("nginx")[1:]):
        assert (CHECKOUT / words[1].replace("/etc/landlab/", "config/")).is_file()


def test_either_engine_answers_under_the_same_name():
    for name in ("solr", "small-search"):
        assert SERVICES[name]["networks"]["back"]["aliases"] == ["search"]
        assert SERVICES[name]["profiles"]
    assert environment.KNOWN["LANDLAB_SEARCH"].example in filled_in(TEXT)


def test_the_configuration_for_solr_is_where_solr_looks():
    source = next(mount for mount in SERVICES["solr"]["volumes"] if mount.startswith("./config/solr"))
    inside = source.split(":")[1]

    assert f"precreate-core ckan {inside} " in SERVICES["solr"]["command"][-1]
    assert (CHECKOUT / "config" / "solr" / "conf" / "schema.xml").is_file()


def test_the_health_checks_read_the_files_that_the_secrets_are_in(tmp_path):
    from ckanext.landlab.stack.folder import Folder

    serving.share_secrets(Folder(tmp_path / "data"), tmp_path / "made")
    written = {f"/run/secrets-made/{file.name}" for file in (tmp_path / "made").iterdir()}

    assert set(re.findall(r"/run/secrets-made/[a-z.]+", TEXT)) <= written


def test_the_file_follows_the_compose_specification():
    compose_spec = pytest.importorskip(
        "compose_spec", reason="THE COMPOSE FILE WAS NOT CHECKED: compose-spec is missing"
    )
    whole = yaml.safe_load(filled_in(TEXT, **dotenv()))
    parse = compose_spec.PyOptions(apply_merge=True).from_yaml

    parse(yaml.safe_dump(whole)).validate()
    whole["services"]["web"]["restrat"] = "always"
    with pytest.raises(ValueError, match="restrat"):
        parse(yaml.safe_dump(whole))
