"""Notices on a site: chosen, inherited, shown, and refused where something is missing."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from ckanext.landlab.legal.notices import vocabulary
from gauges import act, chosen, gauge, new_organization, refusal, started_site  # noqa: F401 the last two are fixtures
from legal_records import PARAMETERS

pytestmark = pytest.mark.usefixtures("site")


def told(dataset):
    return [
        (entry["code"], entry["source"]["level"])
        for entry in act("package_show", id=dataset["id"])["statement"]["notices"]
    ]


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
