"""Our service against a real Solr 9: same documents, same counts, same facets, same order where one is asked for."""

from __future__ import annotations

import json
import statistics
from concurrent.futures import ThreadPoolExecutor

import asked
import differences
import documents
import pytest

EVERYTHING = 5000  # more than there are: other tests add documents of their own


def test_enough_is_asked():
    assert len(asked.asked()) >= 500
    assert len(asked.recorded()) >= 15


def compared(request: dict) -> dict:
    """*request* with every answer in it, so that whole sets are compared."""
    whole = {"rows": str(EVERYTHING), "fl": "index_id"}
    return {**whole, **request} if "rows" in request or "start" in request else {**request, **whole}


def outcome(answer: dict, request: dict) -> dict:
    """What of an *answer* must be the same."""
    if "error" in answer:
        return {"refused": answer["error"]["code"]}
    docs = answer["response"]["docs"]
    keys = [doc.get("index_id") for doc in docs]
    result = {"found": answer["response"]["numFound"], "facets": answer.get("facet_counts")}
    if "rows" not in request:
        return result | {"documents": keys if _is_ordered(request) else sorted(keys)}
    stable = [{key: value for key, value in doc.items() if key not in ("_version_", "indexed_ts")} for doc in docs]
    return result | {"documents": stable if _is_ordered(request) else len(docs)}


def _is_ordered(request: dict) -> bool:
    """Whether the order of the answers is fully said; one that begins with scores is looked at by itself."""
    sort = str(request.get("sort", ""))
    constant = "*:*" in str(request.get("q")) and not request.get("bf")
    return bool(sort) and ("score" not in sort or constant)


def both_asked(filled: dict, request: dict) -> list[dict]:
    """The outcomes of *request*, asked of both at the same time."""
    with ThreadPoolExecutor() as both:
        answers = both.map(lambda name: filled[name].ask(compared(request)), ("solr", "ours"))
        return [outcome(answer, request) for answer in answers]


def test_both_engines_answer_alike(filled):
    unlike = []
    requests = [*asked.asked(), *asked.recorded()]
    for request in requests:
        outcomes = both_asked(filled, request)
        if outcomes[0] != outcomes[1] and not differences.reason(request):
            unlike.append((request, *outcomes))
    shown = "\n".join(
        f"{json.dumps(request, ensure_ascii=False)[:300]}\n   solr {str(solr)[:300]}\n   ours {str(ours)[:300]}"
        for request, solr, ours in unlike
    )
    assert not unlike, f"{len(unlike)} of {len(requests)} requests are answered otherwise:\n{shown}"


def test_every_listed_difference_is_one(filled):
    """A difference that is gone leaves the list."""
    for request in [*asked.asked(), *asked.recorded()]:
        if differences.reason(request):
            outcomes = [outcome(filled[name].ask(compared(request)), request) for name in ("solr", "ours")]
            assert outcomes[0] != outcomes[1], f"no longer different: {request}"


def test_the_best_ten_are_much_the_same(filled):
    shares = []
    for text in asked.TYPED:
        for manner in (asked.DISMAX, asked.EDISMAX):
            request = {"q": text, **manner, "rows": "10", "fl": "index_id,title,score"}
            solr, ours = (filled[name].ask(request) for name in ("solr", "ours"))
            if "error" in solr or not solr["response"]["docs"]:
                continue
            share = _share(solr["response"]["docs"], ours["response"]["docs"])
            shares.append(share)
            print(f"{share:4.0%}  {manner['defType']:8} {text}")
    print(f"on the average {statistics.mean(shares):.0%} of {len(shares)} lists of ten")
    assert len(shares) > 50
    assert statistics.mean(shares) >= 0.8


def _share(solr: list[dict], ours: list[dict]) -> float:
    """How much of Solr's first ten is in ours; documents that score as the tenth does may stand for each other."""
    last = solr[-1]["score"]
    sure = {doc["index_id"] for doc in solr if doc["score"] > last * 1.0001}
    found = {doc["index_id"] for doc in ours}
    tied = len(solr) - len(sure)
    same_titles = {doc["title"] for doc in solr}
    matched = len(sure & found) + min(
        tied, sum(doc["title"] in same_titles for doc in ours if doc["index_id"] not in sure)
    )
    return matched / len(solr)


ALIKE = {  # as a dataset's page asks, see `helpers/search.py`
    "mlt.fl": "title,notes,tags",
    "mlt.mintf": "1",
    "mlt.mindf": "2",
    "mlt.maxdfpct": "90",
    "mlt.boost": "true",
    "rows": "10",
    "fl": "index_id,title,score",
    "fq": ["+site_id:test", "+state:active", "+dataset_type:dataset", '+permission_labels:("public")'],
}


def test_both_find_the_same_datasets_alike(filled):
    shares = []
    for number in range(0, documents.NUMBER, 25):
        request = {**ALIKE, "q": f"name:datensatz-{number:04}"}
        solr, ours = (filled[name].ask(request, "/mlt") for name in ("solr", "ours"))
        assert [doc["index_id"] for doc in ours["match"]["docs"]] == [f"{number:05}"]
        assert solr["match"]["numFound"] == ours["match"]["numFound"] == 1
        if solr["response"]["docs"]:
            shares.append(_share(solr["response"]["docs"], ours["response"]["docs"]))
    print(f"on the average {statistics.mean(shares):.0%} of {len(shares)} lists of ten")
    assert len(shares) == documents.NUMBER / 25
    assert statistics.mean(shares) >= 0.8


UNUSUAL = [
    {"q": "name:gibt-es-nicht", "mlt.fl": "title"},
    {"q": "name:datensatz-0001", "mlt.fl": "tags", "mlt.mindf": "5000"},
    {"q": "name:datensatz-0001"},
    {"q": "name:[", "mlt.fl": "title"},
]


@pytest.mark.parametrize("request_", UNUSUAL, ids=lambda each: str(each)[:40])
def test_both_answer_alike_where_nothing_is_alike(filled, request_):
    answers = [filled[name].ask({**request_, "fl": "index_id"}, "/mlt") for name in ("solr", "ours")]
    told = [each["error"]["code"] if "error" in each else (each["match"], each["response"]) for each in answers]
    assert told[0] == told[1]


@pytest.mark.parametrize("path", ["/select"])
def test_both_send_every_header_that_clients_read(filled, path):
    answers = [filled[name].ask({"q": "*:*", "rows": "0"}, path) for name in ("solr", "ours")]
    assert [answer["responseHeader"]["status"] for answer in answers] == [0, 0]
