"""Counts beside the answers: how many documents have each value, answer each query, lie in each range."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.landlab.errors import RequestError
from ckanext.landlab.search import dates, local
from ckanext.landlab.search.documents import BETWEEN, PRESENT, TERMS, VALUES, WORDS
from ckanext.landlab.search.params import Params
from ckanext.landlab.search.question import Question
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


def wishes(params: Params, schema: Schema) -> list[Wish]:
    """The facets that *params* ask for."""
    return [_wish(text, params, schema) for text in params.all("facet.field")]


def _wish(text: str, params: Params, schema: Schema) -> Wish:
    names, _, name = local.split(text)
    limit = _own(params, name, "limit", 100, params.whole)
    sort = _own(params, name, "sort", "count" if limit > 0 else "index", params.text)
    field = schema.field(name)
    if field.kind.counted:
        raise RequestError(f"Can't facet on a PointField without docValues: {name}")
    return Wish(
        field=field,
        key=names.get("key", name),
        limit=limit,
        offset=_own(params, name, "offset", 0, params.whole),
        least=_own(params, name, "mincount", 0, params.whole),
        by_count=sort in ("count", "true"),
        prefix=_own(params, name, "prefix", "", params.text),
        missing=_own(params, name, "missing", False, params.flag),
    )


def _own(params: Params, name: str, option: str, default: Any, read: Callable) -> Any:
    """The option of one field (`f.tags.facet.limit`), else that of all."""
    return read(f"f.{name}.facet.{option}", read(f"facet.{option}", default))


class Counting:
    """Counts in one *view* what *query* finds."""

    def __init__(self, view: View, query: Query) -> None:
        self.view = view
        self.query = query
        self.searcher = view.searcher

    def fields(self, asked: list[Wish]) -> dict[str, list[Any]]:
        """For each wish its values, each followed by its count."""
        whole = {str(number): wish for number, wish in enumerate(asked) if wish.field.kind is Kind.STRING}
        aggregations = {number: {"terms": _terms(wish)} for number, wish in whole.items()}
        counted = self._aggregated(aggregations)
        result = {}
        for number, wish in enumerate(asked):
            pairs = counted[str(number)] if str(number) in counted else self._of_words(wish.field)
            result[wish.key] = self._chosen(wish, pairs)
        return result

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

    def _chosen(self, wish: Wish, pairs: list[tuple[Any, int]]) -> list[Any]:
        """*pairs* as the wish wants them, flat."""
        named = [(shown(value, wish.field), count) for value, count in pairs]
        if wish.least < 1:
            named.extend(self._unfound(wish, {value for value, _ in named}))
        named = [(value, count) for value, count in named if count >= wish.least and value.startswith(wish.prefix)]
        named.sort(key=lambda pair: (-pair[1], pair[0]) if wish.by_count else (0, pair[0]))
        last = None if wish.limit < 0 else wish.offset + wish.limit
        flat = [each for pair in named[wish.offset : last] for each in pair]
        return [*flat, None, self._missing(wish.field)] if wish.missing else flat

    def _unfound(self, wish: Wish, known: set[str]) -> list[tuple[str, int]]:
        """The values that are in the index and in no document found."""
        everywhere = Counting(self.view, Query.all_query())
        pairs = (
            everywhere._of_words(wish.field)
            if wish.field.kind is not Kind.STRING
            else everywhere._aggregated({"0": {"terms": _terms(wish)}})["0"]
        )
        values = (shown(value, wish.field) for value, _ in pairs)
        return [(value, 0) for value in values if value not in known]

    def _missing(self, field: Field) -> int:
        has = Query.term_query(self.view.fields, TERMS, PRESENT + field.name, "basic")
        return self.count(Query.boolean_query([(Engine.Must, self.query), (Engine.MustNot, has)]))

    def count(self, query: Query) -> int:
        return self.searcher.search(query, 1).count  # type: ignore[attr-defined] the type stub lacks it

    def queries(self, texts: list[str], compiled: Callable[[Question], Query], params: Params) -> dict[str, int]:
        """How many documents answer each of `facet.query`."""
        result = {}
        for text in texts:
            names, _, _ = local.split(text)
            query = compiled(local.question(text, params, "lucene"))
            result[names.get("key", text)] = self.both(query)
        return result

    def both(self, query: Query) -> int:
        """How many of the documents found *query* finds as well."""
        return self.count(Query.boolean_query([(Engine.Must, self.query), (Engine.Must, query)]))


def _terms(wish: Wish) -> dict[str, Any]:
    name = VALUES + "." + wish.field.name.replace(".", "\\.") if wish.field.dynamic else wish.field.name
    return {"field": name, "size": MOST, "segment_size": MOST}


def shown(value: Any, field: Field) -> str:
    """A value of a facet as Solr writes it."""
    if field.kind is Kind.DATE:
        return dates.written(int(value))
    if field.kind is Kind.INTEGER:
        return str(int(value))
    return str(value)
