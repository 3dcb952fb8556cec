"""The answer to `/select`: from parameters to documents, counts and scores."""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

from ckanext.landlab.errors import RequestError
from ckanext.landlab.search import dates, documents, facets, local
from ckanext.landlab.search.compile import Compiler
from ckanext.landlab.search.engine import View
from ckanext.landlab.search.params import Params
from ckanext.landlab.search.ranking import Hit, Ranking, keys
from ckanext.landlab.search.schema import Field, Kind
from tantivy import DocAddress, Query
from tantivy import Occur as Engine

FURTHEST = 1_000_000  # start + rows
SCALE = 2.2  # the engine's BM25 has the factor k1 + 1, Lucene's has not

Parts = dict[str, Any]


def answer(view: View, params: Params) -> Parts:
    """What Solr answers to *params*, all but its header."""
    start, rows = _window(params)
    compiler = Compiler(view, params.text("q.op").upper() == "AND")
    query = found(params, compiler)
    ranking = Ranking(view)
    order = keys(params.text("sort"), view.schema)
    total = ranking.count(query)
    hits = ranking.first(query, order, min(start + rows, total))[start:] if rows else []
    parts: Parts = {"response": _response(view, params, hits, total, start)}
    if params.flag("facet"):
        parts["facet_counts"] = _facets(view, params, query, compiler.compile)
    return parts


def _window(params: Params) -> tuple[int, int]:
    start, rows = params.whole("start", 0), params.whole("rows", 10)
    if start < 0:
        raise RequestError(f"'start' parameter cannot be negative: {start}")
    if rows < 0:
        raise RequestError(f"'rows' parameter cannot be negative: {rows}")
    if start + rows > FURTHEST and start:
        raise RequestError(f"start + rows must not be above {FURTHEST}: use cursorMark to go further")
    return start, min(rows, FURTHEST)


def found(params: Params, compiler: Compiler) -> Query:
    """The query of `q` and all `fq`."""
    parser = params.text("defType", "lucene")
    text = params.text("q")
    main = (
        compiler.compile(local.question(text, params.first, parser))
        if text or params.text("q.alt")
        else Query.empty_query()
    )
    filters = [
        compiler.compile(local.question(each, params.first, "lucene")) for each in params.all("fq") if each.strip()
    ]
    if not filters:
        return main
    flat = [(Engine.Must, Query.const_score_query(each, 0.0)) for each in filters]
    return Query.boolean_query([(Engine.Must, main), *flat])


def _response(view: View, params: Params, hits: list[Hit], total: int, start: int) -> Parts:
    wanted = _wanted(params)
    give = Giving(view, wanted)
    docs = [give.document(hit) for hit in hits]
    response: Parts = {"numFound": total, "start": start}
    if "score" in wanted:
        response["maxScore"] = max((hit.score for hit in hits), default=0.0) / SCALE
    return {**response, "numFoundExact": True, "docs": docs}


def _wanted(params: Params) -> list[str]:
    names = [name for text in params.all("fl") for name in text.replace(",", " ").split()]
    for name in names:
        if "(" in name or "[" in name:
            raise RequestError(f"fl: functions and transformers are not known here: '{name}'")
    return names or ["*"]


class Giving:
    """Gives documents back as Solr does: the kept fields that are *wanted*, lists only where a field repeats."""

    def __init__(self, view: View, wanted: list[str]) -> None:
        self.view = view
        self.schema = view.schema
        self.wanted = wanted
        self.sources = [name for name, field in self.schema.fields.items() if field.kind is Kind.SOURCE]
        self.known: dict[str, bool] = {}

    def document(self, hit: Hit) -> Parts:
        """The document of *hit*."""
        doc = self.values(hit.address)
        if "score" in self.wanted:
            doc["score"] = hit.score / SCALE
        return doc

    def values(self, address: DocAddress) -> Parts:
        entry = self.view.searcher.doc(address)
        doc = {
            name: given(values, self.schema.field(name))
            for name, values in documents.restored(entry).items()
            if self._is_wanted(name)
        }
        for name in self.sources:
            value = entry.get_first(name) if self._is_wanted(name) else None
            if value is not None:
                doc[name] = value.decode()
        return doc

    def _is_wanted(self, name: str) -> bool:
        known = self.known.get(name)
        if known is None:
            known = self.schema.field(name).kept and any(
                pattern == name or ("*" in pattern and fnmatchcase(name, pattern)) for pattern in self.wanted
            )
            self.known[name] = known
        return known


def given(values: list[documents.Value], field: Field) -> Any:
    """*values* as Solr gives them back."""
    shown = [dates.written(int(value)) for value in values] if field.kind is Kind.DATE else values
    return shown if field.many else shown[0]


def _facets(view: View, params: Params, query: Query, compiled: Callable) -> Parts:
    counting = facets.Counting(view, query)
    return {
        "facet_queries": counting.queries(params.all("facet.query"), compiled, params.first),
        "facet_fields": counting.fields(facets.wishes(params, view.schema)),
        "facet_ranges": {},
        "facet_intervals": {},
        "facet_heatmaps": {},
    }
