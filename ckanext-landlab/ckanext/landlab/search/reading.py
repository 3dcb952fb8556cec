"""What is only read: the answers to `/select` and `/mlt`, from one view of the index."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from ckanext.landlab.errors import RequestError
from ckanext.landlab.search import selection
from ckanext.landlab.search.params import Params
from ckanext.landlab.search.view import View

Answer = dict[str, Any]


def answer(view: View, path: str, params: Params) -> Answer:
    """What Solr answers to *params* at *path*.

    Raises:
        SearchRefusal: they are not understood.
    """
    start = time.perf_counter()
    if params.text("wt", "json") not in ("json", "standard"):
        raise RequestError(f"wt={params.text('wt')} is not known here: use wt=json")
    made = READS[path](view, params)
    spent = int((time.perf_counter() - start) * 1000)
    return {"responseHeader": {"status": 0, "QTime": spent}, **made}


def lasts(params: Params) -> bool:
    """Whether the answer stays the same until the next commit: not if it depends on the time of day."""
    return not any("NOW" in value for values in params.given.values() for value in values)


READS: Mapping[str, Callable[[View, Params], Answer]] = {"select": selection.answer, "mlt": selection.likeness}
