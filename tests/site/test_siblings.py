"""Records that name each other: the page of a series lists its datasets, however they name it."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests.helpers import call_action
from ckanext.landlab.cli import landlab
from ckanext.landlab.surroundings import context_of, site, stored
from click.testing import CliRunner
from release_case import Case

pytestmark = pytest.mark.usefixtures("non_clean_db", "with_plugins")


@pytest.mark.parametrize("named", ["{site}/dataset/{id}", "{site}/dataset/{name}"])
def test_a_series_lists_the_public_datasets_that_name_it_and_no_others(app, named):
    case = Case()
    user = {"user": case.sysadmin, "landlab_exempt": "sample", "ignore_auth": True}
    given = {
        "type": "dataset_series",
        "title": "Zählungen",
        "notes": "Jedes Jahr.",
        "owner_org": case.organization["id"],
    }
    series = call_action("package_create", dict(user), name=f"reihe-{case.name}", publisher=[{"name": "Amt"}], **given)
    address = named.format(site=site(), **series)
    foreign = f"https://portal.example/dataset/{series['id']}"
    for number, (one, private) in enumerate(
        [(address, False), (address, True), (foreign, False), (address + "x", False)]
    ):
        english = [{"language": "en", "text": f"Count {number}"}]
        record = {
            **case.record,
            "title": f"Zählung {number}",
            "title_translations": english,
            "name": f"z{number}-{case.name}",
            "private": private,
        }
        made = call_action("package_create", dict(user), in_series=[one], **{**record, "private": True})
        model.Package.get(made["id"]).private = private  # as one that came from elsewhere and points elsewhere
        model.Session.commit()

    page = BeautifulSoup(app.get(f"/dataset_series/{series['name']}").body, "html.parser")
    german = BeautifulSoup(app.get(f"/de/dataset_series/{series['name']}").body, "html.parser")

    asked = app.get(f"/de/dataset_series/delete/{series['name']}", headers=case.login(case.sysadmin)).body
    assert BeautifulSoup(asked, "html.parser").h1.get_text() == "Diese Datensatzserie löschen?"
    first = f"a[href$='/z0-{case.name}']"
    assert [one.select_one(first).get_text() for one in (page, german)] == ["Count 0", "Zählung 0"]

    assert {link["href"].rpartition("/")[2] for link in page.select(f"a[href$='-{case.name}']")} & {
        f"z{number}-{case.name}" for number in range(4)
    } == {f"z0-{case.name}"}


def test_each_kind_has_its_own_search_that_says_what_the_others_find(app):
    case = Case()
    user = {"user": case.sysadmin, "landlab_exempt": "sample", "ignore_auth": True}
    word = f"zzq{case.name[-8:]}"
    given = {"notes": "Jedes Jahr.", "owner_org": case.organization["id"], "publisher": [{"name": "Amt"}]}
    call_action("package_create", dict(user), type="dataset_series", title=word, name=f"reihe-{word}", **given)
    endpoint = {"endpoint_url": ["https://dienst.example/"], "title": word, "name": f"dienst-{word}"}
    call_action("package_create", dict(user), type="data_service", **endpoint, **given)

    found = {}
    for kind in ("dataset", "dataset_series", "data_service"):
        page = BeautifulSoup(app.get(f"/de/{kind}/?q={word}").body, "html.parser")
        found[page.select_one(".landlab-found").get_text()] = len(page.select(".landlab-item"))
        others = {link["href"]: " ".join(link.get_text().split()) for link in page.select(".landlab-kinds a")}
        assert others == {
            f"/de/dataset/?q={word}": "Datensätze (0)",
            f"/de/dataset_series/?q={word}": "Datensatzserien (1)",
            f"/de/data_service/?q={word}": "Datenservices (1)",
        }
    assert found == {
        f"Keine Datensätze gefunden für „{word}“": 0,
        f"1 Datensatzserie gefunden für „{word}“": 1,
        f"1 Datenservice gefunden für „{word}“": 1,
    }


BEFORE = "http://alt.example"


def test_after_a_change_of_address_records_find_each_other_again():
    case = Case()
    user = {"user": case.sysadmin, "landlab_exempt": "sample", "ignore_auth": True}
    given = {"notes": "Jedes Jahr.", "owner_org": case.organization["id"], "publisher": [{"name": "Amt"}]}
    series = call_action(
        "package_create", dict(user), type="dataset_series", title="Reihe", name=f"reihe-{case.name}", **given
    )
    old, elsewhere = f"{BEFORE}/dataset/{series['id']}", f"{BEFORE}.org/dataset/{series['id']}"
    record = {**case.record, "name": f"umzug-{case.name}", "private": True, "notes": f"Siehe {BEFORE}/dataset/x."}
    file = {"name": "Bäume", "url": f"{BEFORE}/baeume.csv", "format": "CSV", "access_services": [old]}
    made = call_action("package_create", dict(user), in_series=[old, elsewhere], **{**record, "resources": [file]})
    stood = model.Package.get(made["id"]).metadata_modified
    model.Session.rollback()

    told = CliRunner().invoke(landlab, ["moved", f"{BEFORE}/"])

    model.Session.expire_all()
    package = model.Package.get(made["id"])
    now = stored(package)
    assert (told.exit_code, told.output) == (0, "Records that now point at the new address: 1\n")
    assert now["in_series"] == [f"{site()}/dataset/{series['id']}", elsewhere]
    assert now["resources"][0]["access_services"] == [f"{site()}/dataset/{series['id']}"]
    assert context_of(now).sibling(now["in_series"][0])["id"] == series["id"]
    assert (now["notes"], now["resources"][0]["url"]) == (record["notes"], file["url"])
    assert package.metadata_modified == stood
    assert ": 0\n" in CliRunner().invoke(landlab, ["moved", BEFORE]).output
    assert call_action("package_patch", dict(user), id=made["id"], title="Anders")["in_series"] == now["in_series"]


@pytest.mark.parametrize(
    "before", ["", "alt.example", "ftp://alt.example", "http://", "http://[a", "http://a.example?b", "{site}/"]
)
def test_what_was_no_address_of_the_site_is_refused(before):
    told = CliRunner().invoke(landlab, ["moved", before.format(site=site())])

    assert told.exit_code == 1
    assert "present address" in told.output if "{" in before else "no address of a site" in told.output
