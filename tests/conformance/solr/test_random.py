"""Random queries from a grammar, asked of a real Solr 9 and of our service: the same documents, or the same refusal.

`LANDLAB_FULL=1` asks many more.  What the list of differences knows (fuzzy words, phrases with slop, ranges of words)
is not in the grammar.
"""

from __future__ import annotations

import os

import documents
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

EXAMPLES = 2000 if os.environ.get("LANDLAB_FULL") else 150
MOST = "5000"

asked: list[tuple[str, str]] = []
found: list[int] = []

VALUES = {
    "organization": ["stadt-a", "stadt-b", "landkreis-c", "nirgends"],
    "groups": ["umwelt", "verkehr", "bildung"],
    "tags": ["Umwelt", "Verkehr", '"Bevölkerung und Gesellschaft"', "umwelt"],
    "res_format": ["CSV", "PDF", "csv"],
    "license_id": ['"cc-by/4.0"', "dl-de-zero-2.0"],
    "quelle": ['"eigene Erhebung"', "Zensus", "zensus"],
    "extras_quelle": ["erhebung", '"eigene erhebung"', "sensoren"],
    "state": ["active", "draft"],
}
WORDS = st.sampled_from(["umsatz", "Straße", "Wahllokale", "potsdam", "kita", "der", "2019", "gewerbe", "stadt", "xyz"])
WHOLE = st.sampled_from([f"{name}:{value}" for name, values in VALUES.items() for value in values])
TEXT = st.builds("{}:{}".format, st.sampled_from(["title", "notes", "text", "title_ngram", "nosuchfield"]), WORDS)
NUMBERS = st.builds(
    "{}:{}{} TO {}{}".format,
    st.sampled_from(["views_total", "views_recent", "minx"]),
    st.sampled_from("[{"),
    st.sampled_from(["*", "0", "7", "100"]),
    st.sampled_from(["*", "12", "250", "3"]),
    st.sampled_from("]}"),
)
DATES = st.builds(
    "{}:[{} TO {}]".format,
    st.sampled_from(["metadata_modified", "metadata_created", "issued_date"]),
    st.sampled_from(["*", "2019-01-01T00:00:00Z", "2020-06-15T12:00:00Z/MONTH", "2018-01-31T00:00:00Z+1MONTH"]),
    st.sampled_from(["*", "2021-01-01T00:00:00Z", "2020-02-29T00:00:00Z-1YEAR/DAY"]),
)
PATTERNS = st.builds(
    "{}:{}".format,
    st.sampled_from(["name", "tags", "organization", "quelle"]),
    st.sampled_from(["*", "datensatz-00*", "*-1?99", "s*a", "/[ds].*[a5]/", "[datensatz-01 TO stadt-b}", "B*"]),
)
LEAVES = st.one_of(WHOLE, TEXT, WORDS, NUMBERS, DATES, PATTERNS, st.just("*:*"))
SIGNED = st.builds("{}{}".format, st.sampled_from(["", "", "+", "-", "NOT "]), LEAVES)
QUERIES = st.recursive(
    SIGNED,
    lambda inner: st.one_of(
        st.builds("({})".format, inner),
        st.builds("{}({})^{}".format, st.sampled_from(["", "+", "-"]), inner, st.sampled_from(["2", "0.5"])),
        st.lists(inner, min_size=2, max_size=4).flatmap(
            lambda parts: st.sampled_from([" ", " AND ", " OR ", " && ", " || "]).map(lambda sign: sign.join(parts))
        ),
    ),
    max_leaves=7,
)


@given(query=QUERIES, operator=st.sampled_from(["AND", "OR"]), filtered=st.booleans())
@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_a_random_query_finds_the_same_in_both(filled, query, operator, filtered):
    request = {"q.op": operator, "df": "text", "fl": "index_id", "rows": MOST}
    request |= {"q": "*:*", "fq": query} if filtered else {"q": query}
    solr, ours = (outcome(filled[name].ask(request)) for name in ("solr", "ours"))

    asked.append((query, operator))
    found.append(len(ours) if isinstance(ours, list) else 0)
    assert ours == solr


def outcome(answer: dict) -> list[str] | int:
    """The keys of what is found, or the status of a refusal."""
    if "error" in answer:
        return answer["error"]["code"]
    return sorted(doc["index_id"] for doc in answer["response"]["docs"])


def test_the_random_queries_were_many_and_various():
    assert len(asked) >= EXAMPLES * 0.9
    assert len(set(asked)) > len(asked) / 2
    assert sum(0 < number < documents.NUMBER for number in found) > len(found) / 3
