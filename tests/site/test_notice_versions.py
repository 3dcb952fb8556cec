"""Texts of notices are published in versions, and for every day it is known what stood where."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories
from ckanext.landlab import statements
from ckanext.landlab.model import notices as kept
from gauges import act, chosen, gauge, new_organization, refusal, started_site  # noqa: F401 the last two are fixtures

pytestmark = pytest.mark.usefixtures("site")


def told(dataset):
    return [
        (entry["code"], entry["source"]["level"])
        for entry in act("package_show", id=dataset["id"])["statement"]["notices"]
    ]


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


class TestWhatTheOrganisationStandsInFor:
    def roles(self, told):
        return {role["role"]: [body["name"] for body in role["bodies"]] for role in told["responsibilities"]}

    def test_a_dataset_that_names_no_publisher_tells_the_organisations_as_rdf_does(self):
        owner = factories.Organization(title="Stadt Rebenau", publisher_name="Stadt Rebenau, Amt 10")
        dataset = gauge(owner, "SENSOR", publisher=[])
        told = act("landlab_statement_show", id=dataset["id"], language="de")
        assert self.roles(told)["publisher"] == ["Stadt Rebenau, Amt 10"]
        assert told["attribution"]["text"].startswith("Stadt Rebenau, Amt 10: ")
        own = act("landlab_statement_show", id=gauge(owner, "SENSOR")["id"], language="de")
        assert self.roles(own)["publisher"] == ["Stadt Landau in der Pfalz"]

    def test_another_body_makes_a_new_version_and_the_old_one_stays(self):
        owner = factories.Organization(title="Stadt Rebenau")
        dataset = gauge(owner, "SENSOR", publisher=[])
        before = act("landlab_statement_show", id=dataset["id"], language="de")
        act("organization_patch", id=owner["id"], publisher_name="Stadt Rebenau, Amt 10")
        statements.record_all(owner["id"])  # what the job does
        after = act("landlab_statement_show", id=dataset["id"], language="de")
        assert self.roles(after)["publisher"] == ["Stadt Rebenau, Amt 10"]
        assert after["version"] > before["version"]
        then = act("landlab_statement_show", id=dataset["id"], version=before["version"], language="de")
        assert self.roles(then)["publisher"] == ["Stadt Rebenau"]
        names = [self.roles(entry)["publisher"] for entry in act("landlab_notice_history", id=dataset["id"])]
        assert ["Stadt Rebenau"] in names
        assert ["Stadt Rebenau, Amt 10"] in names
