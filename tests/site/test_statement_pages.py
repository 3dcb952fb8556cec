"""Where a notice shows: the dataset's page, the statement in each form, headers, the ZIP, the vocabulary."""

from __future__ import annotations

import csv
import io

import pytest
from bs4 import BeautifulSoup
from ckanext.landlab.legal.notices import vocabulary
from gauges import (  # noqa: F401 some are fixtures
    act,
    administrator,
    browser_of_a_module,
    chosen,
    full_gauge,
    gauge,
    new_organization,
    opened,
    page,
    started_site,
)

pytestmark = pytest.mark.usefixtures("site")

EVIL = "<script>alert(1)</script> [x](javascript:alert(1))"


class TestStatement:
    @pytest.mark.parametrize(
        ("suffix", "accept", "media_type"),
        [
            ("", "text/html", "text/html"),
            ("", "*/*", "text/html"),
            ("", "application/json", "application/json"),
            ("", "text/plain", "text/plain"),
            (".html", "*/*", "text/html"),
            (".json", "*/*", "application/json"),
            (".txt", "*/*", "text/plain"),
        ],
    )
    def test_every_form_by_suffix_or_accept(self, browser, full, suffix, accept, media_type):
        response = page(browser, f"/dataset/{full['name']}/hinweise{suffix}", Accept=accept)
        assert response.status_code == 200
        assert response.mimetype == media_type
        assert "Accept" in response.headers["Vary"]
        text = response.get_data(as_text=True)
        for notice in vocabulary().notices.values():
            assert notice.label["en"] in text

    def test_the_address_that_rdf_names_is_the_page(self, browser, full):
        told = page(browser, f"/dataset/{full['name']}/hinweise.json").json
        assert told["address"] == f"http://test.ckan.net/dataset/{full['id']}/hinweise"
        assert page(browser, told["address"].removeprefix("http://test.ckan.net")).status_code == 200

    def test_an_earlier_version_stays_at_its_address(self, browser, organization):
        dataset = gauge(organization, "SENSOR")
        before = page(browser, f"/dataset/{dataset['id']}/hinweise.json").json
        act("package_patch", id=dataset["id"], notices=chosen("SENSOR", "KNOWN"))
        after = page(browser, f"/dataset/{dataset['id']}/hinweise.json").json
        again = page(browser, f"/dataset/{dataset['id']}/hinweise.json?v={before['version']}").json
        assert [n["code"] for n in after["notices"]] == ["SENSOR", "KNOWN"]
        assert again["notices"] == before["notices"]

    @pytest.mark.parametrize("version", ["99", "1999-01-01", "2999-01-01", "<script>", "x" * 5000])
    def test_a_version_that_does_not_exist_is_404_and_says_so(self, browser, full, version):
        response = page(browser, f"/dataset/{full['name']}/hinweise?v={version}")
        assert response.status_code == 404
        text = response.get_data(as_text=True)
        assert "There is no version" in text
        assert "<script>”" not in text
        answer = page(browser, f"/dataset/{full['name']}/hinweise?v={version}", Accept="application/json")
        assert answer.status_code == 404
        assert "There is no version" in answer.json["error"]

    def test_an_unknown_dataset_is_404(self, browser):
        for rest in ("hinweise", "hinweise/verlauf", "paket.zip"):
            assert page(browser, f"/dataset/nicht-da/{rest}").status_code == 404

    def test_a_private_dataset_shows_nothing(self, browser, organization):
        dataset = gauge(organization, "SENSOR", private=True)
        for rest in ("hinweise", "hinweise.json", "hinweise/verlauf", "hinweise/verlauf.csv", "paket.zip"):
            assert page(browser, f"/dataset/{dataset['id']}/{rest}").status_code == 404

    def test_html_scripts_and_markdown_stay_text(self, browser, organization):
        notice = {"code": "KNOWN", "parameters": {"description": EVIL, "since": "2026-01-01", "fix": "offen"}}
        dataset = gauge(organization, notices=[*chosen("SENSOR"), notice])
        for rest in ("", "/hinweise", "/hinweise/verlauf"):
            text = page(browser, f"/dataset/{dataset['id']}{rest}").get_data(as_text=True)
            assert "<script>alert(1)" not in text
            assert 'href="javascript:' not in text
        assert EVIL in page(browser, f"/dataset/{dataset['id']}/hinweise.txt").get_data(as_text=True)

    def test_all_versions_as_csv(self, browser, organization):
        dataset = gauge(organization, "SENSOR")
        act("package_patch", id=dataset["id"], notices=chosen("SENSOR", "KNOWN"))
        response = page(browser, f"/dataset/{dataset['id']}/hinweise/verlauf.csv")
        rows = list(csv.DictReader(io.StringIO(response.get_data(as_text=True))))
        assert [row["code"] for row in rows] == ["SENSOR", "SENSOR", "KNOWN"]
        assert all(row["valid_from"] and row["address"] for row in rows)

    def test_a_formula_in_a_name_or_parameter_does_not_run_in_a_spreadsheet(self, browser, organization):
        parameters = {"description": "x", "since": "2026-01-01", "fix": "offen"}
        dataset = gauge(organization, "SENSOR", title="=HYPERLINK(1)", name="-2-3")
        act("package_patch", id=dataset["id"], notices=[*chosen("SENSOR"), {"code": "KNOWN", "parameters": parameters}])
        rows = list(csv.reader(io.StringIO(page(browser, f"/dataset/{dataset['id']}/hinweise/verlauf.csv").text)))
        assert "'-2-3" in rows[1]
        assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


