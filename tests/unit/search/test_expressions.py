"""Lucene's regular expressions in the words of the engine, asked of the engine itself."""

from __future__ import annotations

import pytest
from ckanext.landlab.errors import RequestError
from ckanext.landlab.search.expressions import translated
from test_intervals import found

TERMS = {"a", "ab", "a.b", "a\nb", "^a$", "a7", "a07", "a12", "x-y", "[a]", "A", "ä", 'a"b', "a&b"}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("a.b", {"a.b", "a\nb", 'a"b', "a&b"}),
        ("a\\.b", {"a.b"}),
        ("^a$", {"^a$"}),
        ('a"."b', {"a.b"}),
        ("a@", {"a", "ab", "a.b", "a\nb", "a7", "a07", "a12", 'a"b', "a&b"}),
        ("a<5-12>", {"a7", "a07", "a12"}),
        ("a<05-12>", {"a07", "a12"}),
        ("a\\d+", {"a7", "a07", "a12"}),
        ("[a-c]{1,2}", {"a", "ab"}),
        ("[^a]", {"A", "ä"}),
        ("x[a-]y", {"x-y"}),
        (r"\[a\]", {"[a]"}),
        ("a(b|7)?", {"a", "ab", "a7"}),
    ],
)
def test_an_expression_finds_what_it_finds_in_lucene(expression, expected):
    assert found(TERMS, translated(expression)) == expected


@pytest.mark.parametrize("expression", ["~a", "a&b", "#", "(?i)a", "<1-9", "<1-9999>", "a[", 'a"b', "a\\"])
def test_what_the_engine_cannot_say_is_refused(expression):
    with pytest.raises(RequestError):
        translated(expression)
