"""What is installed is what the lock file pins, with a hash each, and the bill of materials names all of it."""

import json
import re
from importlib.metadata import version
from pathlib import Path

from ckanext.landlab.stack.cli import main
from ckanext.landlab.stack.sbom import bill, locked
from click.testing import CliRunner

CHECKOUT = Path(__file__).parents[3]
LOCKS = (CHECKOUT / "requirements.txt", CHECKOUT / "requirements-dev.txt")
MADE_BY = {"pip", "setuptools", "wheel"}  # come with the virtual environment


def test_every_package_is_pinned_to_one_version_with_its_hashes():
    for lock in LOCKS:
        pinned = locked(lock)

        assert len(pinned) > 20
        assert {name: sums for name, sums in pinned.items() if not sums} == {}
        names = [line for line in lock.read_text().splitlines() if re.match(r"[A-Za-z0-9]", line)]
        assert [line for line in names if "==" not in line] == []


def test_nothing_is_installed_that_no_lock_file_pins():
    pinned = {key for lock in LOCKS for key in locked(lock)}
    installed = {
        (part["name"], part["version"]) for part in bill()["components"] if part["purl"].startswith("pkg:pypi")
    }

    assert {part for part in installed - pinned if part[0] not in MADE_BY} == set()


def test_the_bill_names_every_package_and_the_servers_inside_of_wheels():
    made = json.loads(json.dumps(bill(LOCKS[0])))
    parts = {part["name"]: part for part in made["components"]}

    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    assert parts["ckan"]["version"] == version("ckan")
    assert parts["ckan"]["purl"] == f"pkg:pypi/ckan@{version('ckan')}"
    assert parts["ckan"]["properties"]
    assert parts["postgresql"]["version"].startswith("18.")
    assert parts["redis"]["version"]
    assert sum("licenses" in part for part in parts.values()) > 0.9 * len(parts)


def test_the_command_prints_it():
    told = CliRunner().invoke(main, ["sbom"])

    assert json.loads(told.output)["components"]
