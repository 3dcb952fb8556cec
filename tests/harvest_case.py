"""Catalogues that are made up for harvesting, and a source that reads them from a server of the tests' own."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

import ckan.plugins.toolkit as tk
import pytest
from answering import serving
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.harvest.model import HarvestJob
from ckanext.landlab.harvest import running
from ckanext.landlab.model import harvest as store

HEAD = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix hydra: <http://www.w3.org/ns/hydra/core#> .
"""


def dataset(name: str, title: str = "", more: str = "") -> str:
    """A dataset in Turtle; *more* are statements about it."""
    return f"""
<https://upstream.example/{name}> a dcat:Dataset ; dct:title "{title or name.title()}"@de ; {more}
    dct:description "Alles über {name}."@de ; <https://upstream.example/girth> "3 m" ;
    dcat:theme <http://publications.europa.eu/resource/authority/data-theme/ENVI> ;
    dct:publisher [ a foaf:Agent ; foaf:name "Amt für Grün" ] ;
    dcat:distribution <https://upstream.example/{name}.csv> .
<https://upstream.example/{name}.csv> a dcat:Distribution ; dcat:accessURL <https://upstream.example/{name}.csv> ;
    dct:license <http://dcat-ap.de/def/licenses/dl-zero-de/2.0> .
"""


def catalogue(datasets: Iterable[str], follows: str = "", total: int = 0) -> bytes:
    """A page with *datasets*, or their names, that says which page follows and how many there are."""
    told = f'hydra:nextPage "{follows}" ; ' if follows else ""
    page = f"<https://upstream.example/?p> a hydra:PagedCollection ; {told} hydra:totalItems {total} .\n"
    texts = (text if " " in text else dataset(text) for text in datasets)
    return (HEAD + page * bool(follows or total) + "".join(texts)).encode()


class Upstream:
    """A catalogue on a server, and our source that harvests it."""

    def __init__(self, pages: dict, address: str) -> None:
        self.pages, self.address = pages, address
        self.organization = factories.Organization()
        self.source = self.new_source("/catalog.ttl")

    def new_source(self, path: str, priority: int = 0, **others: str) -> str:
        """The id of a new source of the organisation."""
        values = {"owner_org": self.organization["id"], "frequency": "MANUAL", **others}
        number = model.Session.query(model.Package).filter_by(type="harvest").count()
        source = call_action(
            "harvest_source_create",
            {"ignore_auth": True, "user": factories.Sysadmin()["name"]},
            name=f"quelle-{number}",
            title=f"Quelle {number}",
            url=f"{self.address}{path}",
            source_type=running.NAME,
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
