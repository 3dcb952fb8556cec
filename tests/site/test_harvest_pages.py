"""The pages of harvest sources: what they tell, who may see them, and that nothing changes by following a link."""

from __future__ import annotations

import re

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.harvest.model import HarvestJob, HarvestSource
from ckanext.landlab import mails
from ckanext.landlab.harvest import reports, wishes
from ckanext.landlab.model import harvest as store
from harvest_case import catalogue, dataset, upstream  # noqa: F401 a fixture

pytestmark = pytest.mark.usefixtures("upstream")


@pytest.fixture
def people(upstream):  # noqa: F811
    """A token for each role in the organisation of the source."""
    users = {role: factories.UserWithToken() for role in ("admin", "editor")}
    for role, user in users.items():
        call_action("organization_member_create", id=upstream.organization["id"], username=user["name"], role=role)
    return {role: {"Authorization": user["token"]} for role, user in users.items()} | {"nobody": {}}


def test_the_page_tells_what_happened_to_administrators_only(upstream, people, app):  # noqa: F811
    upstream.give("trees", dataset("paths").replace('dct:title "Paths"@de ;', ""))
    upstream.harvest()
    upstream.pages["/catalog.ttl"] = catalogue([])
    upstream.harvest()

    page = app.get(f"/de/harvest/admin/{upstream.source}", headers=people["admin"]).body

    assert "Der letzte Lauf ist fehlgeschlagen. Der Katalog bleibt, wie er war." in page
    assert "There is no dataset in it." in page  # as it was noted: the site of the tests speaks English
    assert "https://upstream.example/paths" in page
    assert "It has no title." in page
    assert page.count("<h1") == 1
    assert re.search(r"\d{1,2}\. \w+ 20\d\d, \d\d:\d\d, (1 Sekunde|\d+ Sekunden)\b", words(page))
    last = page[page.index("Letzter Lauf") : page.index("Frühere Läufe")]
    assert "landlab-numbers" not in last  # it found nothing; what was rejected before is told below
    assert [app.get(f"/harvest/admin/{upstream.source}", headers=people[role]).status_code for role in ("editor",)] == [
        403
    ]


def test_where_a_document_is_wrong_is_said_in_german_and_the_words_of_the_parser_are_marked(
    upstream,  # noqa: F811
    people,
    app,
    monkeypatch,
):
    monkeypatch.setitem(tk.config, "ckan.locale_default", "de")
    sent = []
    monkeypatch.setattr(mails, "queue", lambda *mail: sent.append(mail))
    upstream.pages["/catalog.ttl"] = catalogue(["trees"]) + b"\n<https://upstream.example/a> <b> <c> <d> .\n"
    with app.flask_app.test_request_context(environ_overrides={"CKAN_LANG": "de"}):
        upstream.harvest()

    page = app.get(f"/de/harvest/admin/{upstream.source}", headers=people["admin"]).body

    line = upstream.pages["/catalog.ttl"].count(b"\n")
    said = f"Das ist nicht als Turtle lesbar: Der Fehler liegt in Zeile {line}, Spalte"
    assert said in page
    assert re.search(r'<code lang="en">Parser error at line [^<]*</code>', page)
    assert 'lang="de"' not in page[page.index(said) - 200 : page.index(said)]
    assert said in sent[0][2]
    assert "In den Worten des Programms, das es gelesen hat (englisch): Parser error" in sent[0][2]


def test_reasons_are_told_in_the_language_of_the_reader(upstream, people, app, monkeypatch):  # noqa: F811
    """Of a site that speaks German; what was noted before reasons were noted in each language is marked as German."""
    monkeypatch.setitem(tk.config, "ckan.locale_default", "de")
    too_long = dataset("paths", title="x" * 2001)
    with app.flask_app.test_request_context(environ_overrides={"CKAN_LANG": "de"}):
        upstream.give("trees", too_long, dataset("plain").replace('dct:title "Plain"@de ;', ""))
        upstream.harvest()
        upstream.pages["/again.ttl"] = upstream.pages["/catalog.ttl"]
        upstream.harvest(upstream.new_source("/again.ttl"))
        upstream.pages["/catalog.ttl"] = catalogue([])
        upstream.harvest()
    pages = {
        language: [
            app.get(f"/{language}/harvest/admin/{source}", headers=people["admin"]).body
            for source in (upstream.source, "quelle-1")
        ]
        for language in ("de", "en")
    }

    german, english = (" ".join(map(words, pages[language])) for language in ("de", "en"))
    for said, meant in TOLD.items():
        assert (said in german, said in english) == (True, False)
        assert (meant in german, meant in english) == (False, True)
    assert 'lang="de" class="landlab-address"' not in "".join(pages["en"])
    store.note(store.runs(upstream.source)[0].job_id, upstream.source, failure="Es enthält keinen Datensatz.")
    model.repo.commit()
    old = app.get(f"/en/harvest/admin/{upstream.source}", headers=people["admin"]).body
    assert '<p lang="de" class="landlab-address">Es enthält keinen Datensatz.</p>' in old


