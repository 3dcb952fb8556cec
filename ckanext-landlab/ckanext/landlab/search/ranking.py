"""The order of the answers: by score or by fields, several keys deep, exactly.

The engine sorts by one key.  What ties in it is sorted by the next one: few documents by their values, many by a
question of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple, TypeGuard

from ckanext.landlab.search import documents, functions
from ckanext.landlab.search import question as q
from ckanext.landlab.search.documents import BETWEEN, PRESENT, TERMS, VALUES
from ckanext.landlab.search.schema import Field, Kind
from ckanext.landlab.search.sorting import Key
from ckanext.landlab.search.view import View
from tantivy import DocAddress, FieldType, Order, Query
from tantivy import Occur as Engine

FEW = 64  # ties up to this number are sorted by looking at each

Found = tuple[float, DocAddress]


class Hit(NamedTuple):
    score: float
    address: DocAddress


class Ranking:
    """Sorts what is found in one *view*."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.searcher = view.searcher
        self.counted: dict[int, tuple[Query, int]] = {}  # by what each query is, which is held so that it stays

    def first(self, query: Query, order: Sequence[Key], wanted: int) -> list[Hit]:
        """The first *wanted* documents of *query* in the *order* of its keys."""
        if wanted <= 0:
            return []
        if not order:
            return self._by_score(Query.const_score_query(query, 1.0), wanted)[:wanted]
        key, rest = order[0], order[1:]
        if any(each.function for each in order):
            return self._looked_at(self._by_score(query, self.count(query)), order)[:wanted]
        if key.field is None:
            return self._scored(query, key, rest, wanted)
        if key.field.kind in (Kind.TEXT, Kind.NAMES):
            return self._looked_at(self._by_score(query, self.count(query)), order)[:wanted]
        if key.field.dynamic:
            return self._by_bucket(query, key.field, key.descending, rest, wanted)
        return self._by_field(query, key.field, key.descending, rest, wanted)

    def rescored(self, query: Query, scored: q.Scored, order: Sequence[Key], scale: float) -> list[Hit]:
        """All documents of *query* in *order*, with the functions of *scored* in their scores."""
        hits = self._by_score(query, self.count(query))
        addresses = [hit.address for hit in hits]
        scores = [hit.score / scale for hit in hits]
        for text, factor in scored.added:
            numbers = functions.reckoned(functions.parse(text), self.view, addresses)
            scores = [score + factor * number for score, number in zip(scores, numbers, strict=True)]
        for text in scored.times:
            numbers = functions.reckoned(functions.parse(text), self.view, addresses)
            scores = [score * number for score, number in zip(scores, numbers, strict=True)]
        hits = [Hit(score * scale, hit.address) for score, hit in zip(scores, hits, strict=True)]
        return self._looked_at(hits, order)

    def count(self, query: Query) -> int:
        """How many documents *query* finds."""
        if id(query) not in self.counted:
            self._searched(query, 1)
        return self.counted[id(query)][1]

    def _searched(self, query: Query, limit: int, field: str | None = None, order: Order = Order.Desc) -> list:
        """The first hits of *query*; they are counted on the way, unless that is done."""
        known = id(query) in self.counted
        result = self.searcher.search(query, limit, not known, field, 0, order)
        if not known:
            self.counted[id(query)] = query, result.count  # type: ignore[attr-defined] the type stub lacks it
        return result.hits

    def _by_score(self, query: Query, limit: int) -> list[Hit]:
        if limit <= 0:
            return []
        return [Hit(score, address) for score, address in self._searched(query, limit)]

    def _scored(self, query: Query, key: Key, rest: Sequence[Key], wanted: int) -> list[Hit]:
        if not key.descending:
            return self._looked_at(self._by_score(query, self.count(query)), (key, *rest))[:wanted]
        limit = wanted if not rest else wanted + FEW
        while True:
            found = self._searched(query, limit)
            if not rest or len(found) < limit or found[-1][0] != found[wanted - 1][0]:
                break
            if found[0][0] == found[-1][0] and limit > wanted + FEW:
                return self._level(query, found[0][0], rest, wanted)
            limit *= 8
        return self._settled(found, rest, wanted)

    def _level(self, query: Query, score: float, rest: Sequence[Key], wanted: int) -> list[Hit]:
        """As `_scored` where the best score is shared by very many: most likely by all."""
        found = self._searched(query, self.count(query))
        if found[-1][0] == score:
            return [Hit(score, hit.address) for hit in self.first(query, rest, wanted)]
        return self._settled(found, rest, wanted)

    def _settled(self, found: list[Found], rest: Sequence[Key], wanted: int) -> list[Hit]:
        """The first *wanted* of *found*, those of one score sorted by *rest*; only the last of them may be many."""
        if not rest or not found:
            return [Hit(*each) for each in found[:wanted]]
        edge = found[min(wanted, len(found)) - 1][0]
        above = [Hit(*each) for each in found[:wanted] if each[0] != edge]
        tied = [address for score, address in found if score == edge]
        near = self._nearest(tied, rest[0], wanted - len(above))
        last = self._looked_at([Hit(edge, address) for address in near], rest)
        return (self._looked_at(above, (Key(None, True), *rest)) + last)[:wanted]

    def _nearest(self, addresses: list[DocAddress], key: Key, wanted: int) -> list[DocAddress]:
        """Those of *addresses* that may be among the first *wanted* by *key*: no further than the last of these."""
        if len(addresses) <= wanted or not self._is_column(key.field):
            return addresses
        values = [value or 0 for value in self.searcher.fast_field_values(key.field.name, addresses)]
        bound = sorted(values, reverse=key.descending)[wanted - 1]
        if key.descending:
            return [address for value, address in zip(values, addresses, strict=True) if value >= bound]
        return [address for value, address in zip(values, addresses, strict=True) if value <= bound]

    def _by_field(self, query: Query, field: Field, down: bool, rest: Sequence[Key], wanted: int) -> list[Hit]:
        if field.kind.counted and self._is_patchy(field):
            return self._with_zeros(query, field, down, rest, wanted)
        return self._ordered(query, field, down, rest, wanted)

    def _is_patchy(self, field: Field) -> bool:
        return self.searcher.doc_freq(TERMS, PRESENT + field.name) < self.searcher.num_docs

    def _with_zeros(self, query: Query, field: Field, down: bool, rest: Sequence[Key], wanted: int) -> list[Hit]:
        """Solr takes an absent number, and date, for 0: it stands among the zeros."""
        above, below = (self._beyond(query, field, positive) for positive in (True, False))
        others = Query.boolean_query([(Engine.Must, query), (Engine.MustNot, above[1]), (Engine.MustNot, below[1])])
        hits: list[Hit] = []
        for part in (above[0], None, below[0]) if down else (below[0], None, above[0]):
            left = wanted - len(hits)
            hits += self.first(others, rest, left) if part is None else self._ordered(part, field, down, rest, left)
        return hits

    def _beyond(self, query: Query, field: Field, positive: bool) -> tuple[Query, Query]:
        """*query* with only what is above, or below, 0; and that alone."""
        kind = FieldType.Float if field.kind is Kind.FLOAT else FieldType.Integer
        low, high = (0, None) if positive else (None, 0)
        alone = Query.range_query(self.view.fields, field.name, kind, low, high, not positive, positive)
        return Query.boolean_query([(Engine.Must, query), (Engine.Must, Query.const_score_query(alone, 0.0))]), alone

    def _ordered(self, query: Query, field: Field, down: bool, rest: Sequence[Key], wanted: int) -> list[Hit]:
        """By a field with a home of its own; what has no value comes last."""
        if wanted <= 0:
            return []
        limit = wanted + (FEW if rest else 0)
        found = self._searched(query, limit, field.name, Order.Desc if down else Order.Asc)
        hits: list[Hit] = []
        for value, group in groupby(found, key=lambda hit: hit[0]):
            if len(hits) >= wanted:
                break
            addresses = [address for _, address in group]
            whole = len(found) < limit or found[-1][1] is not addresses[-1]
            hits += self._tied(query, field, value, addresses, rest, wanted - len(hits), whole)
        return hits[:wanted]

    def _tied(
        self,
        query: Query,
        field: Field,
        value: object,
        addresses: list[DocAddress],
        rest: Sequence[Key],
        wanted: int,
        whole: bool,
    ) -> list[Hit]:
        """The documents that share *value*, sorted by *rest*; *addresses* are all of them, or if not *whole* some."""
        hits = [Hit(1.0, address) for address in addresses]
        if not rest or (whole and len(hits) == 1):
            return hits
        if whole and len(hits) <= FEW:
            return self._looked_at(hits, rest)
        return self.first(self._sharing(query, field, value), rest, wanted)

    def _by_bucket(self, query: Query, field: Field, down: bool, rest: Sequence[Key], wanted: int) -> list[Hit]:
        """By a field without a home: its values in order, and for each the documents that have it."""
        name = VALUES + "." + field.name.replace(".", "\\.")
        terms = {"field": name, "size": min(wanted, 60_000), "order": {"_key": "desc" if down else "asc"}}
        values = [each["key"] for each in self.searcher.aggregate(query, {"b": {"terms": terms}})["b"]["buckets"]]
        if field.kind.counted:  # Solr takes an absent date for 1970
            ordered = sorted({*values, None}, key=lambda value: value or 0, reverse=down)
        else:
            ordered = [*values, None]
        hits: list[Hit] = []
        for value in ordered:
            if len(hits) < wanted:
                hits += self.first(self._sharing(query, field, value), rest, wanted - len(hits))
        return hits

    def _sharing(self, query: Query, field: Field, value: object) -> Query:
        """*query* with only the documents that have *value*."""
        if value is None:
            return self._lacking(query, field)
        if field.dynamic:
            text = documents.pooled(int(value) if isinstance(value, float) else str(value), field)
            same = Query.term_query(self.view.fields, TERMS, field.name + BETWEEN + text, "basic")
        else:
            same = Query.term_query(self.view.fields, field.name, value, "basic")
        return Query.boolean_query([(Engine.Must, query), (Engine.Must, Query.const_score_query(same, 0.0))])

    def _lacking(self, query: Query, field: Field) -> Query:
        has = Query.term_query(self.view.fields, TERMS, PRESENT + field.name, "basic")
        return Query.boolean_query([(Engine.Must, query), (Engine.MustNot, has)])

    def _looked_at(self, hits: list[Hit], order: Sequence[Key]) -> list[Hit]:
        """*hits* sorted by the values of each; the last key first, for sorting is stable."""
        for key in reversed(order):
            if key.function:
                numbers = functions.reckoned(key.function, self.view, [hit.address for hit in hits])
                valued = sorted(zip(numbers, hits, strict=True), key=lambda pair: pair[0], reverse=key.descending)
                hits = [hit for _, hit in valued]
                continue
            if key.field is None:
                hits = sorted(hits, key=lambda hit: hit.score, reverse=key.descending)
                continue
            values = dict(zip(map(id, hits), self._values(hits, key.field), strict=True))
            if key.field.kind.counted:
                hits = sorted(hits, key=lambda hit: values[id(hit)] or 0, reverse=key.descending)
            else:
                have = [hit for hit in hits if values[id(hit)] is not None]
                have.sort(key=lambda hit: values[id(hit)], reverse=key.descending)
                hits = have + [hit for hit in hits if values[id(hit)] is None]
        return hits

    @staticmethod
    def _is_column(field: Field | None) -> TypeGuard[Field]:
        """Whether the values of *field* can be read without the documents; the score is no field."""
        return field is not None and field.kind.counted and not field.dynamic

    def _values(self, hits: list[Hit], field: Field) -> Iterator:
        if self._is_column(field):
            yield from self.searcher.fast_field_values(field.name, [hit.address for hit in hits])
            return
        for hit in hits:
            found = documents.restored(self.searcher.doc(hit.address)).get(field.name)
            yield found[0] if found else None
