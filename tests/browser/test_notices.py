"""All twenty notices chosen through the form in a browser, and found again wherever a reader may meet them."""

from __future__ import annotations

import io
import json
import zipfile
from types import SimpleNamespace

import pytest
from conftest import logged_in, started
from legal_records import GAUGE, PARAMETERS
from pyoxigraph import NamedNode, RdfFormat, Store

RIGHTS = NamedNode("http://purl.org/dc/terms/rights")
NAME = "pegel-mit-allen-hinweisen"


@pytest.fixture(scope="module")
def chosen(browser, site):
    """A private dataset whose notices an administrator chose in the form, and what each place says of it."""
    context = browser.new_context(base_url=site.address, locale="de-DE")
    page = logged_in(context.new_page(), site, "admin")
    organization = _created(page)
    _profile_chosen(page, organization)
    _notices_chosen(page)
    yield _seen(page)
    context.close()


def _created(page):
    """A private dataset without notices, made through the API as the page's visitor."""
    organization = _api(page, "organization_list_for_user")[0]
    values = {
        "name": NAME,
        "title": GAUGE["title"],
        "notes": "Wasserstand der Queich, alle fünfzehn Minuten.",
        "owner_org": organization["id"],
        "license_id": GAUGE["license_id"],
        "origin": GAUGE["origin"],
        "publisher": GAUGE["publisher"],
        "custodian": GAUGE["custodian"],
        "private": True,
    }
    _api(page, "package_create", **values)
    upload = {"name": "pegel.csv", "mimeType": "text/csv", "buffer": b"Zeit;Wert\r\n"}
    fields = {"package_id": NAME, "name": "Messwerte", "url": "pegel.csv", "upload": upload}
    answer = page.request.post("/api/3/action/resource_create", multipart=fields, headers=_token(page))
    assert answer.ok, answer.text()
    return organization["name"]


def _api(page, action, **values):
    answer = page.request.post(f"/api/3/action/{action}", data=values, headers=_token(page))
    assert answer.ok, answer.text()
    return answer.json()["result"]


def _token(page):
    """What CKAN wants to see with a request that a visitor's session authorises."""
    field = page.locator("meta[name=csrf_field_name]").get_attribute("content")
    return {"X-CSRFToken": page.locator(f"meta[name='{field}']").get_attribute("content")}


def _profile_chosen(page, organization):
    page.goto(f"/organization/hinweise/{organization}")
    page.select_option("#legal_profile", "RP")
    page.click("form:has(#legal_profile) button[type=submit]")
    page.wait_for_selector(".alert-success")


def _notices_chosen(page):
    page.goto(f"/dataset/edit/{NAME}")
    steps = page.locator("[href*='/dataset/edit/']")
    addresses = {steps.nth(number).get_attribute("href") for number in range(steps.count())}
    for address in [page.url, *sorted(filter(None, addresses))]:
        page.goto(address)
        if page.locator("#notices-add").count():
            started(page)
            break
    for number, (code, values) in enumerate(PARAMETERS.items()):
        page.select_option("#notices-add", code)
        for name, value in values.items():
            field = page.locator(f"[name='notices-{number}-{name}']")
            if field.evaluate("element => element.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
    with page.expect_navigation():
        page.locator("form:has(#notices-add) button[type=submit]").last.click()
    assert page.locator(".error-explanation, .alert-danger").count() == 0, page.locator("body").inner_text()[:2000]


def _seen(page):
    dataset = _api(page, "package_show", id=NAME)
    page.goto(f"/dataset/{NAME}")
    box = [item.inner_text() for item in page.locator(".landlab-notice summary").all()]
    page.goto(f"/dataset/{NAME}/hinweise")
    statement = page.locator("article.landlab-statement").inner_text()
    archive = zipfile.ZipFile(io.BytesIO(page.request.get(f"/dataset/{NAME}/paket.zip").body()))
    store = Store()
    store.load(archive.read("metadata.ttl"), format=RdfFormat.TURTLE)
    (rights,) = {quad.object.value for quad in store.quads_for_pattern(None, RIGHTS, None)}
    file = dataset["resources"][0]
    download = page.request.get(f"/dataset/{dataset['id']}/resource/{file['id']}/download/pegel.csv")
    (terms,) = [link for link in download.headers["link"].split(",") if "terms-of-service" in link]
    return SimpleNamespace(
        api={entry["code"] for entry in dataset["statement"]["notices"]},
        stored={entry["code"]: entry["parameters"] for entry in dataset["notices"]},
        labels={entry["code"]: entry["label"] for entry in dataset["statement"]["notices"]},
        box=box,
        statement=statement,
        zip_text=archive.read("HINWEISE.txt").decode(),
        zip_codes={entry["code"] for entry in json.loads(archive.read("datapackage.json"))["notices"]},
        rdf={entry["code"] for entry in _statement(page, rights)},
        header={entry["code"] for entry in _statement(page, terms.split(">")[0].strip(" <"))},
    )


def _statement(page, address):
    """The notices at an address that RDF or a header named, as a program reads them."""
    answer = page.request.get(address, headers={"Accept": "application/json"})
    assert answer.ok
    return answer.json()["notices"]


@pytest.mark.parametrize("code", PARAMETERS)
class TestEveryNotice:
    def test_is_stored_as_it_was_typed(self, chosen, code):
        assert chosen.stored[code] == PARAMETERS[code]

    def test_shows_on_the_page_of_the_dataset(self, chosen, code):
        assert any(chosen.labels[code] in text for text in chosen.box)

    def test_shows_on_the_statement(self, chosen, code):
        assert f"Text {code}," in chosen.statement

    def test_is_reached_from_rdf(self, chosen, code):
        assert code in chosen.rdf

    def test_is_reached_from_the_header_of_a_download(self, chosen, code):
        assert code in chosen.header

    def test_lies_in_the_zip(self, chosen, code):
        assert f"Text: {code}, " in chosen.zip_text
        assert code in chosen.zip_codes

    def test_is_told_by_the_api(self, chosen, code):
        assert code in chosen.api