class TestHeaders:
    LINKS = (
        '<https://www.govdata.de/dl-de/by-2-0>; rel="license"',
        '/hinweise>; rel="terms-of-service"',
        '.jsonld>; rel="describedby"; type="application/ld+json"',
    )

    @pytest.mark.parametrize("method", ["GET", "HEAD"])
    def test_a_download_carries_its_links(self, browser, full, method):
        (file,) = [file for file in full["resources"] if file["url_type"] == "upload"]
        address = f"/dataset/{full['id']}/resource/{file['id']}/download/messwerte.csv"
        self.assert_links(browser.test_client().open(address, method=method))

    def test_a_redirect_to_another_server_carries_them_too(self, browser, full):
        (file,) = [file for file in full["resources"] if file["url_type"] != "upload"]
        response = page(browser, f"/dataset/{full['id']}/resource/{file['id']}/download")
        assert response.status_code == 302
        self.assert_links(response)

    def test_a_download_that_fails_and_other_pages_carry_none(self, browser, full):
        for address in (f"/dataset/{full['id']}", f"/dataset/{full['id']}/resource/nicht-da/download"):
            assert "terms-of-service" not in str(page(browser, address).headers)

    def assert_links(self, response):
        links = ", ".join(response.headers.getlist("Link"))
        for link in self.LINKS:
            assert link in links
        assert links.isascii()
        assert "Link" in response.headers["Access-Control-Expose-Headers"]


class TestVocabulary:
    @pytest.mark.parametrize(
        ("address", "accept", "media_type"),
        [
            ("/hinweise", "text/html", "text/html"),
            ("/hinweise", "text/turtle", "text/turtle"),
            ("/hinweise", "application/ld+json", "application/ld+json"),
            ("/hinweise.ttl", "*/*", "text/turtle"),
            ("/hinweise.jsonld", "*/*", "application/ld+json"),
        ],
    )
    def test_it_is_given_out_in_three_forms(self, browser, address, accept, media_type):
        response = page(browser, address, Accept=accept)
        assert response.status_code == 200
        assert response.mimetype == media_type
        for code in vocabulary().notices:
            assert code in response.get_data(as_text=True)

    def test_every_notice_has_a_page_with_its_versions(self, browser):
        for code in vocabulary().notices:
            assert page(browser, f"/hinweise/{code}").status_code == 200
        assert page(browser, "/hinweise/NOPE").status_code == 404
        assert page(browser, "/hinweise/GEN?v=99").status_code == 404


class TestAdministration:
    @pytest.fixture(scope="class")
    def token(self, site):
        return {"Authorization": act("api_token_create", user=administrator(), name="test")["token"]}

    def test_nobody_else_gets_in(self, browser, organization):
        for address in (
            "/hinweise/GEN/bearbeiten",
            "/ckan-admin/hinweise",
            f"/organization/hinweise/{organization['name']}",
        ):
            assert page(browser, address).status_code in (302, 403)
            assert browser.post(address, follow_redirects=False).status_code in (302, 403)
        for address in ("/hinweise/GEN/pruefung", "/hinweise/GEN/zuruecknahme"):
            assert browser.post(address, follow_redirects=False).status_code in (302, 403)

    def test_an_administrator_sets_the_notices_of_an_organisation(self, browser, organization, token):
        address = f"/organization/hinweise/{organization['name']}"
        form = {"base_version": "0", "legal_profile": "HE", "notices-0-code": "ANON", "notices-0-method": "Raster"}
        assert browser.post(address, data=form, headers=token, follow_redirects=False).status_code == 302
        said = act("landlab_notices_show", level="organization", id=organization["id"])
        assert said["notices"] == [{"code": "ANON", "parameters": {"method": "Raster"}}]
        assert said["legal_profile"] == "HE"
        shown = page(browser, address, **token).get_data(as_text=True)
        assert "§ 5 HODaG (to be checked)" in shown

    def test_a_notice_without_its_parameters_asks_for_them(self, browser, organization, token):
        address = f"/organization/hinweise/{organization['name']}"
        form = {"base_version": "0", "notices-0-code": "SENSOR"}
        response = browser.post(address, data=form, headers=token)
        html = BeautifulSoup(response.data, "html.parser")
        field = html.find(id="notices-0-device")
        assert field["aria-invalid"] == "true"
        assert "Device class" in html.find(id=field["aria-describedby"]).get_text()

    def test_the_second_of_two_editors_sees_both_texts(self, browser, token):
        shown = act("landlab_notice_show", code="DYN")
        form = {"text_de": "{reason} {fallback}", "text_en": "{reason} {fallback}", "base_version": shown["version"]}
        assert (
            browser.post("/hinweise/DYN/bearbeiten", data=form, headers=token, follow_redirects=False).status_code
            == 302
        )
        stale = {**form, "text_de": "Mein Text {reason} {fallback}"}
        text = browser.post("/hinweise/DYN/bearbeiten", data=stale, headers=token).get_data(as_text=True)
        assert "Somebody else published version" in text
        assert "Mein Text {reason} {fallback}" in text
        assert act("landlab_notice_show", code="DYN")["text"]["de"] == "{reason} {fallback}"
