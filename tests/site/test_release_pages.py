"""The guided page: every refusal and every mandatory notice, as a clerk meets them."""

from __future__ import annotations

import io
import re

import pypdf
import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.lib.helpers import url_for
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action
from ckanext.landlab.helpers.readiness import landlab_hints
from release_answers import BLOCKED, NOTED
from release_case import ANSWERS, CHECKED, Case, confirmed

pytestmark = pytest.mark.usefixtures("non_clean_db", "with_plugins")


class Clerk:
    """Somebody at the pages: opens questions, answers them, reads what the overview says."""

    def __init__(self, app, case: Case, name: str) -> None:
        self.app, self.case, self.headers = app, case, case.login(name)
        self.at = f"/dataset/{case.name}/freigabe"

    def page(self, path: str = "", status: int = 200) -> BeautifulSoup:
        answer = self.app.get(self.at + path, headers=self.headers, status=status)
        return BeautifulSoup(answer.body, "html.parser")

    def post(self, path: str, follow_redirects: bool = True, **form):
        answer = self.app.post(self.at + path, data=form, headers=self.headers, follow_redirects=follow_redirects)
        return BeautifulSoup(answer.body, "html.parser")

    def answer(self, question: str, given) -> BeautifulSoup:
        choice, records = given if isinstance(given, tuple) else (given, {})
        form = {f"record-{key}": value for key, value in records.items()}
        return self.post(f"/frage/{question}", follow_redirects=False, choice=choice, then="next", **form)

    def blocking(self) -> set[str]:
        return {item["id"].removeprefix("block-") for item in self.page().select("li[id^=block-]")}

    def notices(self) -> set[str]:
        found = self.page().select("li[id^=notice-], li[id^=choice-]")
        return {item["id"].partition("-")[2] for item in found}


