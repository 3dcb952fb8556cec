"""The order of the answers: by score or by fields, several keys deep, exactly.

The engine sorts by one key.  What ties in it is sorted by the next one: few documents by their values, many by a
question of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from ckanext.landlab.errors import RequestError
from ckanext.landlab.search import documents
from ckanext.landlab.search.documents import BETWEEN, PRESENT, TERMS, VALUES
from ckanext.landlab.search.engine import View
from ckanext.landlab.search.schema import Field, Kind, Schema
from tantivy import DocAddress, Order, Query
from tantivy import Occur as Engine

FEW = 64  # ties up to this number are sorted by looking at each

_SPEC = re.compile(r"\s*(\S+?)\s+(asc|desc)\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Key:
    """One thing to sort by; *field* is None for the score."""

    field: Field | None
    descending: bool


@dataclass(frozen=True)
class Hit:
    score: float
    address: DocAddress


def keys(text: str, schema: Schema) -> tuple[Key, ...]:
    """The keys that `sort` names; without any, the score.

    Raises:
        RequestError: a key has no order, or its field cannot be sorted by.
    """
    if not text.strip():
        return (Key(None, True),)
    found = []
    for part in text.split(","):
        match = _SPEC.fullmatch(part)
        if not match:
            raise RequestError(
                f"Can't determine a Sort Order (asc or desc) in sort spec '{text}', pos={text.find(part)}"
            )
        field = None if match[1] == "score" else schema.field(match[1])
        if field and field.many:
            raise RequestError(f"can not sort on multivalued field: {field.name}")
        if field and field.kind in (Kind.SOURCE, Kind.NGRAMS):
            raise RequestError(f"can not sort on field: {field.name}")
        found.append(Key(field, match[2].lower() == "desc"))
    return tuple(found)


class Ranking:
    """Sorts what is found in one *view*."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.searcher = view.searcher

    def first(self, query: Query, order: Sequence[Key], wanted: int) -> list[Hit]:
        """The first *wanted* documents of *query* in the *order* of its keys."""
        if wanted <= 0:
            return []
        if not order:
            return self._by_score(Query.const_score_query(query, 1.0), wanted)[:wanted]
        key, rest = order[0], order[1:]
        if key.field is None:
            return self._scored(query, key, rest, wanted)
        if key.field.kind in (Kind.TEXT, Kind.NAMES):
            return self._looked_at(self._by_score(query, self.count(query)), order)[:wanted]
        if key.field.dynamic:
            return self._by_bucket(query, key.field, key.descending, rest, wanted)
        return self._by_field(query, key.field, key.descending, rest, wanted)

    def count(self, query: Query) -> int:
        """How many documents *query* finds."""
        return self.searcher.search(query, 1).count  # type: ignore[attr-defined] the type stub lacks it

    def _by_score(self, query: Query, limit: int) -> list[Hit]:
        if limit <= 0:
            return []
        return [Hit(score, address) for score, address in self.searcher.search(query, limit, count=False).hits]

    def _scored(self, query: Query, key: Key, rest: Sequence[Key], wanted: int) -> list[Hit]:
        if not key.descending:
            hits = self._by_score(query, self.count(query))[::-1]
            hits.sort(key=lambda hit: hit.score)
            return self._settled(hits, rest)[:wanted]
        limit = wanted if not rest else wanted + FEW
        while True:
            hits = self._by_score(query, limit)
            if not rest or len(hits) < limit or hits[-1].score != hits[wanted - 1].score:
                break
            if hits[0].score == hits[-1].score and limit > wanted + FEW:
                return self._level(query, hits[0].score, rest, wanted)
            limit *= 8
        return self._settled(hits, rest)[:wanted]

    def _level(self, query: Query, score: float, rest: Sequence[Key], wanted: int) -> list[Hit]:
        """As `_scored` where the best score is shared by very many: most likely by all."""
        total = self.count(query)
        hits = self._by_score(query, total)
        if hits[-1].score == score:
            return [Hit(score, hit.address) for hit in self.first(query, rest, wanted)]
        return self._settled(hits, rest)[:wanted]

    def _settled(self, hits: list[Hit], rest: Sequence[Key]) -> list[Hit]:
        """*hits* with those of one score sorted by *rest*."""
        if not rest:
            return hits
        groups = (list(group) for _, group in groupby(hits, key=lambda hit: hit.score))
        return [hit for group in groups for hit in (self._looked_at(group, rest) if len(group) > 1 else group)]

    def _by_field(self, query: Query, field: Field, down: bool, rest: Sequence[Key], wanted: int) -> list[Hit]:
        without: list[Hit] = []
        if field.kind.counted and not down:  # Solr takes an absent number for 0
            without = self.first(self._lacking(query, field), rest, wanted)
        order = Order.Desc if down else Order.Asc
        limit = wanted + (FEW if rest else 0)
        found = self.searcher.search(query, limit, False, field.name, 0, order).hits
        hits: list[Hit] = list(without)
        for value, group in groupby(found, key=lambda hit: hit[0]):
            if len(hits) >= wanted or (value is None and without):
                break
            hits.extend(
                self._tied(
                    query, field, value, [address for _, address in group], rest, wanted - len(hits), limit, found
                )
            )
        return hits[:wanted]

    def _tied(
        self,
        query: Query,
        field: Field,
        value: object,
        addresses: list[DocAddress],
        rest: Sequence[Key],
        wanted: int,
        limit: int,
        found: list,
    ) -> list[Hit]:
        """The documents that share *value*, sorted by *rest*; *addresses* may be only the first of them."""
        hits = [Hit(1.0, address) for address in addresses]
        if not rest or len(hits) == 1:
            return hits
        whole = len(found) < limit or found[-1][1] is not addresses[-1]
        if whole and len(hits) <= FEW:
            return self._looked_at(hits, rest)
        return self.first(self._sharing(query, field, value), rest, wanted)

    def _by_bucket(self, query: Query, field: Field, down: bool, rest: Sequence[Key], wanted: int) -> list[Hit]:
        """By a field without a home: its values in order, and for each the documents that have it."""
        name = VALUES + "." + field.name.replace(".", "\\.")
        terms = {"field": name, "size": min(wanted, 60_000), "order": {"_key": "desc" if down else "asc"}}
        buckets = self.searcher.aggregate(query, {"b": {"terms": terms}})["b"]["buckets"]
        hits: list[Hit] = []
        for bucket in buckets:
            if len(hits) >= wanted:
                break
            hits.extend(self.first(self._sharing(query, field, bucket["key"]), rest, wanted - len(hits)))
        if len(hits) < wanted:
            hits.extend(self.first(self._lacking(query, field), rest, wanted - len(hits)))
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

    def _values(self, hits: list[Hit], field: Field) -> Iterator:
        if field.kind in (Kind.INTEGER, Kind.DATE, Kind.FLOAT) and not field.dynamic:
            yield from self.searcher.fast_field_values(field.name, [hit.address for hit in hits])
            return
        for hit in hits:
            found = documents.restored(self.searcher.doc(hit.address)).get(field.name)
            yield found[0] if found else None
