"""What the search engine knows beside hits: a better spelling, and datasets like a dataset.

CKAN's actions let neither through, so both are asked over its own connection to the engine; only what everybody
may see comes back.  While the engine is away, pages do without.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import ckan.plugins.toolkit as tk
import pysolr
from ckan.lib.search import SearchError
from ckan.lib.search.common import make_connection
from ckan.lib.search.query import solr_literal
from ckanext.landlab import facets

__all__ = ["landlab_alike", "landlab_kinds_found", "landlab_suggestion"]

log = logging.getLogger(__name__)

_FEW = 3  # hits up to which another spelling is offered
_LONGEST = 200  # letters of a search that is looked at
_ALIKE = 5


def landlab_kinds_found(text: str | None) -> dict[str, int]:
    """How many records of each kind the person asking finds with *text*; nothing where no text was given."""
    if not text:
        return {}
    private = tk.config["ckan.search.default_include_private"]  # as CKAN's page asks
    wish = {"q": text, "rows": 0, "facet.field": ["dataset_type"], "include_private": private}
    try:
        return tk.get_action("package_search")({}, wish)["facets"]["dataset_type"]
    except SearchError:
        return {}


def landlab_suggestion(text: str | None, count: int, dataset_type: str = "dataset") -> dict[str, str] | None:
    """Another spelling of *text*, which found *count*, and the address that searches for it, if that finds more."""
    if not text or count > _FEW or len(text) > _LONGEST or ":" in text or tk.get_endpoint()[1] != "search":
        return None
    wish = {"spellcheck": "true", "spellcheck.q": text, "spellcheck.collate": "true"}
    answer = _asked("search", "*:*", rows=0, **wish)
    mended = (answer.spellcheck.get("collations") or [])[1:2] if answer is not None else []
    if not mended or mended[0].casefold() == text.casefold():
        return None
    given = {name: tk.request.args.getlist(name) for name in tk.request.args if name not in ("page", "q")}
    if _found(mended[0], dataset_type, given) <= count:
        return None
    return {"text": mended[0], "url": "?" + urlencode({"q": mended[0], **given}, doseq=True)}


def _found(text: str, dataset_type: str, given: Mapping[str, list[str]]) -> int:
    """How many datasets the person asking finds with *text* and the filters in force."""
    filters = [f"+{name}:{solr_literal(value)}" for name in facets.of_datasets() for value in given.get(name, [])]
    wanted = " ".join([f"+dataset_type:{solr_literal(dataset_type)}", *filters])
    try:
        return tk.get_action("package_search")({}, {"q": text, "fq": wanted, "rows": 0})["count"]
    except SearchError:
        return 0


def landlab_alike(package: dict[str, Any]) -> list[dict[str, Any]]:
    """Name and title of the public datasets that are most like *package*, the best first."""
    if package.get("state") != "active":
        return []
    fields = "title,notes,tags"
    wish = {"mlt.mintf": 1, "mlt.mindf": 2, "mlt.maxdfpct": 90, "mlt.boost": "true", "rows": _ALIKE, "fl": "name,title"}
    public = [
        f"+site_id:{solr_literal(tk.config['ckan.site_id'])}",
        "+state:active",
        f"+dataset_type:{solr_literal(package['type'])}",
        '+permission_labels:("public")',
    ]
    answer = _asked("more_like_this", f"id:{solr_literal(package['id'])}", mltfl=fields, fq=public, **wish)
    return [] if answer is None else list(answer.docs)


def _asked(method: str, text: str, **given: Any) -> pysolr.Results | None:
    """What the engine answers; None if it does not."""
    try:
        return getattr(make_connection(decode_dates=False), method)(text, **given)
    except pysolr.SolrError as error:
        log.warning("The search engine gives no answer beside the search: %s", error)
        return None
