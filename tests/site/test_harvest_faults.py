"""Whatever fails in a run: a clear sentence, nothing lost or half-written, and the next run goes on."""

from __future__ import annotations

import resource
import tempfile

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib.search import SearchIndexError
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action
from ckanext.landlab.harvest import running
from ckanext.landlab.model import harvest as store
from harvest_case import catalogue, outcome, upstream  # noqa: F401 a fixture
from sqlalchemy.exc import OperationalError

MANY = [f"set{number}" for number in range(6)]
RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dcat="http://www.w3.org/ns/dcat#">'
BODY = f'{RDF}<dcat:Dataset rdf:about="https://a.example/1">&b;</dcat:Dataset></rdf:RDF>'
BOMB = "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("klmnopqrst", "lmnopqrstb", strict=True)
)

pytestmark = pytest.mark.usefixtures("upstream")


@pytest.fixture
def here(upstream):  # noqa: F811
    return upstream


@pytest.fixture
def after_three(monkeypatch):
    """Lets something happen once, before the fourth record is taken in."""

    def arrange(happens) -> None:
        take, count = running.importing.take_in, [0]

        def taking(*arguments):
            count[0] += 1
            if count[0] == 4:
                happens()
            return take(*arguments)

        monkeypatch.setattr(running.importing, "take_in", taking)

    return arrange


def found() -> int:
    return call_action("package_search", fq="type:dataset", rows=0)["count"]


def test_the_database_goes_away_in_the_middle(here, after_three):
    here.give(*MANY)
    job_id = here.job()
    engine = sa.create_engine(tk.config["sqlalchemy.url"])

    def cut() -> None:
        with engine.connect() as other:
            others = "datname = current_database() AND pid <> pg_backend_pid()"
            other.execute(sa.text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"))  # noqa: S608

    after_three(cut)
    with pytest.raises(OperationalError):
        running.run(job_id)
    model.Session.remove()
    half = here.titles()
    running.run(job_id)

    assert half == ["Set0", "Set1", "Set2"]
    assert outcome(store.run_of(job_id)) == {"created": 6}
    assert (len(here.titles()), found()) == (6, 6)


def test_the_search_goes_away_in_the_middle(here, after_three):
    here.give(*MANY)
    job_id = here.job()
    address = tk.config["solr_url"]

    after_three(lambda: tk.config.update(solr_url="http://127.0.0.1:9/solr/ckan"))
    try:
        with pytest.raises(SearchIndexError):
            running.run(job_id)
    finally:
        tk.config["solr_url"] = address
    remark = store.run_of(job_id).remark
    model.Session.remove()
    running.run(job_id)

    assert "127.0.0.1" in remark
    assert outcome(store.run_of(job_id)) == {"created": 6}
    assert (len(here.titles()), found()) == (6, 6)


def test_the_disk_is_full(here, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # other processes of this machine may harvest as well
    here.give(*MANY)
    here.harvest()
    here.pages["/catalog.ttl"] = catalogue(MANY) + b"# " + b"x" * 3_000_000
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, hard))
    try:
        full = here.harvest()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert full.failure.startswith(f"{here.address}/catalog.ttl: This site cannot store what it reads")
    assert "Please free some disk space." in full.failure
    assert list(tmp_path.iterdir()) == []  # nothing is left behind
    assert len(here.titles()) == 6
    assert outcome(here.harvest()) == {"unchanged": 6}


@pytest.mark.parametrize("most", [8_000_000, 200])
def test_small_mistakes_of_xml_do_not_cost_the_catalogue(here, monkeypatch, most):
    """Blank lines before it, control characters and the wrong name of its charset; in memory and from a file."""
    monkeypatch.setattr("ckanext.landlab.harvest.pages.IN_MEMORY", most)
    body = BODY.replace("&b;", '<title xmlns="http://purl.org/dc/terms/">Stra\x0bße&#x1F;</title>')
    here.pages["/catalog.ttl"] = f'\n\n<?xml version="1.0" encoding="utf-8"?>{body}'.encode("cp1252")

    assert outcome(here.harvest()) == {"created": 1}
    assert here.titles() == ["Straße"]


DOCUMENTS = {
    "half a packed page": (
        (200, b"\x1f\x8b\x08\x00half", {"Content-Type": "application/gzip"}),
        "packed file is damaged",
    ),
    "a charset that is none": (
        f'<?xml version="1.0" encoding="klingon"?>{RDF}</rdf:RDF>'.encode(),
        "not readable as RDF/XML",
    ),
    "bytes that its charset does not know": (
        f'<?xml version="1.0" encoding="us-ascii"?>{BODY}'.replace("&b;", "ü").encode("latin-1"),
        "not readable as RDF/XML",
    ),
    "another charset than it says": (
        f'<?xml version="1.0" encoding="utf-16"?>{BODY}'.replace("&b;", "ü").encode("cp1252"),
        "not readable as RDF/XML",
    ),
    "a file of ours by an entity": (
        f'<!DOCTYPE r [<!ENTITY b SYSTEM "file:///etc/passwd">]>{BODY}'.encode(),
        "not readable as RDF/XML",
    ),
    "an entity from the own network": (
        f'<!DOCTYPE r [<!ENTITY b SYSTEM "http://169.254.169.254/">]>{BODY}'.encode(),
        "not readable as RDF/XML",
    ),
    "a bomb of entities": (f'<!DOCTYPE r [<!ENTITY k "kkkkkkkkkk">{BOMB}]>{BODY}'.encode(), "not readable as RDF/XML"),
    "a JSON-LD context from elsewhere": (
        b'{"@context": "http://169.254.169.254/", "@id": "x"}',
        "JSON-LD context from elsewhere",
    ),
}


def test_documents_that_lie_or_attack_are_refused_with_a_sentence(here, monkeypatch):
    monkeypatch.setattr("ckanext.landlab.harvest.pages.ATTEMPTS", 1)
    here.give(*MANY)
    here.harvest()
    failures = {}

    for name, (page, _said) in DOCUMENTS.items():
        here.pages["/catalog.ttl"] = page
        failures[name] = here.harvest().failure
        print(name, "→", failures[name])

    assert {name: failure for name, failure in failures.items() if DOCUMENTS[name][1] not in failure} == {}
    assert not any("root:" in failure for failure in failures.values())
    assert len(here.titles()) == 6
    here.give(*MANY)
    assert outcome(here.harvest()) == {"unchanged": 6}
