"""The guideline and the glossary: read, written, versioned, printed, acknowledged."""

from __future__ import annotations

import io

import pypdf
import pytest
from bs4 import BeautifulSoup
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action
from ckanext.landlab.legal import glossary, guideline
from ckanext.landlab.legal.notices import vocabulary
from ckanext.landlab.legal.pdf import document
from ckanext.landlab.legal.release_check import release_check
from ckanext.landlab.model import guideline as table
from pyoxigraph import RdfFormat, parse
from release_case import Case

pytestmark = pytest.mark.usefixtures("non_clean_db", "with_plugins")


@pytest.fixture
def case():
    return Case()


def page(app, path, **options):
    return BeautifulSoup(app.get(path, **options).body, "html.parser")


def version(chapter, language="en"):
    return max((row.version for row in table.versions_of(chapter, language)), default=0)


def write(case, chapter, text, base=None):
    given = {"chapter": chapter, "language": "en", "text": text, "version": version(chapter) if base is None else base}
    return call_action("landlab_guideline_update", {"user": case.sysadmin, "ignore_auth": False}, **given)


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_chapter_is_there_in_both_languages(app, language):
    links = [link["href"] for link in page(app, f"/{language}/leitfaden").select("a[href*='/leitfaden/']")]
    assert len([name for name in guideline.chapters() if any(link.endswith(f"/{name}") for link in links)]) == 12
    for name, chapter in guideline.chapters().items():
        shown = page(app, f"/{language}/leitfaden/{name}")
        assert shown.select_one("article h1").get_text() == chapter.title[language]
        assert len(shown.select_one("article").get_text()) > 500
    assert page(app, f"/{language}/leitfaden").html["lang"].startswith(language)


def test_generated_chapters_hold_every_declared_thing(app):
    check = page(app, "/leitfaden/pruefweg")
    assert {tag["id"] for tag in check.select("article h3[id]")} >= set(release_check().questions)
    notices = page(app, "/leitfaden/hinweise")
    assert {tag["id"] for tag in notices.select("article h3[id]")} >= set(vocabulary().notices)
    fields = page(app, "/leitfaden/metadaten")
    assert {"title", "custodian", "license_id", "origin"} <= {tag["id"] for tag in fields.select("article h3[id]")}
    assert len(page(app, "/leitfaden/lizenzen").select("article h3")) >= 20
    assert {tag["id"] for tag in page(app, "/leitfaden/recht").select("article h2[id]")} >= {"RP", "BW", "HE"}


def test_terms_explain_themselves_for_focus_and_hover(app):
    term = page(app, "/leitfaden/nutzen").select_one(".landlab-term")
    link, text = term.select_one("a"), term.select_one("[role=tooltip]")
    assert link["aria-describedby"] == text["id"]
    assert page(app, "/begriffe").select_one(link["href"].partition("#")[2].join(["#", ""]))


def test_administrators_write_and_everybody_reads(case, app):
    before = version("qualitaet")
    form = {"text": "## New\n\nWritten here.", "version": before, "then": "save"}
    app.post("/leitfaden/qualitaet/bearbeiten", data=form, headers=case.login(case.sysadmin), follow_redirects=True)
    assert "Written here." in app.get("/leitfaden/qualitaet").body
    assert version("qualitaet") == before + 1


def test_a_preview_saves_nothing(case, app):
    before = version("qualitaet")
    form = {"text": "## Preview only", "version": before, "then": "preview"}
    answer = app.post("/leitfaden/qualitaet/bearbeiten", data=form, headers=case.login(case.sysadmin))
    shown = BeautifulSoup(answer.body, "html.parser")
    assert shown.select_one(".landlab-preview h2 + h2").get_text() == "Preview only"
    assert version("qualitaet") == before


def test_scripts_and_dangerous_links_are_removed(case, app):
    bad = '<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)> <p onclick="a()">ok</p>'
    write(case, "beteiligung", bad)
    body = page(app, "/leitfaden/beteiligung").select_one("article")
    assert not body.select("script, img, [onclick]")
    assert "javascript:" not in str(body)
    assert "ok" in body.get_text()