@pytest.fixture
def case(monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.landlab.release.mode", "enforce")
    return Case()


@pytest.fixture
def clerk(app, case):
    return Clerk(app, case, case.editor)


def test_the_cases_are_those_of_the_tree():
    assert {*BLOCKED} | {"A5", "G1", "I", "J"} == {
        *("A1", "A3", "A4", "A5", "B3", "B4", "B5", "C2", "D2", "D4"),
        *("E1", "E2", "F1", "F2", "G1", "G3", "I", "J"),
    }
    assert set(NOTED) == {"A3", "B4", "C2", "D2", "F1", "F3", "G2", *(f"H{n}" for n in range(1, 11))}


def test_every_refusal_of_an_answer_is_told_on_the_page(clerk):
    for code, given in BLOCKED.items():
        for question, answer in given.items():
            clerk.answer(question, answer)
        assert code in clerk.blocking(), code
        undone = {question: ANSWERS[question] for question in given if question in ANSWERS}
        for question, answer in undone.items():
            clerk.answer(question, answer)
        assert code not in clerk.blocking(), code


def test_every_mandatory_notice_is_told_on_the_page_and_can_be_added(clerk):
    for identifier, (given, notices, one_of) in NOTED.items():
        for question, answer in given.items():
            clerk.answer(question, answer)
        assert notices | one_of <= clerk.notices(), identifier
        for question in given:
            clerk.answer(question, ANSWERS.get(question, "unknown"))
    clerk.answer("H8", "yes")
    (link,) = clerk.page().select("#notice-SAFETY a")
    assert "SAFETY" in link["href"]


def test_what_the_catalogue_reads_itself_blocks_too(clerk, case):
    # A5 and I: no custodian's mailbox, no open format.  Past the form, because the form would not save that.
    clerk.answer("G1", "yes")
    assert {"G1"} <= clerk.blocking()
    package = model.Package.get(case.id)
    package.resources_all[0].format = "DWG"
    package.extras["custodian"] = "[]"
    model.Session.commit()
    assert {"A5", "I"} <= clerk.blocking()


def test_a_publisher_that_the_organisation_stands_in_for_is_enough_for_the_attribution(clerk, case):
    by = "http://dcat-ap.de/def/licenses/dl-by-de/2.0"
    call_action("package_patch", {"user": case.editor}, id=case.id, publisher=[], license_id=by)
    assert "I" not in clerk.blocking()


def test_what_the_official_shapes_find_blocks_with_their_reason(clerk, case):
    package = model.Package.get(case.id)
    package.extras["theme"] = '["https://elsewhere.example/theme/trees"]'
    file = package.resources_all[0]
    file.extras = {**file.extras, "status": "egal"}
    model.Session.commit()
    (block,) = clerk.page().select("#block-I")
    said = block.get_text(" ", strip=True)
    assert "https://elsewhere.example/theme/trees" in said
    assert "“Bäume”: " in said


def test_a_mailbox_that_looks_like_a_person_is_warned_about(clerk, case, app):
    given = {"custodian": [{"name": "Grünflächenamt", "email": "erika.mustermann@musterstadt.example"}]}
    call_action("package_patch", {"user": case.editor, "ignore_auth": False}, id=case.id, **given)
    assert "“erika.mustermann@musterstadt.example” under “Custodian”" in clerk.page().select_one("#addresses ~ ul").text
    assert app.get(f"/dataset/{case.name}", headers=clerk.headers).body.count("A shared mailbox is better") == 1
    hints = landlab_hints(case.id)["custodian-0-email"]
    assert any("A shared mailbox is better" in hint["message"] for hint in hints)
    confirmed(case, publish=True)  # a warning only
    assert "A shared mailbox is better" not in app.get(f"/dataset/{case.name}").body


def test_without_confirmation_there_is_no_publication(clerk, case, app):
    case.answer_all()
    clerk.post("/vorlegen")
    page = clerk.post("/bestaetigen", publish="true")
    assert "another person" in page.get_text()
    confirming = Clerk(app, case, case.admin)
    assert "Released" in confirming.post("/bestaetigen", publish="true").get_text()
    assert not call_action("package_show", id=case.id)["private"]


def test_a_walk_from_the_first_question_to_the_last(clerk, case):
    asked = []
    page = clerk.page(f"/frage/{call_action('landlab_release_show', {'user': case.editor}, id=case.id)['next']}")
    while form := page.select_one("form.landlab-question"):
        question = form["action"].rpartition("/")[2]
        asked.append(question)
        revision = form.select_one("input[name=revision]")["value"]
        page = clerk.post(f"/frage/{question}", choice=ANSWERS[question], then="next", revision=revision)
    assert asked == [question for question in ANSWERS_IN_ORDER if question in ANSWERS]
    assert page.select_one("form[action$=vorlegen]")


ANSWERS_IN_ORDER = (
    *("A1", "A2", "A4", "B1", "B5", "C1", "D1", "D3", "D5", "D6", "E1", "E2", "F1", "F2", "F3", "G1", "G2", "G3"),
    *(f"H{n}" for n in range(1, 11)),
)


def test_skipped_questions_are_shown_as_skipped(clerk):
    clerk.answer("A2", "yes")
    (step,) = [
        item for item in clerk.page().select(".landlab-step-skipped") if item.select_one(".landlab-code").text == "A3"
    ]
    assert "skipped because of A2" in step.get_text()


def test_pausing_and_going_back_loses_nothing(clerk):
    clerk.post("/frage/B1", choice="yes", then="overview")
    clerk.answer("B2", ("yes", {"law": "https://www.gesetze-im-internet.de/gemo/"}))
    page = clerk.page("/frage/B2")
    assert page.select_one("#choice-yes").has_attr("checked")
    assert page.select_one("#record-law")["value"] == "https://www.gesetze-im-internet.de/gemo/"
    assert page.select_one("a.btn[href$='frage/B1']")


def test_an_answer_that_cannot_be_saved_keeps_what_was_typed(clerk):
    page = clerk.post("/frage/B2", **{"choice": "yes", "record-law": "Gemeindeordnung"})
    assert page.select_one("#record-law")["value"] == "Gemeindeordnung"
    assert page.select_one("#record-law")["aria-invalid"] == "true"
    assert "begins with https://" in page.select_one("#errors").get_text()


def test_no_choice_is_told(clerk):
    assert "Please choose an answer." in clerk.post("/frage/A1").select_one("#errors").get_text()


def test_two_editors_at_once(clerk, case, app):
    seen = clerk.page("/frage/A1").select_one("input[name=revision]")["value"]
    other = Clerk(app, case, case.admin)
    other.answer("A1", "no")
    page = clerk.post("/frage/A1", choice="yes", revision=seen)
    assert "has changed this release check in the meantime" in page.select_one("#errors").get_text()
    assert page.select_one("#choice-yes").has_attr("checked")


def test_markup_in_what_is_written_down_is_only_text(clerk):
    clerk.answer("B1", "yes")
    clerk.answer("B2", "no")
    clerk.answer("B3", ("yes", {"method": "<script>alert(1)</script>"}))
    raw = clerk.app.get(f"{clerk.at}/frage/B3", headers=clerk.headers).body
    assert "<script>alert(1)" not in raw


def test_a_hundred_kilobytes_are_refused_with_a_sentence(clerk):
    page = clerk.post("/frage/B3", **{"choice": "yes", "record-method": "x" * 100_000})
    assert "At most 5000 characters." in page.select_one("#errors").get_text()


def test_a_question_that_does_not_exist(clerk):
    assert "no such question" in clerk.page("/frage/Z9", status=404).get_text()


def test_giving_back_needs_a_reason_and_takes_it_from_the_queue(clerk, case, app):
    case.answer_all()
    clerk.post("/vorlegen")
    confirming = Clerk(app, case, case.admin)
    queue = app.get("/freigaben", headers=confirming.headers).body
    assert case.name in queue
    assert (
        "Please say what has to be changed."
        in confirming.post("/zurueckgeben", reason=" ").select_one("#errors").get_text()
    )
    confirming.post("/zurueckgeben", reason="Bitte Quelle nennen")
    assert case.name not in app.get("/freigaben", headers=confirming.headers).body


def test_the_record_of_release_as_page_and_pdf(case, app):
    confirmed(case)
    reader = Clerk(app, case, case.editor)
    page = reader.page("/vermerk").get_text()
    pdf = app.get(f"/dataset/{case.name}/freigabe/vermerk.pdf", headers=reader.headers)
    read = pypdf.PdfReader(io.BytesIO(pdf.data))
    printed = " ".join(sheet.extract_text() for sheet in read.pages)
    assert "Baumkataster" in page
    assert "Baumkataster" in printed
    assert "Umlaute" not in printed
    for words in (model.User.get(case.admin).display_name, CHECKED["code"]):
        assert words in page
        assert words in re.sub(r"\s+", " ", printed)
    assert read.trailer["/Root"]["/Lang"] == "en"
    assert read.metadata.title.endswith("Baumkataster")


def test_strangers_see_none_of_it(case, app):
    for name in (case.member, case.stranger):
        for path in ("", "/frage/A1", "/vermerk", "/vermerk.pdf"):
            app.get(f"/dataset/{case.name}/freigabe{path}", headers=case.login(name), status=403)
    assert app.get("/freigaben", follow_redirects=False).status_code in (302, 403)


def test_every_question_says_why(clerk):
    page = clerk.page("/frage/A1")
    link = page.select_one("a[href*='leitfaden/pruefweg#A1']")
    assert link is not None
    guideline = BeautifulSoup(
        clerk.app.get(url_for("landlab_guideline.chapter", chapter="pruefweg")).body, "html.parser"
    )
    assert guideline.select_one("#A1")