TOLD = {
    "Er hat keinen Titel.": "It has no title.",
    "Das ist zu lang: 2001 Zeichen.": "This is too long: 2001 characters.",
    "Er ist hier schon als „Trees“ vorhanden": "It is here already as “Trees”",
    "Es enthält keinen Datensatz.": "There is no dataset in it.",
}


def test_runs_are_begun_by_post_and_by_administrators(upstream, people, app):  # noqa: F811
    address = f"/harvest-source/{upstream.source}/run"

    refused = app.post(address, headers=people["editor"], follow_redirects=False)
    link = app.get(f"/harvest/refresh/{upstream.source}", headers=people["admin"], follow_redirects=False)
    before = model.Session.query(HarvestJob).count()
    begun = app.post(address, headers=people["admin"], follow_redirects=False)
    again = app.post(address, headers=people["admin"])

    assert (refused.status_code, link.status_code, before) == (403, 405, 0)
    assert begun.status_code == 302
    assert "A run is under way already." in again.body
    assert model.Session.query(HarvestJob).count() == 1


def test_a_failure_is_told_once(upstream, people, monkeypatch):  # noqa: F811
    sent = []
    monkeypatch.setattr(mails, "queue", lambda *mail: sent.append(mail))

    upstream.harvest()
    upstream.harvest()

    assert len(sent) == len(reports.keepers(upstream.source))
    assert "The server answers with the error 404." in sent[0][2]
    assert f"/harvest/admin/{upstream.source}" in sent[0][2]


def test_a_failure_that_was_noted_in_one_language_is_not_told_again_in_two(upstream, people, app, monkeypatch):  # noqa: F811
    sent = []
    monkeypatch.setattr(mails, "queue", lambda *mail: sent.append(mail))
    upstream.harvest()
    with app.flask_app.test_request_context(environ_overrides={"CKAN_LANG": "de"}):
        runs = [upstream.harvest(), upstream.harvest()]

    assert [run.failure[0] for run in runs] == ["{", "{"]
    assert len(sent) == len(reports.keepers(upstream.source))


FORM = {
    "title": "Land",
    "name": "land",
    "source_type": "landlab_dcat_ap_de",
    "frequency": "DAILY",
    "notes": "",
    "config": "0",
}
ENGLISH = (
    "Source type",
    "Update frequency",
    "Save",
    "Harvest",
    "Add Harvest",
    "This should include",
    "No organization",
)


@pytest.fixture
def german(people, app):
    def page(path: str, **options):
        return app.get(f"/de{path}", headers=people["admin"], **options)

    return page


def words(page: str) -> str:
    """What a person reads of the main part of a page."""
    main = page[page.index("<main") : page.index("</main>")] if "<main" in page else page
    return re.sub(r"<[^>]*>", " ", re.sub(r"(?s)<(script|style).*?</\1>", " ", main))


def test_list_form_and_page_of_a_source_are_german_with_one_heading(upstream, german):  # noqa: F811
    upstream.give("trees")
    upstream.harvest()
    name = model.Package.get(upstream.source).name

    paths = ["/harvest", "/harvest?q=nichts", "/harvest/new", f"/harvest/edit/{name}", f"/harvest/{name}"]
    for path in [*paths, f"/harvest/admin/{name}"]:
        page = german(path, status=200).body
        said = words(page)
        english = [word for word in ENGLISH if re.search(rf"\b{word}\b(?!ing)", said)]
        assert (path, english, page.count("<h1")) == (path, [], 1)
    assert "1 Datensatz" in words(german("/harvest").body)


