"""The answer to `/select`: from parameters to documents, counts, scores, marks and suggestions."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ckanext.landlab.errors import RequestError
from ckanext.landlab.search import facets, highlight, local, ranges, similar, spelling
from ckanext.landlab.search import question as q
from ckanext.landlab.search.compile import Compiler
from ckanext.landlab.search.giving import SCALE, Giving, points
from ckanext.landlab.search.labels import label, tags
from ckanext.landlab.search.params import Params
from ckanext.landlab.search.question import Question
from ckanext.landlab.search.ranking import Hit, Ranking
from ckanext.landlab.search.sorting import Key, keys
from ckanext.landlab.search.unknown import refuse_unknown
from ckanext.landlab.search.view import View
from tantivy import DocAddress, Query
from tantivy import Occur as Engine

SHAPE = frozenset({"start", "rows", "sort", "fl", "wt", "hl", "hl.fl", "cursorMark"})  # say nothing on what is found
FURTHEST = 1_000_000  # start + rows
MANY = 1000  # rows: for more the engine makes room, so it is first counted how many there are
Parts = dict[str, Any]


def answer(view: View, params: Params) -> Parts:
    """What Solr answers to *params*, all but its header.

    Raises:
        SearchRefusal: they are not understood.
    """
    refuse_unknown(params)
    return Selection(view, params).answer()


@dataclass(frozen=True)
class Window:
    """The part of the answers that is given: *rows* from *start* on; *mark* is the cursor it began at."""

    start: int
    rows: int
    mark: str = ""


class Selection:
    """One request for what is in *view*."""

    def __init__(self, view: View, params: Params) -> None:
        self.view = view
        self.params = params
        self.compiler = Compiler(view, params.text("q.op").upper() == "AND")
        self.ranking = Ranking(view)
        self.asked_order = _order(params.text("sort"), view)

    @cached_property
    def question(self) -> Question:
        text, parser = self.params.text("q"), self.params.text("defType", "lucene")
        if not text.strip() and not self.params.text("q.alt"):
            return q.Nothing()
        return local.question(text, self.params, parser)

    @cached_property
    def order(self) -> tuple[Key, ...]:
        """The order that is asked for, without the score if that is the same for all."""
        level = q.is_level(self.question, lambda name: not self.view.schema.field(name).kind.analysed)
        if level and len(self.asked_order) > 1:
            return tuple(key for key in self.asked_order if key.field or key.function)
        return self.asked_order

    @cached_property
    def main(self) -> Query:
        """The query of `q`."""
        return self.compiler.compile(self.question.part if isinstance(self.question, q.Scored) else self.question)

    @cached_property
    def filters(self) -> list[Query]:
        """The queries of all `fq`, without those that every document passes."""
        return [query for text in self.params.all("fq") if (query := self._filter(text)) is not None]

    @cached_property
    def query(self) -> Query:
        """The query of `q` and all `fq`."""
        return _filtered(self.main, self.filters)

    def _filter(self, text: str) -> Query | None:
        """The query of one `fq`; None if every document answers it, as of those that CKAN sends with every search."""
        if not text.strip():
            return None
        key = ("filter", text, self.params.text("df"), self.params.text("q.op"))
        made = self.view.memory.recall(key) if "$" not in text and "NOW" not in text else None
        if made is None:
            asked = local.question(text, self.params, "lucene")
            asked = q.unscored(asked)
            query = self.compiler.compile(asked)
            idle = isinstance(asked, q.Words) and self.ranking.count(query) == self.view.searcher.num_docs
            made = (None if idle else query,)
            if "$" not in text and "NOW" not in text:
                self.view.memory.keep(key, made, 1)
        return made[0]

    def answer(self) -> Parts:
        window = self._window()
        hits = self._hits(window)
        total = self.ranking.count(self.query)
        giving = Giving.of(self.view, self.params)
        docs = [giving.document(hit.address, hit.score) for hit in hits]
        parts: Parts = {"response": {"numFound": total, "start": window.start if not window.mark else 0}}
        if giving.with_score:
            parts["response"]["maxScore"] = points(self._best(total))
        parts["response"] |= {"numFoundExact": True, "docs": docs}
        if window.mark:
            parts["nextCursorMark"] = self._next_mark(window, hits)
        return parts | self._beside(hits)

    def _beside(self, hits: list[Hit]) -> Parts:
        parts: Parts = {}
        if self.params.flag("facet"):
            parts["facet_counts"] = self._facets()
        if self.params.flag("hl"):
            parts["highlighting"] = self._marks(hits)
        if self.params.flag("spellcheck"):
            parts["spellcheck"] = spelling.suggestions(self.view, self.params)
        if self.params.flag("mlt"):
            parts["moreLikeThis"] = {
                self._key(hit.address): self.like(hit.address, self.params.whole("mlt.count", 5)) for hit in hits
            }
        return parts

    def _window(self) -> Window:
        start, rows = self.params.whole("start", 0), self.params.whole("rows", 10)
        for name, number in (("start", start), ("rows", rows)):
            if number < 0:
                raise RequestError(f"'{name}' parameter cannot be negative")
        if start > FURTHEST:
            raise RequestError(f"start must not be above {FURTHEST}: use cursorMark to go further")
        mark = self.params.text("cursorMark")
        if "cursorMark" not in self.params.given:
            return Window(start, min(rows, FURTHEST))
        if start:
            raise RequestError("Cursor functionality requires start=0")
        if not any(key.field and key.field.name == self.view.schema.key for key in self.order):
            raise RequestError("Cursor functionality requires a sort containing a uniqueKey field tie breaker")
        return Window(self._place(mark), min(rows, FURTHEST), mark)

    def _place(self, mark: str) -> int:
        """Where the answers after *mark* begin: where they did, or, if documents came and went, after its document."""
        if mark == "*":
            return 0
        try:
            place, key = json.loads(base64.urlsafe_b64decode(mark))
        except (binascii.Error, ValueError) as error:
            reason = "value must either be '*' or the 'nextCursorMark' returned by a previous search"
            raise RequestError(f"Unable to parse 'cursorMark' after totem: {reason}: {mark}") from error
        hits = self.ranking.first(self.query, self.order, place)
        if len(hits) == place and place and self._key(hits[-1].address) == key:
            return place
        everything = self.ranking.first(self.query, self.order, self.ranking.count(self.query))
        found = [self._key(hit.address) for hit in everything]
        return found.index(key) + 1 if key in found else min(place, len(found))

    def _next_mark(self, window: Window, hits: list[Hit]) -> str:
        if not hits:
            return window.mark
        last = [window.start + len(hits), self._key(hits[-1].address)]
        return base64.urlsafe_b64encode(json.dumps(last).encode()).decode()

    def _key(self, address: DocAddress) -> str:
        return Giving.key(self.view, address)

    def _hits(self, window: Window) -> list[Hit]:
        wanted = window.start + window.rows
        if not window.rows:
            return []
        if wanted > MANY:
            wanted = min(wanted, self.ranking.count(self.query))
        if isinstance(self.question, q.Scored) and any(key.field is None for key in self.order):
            return self.ranking.rescored(self.query, self.question, self.order, SCALE)[window.start : wanted]
        hits = self.ranking.first(self.query, self.order, wanted)[window.start :]
        unscored = not self.order or self.order[0].field is not None
        return self._scored(hits) if unscored and Giving.of(self.view, self.params).with_score else hits

    def _scored(self, hits: list[Hit]) -> list[Hit]:
        """*hits* that were found by a field, with their scores."""
        keys = [self._key(hit.address) for hit in hits]
        query = _filtered(self.query, [Query.term_set_query(self.view.fields, self.view.schema.key, keys)])
        order = (Key(None, True),)
        if isinstance(self.question, q.Scored):
            found = self.ranking.rescored(query, self.question, order, SCALE)
        else:
            found = self.ranking.first(query, order, len(hits))
        scores = {(hit.address.segment_ord, hit.address.doc): hit.score for hit in found}
        return [Hit(scores[hit.address.segment_ord, hit.address.doc], hit.address) for hit in hits]

    def _best(self, total: int) -> float:
        """The best score of all answers."""
        if not total:
            return 0.0
        if isinstance(self.question, q.Scored):
            order = (Key(None, True),)
            return self.ranking.rescored(self.query, self.question, order, SCALE)[0].score
        return self.ranking.first(self.query, (Key(None, True),), 1)[0].score

    def _facets(self) -> Parts:
        wishes = facets.wishes(self.params, self.view.schema)
        counted: dict[str, list[Any]] = {}
        for without in dict.fromkeys(wish.without for wish in wishes):
            counted |= self._counting(without).fields([wish for wish in wishes if wish.without == without])
        return {
            "facet_queries": self._queries(),
            "facet_fields": {wish.key: counted[wish.key] for wish in wishes},
            "facet_ranges": self._ranges(),
            "facet_intervals": {},
            "facet_heatmaps": {},
        }

    def _queries(self) -> dict[str, int]:
        """How many documents answer each of `facet.query`."""
        found = {}
        for text in self.params.all("facet.query"):
            told = label(text)
            query = self.compiler.compile(q.unscored(local.question(text, self.params, "lucene")))
            found[told.options.get("key", text)] = self._counting(told.without).both(query)
        return found

    def _ranges(self) -> Parts:
        found = {}
        for told in map(label, self.params.all("facet.range")):
            steps = ranges.steps(told.text, told.params(self.params), self.view.schema)
            counting = self._counting(told.without)
            found[told.key] = ranges.counted(steps, lambda asked, to=counting: to.both(self.compiler.compile(asked)))
        return found

    def _counting(self, without: frozenset[str]) -> facets.Counting:
        """What counts in the answers, those in it that only the filters with the tags *without* keep out."""
        if not without:
            return facets.Counting(self.view, self.query, self._same())
        main = Query.all_query() if tags(self.params.text("q")) & without else self.main
        texts = [text for text in self.params.all("fq") if not tags(text) & without]
        filters = [query for text in texts if (query := self._filter(text)) is not None]
        return facets.Counting(self.view, _filtered(main, filters))

    def _same(self) -> Hashable:
        """What requests have in common that find the same; nothing where that depends on the time of day."""
        given = self.params.given
        told = {name: tuple(values) for name, values in given.items() if name not in SHAPE and "facet" not in name}
        return None if any("NOW" in each for values in told.values() for each in values) else frozenset(told.items())

    def _marks(self, hits: list[Hit]) -> Parts:
        marker = highlight.Marker(
            self.question, highlight.manner(self.params, self.view.schema.default), self.view.schema
        )
        giving = Giving(self.view, Params({"fl": ["*"]}))
        return {self._key(hit.address): marker.marked(giving.document(hit.address)) for hit in hits}

    def like(self, address: DocAddress, count: int, start: int = 0, filters: Sequence[Query] = ()) -> Parts:
        """The documents like the one at *address* that pass the *filters*, as Solr gives them."""
        query = _filtered(self.compiler.compile(similar.like(self.view, address, self.params)), filters)
        total = self.ranking.count(query)
        hits = self.ranking.first(query, (Key(None, True),), min(start + count, total))[start:]
        giving = Giving.of(self.view, self.params)
        docs = [giving.document(hit.address, hit.score) for hit in hits]
        return {"numFound": total, "start": start, "numFoundExact": True, "docs": docs}


def likeness(view: View, params: Params) -> Parts:
    """The answer to `/mlt`: documents like the first that `q` finds; `fq` is for the former only."""
    selection = Selection(view, params)
    found = selection.ranking.first(selection.main, selection.order, 1)
    giving = Giving.of(view, params)
    match = {"numFound": selection.ranking.count(selection.main), "start": 0, "numFoundExact": True}
    parts: Parts = {"match": {**match, "docs": [giving.document(hit.address, hit.score) for hit in found]}}
    if not found:
        return {**parts, "response": None}
    rows, start = params.whole("rows", 10), params.whole("start", 0)
    return {**parts, "response": selection.like(found[0].address, rows, start, selection.filters)}


def _order(text: str, view: View) -> tuple[Key, ...]:
    """The keys that *text* names, read once."""
    known = view.memory.recall(("sort", text))
    if known is None:
        known = keys(text, view.schema)
        view.memory.keep(("sort", text), known, 1)
    return known


def _filtered(query: Query, filters: Sequence[Query]) -> Query:
    """What of *query* passes all *filters*; its scores stay."""
    flat = [(Engine.Must, Query.const_score_query(each, 0.0)) for each in filters]
    return Query.boolean_query([(Engine.Must, query), *flat]) if flat else query
