"""A city with an editor, an administrator, a member and a stranger, and its tree register, still private."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.landlab.model import release as table
from ckanext.landlab.model.notices import SAYINGS
from werkzeug.datastructures import FileStorage

CSV = b"Art;Pflanzjahr\nWinterlinde;1980\nBergahorn;1995\n"
YES = ("A1", "A2", "B5")
NO = ("A4", "B1", "C1", "D1", "D3", "D5", "D6", "E1", "E2", "F1", "F2", "F3", "G1", "G2", "G3")
ANSWERS = {
    **dict.fromkeys(YES, "yes"),
    **dict.fromkeys(NO, "no"),
    **dict.fromkeys((f"H{n}" for n in range(1, 11)), "no"),
}
CHECKED = {"code": "CHECK", "parameters": {"level": "sample", "method": "Begehung", "date": "2026-05-01"}}


_city: dict[str, dict[str, Any]] = {}


def _made_once() -> dict[str, dict[str, Any]]:
    """The people and the organisation, made anew only when another test has emptied the database."""
    if not _city or model.User.get(_city["sysadmin"]["name"]) is None:
        people = {role: factories.UserWithToken() for role in ("editor", "admin", "member", "stranger")}
        members = [{"name": people[role]["name"], "capacity": role} for role in ("editor", "admin", "member")]
        _city.update(people, sysadmin=factories.SysadminWithToken(), organization=factories.Organization(users=members))
    return _city


class Case:
    """Users by name, the organisation, and the dataset's id."""

    def __init__(self) -> None:
        self._city = _made_once()
        self.organization = self._city["organization"]
        self.record = {
            "title": "Baumkataster",
            "notes": "Bäume an Straßen und in Parks.",
            "owner_org": self.organization["id"],
            "license_id": "http://dcat-ap.de/def/licenses/dl-zero-de/2.0",
            "origin": "urn:landlab:origin:administrative_records",
            "publisher": [{"name": "Stadt Musterstadt"}],
            "custodian": [{"name": "Grünflächenamt", "email": "gruen@musterstadt.example"}],
            "notices": [CHECKED],
            "private": True,
            "resources": [{"name": "Bäume", "url": "https://example.org/baeume.csv", "format": "CSV"}],
        }
        made = call_action(
            "package_create",
            {"user": self.editor, "ignore_auth": False},
            name=f"baeume-{uuid4().hex[:8]}",
            **self.record,
        )
        self.id, self.name = made["id"], made["name"]

    def __getattr__(self, role: str) -> str:
        city = self.__dict__.get("_city", {})
        if role not in city:
            raise AttributeError(role)
        return city[role]["name"]

    def login(self, name: str) -> dict[str, str]:
        """The headers with which *name* asks."""
        return {"Authorization": next(one["token"] for one in self._city.values() if one["name"] == name)}

    def answer(
        self, question: str, choice: str, records: dict[str, str] | None = None, user: str | None = None
    ) -> dict:
        """Answer one question through the action."""
        given = {"id": self.id, "question": question, "choice": choice, "records": records or {}}
        return call_action("landlab_release_answer", {"user": user or self.editor, "ignore_auth": False}, **given)

    def answer_all(self) -> None:
        """Answer as one answers for trees, where nothing else was answered yet or it has to be answered again."""
        told = call_action("landlab_release_show", {"user": self.editor}, id=self.id)
        given = {step["id"] for step in told["steps"] if step["state"] in ("answered", "skipped") and step["choice"]}
        for question, choice in ANSWERS.items():
            if question not in given:
                self.answer(question, choice)


def confirmed(case: Case, *, publish: bool = False) -> None:
    """Answer, submit and confirm by two people."""
    case.answer_all()
    call_action("landlab_release_submit", {"user": case.editor, "ignore_auth": False}, id=case.id)
    call_action("landlab_release_confirm", {"user": case.admin, "ignore_auth": False}, id=case.id, publish=publish)


def upload(case: Case, content: bytes, name: str = "liste.csv", **more: Any) -> dict[str, Any]:
    """A file with *content*, uploaded by the editor."""
    file = FileStorage(io.BytesIO(content), filename=name)
    given = {"package_id": case.id, "name": "Liste", "format": "CSV", "upload": file, "url": name, **more}
    return call_action("resource_create", {"user": case.editor, "ignore_auth": False}, **given)


def is_public(identifier: str) -> bool:
    """Whether everybody may see the dataset."""
    package = model.Session.query(model.Package).get(identifier)
    model.Session.refresh(package)
    return package.state == "active" and not package.private


def refused(action: str, given: dict[str, Any], user: str) -> list[str]:
    """The sentences of the release check with which *user* is refused."""
    with pytest.raises(tk.ValidationError) as caught:
        tk.get_action(action)({"user": user, "auth_user_obj": model.User.get(user)}, given)
    assert "release_check" in caught.value.error_dict, caught.value.error_dict
    model.Session.rollback()
    return caught.value.error_dict["release_check"]


def overdue(dataset_id: str) -> date:
    """Put the last confirmation of a dataset two years back, so that its review was due yesterday; that day."""
    row, past = table.release_of(dataset_id), date.today() - timedelta(days=1)  # noqa: DTZ011 told in whole days
    confirmation = {**row.confirmation, "review_by": past.isoformat()}
    table.store(dataset_id, review_by=past, confirmation=confirmation)
    events = sa.update(table.EVENTS).where(table.EVENTS.c.dataset_id == dataset_id, table.EVENTS.c.kind == "confirmed")
    content = {**confirmation, "memo": table.events_of(dataset_id, "confirmed")[0].content["memo"]}
    long_ago = table.now() - timedelta(days=730)
    model.Session.execute(events.values(recorded=long_ago, content=content))
    model.Session.execute(sa.update(SAYINGS).where(SAYINGS.c.owner_id == dataset_id).values(recorded=long_ago))
    model.Session.commit()
    return past


__all__ = ["ANSWERS", "CHECKED", "CSV", "Case", "confirmed", "is_public", "overdue", "refused", "upload"]
