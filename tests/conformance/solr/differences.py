"""Where our service answers otherwise than Solr, on purpose or because the engine cannot, each with its reason."""

from __future__ import annotations

_SLOP = "Lucene forgets the slop of a phrase with a word that has several readings, as every compound has"
_STOPS = "Solr holds the stop words as terms of every text, and they lie in the range"
_BROKEN = "Solr fails with 500 on a broken regular expression; it is the question that is wrong: 400"
_NUMBERS = "Solr finds nothing by a pattern in numbers; it is the question that is wrong: 400"

QUERIES: dict[str, str] = {
    "name:datensatz-0001~": "Lucene looks at the 50 nearest terms only, the engine at all that are near enough",
    'title:"volumenindex umsatzes"~1': _SLOP,
    'title:"umsatzes volumenindex"~4': _SLOP,
    "title:[umsatz TO v]": _STOPS,
    "title:/[/": _BROKEN,
    'title:"umsatz der"': _STOPS,
    "title:der*": _STOPS,
    'title:"umsatz großhandel"~3': _SLOP,
    "views_total:/5/": _NUMBERS,
    "views_total:5~": _NUMBERS,
    '_val_:"views_total"': "what only reckons and finds every document is refused, as {!func} is",
    "metadata_modified:[2020-01-01T00:00Z TO *]": "a date without seconds, or with an offset, is understood",
}
BOOSTED = "with q.op=AND Solr's dismax makes the only bq a condition; a boost should not hide what is found"
SPACE = "a space that does not break is one here; Solr's dismax asks for either word then"


def reason(request: dict) -> str | None:
    """Why *request* may be answered otherwise; None if it may not."""
    if request.get("bq") and request.get("defType") == "dismax" and request.get("q.op") == "AND":
        return BOOSTED
    if request.get("defType") == "dismax" and "\u00a0" in str(request.get("q")):
        return SPACE
    return QUERIES.get(str(request.get("q"))) or QUERIES.get(str(request.get("fq")))
