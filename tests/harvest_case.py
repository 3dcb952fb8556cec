"""A source that reads made-up catalogues from a server of the tests' own."""

from __future__ import annotations

import json
from collections.abc import Iterator

import ckan.plugins.toolkit as tk
import pytest
from answering import serving
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.harvest.model import HarvestJob
from ckanext.landlab.harvest import running
from ckanext.landlab.model import harvest as store
from harvest_pages import HEAD, catalogue, dataset

__all__ = ["HEAD", "Upstream", "catalogue", "dataset", "outcome", "upstream"]


class Upstream:
    """A catalogue on a server, and our source that harvests it."""

    def __init__(self, pages: dict, address: str) -> None:
        self.pages, self.address = pages, address
        self.organization = factories.Organization()
        self.source = self.new_source("/catalog.ttl")

    def new_source(self, path: str, priority: int = 0, **others: str) -> str:
        """The id of a new source of the organisation."""
        values = {"owner_org": self.organization["id"], "frequency": "MANUAL", "source_type": running.NAME, **others}
        number = model.Session.query(model.Package).filter_by(type="harvest").count()
        source = call_action(
            "harvest_source_create",
            {"ignore_auth": True, "user": factories.Sysadmin()["name"]},
            name=f"quelle-{number}",
            title=f"Quelle {number}",
            url=f"{self.address}{path}",
            config=json.dumps({"priority": priority}) if priority else "",
            **values,
        )
        return source["id"]

    def give(self, *names: str, **options) -> None:
        self.pages["/catalog.ttl"] = catalogue(names, **options)

    def job(self, source: str = "") -> str:
        """The id of a new job that nobody works on yet."""
        job = HarvestJob(source_id=source or self.source)
        job.save()
        return job.id

    def harvest(self, source: str = ""):
        """Run a job to its end; the row of the run."""
        job_id = self.job(source)
        running.run(job_id)
        model.Session.expire_all()
        return store.run_of(job_id)

    def titles(self) -> list[str]:
        query = model.Session.query(model.Package.title).filter(
            model.Package.state == "active", model.Package.type != "harvest"
        )
        return sorted(title for (title,) in query)


def outcome(run) -> dict[str, int]:
    """The numbers of a run that are not zero."""
    names = ("created", "changed", "unchanged", "deleted", "rejected", "duplicate")
    return {name: run.counts[name] for name in names if run.counts.get(name)}


@pytest.fixture
def upstream(with_plugins, clean_db, clean_index, monkeypatch) -> Iterator[Upstream]:
    pages: dict = {}
    with serving(pages) as address:
        monkeypatch.setitem(tk.config, "ckanext.landlab.internal_hosts", "127.0.0.1")
        yield Upstream(pages, address)
