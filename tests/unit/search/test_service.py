"""What the service answers, as CKAN asks it."""

from __future__ import annotations

import json

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
        ("{!term f=views_recent}5", ["radwege"]),
        ("{!bool must=organization:bauamt must=tags:Verkehr}", ["radwege"]),
        ("{!bool should=tags:Verkehr should=tags:Umwelt}", ["baumkataster", "radwege"]),
        ('_query_:"tags:Verkehr" OR _query_:"{!term f=tags}Umwelt"', ["baumkataster", "radwege"]),
        ("{!query v='tags:Verkehr'}", ["radwege"]),
        ("title:STADT ^2", ["baumkataster", "radwege"]),
        ("name:haus&&halt", []),
        ("name:hau\\u0073halt", ["haushalt"]),
        ("title:/STADT.*/", ["baumkataster", "radwege"]),
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
    "query",
    [
        "title:(a",
        "[a TO",
        "a AND",
        "OR",
        "a:b:c",
        '"offen',
        "views_recent:viel",
        "{!nie}x",
        "a^x",
        "()",
        "title:( )",
        "-",
        "tags:a -",
        "--",
        "title:a~1.5",
        "\\ux",
        "{!term f='tags}a",
        '_val_:"views_recent"',
        "begin_date:2020*",
        "name:/a&b/",
    ],
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
        ("sub(0,views_recent) asc, name asc", ["haushalt", "radwege", "baumkataster"]),
        ("exists(views_recent) asc, max(def(views_recent,9),sum(1,1)) desc", ["baumkataster", "haushalt", "radwege"]),
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


def test_a_facet_is_counted_without_the_filters_that_it_names(town):
    answer = town.select(
        fq=["{!tag=amt}organization:bauamt", "{!tag=neu,zahl}views_recent:[6 TO *]"],
        rows="0",
        facet="true",
        facet__field=["{!ex=amt key=amt}organization", "{!ex=amt,zahl key=alle}organization", "organization"],
        facet__query="{!ex=neu key=wenig}views_recent:5",
        facet__mincount="1",
    )
    assert answer["response"]["numFound"] == 1
    assert answer["facet_counts"]["facet_fields"] == {
        "amt": ["bauamt", 1],
        "alle": ["bauamt", 2, "gartenamt", 1],
        "organization": ["bauamt", 1],
    }
    assert answer["facet_counts"]["facet_queries"] == {"wenig": 1}


def test_a_facet_has_options_of_its_own(town):
    fields = [
        "{!key=drei facet.limit=1}organization",
        "{!key=eins facet.prefix=g}organization",
        "{!terms=x}organization",
    ]
    answer = town.select(rows="0", facet="true", facet__field=fields)
    assert answer["facet_counts"]["facet_fields"] == {
        "drei": ["bauamt", 2],
        "eins": ["gartenamt", 1],
        "organization": ["x", 0],
    }


@pytest.mark.parametrize(
    ("include", "counts", "outside"),
    [
        ([], ["5", 1, "6", 0], [0, 1]),
        (["upper"], ["5", 0, "6", 1], [1, 0]),
        (["lower", "edge"], ["5", 1, "6", 1], [0, 0]),
        (["all"], ["5", 1, "6", 1], [1, 1]),
    ],
)
def test_a_range_says_which_ends_it_holds(town, include, counts, outside):
    span = {"facet__range__start": "5", "facet__range__end": "7", "facet__range__gap": "1"}
    answer = town.select(
        facet="true",
        facet__range="{!key=zahl}views_recent",
        facet__range__include=include,
        facet__range__other="all",
        fq="views_recent:*",
        **span,
    )
    counted = answer["facet_counts"]["facet_ranges"]["zahl"]
    assert (counted["counts"], [counted["before"], counted["after"]]) == (counts, outside)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("json.facet", "{}"), ("json.filter", "a"), ("json.nl", "map"), ("json.wrf", "f"), ("facet.contains", "a"),
        ("group", "true"), ("expand", "true"), ("NOW", "1"), ("TZ", "Europe/Berlin"), ("rows", "1_0"), ("rows", ""),
        ("rows", " 1"), ("rows", "9999999999"), ("facet", "1"), ("cursorMark", ""), ("fl", "a:n*"), ("fl", "-name"),
        ("sort", "'name' asc"), ("sort", "nie(views_recent) asc"), ("wt", "xml"), ("wt", "python"),
    ],
)  # fmt: skip
def test_a_parameter_that_is_not_understood_is_refused(town, name, value):
    with pytest.raises(RequestError) as refused:
        town.select(**{name: value})
    assert refused.value.code == 400


