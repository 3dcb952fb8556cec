"""Counts beside the answers: how many documents have each value, answer each query, lie in each range."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.landlab.errors import RequestError
from ckanext.landlab.search import dates
from ckanext.landlab.search.documents import BETWEEN, PRESENT, TERMS, VALUES, WORDS
from ckanext.landlab.search.labels import label
from ckanext.landlab.search.params import Params
from ckanext.landlab.search.schema import Field, Kind, Schema
from ckanext.landlab.search.view import View
from tantivy import Occur as Engine
from tantivy import Query

MOST = 60_000  # values of one field that are counted


@dataclass(frozen=True)
class Wish:
    """What is asked of one `facet.field`."""

    field: Field
    key: str
    limit: int
    offset: int
    least: int
    by_count: bool
    prefix: str
    missing: bool
    without: frozenset[str]
    only: tuple[str, ...]


def wishes(params: Params, schema: Schema) -> list[Wish]:
    """The facets that *params* ask for."""
    return [_wish(text, params, schema) for text in params.all("facet.field")]


def _wish(text: str, params: Params, schema: Schema) -> Wish:
    told = label(text)
    name, params = told.text, told.params(params)
    limit = _own(params, name, "limit", 100, params.whole)
    sort = _own(params, name, "sort", "count" if limit > 0 else "index", params.text)
    field = schema.field(name)
    if field.kind.counted:
        raise RequestError(f"Can't facet on a PointField without docValues: {name}")
    return Wish(
        field=field,
        key=told.key,
        limit=limit,
        offset=_own(params, name, "offset", 0, params.whole),
        least=_own(params, name, "mincount", 0, params.whole),
        by_count=sort in ("count", "true"),
        prefix=_own(params, name, "prefix", "", params.text),
        missing=_own(params, name, "missing", False, params.flag),
        without=told.without,
        only=tuple(told.options["terms"].split(",")) if told.options.get("terms") else (),
    )


def _own(params: Params, name: str, option: str, default: Any, read: Callable) -> Any:
    """The option of one field (`f.tags.facet.limit`), else that of all."""
    return read(f"f.{name}.facet.{option}", read(f"facet.{option}", default))


class Counting:
    """Counts in one *view* what *query* finds; *same* is what all requests have in common that find the same."""

    def __init__(self, view: View, query: Query, same: Hashable = None) -> None:
        self.view = view
        self.query = query
        self.same = same
        self.searcher = view.searcher

    def fields(self, asked: list[Wish]) -> dict[str, list[Any]]:
        """For each wish its values, each followed by its count."""
        recalled = {wish.field.name: self._recalled(wish.field) for wish in asked}
        known = {name: pairs for name, pairs in recalled.items() if pairs is not None}
        new = {wish.field.name: wish.field for wish in asked if wish.field.name not in known}
        whole = {name: field for name, field in new.items() if field.kind is Kind.STRING}
        counted = self._aggregated({name: {"terms": _terms(field)} for name, field in whole.items()})
        for name, field in new.items():
            pairs = counted[name] if name in counted else self._of_words(field)
            known[name] = [(shown(value, field), count) for value, count in pairs] if field.dynamic else pairs
            if self.same is not None:
                self.view.memory.keep(("facet", self.same, name), known[name], len(known[name]) + 1)
        return {wish.key: self._chosen(wish, known[wish.field.name]) for wish in asked}

    def _recalled(self, field: Field) -> list[tuple[str, int]] | None:
        return None if self.same is None else self.view.memory.recall(("facet", self.same, field.name))

    def _aggregated(self, aggregations: Mapping[str, Any]) -> dict[str, list[tuple[Any, int]]]:
        if not aggregations:
            return {}
        try:
            answer = self.searcher.aggregate(self.query, dict(aggregations))
        except ValueError as error:
            raise RequestError(f"The facets cannot be counted: {error}") from error
        return {name: [(each["key"], each["doc_count"]) for each in answer[name]["buckets"]] for name in aggregations}

    def _of_words(self, field: Field) -> list[tuple[Any, int]]:
        if field.kind is Kind.SOURCE:
            return []
        home, lead = (WORDS, field.name + BETWEEN) if field.dynamic else (field.name, "")
        found = self.searcher.terms_with_prefix(home, lead, filter_query=self.query, limit=MOST)
        return [(term[len(lead) :], count) for term, count in found]

    def _chosen(self, wish: Wish, pairs: list[tuple[str, int]]) -> list[Any]:
        """*pairs* as the wish wants them, flat."""
        if wish.only:
            known = dict(pairs)
            return [each for value in wish.only for each in (value, known.get(value, 0))]
        named = pairs
        if wish.least < 1:
            named = [*pairs, *self._unfound(wish, {value for value, _ in pairs})]
        if wish.least > 1 or wish.prefix:
            named = [(value, count) for value, count in named if count >= wish.least and value.startswith(wish.prefix)]
        named = sorted(named, key=_by_count) if wish.by_count else sorted(named)
        last = None if wish.limit < 0 else wish.offset + wish.limit
        flat = [each for pair in named[wish.offset : last] for each in pair]
        return [*flat, None, self._missing(wish.field)] if wish.missing else flat

    def _unfound(self, wish: Wish, known: set[str]) -> list[tuple[str, int]]:
        """The values that are in the index and in no document found."""
        everywhere = Counting(self.view, Query.all_query())
        pairs = (
            everywhere._of_words(wish.field)
            if wish.field.kind is not Kind.STRING
            else everywhere._aggregated({"0": {"terms": _terms(wish.field)}})["0"]
        )
        values = (shown(value, wish.field) for value, _ in pairs)
        return [(value, 0) for value in values if value not in known]

    def _missing(self, field: Field) -> int:
        has = Query.term_query(self.view.fields, TERMS, PRESENT + field.name, "basic")
        return self.count(Query.boolean_query([(Engine.Must, self.query), (Engine.MustNot, has)]))

    def count(self, query: Query) -> int:
        return self.searcher.search(query, 1).count  # type: ignore[attr-defined] the type stub lacks it

    def both(self, query: Query) -> int:
        """How many of the documents found *query* finds as well."""
        return self.count(Query.boolean_query([(Engine.Must, self.query), (Engine.Must, query)]))


def _by_count(pair: tuple[str, int]) -> tuple[int, str]:
    return -pair[1], pair[0]


def _terms(field: Field) -> dict[str, Any]:
    name = VALUES + "." + field.name.replace(".", "\\.") if field.dynamic else field.name
    return {"field": name, "size": MOST, "segment_size": MOST}


def shown(value: Any, field: Field) -> str:
    """A value of a facet as Solr writes it."""
    if field.kind is Kind.DATE:
        return dates.written(int(value))
    if field.kind is Kind.INTEGER:
        return str(int(value))
    return str(value)
