"""The expressions for text from here to there, against Python's own comparison."""

from __future__ import annotations

import tantivy
from ckanext.landlab.search.intervals import between, escaped
from hypothesis import given, settings
from hypothesis import strategies as st

LETTERS = st.text(alphabet="ab-.Ä \n𝄞[z\ue000|&", max_size=4)


def found(texts: set[str], pattern: str) -> set[str]:
    schema = tantivy.SchemaBuilder().add_text_field("t", fast=True, tokenizer_name="raw", index_option="basic").build()
    index = tantivy.Index(schema)
    writer = index.writer(15_000_000, 1)
    for text in texts:
        document = tantivy.Document()
        document.add_text("t", text)
        writer.add_document(document)
    writer.commit()
    index.reload()
    query = tantivy.Query.regex_query(schema, "t", pattern)
    return {value for value, _ in index.searcher().search(query, 1000, order_by_field="t").hits}


@settings(max_examples=60, deadline=None)
@given(st.sets(LETTERS, max_size=30), LETTERS, LETTERS, st.booleans(), st.booleans())
def test_a_range_holds_what_lies_between_its_ends(texts, low, high, with_low, with_high):
    expected = {
        text
        for text in texts
        if (low < text or (with_low and low == text)) and (text < high or (with_high and text == high))
    }
    pattern = between(low, high, with_low, with_high)

    assert (set() if pattern is None else found(texts, pattern)) == expected


@settings(max_examples=40, deadline=None)
@given(st.sets(LETTERS, max_size=30), LETTERS, st.booleans())
def test_an_open_range_has_one_end(texts, end, included):
    above = {text for text in texts if end < text or (included and end == text)}
    below = {text for text in texts if text < end or (included and end == text)}

    assert found(texts, between(end, None, included)) == above
    pattern = between(None, end, True, included)
    assert (set() if pattern is None else found(texts, pattern)) == below


@settings(max_examples=30, deadline=None)
@given(st.sets(LETTERS, max_size=30))
def test_escaped_text_matches_just_itself(texts):
    for text in texts:
        assert found(texts, escaped(text) or "(?:)") == {text}
