"""`ckan landlab adopt dcatde`: a catalogue of ckanext-dcatde moves into our fields, and back."""

import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.landlab.cli import landlab

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")
EXTRAS = {
    "contributorID": '["http://dcat-ap.de/def/contributors/schleswigHolstein"]',
    "issued": "2020-01-06T00:00:00",
    "spatial_uri": "http://dcat-ap.de/def/politicalGeocoding/stateKey/01",
    "temporal_start": "2020-08-03",
    "contact_name": "Bürgertelefon",
    "contact_email": "buergertelefon@land.example",
    "legalbasisText": '["Umweltinformationsgesetz"]',
    "language": '["http://publications.europa.eu/resource/authority/language/DEU"]',
    "guid": "abc",
}


@pytest.fixture
def bathing() -> str:
    """A dataset as ckanext-dcatde leaves it: extras and JSON texts, themes as groups."""
    group = factories.Group(name="envi")
    organization = factories.Organization()
    dataset = call_action(
        "package_create",
        {"user": call_action("get_site_user")["name"], "landlab_harvested": True},
        type="dataset",
        name="badegewaesser",
        title="Badegewässer",
        notes="Wo man baden kann.",
        owner_org=organization["id"],
        groups=[{"name": group["name"]}],
        resources=[{"url": "https://daten.example/a.csv", "name": "CSV", "format": "CSV"}],
    )
    package = model.Package.get(dataset["id"])
    package.extras = dict(EXTRAS)
    package.maintainer, package.maintainer_email = "Sozialministerium", "post@land.example"
    package.resources[0].extras = {
        "plannedAvailability": "http://dcat-ap.de/def/plannedAvailability/stable",
        "license": "http://dcat-ap.de/def/licenses/cc-by/4.0",
    }
    model.Session.commit()
    return dataset["id"]


def raw(dataset_id: str) -> tuple[dict, tuple, dict]:
    model.Session.expire_all()
    package = model.Package.get(dataset_id)
    return dict(package.extras), (package.maintainer, package.maintainer_email), dict(package.resources[0].extras)


def run(cli, *options: str):
    return cli.invoke(landlab, ["adopt", "dcatde", *options])


def test_what_dcatde_wrote_is_in_our_fields_and_in_rdf(cli, bathing):
    result = run(cli)

    assert result.exit_code == 0, result.output
    shown = call_action("package_show", id=bathing)
    assert (shown["issued"], shown["legalBasis"]) == ("2020-01-06T00:00:00", ["Umweltinformationsgesetz"])
    assert shown["custodian"] == [{"name": "Sozialministerium", "email": "post@land.example"}]
    assert shown["theme"] == ["http://publications.europa.eu/resource/authority/data-theme/ENVI"]
    assert shown["resources"][0]["availability"].endswith("planned-availability/STABLE")
    assert [(extra["key"], extra["value"]) for extra in shown["extras"]] == [("guid", "abc")]
    assert [group["name"] for group in shown["groups"]] == ["envi"]
    assert "contact_email -> contact.email" in result.output
    assert "guid: no field of DCAT-AP.de" in result.output
    turtle = call_action("dcat_dataset_show", id=bathing, format="ttl")
    assert "data-theme/ENVI" in turtle
    assert "buergertelefon@land.example" in turtle


def test_a_dry_run_changes_nothing(cli, bathing):
    before = raw(bathing)

    result = run(cli, "--dry-run")

    assert "Nothing was changed" in result.output
    assert "adopted" in result.output
    assert raw(bathing) == before


def test_undo_gives_everything_back(cli, bathing):
    before = raw(bathing)
    run(cli)
    assert raw(bathing) != before

    result = run(cli, "--undo")

    assert result.exit_code == 0, result.output
    assert raw(bathing) == before
    assert call_action("package_search", q="name:badegewaesser")["results"][0]["maintainer"] == "Sozialministerium"
    assert "adopted" in run(cli).output


def test_what_was_edited_since_is_not_undone(cli, bathing):
    run(cli)
    user = call_action("get_site_user")["name"]
    call_action("package_patch", {"user": user, "landlab_harvested": True}, id=bathing, title="Badestellen")

    result = run(cli, "--undo")

    assert result.exit_code == 1
    assert "was edited since" in result.output
    assert call_action("package_show", id=bathing)["title"] == "Badestellen"


def test_a_second_time_moves_nothing_and_an_unknown_name_is_said(cli, bathing):
    run(cli)

    assert "unchanged" in run(cli).output
    missing = run(cli, "gibt-es-nicht")
    assert (missing.exit_code, "There is no dataset gibt-es-nicht" in missing.output) == (1, True)


def test_what_the_validators_refuse_is_left_as_it_was(cli, bathing):
    package = model.Package.get(bathing)
    package.owner_org = "gone"
    model.Session.commit()
    before = raw(bathing)

    result = run(cli, "badegewaesser")

    assert result.exit_code == 1
    assert "badegewaesser: owner_org" in result.output
    assert raw(bathing) == before
