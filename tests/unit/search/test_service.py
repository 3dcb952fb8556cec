"""What the service answers, as CKAN asks it."""

from __future__ import annotations

import pytest
from ckanext.landlab.errors import RequestError, SearchRefusal

EVERY = ["baumkataster", "haushalt", "radwege"]
WORDS = {
    "defType": "dismax",
    "qf": "name^4 title^4 tags^2 groups^2 text",
    "mm": "2<-1 5<80%",
    "tie": "0.1",
    "q.op": "AND",
}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("*:*", EVERY),
        ("name:radwege", ["radwege"]),
        ('name:"radwege" OR id:"id-haushalt"', ["haushalt", "radwege"]),
        ('+entity_type:package AND +(id:"haushalt" OR name:"haushalt") AND +site_id:"default"', ["haushalt"]),
        ("organization:bauamt -tags:Finanzen", ["radwege"]),
        ("-tags:Finanzen", ["baumkataster", "radwege"]),
        ('tags:"Grün Weiß"', ["baumkataster"]),
        ("tags:Gr*", ["baumkataster"]),
        ("name:*aus*", ["haushalt"]),
        ("name:ha?shalt", ["haushalt"]),
        ("name:radwega~1", ["radwege"]),
        ("name:[a TO c]", ["baumkataster"]),
        ("name:{baumkataster TO haushalt]", ["haushalt"]),
        ("name:/.*shal.*/", ["haushalt"]),
        ("metadata_modified:[2024-01-02T00:00:00Z TO *]", ["baumkataster", "haushalt"]),
        ("metadata_modified:[* TO NOW-1YEAR/DAY]", EVERY),
        ("begin_date:[2020-01-01T00:00:00Z TO 2020-01-01T00:00:00Z+2MONTHS]", ["baumkataster"]),
        ("views_recent:[6 TO *]", ["haushalt"]),
        ("views_recent:5", ["radwege"]),
        ("quelle:*", ["baumkataster", "haushalt"]),
        ("-quelle:*", ["radwege"]),
        ('quelle:"eigene Erhebung"', ["baumkataster"]),
        ("extras_quelle:erhebungen", ["baumkataster"]),
        ('title:"stadt strassburg"', ["radwege"]),
        ("title:(straße OR baum)", ["baumkataster"]),
        ("{!term f=tags}Grün Weiß", ["baumkataster"]),
        ("title:stadt AND NOT tags:Verkehr", ["baumkataster"]),
    ],
)  # fmt: skip
def test_lucene_syntax_finds(town, query, names):
    assert town.names(query) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("stadt", EVERY),
        ("Bäume", ["baumkataster"]),
        ("Baeume", ["baumkataster"]),
        ("Strassburg", ["radwege"]),
        ("stadt -ausgaben", ["baumkataster", "radwege"]),
        ('"einnahmen ausgaben"', ["haushalt"]),
        ("radwege stadt straßburg nirgends", ["radwege"]),
        ("(((", []),
    ],
)
def test_plain_words_find(town, text, names):
    assert town.names(text, **WORDS) == names


@pytest.mark.parametrize(
    "query", ["title:(a", "[a TO", "a AND", "OR", "a:b:c", '"offen', "views_recent:viel", "{!nie}x", "a^x"]
)
def test_what_is_not_understood_is_refused(town, query):
    with pytest.raises(SearchRefusal) as refused:
        town.select(query)
    assert refused.value.code == 400


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("name asc", EVERY),
        ("organization asc, name desc", ["radwege", "haushalt", "baumkataster"]),
        ("score desc, metadata_modified desc", ["haushalt", "baumkataster", "radwege"]),
        ("views_recent asc", ["baumkataster", "radwege", "haushalt"]),
        ("quelle desc, name asc", ["baumkataster", "haushalt", "radwege"]),
        ("begin_date asc, name asc", ["haushalt", "radwege", "baumkataster"]),
    ],
)
def test_answers_are_sorted(town, sort, names):
    assert town.names(sort=sort) == names


def test_an_unknown_order_is_refused_in_the_words_that_ckan_looks_for(town):
    with pytest.raises(RequestError, match="Can't determine a Sort Order"):
        town.select(sort="name")


def test_facets_count_what_is_found(town):
    answer = town.select(
        fq=["+organization:bauamt"],
        rows="0",
        facet="true",
        facet__field=["tags", "res_format", "quelle"],
        facet__mincount="1",
    )
    assert answer["response"]["numFound"] == 2
    assert answer["facet_counts"]["facet_fields"] == {
        "tags": ["Finanzen", 1, "Verkehr", 1],
        "res_format": ["CSV", 1, "PDF", 1],
        "quelle": ["Amt", 1],
    }


def test_a_document_comes_back_as_it_was_kept(town):
    [doc] = town.select("name:baumkataster")["response"]["docs"]
    assert doc["tags"] == ["Umwelt", "Grün Weiß"]
    assert doc["metadata_modified"] == "2024-01-02T00:00:00Z"
    assert doc["extras_quelle"] == "eigene Erhebung"
    assert "quelle" not in doc
    assert "permission_labels" not in doc


def test_a_change_is_seen_by_the_next_request(town):
    town.add({"name": "haushalt", "title": "Doppelhaushalt"})
    assert town.names("title:doppelhaushalt") == ["haushalt"]
    town.update(b"<delete><query>name:haushalt</query></delete>", commit="true")
    assert town.names() == ["baumkataster", "radwege"]
    town.update(b"<delete><id>index-radwege</id></delete>")
    assert town.names() == ["baumkataster", "radwege"]
    town.update(b"<commit/>")
    assert town.names() == ["baumkataster"]


def test_nothing_of_a_wrong_update_is_written(town):
    with pytest.raises(RequestError, match="missing required field"):
        town.update(b'[{"index_id": "1", "id": "1", "site_id": "x"}, {"id": "2"}]', "application/json", commit="true")
    assert town.names() == EVERY
