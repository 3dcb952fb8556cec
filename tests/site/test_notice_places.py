"""Beside the downloads and inside the ZIP: where a notice meets somebody before the data are used."""

from __future__ import annotations

import hashlib
import json

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckanext.landlab.legal.inheritance import LEVELS
from ckanext.landlab.legal.notices import vocabulary
from gauges import BYTES, act, browser_of_a_module, full_gauge, opened, page, started_site  # noqa: F401 some are fixtures
from legal_records import PARAMETERS
from pyoxigraph import RdfFormat, Store

TASK = {"code": "GEN", "parameters": PARAMETERS["GEN"]}

pytestmark = pytest.mark.usefixtures("site")


@pytest.mark.parametrize("language", ["de", "en"])
class TestPage:
    def test_every_notice_shows_beside_the_downloads_with_severity_in_words(self, browser, full, language):
        html = BeautifulSoup(page(browser, f"/{language}/dataset/{full['name']}").data, "html.parser")
        box = html.select_one("section.landlab-statement")
        summaries = {item.select_one("summary").get_text(" ", strip=True) for item in box.select(".landlab-notice")}
        assert len(summaries) == 20
        for notice in vocabulary().notices.values():
            word = vocabulary().severities[notice.severity][language]
            assert any(text.startswith(f"{word}: {notice.label[language]}") for text in summaries)
        assert all(icon["aria-hidden"] == "true" for icon in box.select("i.fa"))

    def test_the_box_stands_before_the_downloads(self, browser, full, language):
        text = page(browser, f"/{language}/dataset/{full['name']}").get_data(as_text=True)
        assert text.index('id="hinweise"') < text.index('id="dataset-resources"')

    def test_the_attribution_has_a_button_to_copy_it(self, browser, full, language):
        html = BeautifulSoup(page(browser, f"/{language}/dataset/{full['name']}").data, "html.parser")
        button = html.select_one("[data-module=landlab-copy]")
        line = html.find(id=button["data-landlab-from"]).get_text(strip=True)
        assert line == act("landlab_statement_show", id=full["id"], language=language)["attribution"]["text"]

    def test_the_responsibilities_answer_the_questions(self, browser, full, language):
        text = page(browser, f"/{language}/dataset/{full['name']}").get_data(as_text=True)
        assert {"de": "Wer ist wofür verantwortlich?", "en": "Who answers for what?"}[language] in text
        assert "tiefbauamt@landau.example" in text

    def test_the_page_says_where_each_notice_comes_from(self, browser, full, language):
        organization = act("organization_show", id=full["owner_org"])
        act("landlab_notices_update", level="organization", id=organization["id"], legal_profile="RP", notices=[TASK])
        html = BeautifulSoup(page(browser, f"/{language}/dataset/{full['name']}").data, "html.parser")
        sources = [item.get_text(" ", strip=True) for item in html.select(".landlab-notice .landlab-source")]
        own, above = (LEVELS[level][language] for level in ("dataset", "organization"))
        assert any(own in text for text in sources)
        assert any(above in text and organization["title"] in text for text in sources)

    def test_every_notice_leads_to_its_paragraph(self, browser, full, language):
        html = BeautifulSoup(page(browser, f"/{language}/dataset/{full['name']}").data, "html.parser")
        links = {
            link["href"].partition("#")[2] for link in html.select(".landlab-notice a[href*='leitfaden/hinweise']")
        }
        assert links == set(vocabulary().notices)
        chapter = BeautifulSoup(page(browser, f"/{language}/leitfaden/hinweise").data, "html.parser")
        assert all(chapter.find(id=code) for code in links)


class TestPackage:
    @pytest.mark.parametrize("method", ["GET", "HEAD"])
    def test_it_carries_the_links_too(self, browser, full, method):
        response = browser.test_client().open(f"/dataset/{full['name']}/paket.zip", method=method)
        links = ", ".join(response.headers.getlist("Link"))
        for relation in ("license", "terms-of-service", "describedby"):
            assert f'rel="{relation}"' in links
        assert "Link" in response.headers["Access-Control-Expose-Headers"]

    def test_the_files_are_byte_identical_and_the_sums_are_right(self, browser, full):
        archive = opened(page(browser, f"/dataset/{full['name']}/paket.zip"))
        assert archive.testzip() is None
        assert archive.read("daten/messwerte.csv") == BYTES
        sums = dict(reversed(line.split("  ", 1)) for line in archive.read("SHA256SUMS").decode().splitlines())
        assert set(sums) == set(archive.namelist()) - {"SHA256SUMS"}
        for name, value in sums.items():
            assert hashlib.sha256(archive.read(name)).hexdigest() == value

    def test_all_that_a_reader_must_know_lies_beside_them(self, browser, full):
        archive = opened(page(browser, f"/de/dataset/{full['name']}/paket.zip"))
        notices = archive.read("HINWEISE.txt").decode()
        for notice in vocabulary().notices.values():
            assert notice.label["de"] in notices
        assert "dl-de/by-2-0" in archive.read("LIZENZ.txt").decode()
        told = json.loads(archive.read("datapackage.json"))
        assert [entry["code"] for entry in told["notices"]] != []
        assert {entry["code"] for entry in told["notices"]} == set(vocabulary().notices)
        assert told["licenses"][0]["name"] == "dl-by-de-2.0"
        assert {"title": "Tiefbauamt", "email": "tiefbauamt@landau.example", "role": "maintainer"} in told[
            "contributors"
        ]
        assert len(told["contributors"]) == len({tuple(one.items()) for one in told["contributors"]}) > 1
        (file,) = [entry for entry in told["resources"] if entry["path"] == "daten/messwerte.csv"]
        assert file["hash"] == "sha256:" + hashlib.sha256(BYTES).hexdigest()
        assert Store().load(archive.read("metadata.ttl"), format=RdfFormat.TURTLE) is None

    def test_a_linked_file_that_cannot_be_had_is_listed(self, browser, full):
        archive = opened(page(browser, f"/de/dataset/{full['name']}/paket.zip"))
        assert archive.namelist().count("daten/pegel.csv") == 0
        assert "http://127.0.0.1:9/pegel.csv: liegt nicht im öffentlichen Netz" in archive.read("HINWEISE.txt").decode()
        told = json.loads(archive.read("datapackage.json"))
        assert "http://127.0.0.1:9/pegel.csv" in [entry["path"] for entry in told["resources"]]

    def test_past_the_bound_a_page_says_so(self, browser, full, monkeypatch):
        monkeypatch.setitem(tk.config, "ckanext.landlab.package.max_size", 0)
        response = page(browser, f"/dataset/{full['name']}/paket.zip")
        assert response.status_code == 413
        assert "The package would be too large" in response.get_data(as_text=True)
