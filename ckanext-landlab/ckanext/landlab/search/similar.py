"""Datasets like a dataset: `mlt` and `/mlt`, by the words that are frequent in it and rare elsewhere."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

from ckanext.landlab.errors import RequestError
from ckanext.landlab.search import documents, words
from ckanext.landlab.search import question as q
from ckanext.landlab.search.params import Params
from ckanext.landlab.search.question import Clause, Occur, Question
from ckanext.landlab.search.schema import Kind
from ckanext.landlab.search.view import View
from tantivy import DocAddress


def like(view: View, address: DocAddress, params: Params) -> Question:
    """The question for documents like the one at *address*, itself left out.

    Raises:
        RequestError: `mlt.fl` names no field.
    """
    fields = params.text("mlt.fl").replace(",", " ").split()
    if not fields:
        raise RequestError("MoreLikeThis requires at least one similarity field: mlt.fl")
    values = documents.restored(view.searcher.doc(address))
    terms = sorted(_weighed(view, values, fields, params), reverse=True)[: params.whole("mlt.maxqt", 25)]
    boosted = params.flag("mlt.boost")
    best = terms[0][0] if terms else 1.0
    some = [q.Weighted(q.Exact(field, term), weight / best if boosted else 1.0) for weight, field, term in terms]
    key = view.schema.key
    itself = Clause(Occur.NOT, q.Exact(key, str(values[key][0])))
    return q.Group((*(Clause(Occur.SHOULD, part) for part in some), itself), 1) if some else q.Nothing()


def _weighed(view: View, values: dict[str, Any], fields: list[str], params: Params) -> list[tuple[float, str, str]]:
    """Each term of *fields* that counts, with what it weighs."""
    least, rarest = params.whole("mlt.mintf", 2), params.whole("mlt.mindf", 5)
    total = max(view.searcher.num_docs, 1)
    commonest = total * params.whole("mlt.maxdfpct", 100) / 100
    found = []
    for name in fields:
        home = view.schema.field(name)
        for term, count in _terms(values.get(name, []), home.kind).items():
            frequency = 0 if home.dynamic else view.searcher.doc_freq(name, term)
            if count >= least and rarest <= frequency <= commonest and len(term) >= params.whole("mlt.minwl", 0):
                found.append((count * (math.log(total / (frequency + 1)) + 1), name, term))
    return found


def _terms(values: list[Any], kind: Kind) -> Counter[str]:
    if kind not in (Kind.TEXT, Kind.NAMES):
        return Counter(map(str, values))
    stops = words.stop_terms()
    terms = (term for value in values for each in words.analysed(str(value), kind is Kind.TEXT) for term in each)
    return Counter(term for term in terms if term not in stops)
