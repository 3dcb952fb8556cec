"""Records that name each other: the page of a series lists its datasets, however they name it."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests.helpers import call_action
from ckanext.landlab.surroundings import site
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
        record = {**case.record, "title": f"Zählung {number}", "name": f"z{number}-{case.name}", "private": private}
        made = call_action("package_create", dict(user), in_series=[one], **{**record, "private": True})
        model.Package.get(made["id"]).private = private  # as one that came from elsewhere and points elsewhere
        model.Session.commit()

    page = BeautifulSoup(app.get(f"/dataset_series/{series['name']}").body, "html.parser")

    assert {link["href"].rpartition("/")[2] for link in page.select(f"a[href$='-{case.name}']")} & {
        f"z{number}-{case.name}" for number in range(4)
    } == {f"z0-{case.name}"}
