"""What a person has kept with a record speaks of that record only; what came from elsewhere stays as it came."""

from __future__ import annotations

import json

import pytest
from ckan.tests.helpers import call_action
from ckanext.landlab.surroundings import site
from release_case import Case

pytestmark = pytest.mark.usefixtures("non_clean_db", "with_plugins")

TITLE = "<http://purl.org/dc/terms/title>"
ELSEWHERE = "https://portal.example/{name}"
# Nodes that are no records, and chains that end at the record: all this may be said.
OWN = (
    '_:self <https://schema.org/about> _:b0 .\n_:b0 <https://schema.org/name> "Bäume" .\n'
    "_:self <https://schema.org/maintainer> <https://amt.example> .\n"
    '<https://amt.example> <https://schema.org/name> "Amt" .'
)


@pytest.fixture
def case():
    return Case()


def harvested(case: Case) -> tuple[dict, str, str]:
    """A record from another catalogue with its address and that of its file."""
    address = ELSEWHERE.format(name=case.name)
    record = {**case.record, "name": f"fremd-{case.name}", "uri": address, "private": False, "kept_statements": OWN}
    record["resources"] = [{**record["resources"][0], "uri": f"{address}/datei"}]
    context = {"user": case.sysadmin, "landlab_harvested": True}
    return call_action("package_create", context, **record), address, f"{address}/datei"


def test_what_a_person_keeps_says_nothing_of_other_records(case, app):
    _, dataset, file = harvested(case)
    others = {f"{site()}/dataset/another", f"{site()}/organization/{case.organization['id']}", dataset, file}
    lines = {other: f'<{other}> {TITLE} "Falsch" .' for other in others}
    new = "https://neu.example/1"
    lines[new] = f"<{new}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/dcat#Dataset> ."
    login = case.login(case.editor)

    for other, line in lines.items():
        of_files = [{**case.record["resources"][0], "kept_statements": line}]
        for given in ({"kept_statements": line}, {"resources": of_files}):
            record = {"id": case.id, **given}
            answer = app.post("/de/api/3/action/package_patch", json=record, headers=login, status=409)
            assert f"Hier steht etwas über {other}" in str(json.loads(answer.body)["error"])
    assert len(lines) == 5
    made = call_action("package_patch", {"user": case.editor}, id=case.id, kept_statements=OWN)
    assert made["kept_statements"] == OWN


def test_what_came_from_elsewhere_is_given_back_as_it_came(case):
    record, _, _ = harvested(case)
    text = f'{OWN}\n<{site()}/dataset/another> {TITLE} "Andere" .'
    context = {"user": case.sysadmin, "landlab_harvested": True}
    record = call_action("package_patch", context, id=record["id"], kept_statements=text)

    edited = call_action("package_update", {"user": case.sysadmin}, **{**record, "title": "Neuer Titel"})

    assert (edited["title"], edited["kept_statements"]) == ("Neuer Titel", text)
