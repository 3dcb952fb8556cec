"""What is to be mended, told by action and command, and GovData's shapes over a site's own datasets."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from ckan import model
from ckan.plugins.toolkit import NotAuthorized, ValidationError
from ckan.tests.factories import User
from ckan.tests.helpers import call_action, call_auth
from ckanext.landlab import sample as catalogue
from ckanext.landlab import standings
from ckanext.landlab.cli import landlab
from ckanext.landlab.stack.sample.records import sample

SHAPES = Path(__file__).parents[3] / "shared" / "testdata" / "shapes"
SAMPLE = sample()
NAMES = ["baumkataster", "haushalt-2026"]
LITTLE = replace(SAMPLE, entries=[entry for entry in SAMPLE.entries if entry.record["name"] in NAMES])


@pytest.fixture
def datasets(clean_db, clean_index, with_plugins):
    catalogue.load(LITTLE, lambda name: None)


def spoil(name: str) -> None:
    """Put into the stored dataset what a form would not let in."""
    package = model.Package.get(name)
    package.extras = {**package.extras, "theme": json.dumps(["http://example.org/unknown"])}
    model.Session.commit()


def lines(result) -> list[dict]:
    return [json.loads(line) for line in result.output.splitlines() if line.startswith("{")]


def test_findings_are_told_to_those_who_can_mend_them(datasets, cli):
    sound = cli.invoke(landlab, ["check", "--all", "--json"])
    spoil(NAMES[0])
    report = call_action("landlab_dataset_check", id=NAMES[0])
    told = cli.invoke(landlab, ["check", NAMES[0]])

    assert [report["name"] for report in lines(sound)] == NAMES
    assert (sound.exit_code == 0) == all(report["ready"] for report in lines(sound))
    assert (report["name"], report["ready"], report["conforms"]) == (NAMES[0], False, False)
    assert ["theme"] in [finding["path"] for finding in report["findings"] if finding["severity"] == "Violation"]
    assert 0 < report["quality"]["points"] <= 405
    assert (told.exit_code, "„http://example.org/unknown“ steht nicht in der Liste" in told.output) == (1, True)
    stranger = {"user": User()["name"], "model": model}
    with pytest.raises(NotAuthorized):
        call_auth("landlab_dataset_check", stranger, id=NAMES[0])
    owner = model.Package.get(NAMES[0]).owner_org
    standings.refresh(NAMES[0])  # what was spoilt behind CKAN's back
    overview = call_action("landlab_organization_check", id=owner)
    assert (overview["count"], overview["ready"]) == (len(overview["datasets"]), overview["count"] - 1)
    assert [dataset["ready"] for dataset in overview["datasets"] if dataset["name"] == NAMES[0]] == [False]
    assert call_action("landlab_organization_check", id=owner, rows=0)["datasets"] == []
    with pytest.raises(NotAuthorized):
        call_auth("landlab_organization_check", stranger, id=owner)
    with pytest.raises(ValidationError):
        call_action("landlab_organization_check", id=owner, rows="many")


@pytest.mark.skipif(not SHAPES.is_dir(), reason=f"GovData's shapes are not in {SHAPES}")
def test_the_official_shapes_judge_the_datasets_of_the_site(datasets, cli):
    everything = ["validate", "--all", "--shapes", str(SHAPES), "--json"]
    sound = {profile: cli.invoke(landlab, [*everything, "--profile", profile]) for profile in ("3.0", "2.0")}
    spoil(NAMES[0])
    spoilt = cli.invoke(landlab, ["validate", NAMES[0], "--shapes", str(SHAPES), "--json"])

    for result in sound.values():
        assert [verdict["name"] for verdict in lines(result)] == NAMES
        assert [r for verdict in lines(result) for r in verdict["results"] if r["severity"] == "Violation"] == []
        assert result.exit_code == 0
    assert spoilt.exit_code == 1
    wrong = [(r["path"], r["field"]["de"]) for r in lines(spoilt)[0]["results"] if r["severity"] == "Violation"]
    assert wrong == [("theme", "Kategorie")]


@pytest.mark.usefixtures("with_plugins")
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["check"], 2, "name a dataset"),
        (["check", "x", "--all"], 2, "name a dataset"),
        (["check", "nobody"], 1, "there is no dataset nobody"),
        (["validate", "--all", "--shapes", "/nowhere"], 1, "/nowhere lacks v3.0/base"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(cli, arguments, code, said):
    result = cli.invoke(landlab, arguments)

    assert (result.exit_code, said in result.output + result.stderr) == (code, True)