def test_a_second_writer_is_told_and_loses_nothing(case, app):
    base = version("stand")
    write(case, "stand", "First")
    form = {"text": "Second", "version": base, "then": "save"}
    answer = app.post("/leitfaden/stand/bearbeiten", data=form, headers=case.login(case.sysadmin))
    shown = BeautifulSoup(answer.body, "html.parser")
    assert "in the meantime" in shown.select_one("#errors").get_text()
    assert shown.select_one("#text").get_text().strip() == "Second"
    assert shown.select_one(".landlab-added").get_text(" ", strip=True).endswith("Second")
    assert version("stand") == base + 1


def test_history_difference_and_restore(case, app):
    write(case, "nutzen", "Old words")
    old = version("nutzen")
    write(case, "nutzen", "New words")
    shown = page(app, f"/leitfaden/nutzen/versionen?a={old}&b={old + 1}")
    assert "Old words" in shown.select_one(".landlab-removed").get_text()
    assert "New words" in shown.select_one(".landlab-added").get_text()
    app.post("/leitfaden/nutzen/wiederherstellen", data={"version": "0"}, headers=case.login(case.sysadmin))
    assert version("nutzen") == old + 2
    assert "What may I do?" in app.get("/leitfaden/nutzen").body


def test_a_version_that_does_not_exist(app):
    assert "has no version 999" in app.get("/leitfaden/nutzen/versionen?a=999", status=404).body
    app.get("/leitfaden/nichts", status=404)


def test_only_administrators_write(case, app):
    for user in (case.editor, case.stranger):
        app.get("/leitfaden/nutzen/bearbeiten", headers=case.login(user), status=403)
        with pytest.raises(tk.NotAuthorized):
            call_action(
                "landlab_guideline_update", {"user": user, "ignore_auth": False}, chapter="nutzen", text="x", version=0
            )


def test_a_chapter_has_bounds(case):
    for text in ("", "x" * 100_001):
        with pytest.raises(tk.ValidationError):
            write(case, "offen", text)


def test_editors_confirm_having_read_and_administrators_see_who_has_not(case, app):
    write(case, "offen", f"Another version for {case.name}")
    unread = (
        page(app, "/leitfaden/kenntnisse", headers=case.login(case.sysadmin)).select_one(".landlab-unread").get_text()
    )
    name = call_action("user_show", id=case.editor)["display_name"]
    assert name in unread
    app.post("/leitfaden/kenntnis", headers=case.login(case.editor), follow_redirects=True)
    shown = page(app, "/leitfaden/kenntnisse", headers=case.login(case.sysadmin))
    assert name in shown.select_one(".landlab-read").get_text()
    app.get("/leitfaden/kenntnisse", headers=case.login(case.editor), status=403)


def test_print_view_and_pdf_hold_every_chapter(app):
    printed = page(app, "/de/leitfaden/druck").select_one("article").get_text()
    pdf = pypdf.PdfReader(io.BytesIO(app.get("/de/leitfaden.pdf").data))
    text = " ".join(sheet.extract_text() for sheet in pdf.pages)
    for chapter in guideline.chapters().values():
        assert chapter.title["de"] in printed
        assert chapter.title["de"] in " ".join(text.split())
    assert pdf.trailer["/Root"]["/Lang"] == "de"


def test_the_pdf_is_set_once_for_all_who_ask(app):
    document.cache_clear()
    first, second = (app.get("/de/leitfaden.pdf").data for _ in range(2))
    english = app.get("/en/leitfaden.pdf").data

    assert first == second != english
    assert (document.cache_info().misses, document.cache_info().hits) == (2, 1)


@pytest.mark.parametrize(("ending", "syntax"), [("ttl", RdfFormat.TURTLE), ("jsonld", RdfFormat.JSON_LD)])
def test_the_glossary_is_skos(app, ending, syntax):
    triples = list(parse(app.get(f"/begriffe.{ending}").data, format=syntax))
    labels = [one for one in triples if str(one.predicate.value).endswith("#prefLabel")]
    assert len(labels) == 2 * len(glossary.terms())
    assert len(glossary.terms()) >= 40


def test_the_glossary_answers_what_is_asked_for(app):
    assert app.get("/begriffe", headers={"Accept": "text/turtle"}).headers["Content-Type"].startswith("text/turtle")
    assert len(page(app, "/begriffe").select("dt")) == len(glossary.terms())
    app.get("/begriffe.xml", status=404)
