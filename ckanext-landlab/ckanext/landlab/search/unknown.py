"""Parameters that would change the answer to a search and are not known here: they are refused, not passed over."""

from __future__ import annotations

from ckanext.landlab.errors import RequestError
from ckanext.landlab.search.params import Params

SWITCHES = ("group", "stats", "expand", "terms")
UNKNOWN = (
    *("json", "rq", "shards", "NOW", "TZ", "json.wrf"),
    *("facet.pivot", "facet.interval", "facet.heatmap"),
    *("facet.contains", "facet.matches", "facet.excludeTerms", "facet.exists"),
)


def refuse_unknown(params: Params) -> None:
    """Refuse *params* if one of them changes the answer in a way that is not known.

    Raises:
        RequestError: one does.
    """
    for name in params.given:
        if _is_unknown(name, params):
            raise RequestError(f"the parameter {name} is not known here")


def _is_unknown(name: str, params: Params) -> bool:
    """Whether the parameter *name* changes the answer in a way that is not known here."""
    if name in SWITCHES:
        return params.flag(name)
    if name == "json.nl":
        return params.text(name) != "flat"
    if name == "TZ":
        return params.text(name) not in ("UTC", "GMT", "Z")
    return name in UNKNOWN or name.startswith(("json.", "facet.pivot.", "facet.interval."))
