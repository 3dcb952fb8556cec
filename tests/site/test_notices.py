"""Notices on a site: chosen, inherited, published in versions, and remembered for every day."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from ckanext.landlab.legal.notices import vocabulary
from ckanext.landlab.model import notices as kept
from gauges import act, chosen, gauge, new_organization, started_site  # noqa: F401 the last two are fixtures
from legal_records import PARAMETERS

pytestmark = pytest.mark.usefixtures("site")


def told(dataset):
    return [
        (entry["code"], entry["source"]["level"])
        for entry in act("package_show", id=dataset["id"])["statement"]["notices"]
    ]


def refusal(make):
    with pytest.raises(tk.ValidationError) as refused:
        make()
    return json.dumps(refused.value.error_dict, ensure_ascii=False)


class TestChoosing:
    def test_the_notices_of_a_dataset_come_back_as_they_were_chosen(self, organization):
        dataset = gauge(organization, "SENSOR", "SAFETY")
        assert act("package_show", id=dataset["id"])["notices"] == chosen("SENSOR", "SAFETY")
        assert told(dataset) == [("SAFETY", "dataset"), ("SENSOR", "dataset")]

    @pytest.mark.parametrize("code", list(vocabulary().notices))
    def test_every_code_can_be_chosen(self, organization, code):
        act("landlab_notices_update", level="organization", id=organization["id"], legal_profile="RP")
        dataset = gauge(organization, "SENSOR", *({code} - {"SENSOR"}))
        assert (code, "dataset") in told(dataset)

    def test_a_notice_without_its_parameters_is_refused(self, organization):
        errors = refusal(lambda: gauge(organization, notices=[{"code": "SENSOR", "parameters": {"device": "x"}}]))
        assert "needs “Last calibration”" in errors
        assert "needs “Uncertainty”" in errors

    @pytest.mark.parametrize(
        ("entry", "words"),
        [
            ({"code": "NOPE", "parameters": {}}, "There is no notice “NOPE”"),
            ({"code": {"a": 1}, "parameters": {}}, "There is no notice"),
            ({"code": "ANON", "parameters": {"method": "x" * 100_000}}, "too long"),
            ({"code": "ANON", "parameters": "no mapping"}, "There is no notice"),
            ({"code": "ANON", "parameters": {"method": "x", "evil": "y"}}, "has no parameter “evil”"),
            ({"code": "SAFETY", "parameters": {"channel": "javascript:alert(1)"}}, "no web address"),
            ({"code": "ANON", "parameters": {"method": "Jegliche Haftung ist ausgeschlossen"}}, "excludes liability"),
        ],
    )
    def test_bad_input_is_refused_with_a_sentence(self, organization, entry, words):
        assert words in refusal(lambda: gauge(organization, notices=[*chosen("SENSOR"), entry]))

    def test_the_origin_demands_its_notice(self, organization):
        assert "need the notice “Sensor readings”" in refusal(lambda: gauge(organization))

    def test_a_draft_may_lack_what_the_origin_demands(self, organization):
        assert gauge(organization, state="draft")["state"] == "draft"

    def test_without_custodian_there_is_no_publication(self, organization):
        assert "Nobody answers for these data" in refusal(lambda: gauge(organization, "SENSOR", custodian=[]))

    def test_a_clause_needs_the_profile_of_its_organisation(self, organization):
        errors = refusal(lambda: gauge(organization, "SENSOR", "CLAUSE"))
        assert "the organisation has no such legal profile" in errors

    def test_a_row_marked_for_removal_and_a_blank_row_are_left_out(self, organization):
        rows = [*chosen("SENSOR"), {"code": "", "parameters": {}}]
        form = {"notices-0-code": "ANON", "notices-0-method": "Raster", "notices-0-remove": "1"}
        form |= {"notices-1-code": "SENSOR", **{f"notices-1-{k}": v for k, v in PARAMETERS["SENSOR"].items()}}
        by_form = gauge(organization, **form, notices=tk.missing)
        assert act("package_show", id=by_form["id"])["notices"] == chosen("SENSOR")
        by_api = gauge(organization, notices=rows)
        assert act("package_show", id=by_api["id"])["notices"] == chosen("SENSOR")

    def test_a_file_has_notices_of_its_own(self, organization):
        file = {"name": "Messwerte", "url": "https://daten.example/pegel.csv", "notices": chosen("KNOWN")}
        dataset = gauge(organization, "SENSOR", resources=[file])
        assert told(dataset) == [("SENSOR", "dataset"), ("KNOWN", "resource")]

    def test_what_the_api_shows_can_be_sent_back(self, organization):
        dataset = act("package_show", id=gauge(organization, "SENSOR")["id"])
        updated = act("package_update", **{**dataset, "title": "Pegel, neu"})
        assert updated["title"] == "Pegel, neu"
        patched = act("package_patch", id=dataset["id"], title="Pegel, ganz neu")
        assert patched["notices"] == chosen("SENSOR")


class TestInheritance:
    def test_portal_and_organisation_put_notices_on_every_dataset(self, organization):
        act("landlab_notices_update", level="portal", notices=chosen("NOENDORSE"))
        act("landlab_notices_update", level="organization", id=organization["name"], notices=chosen("SENSOR"))
        dataset = gauge(organization)
        assert told(dataset) == [("SENSOR", "organization"), ("NOENDORSE", "portal")]
        act("landlab_notices_update", level="portal", notices=[])

    def test_who_saves_second_is_told_and_nothing_is_lost(self, organization):
        level = {"level": "organization", "id": organization["id"]}
        before = act("landlab_notices_show", **level)
        act("landlab_notices_update", **level, notices=chosen("GEN"), base_version=before["version"])
        second = {"notices": chosen("ANON"), "base_version": before["version"]}
        errors = refusal(lambda: act("landlab_notices_update", **level, **second))
        assert "Somebody else has changed these notices" in errors
        assert act("landlab_notices_show", **level)["notices"] == chosen("GEN")

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"notices": "GEN"}, "A list of notices"),
            ({"notices": [{"code": "GEN"}]}, "needs “Task”"),
            ({"legal_profile": "XX"}, "no such legal profile"),
        ],
    )
    def test_bad_notices_of_a_level_are_refused(self, organization, change, words):
        level = {"level": "organization", "id": organization["id"]}
        assert words in refusal(lambda: act("landlab_notices_update", **level, **change))


class TestAuthorisation:
    @pytest.mark.parametrize("capacity", ["member", "editor"])
    def test_only_who_may_change_the_organisation_sets_its_notices(self, capacity):
        user = factories.User()
        owner = factories.Organization(users=[{"name": user["name"], "capacity": capacity}])
        context = {"user": user["name"], "ignore_auth": False}
        for level in ({"level": "portal"}, {"level": "organization", "id": owner["id"]}):
            with pytest.raises(tk.NotAuthorized):
                act("landlab_notices_update", context, **level, notices=[])

    def test_an_admin_of_the_organisation_sets_them(self):
        user = factories.User()
        owner = factories.Organization(users=[{"name": user["name"], "capacity": "admin"}])
        context = {"user": user["name"], "ignore_auth": False}
        said = act("landlab_notices_update", context, level="organization", id=owner["id"], notices=chosen("GEN"))
        assert said["author_role"] == "admin"

    @pytest.mark.parametrize(
        ("action", "values"),
        [
            ("landlab_notice_version_create", {"code": "GEN"}),
            ("landlab_notice_review", {"code": "GEN"}),
            ("landlab_notice_withdraw", {"code": "GEN"}),
        ],
    )
    @pytest.mark.parametrize("who", ["nobody", "somebody"])
    def test_texts_belong_to_the_administrators_of_the_portal(self, action, values, who):
        name = factories.User()["name"] if who == "somebody" else ""
        with pytest.raises(tk.NotAuthorized):
            act(action, {"user": name, "ignore_auth": False}, **values)

    def test_the_statement_of_a_private_dataset_is_private(self, organization):
        dataset = gauge(organization, "SENSOR", private=True)
        for action in ("landlab_statement_show", "landlab_notice_history"):
            with pytest.raises(tk.NotAuthorized):
                act(action, {"user": "", "ignore_auth": False}, id=dataset["id"])


class TestTexts:
    def published(self, code, **texts):
        before = act("landlab_notice_show", code=code)
        values = {"text_de": before["text"]["de"], "text_en": before["text"]["en"], **texts}
        values = {"code": code, "base_version": before["version"], **values}
        return act("landlab_notice_version_create", **values)

    def test_editing_makes_a_new_version_and_the_old_one_stays(self, organization):
        dataset = gauge(organization, "SENSOR", "ANON")
        before = act("landlab_notice_show", code="ANON")
        after = self.published("ANON", text_de="Vergröbert: {method}.")
        assert after["version"] == before["version"] + 1
        assert after["author_role"] == "sysadmin"
        old = act("landlab_notice_show", code="ANON", version=before["version"])
        assert old["text"] == before["text"]
        statement = act("landlab_statement_show", id=dataset["id"], language="de")
        anon = next(entry for entry in statement["notices"] if entry["code"] == "ANON")
        assert anon["text"] == "Vergröbert: Raster von 100 m."

    def test_a_version_that_does_not_exist_is_not_found(self):
        with pytest.raises(tk.ObjectNotFound):
            act("landlab_notice_show", code="ANON", version=99)
        with pytest.raises(tk.ObjectNotFound):
            act("landlab_notice_show", code="NOPE")

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("Genau: {metres}", "there is no parameter {metres}"),
            ("Ohne Angabe", "The required parameter {method} is left out"),
            ("{method", "braces do not match"),
            ("", "Please write a text"),
            ("{method}. Jegliche Haftung ist ausgeschlossen.", "excludes liability"),
            ("{method}" + "x" * 10_001, "too long"),
        ],
    )
    def test_a_bad_template_is_refused(self, text, words):
        assert words in refusal(lambda: self.published("ANON", text_de=text))

    def test_the_second_of_two_editors_is_told_and_the_first_text_stands(self):
        before = act("landlab_notice_show", code="EXT")
        self.published("EXT", text_de="Liegt bei {host}.")
        stale = {"code": "EXT", "base_version": before["version"], "text_de": "X {host}", "text_en": "X {host}"}
        errors = refusal(lambda: act("landlab_notice_version_create", **stale))
        assert "Somebody else published version" in errors
        assert act("landlab_notice_show", code="EXT")["text"]["de"] == "Liegt bei {host}."

    def test_a_text_is_unreviewed_until_the_review_is_recorded(self, organization):
        dataset = gauge(organization, "SENSOR", "MODEL")

        def line():
            statement = act("landlab_statement_show", id=dataset["id"], language="de")
            return next(entry["review_line"] for entry in statement["notices"] if entry["code"] == "MODEL")

        assert "noch nicht rechtlich geprüft" in line()
        number = act("landlab_notice_show", code="MODEL")["version"]
        act("landlab_notice_review", code="MODEL", version=number, date="2026-01-31")
        assert line() == "Rechtlich geprüft am 31.01.2026."

    def test_a_review_in_the_future_is_refused(self):
        day = (datetime.now(timezone.utc) + timedelta(days=2)).date().isoformat()
        number = act("landlab_notice_show", code="DYN")["version"]
        values = {"code": "DYN", "version": number}
        assert "future" in refusal(lambda: act("landlab_notice_review", **values, date=day))

    def test_a_notice_in_use_cannot_be_withdrawn(self, organization):
        gauge(organization, "SENSOR", "PRELIM", title="Rohwerte")
        errors = refusal(lambda: act("landlab_notice_withdraw", code="PRELIM"))
        assert "is in use in" in errors
        assert "Rohwerte" in errors

    def test_a_withdrawn_notice_can_no_longer_be_chosen(self, organization):
        for row in kept.saying_that("AVAIL"):
            act("package_delete", id=row.owner_id)
        act("landlab_notice_withdraw", code="AVAIL")
        assert "was withdrawn" in refusal(lambda: gauge(organization, "SENSOR", "AVAIL"))
        self.published("AVAIL")  # writing it anew brings it back
        assert ("AVAIL", "dataset") in told(gauge(organization, "SENSOR", "AVAIL"))


class TestHistory:
    def test_for_any_moment_it_is_known_what_stood_there(self, organization):
        dataset = gauge(organization, "SENSOR")
        first = act("landlab_statement_show", id=dataset["id"])
        act("package_patch", id=dataset["id"], notices=chosen("SENSOR", "KNOWN"))
        second = act("landlab_statement_show", id=dataset["id"])
        act("landlab_notices_update", level="organization", id=organization["id"], notices=chosen("GEN"))
        third = act("landlab_statement_show", id=dataset["id"])

        versions = act("landlab_notice_history", id=dataset["id"])

        assert [v["version"] for v in versions] == [v["version"] for v in (first, second, third)]
        assert [[n["code"] for n in v["notices"]] for v in versions] == [
            ["SENSOR"],
            ["SENSOR", "KNOWN"],
            ["SENSOR", "KNOWN", "GEN"],
        ]
        again = act("landlab_statement_show", id=dataset["id"], version=first["version"])
        assert again["notices"] == first["notices"]
        assert again["version"] == first["version"]

    def test_a_day_stands_for_what_was_said_at_its_end(self, organization):
        dataset = gauge(organization, "SENSOR")
        today = datetime.now(timezone.utc).date()
        (found,) = act("landlab_notice_history", id=dataset["id"], date=today.isoformat())
        assert [entry["code"] for entry in found["notices"]] == ["SENSOR"]

    @pytest.mark.parametrize("version", ["1999-01-01", "2999-01-01", "yesterday", "2026-02-31", "x" * 5000, "0"])
    def test_what_never_stood_is_not_found(self, organization, version):
        dataset = gauge(organization, "SENSOR")
        with pytest.raises(tk.ObjectNotFound):
            act("landlab_statement_show", id=dataset["id"], version=version)

    def test_a_save_that_changes_nothing_of_the_statement_makes_no_version(self, organization):
        dataset = gauge(organization, "SENSOR")
        act("package_patch", id=dataset["id"], notes="Ein anderer Satz zur Beschreibung.")
        assert len(kept.sayings_of([("dataset", dataset["id"])])) == 1

    def test_what_a_deleted_dataset_said_is_still_known(self, organization):
        dataset = gauge(organization, "SENSOR")
        act("package_delete", id=dataset["id"])
        rows = kept.sayings_of([("dataset", dataset["id"])])
        assert [row.content["state"] for row in rows] == ["active", "deleted"]
        assert rows[-1].content["notices"] == chosen("SENSOR")

    def test_only_roles_are_given_out_and_no_names(self, organization):
        admin = factories.Sysadmin()
        values = {"code": "STAT", "text_de": "Verfahren: {method}", "text_en": "Method: {method}"}
        number = act("landlab_notice_show", code="STAT")["version"]
        shown = act("landlab_notice_version_create", {"user": admin["name"]}, **values, base_version=number)
        assert shown["author_role"] == "sysadmin"
        assert admin["name"] not in json.dumps(shown)
        assert admin["id"] not in json.dumps(shown)


class TestShowing:
    def test_showing_a_dataset_costs_the_same_however_many_notices_stand(self, organization):
        few = gauge(organization, "SENSOR")
        many = gauge(organization, "SENSOR", *[code for code in PARAMETERS if code not in ("SENSOR", "CLAUSE")])
        assert queries(few) == queries(many)

    def test_the_search_index_holds_nothing_of_it(self, organization):
        dataset = gauge(organization, "SENSOR", title="Indexprobe Queichpegel")
        found = act("package_search", fq=f"id:{dataset['id']}")["results"][0]
        assert "statement" not in found
        assert found["notices"] == chosen("SENSOR")

    def test_the_attribution_line_is_shown(self, organization):
        shown = act("package_show", id=gauge(organization, "SENSOR")["id"])
        line = shown["statement"]["attribution"]["text"]
        assert line.startswith("Stadt Landau in der Pfalz: “Pegel der Queich”, http://test.ckan.net/dataset/")


def queries(dataset):
    """How many statements the database is sent to show *dataset*."""
    model.Session.remove()  # what the session still holds of an earlier question would not be asked again
    sent = []
    listener = lambda *arguments: sent.append(arguments[2])  # noqa: E731
    engine = model.meta.engine
    sa.event.listen(engine, "before_cursor_execute", listener)
    try:
        act("package_show", id=dataset["id"])
    finally:
        sa.event.remove(engine, "before_cursor_execute", listener)
    return len(sent)