def test_a_source_is_created_by_the_form_and_what_is_wrong_is_said_at_its_field(upstream, german, people, app):  # noqa: F811
    def sent(**values):
        data = {**FORM, "url": f"{upstream.address}/land.ttl", "owner_org": upstream.organization["id"], **values}
        return app.post("/de/harvest/new", data=data, headers=people["admin"], follow_redirects=False)

    wrong = {
        "url": ({"url": f"{upstream.address}/catalog.ttl"}, "Eine Quelle mit dieser Adresse gibt es schon."),
        "config": ({"config": "hoch"}, "muss eine ganze Zahl von -1000 bis 1000 sein."),
        "frequency": ({"frequency": "often"}, "Bitte wählen Sie, wie oft."),
        "source_type": ({"source_type": "x"}, "Bitte wählen Sie eine der Arten."),
    }
    for field, (values, sentence) in wrong.items():
        page = sent(**values).body
        assert sentence in page
        assert f'id="error-{field}"' in page
        assert f'href="#field-{field}"' in page
        assert 'value="Land"' in page  # nothing typed is lost
    assert 'value="hoch"' in sent(config="hoch").body
    assert "muss eine ganze Zahl" in sent(config="1001").body
    assert model.Session.query(model.Package).filter_by(type="harvest").count() == 1

    created = sent()

    assert created.status_code == 302
    assert model.Package.get("land").owner_org == upstream.organization["id"]


def test_the_priority_is_a_field_and_nobody_types_json(upstream, people, german, app):  # noqa: F811
    def sent(path, **values):
        data = {**FORM, "url": f"{upstream.address}/land.ttl", "owner_org": upstream.organization["id"], **values}
        return app.post(path, data=data, headers=people["admin"], follow_redirects=False).status_code

    def kept():
        model.Session.expire_all()
        known = HarvestSource.get(model.Package.get("land").id)
        return wishes.priority_in(known.config), call_action("harvest_source_show", id=known.id).get("priority")

    empty = german("/harvest/new").body
    created = sent("/harvest/new", config="10"), kept()
    form = german("/harvest/edit/land").body
    changed = sent("/harvest/edit/land", config="-3"), kept()
    emptied = sent("/harvest/edit/land", config=""), kept()

    assert "JSON" not in words(empty).replace("JSON-LD", "")
    assert 'for="field-config"' in empty
    assert "Vorrang unter den Quellen" in empty
    assert re.search(r'name="config" value="10"', form)
    assert (created, changed, emptied) == ((302, (10, 10)), (302, (-3, -3)), (302, (0, None)))


def test_by_the_api_the_priority_is_json_as_before(upstream):  # noqa: F811
    administrator = {"user": factories.Sysadmin()["name"]}

    def patched(config):
        call_action("harvest_source_patch", dict(administrator), id=upstream.source, config=config)
        return wishes.priority_in(HarvestSource.get(upstream.source).config)

    assert patched('{"priority": 10}') == 10
    assert patched('{"priority": 5}') == 5
    assert patched("") == 0
    for wrong in ("{", "[]", '{"priority": true}', '{"priority": 5000}', '{"organisation": "x"}'):
        with pytest.raises(tk.ValidationError, match="config"):
            patched(wrong)


def test_editors_cannot_create_sources(upstream, people, app):  # noqa: F811
    data = {**FORM, "url": "https://elsewhere.example/c.ttl", "owner_org": upstream.organization["id"]}

    app.get("/harvest/new", headers=people["nobody"], status=403)
    refused = app.post("/harvest/new", data=data, headers=people["editor"], follow_redirects=False)

    assert refused.status_code == 403
    assert model.Package.get("land") is None


def test_the_reports_of_ckanext_harvest_lead_to_ours(upstream, people, app):  # noqa: F811
    upstream.give("trees")
    run = upstream.harvest()

    for path in ("job", "job/last", f"job/{run.job_id}"):
        answer = app.get(f"/harvest/{upstream.source}/{path}", headers=people["admin"], follow_redirects=False)
        assert answer.headers["Location"].endswith(f"/harvest/admin/{upstream.source}")
    about = app.get(f"/harvest/about/{upstream.source}", follow_redirects=False)
    assert about.headers["Location"].endswith(f"/harvest/{upstream.source}")
