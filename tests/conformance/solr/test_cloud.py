"""SolrCloud with our configset, spread over two shards, answers CKAN's questions as one Solr does."""

from __future__ import annotations

import os
from collections.abc import Iterator

import asked
import documents
import pytest
import solr9
from conftest import Engine
from test_german import pairs, titled, titles, wrong
from test_oracle import compared, outcome

__all__ = ["titles"]  # a fixture
pytestmark = pytest.mark.skipif(not os.environ.get("LANDLAB_FULL"), reason="takes a minute: LANDLAB_FULL=1")


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    library = solr9.jars()
    if isinstance(library, str):
        pytest.skip(f"NOT TRIED ON SOLRCLOUD: {library}")
    with solr9.cloud(library, tmp_path_factory.mktemp("cloud"), "landlab", solr9.CONFIGSET) as address:
        yield Engine("cloud", address)


def test_german_questions_find_the_same(cloud: Engine, titles: dict[str, str]) -> None:
    cloud.add(titled(titles))
    try:
        assert len(pairs()) > 100
        assert wrong(cloud.ask, titles) == []
    finally:
        cloud.session.post(f"{cloud.url}/update?commit=true", json={"delete": {"query": "*:*"}}, timeout=60)


def test_what_ckan_asks_is_answered_as_by_one_solr(cloud: Engine, solr: dict[str, Engine]) -> None:
    made = list(documents.made())
    one = solr["landlab"]
    one.session.post(f"{one.url}/update?commit=true", json={"delete": {"query": "*:*"}}, timeout=60)
    for engine in (one, cloud):
        engine.add(made)
    requests = asked.recorded()
    unlike = [request for request in requests if told(cloud, request) != told(one, request)]

    assert len(requests) >= 15
    assert unlike == []


def told(engine: Engine, request: dict) -> dict:
    """What both must say alike; which of several equal datasets stands first on a page is for the shards to say."""
    found = outcome(engine.ask(compared(request)), request)
    if "rows" in request and isinstance(found.get("documents"), list):
        found["documents"] = len(found["documents"])
    return found