def test_a_list_of_fields_may_be_the_score_alone_or_by_another_name(town):
    given = [town.select("name:haushalt", fl=fields)["response"]["docs"][0] for fields in ("score", "wert:score,name")]
    assert [list(doc) for doc in given] == [["score"], ["name", "wert"]]
    assert given[0]["score"] == given[1]["wert"] > 0


def test_a_word_before_a_colon_is_a_word_to_edismax(town):
    free = {**WORDS, "defType": "edismax"}
    assert town.names("Baumkataster: Bäume", **free) == ["baumkataster"]
    assert town.names("tags:Verkehr (", **free) == ["radwege"]
    assert town.names("++radwege", **free) == ["radwege"]
    assert town.names("{!term f=tags}Verkehr", **free) == []


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


@pytest.mark.parametrize(
    ("body", "kind", "params"),
    [
        ('{"add": {"doc": {}, "overwrite": false}}', "application/json", {}),
        ('{"delete": {"nichts": "index-haushalt"}}', "application/json", {}),
        ('{"delete": {"id": "index-haushalt", "_version_": 5}}', "application/json", {}),
        ('{"delete": null}', "application/json", {}),
        ('{"delete": "index-haushalt"}', "application/x-json", {}),
        ('{"delete": "index-haushalt"}', "application/json", {"commitWithin": "bald"}),
        ('{"delete": "index-haushalt"}', "application/json", {"update.chain": "nichts"}),
        ("<delete><id>index-haushalt</id><nichts/></delete>", "text/xml", {}),
        ("<delete><id>index-<b>haushalt</b></id></delete>", "text/xml", {}),
        ('<add overwrite="false"><doc/></add>', "text/xml", {}),
        ('<add><doc><field name="index_id" update="set">1</field></doc></add>', "text/xml", {}),
        ("<add><doc><nichts/></doc></add>", "text/xml", {}),
        ("", "", {}),
        ("", "", {"stream.body": "<delete><id>index-haushalt</id></delete>"}),
    ],
)
def test_an_update_that_is_not_understood_changes_nothing(town, body, kind, params):
    with pytest.raises(SearchRefusal):
        town.update(body.encode(), kind, **params)
    town.update(b"<commit/>")
    assert town.names() == EVERY


def test_a_document_may_come_in_several_forms(core):
    field = '<field name="%s">%s</field>'
    head = "".join(field % pair for pair in (("index_id", "1"), ("id", "1"), ("name", "eins"), ("site_id", "a")))
    more = '<field name="title">ein<!-- x -->s</field><field name="notes" null="true"/>'
    core.update(f"<add><doc>{head}{more}</doc></add>".encode(), commit="true")
    two = {"index_id": "2", "id": "2", "name": "zwei", "site_id": "a", "views_total": 7.0}
    core.update(json.dumps({"add": [two]}).encode(), "application/json", commit="true")
    docs = core.select(sort="index_id asc")["response"]["docs"]
    assert [doc.get("title") for doc in docs] == ["eins", None]
    assert "notes" not in docs[0]
    assert core.names("views_total:7") == ["zwei"]


def test_nothing_of_a_wrong_update_is_written(town):
    with pytest.raises(RequestError, match="missing required field"):
        town.update(b'[{"index_id": "1", "id": "1", "site_id": "x"}, {"id": "2"}]', "application/json", commit="true")
    assert town.names() == EVERY
