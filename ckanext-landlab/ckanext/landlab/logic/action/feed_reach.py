"""Actions on what becomes of datasets in a feed: left out and why, fetched by whom, taken, arrived."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import authz, model
from ckanext.landlab import dry_run, returning, visits
from ckanext.landlab.feeds.feed import Absence, Item
from ckanext.landlab.logic.action.feed import existing
from ckanext.landlab.model import feed as store
from ckanext.landlab.model import titles

__all__ = [
    "landlab_feed_absences",
    "landlab_feed_dry_run",
    "landlab_feed_standings",
    "landlab_feed_visits",
]

MOST_ABSENCES = 1000

REASONS: dict[Absence, Callable[[], str]] = {
    Absence.NOT_PUBLIC: lambda: tk._("It is not public."),
    Absence.UNKNOWN_TO_VERSION: lambda: tk._("DCAT-AP.de 2.0 knows no dataset series."),
    Absence.OTHER_ORGANIZATION: lambda: tk._("The feed does not take datasets of this organisation."),
    Absence.OTHER_ORIGIN: lambda: tk._("The feed does not take datasets of this origin."),
    Absence.LACKS_TAG: lambda: tk._("It has none of the keywords that the feed wants."),
    Absence.HAS_EXCLUDED_TAG: lambda: tk._("It has a keyword that the feed leaves out."),
    Absence.ARRIVES_OTHERWISE: lambda: tk._("It reaches this harvester another way already."),
}


@tk.side_effect_free
def landlab_feed_absences(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """The datasets that a feed does not show, each with the reason.

    :param name: the feed's name
    :returns: id, name, title (and its translations, as they are stored) and reason of each, by title; at most 1000
    """
    tk.check_access("landlab_feed_absences", context, data_dict)
    feed = existing(data_dict)
    return [
        {
            **{key: row._mapping[key] for key in ("id", "name", "title", *titles.TRANSLATED)},
            "reason": REASONS[absence](),
        }
        for row in store.all_items(left_out_by=feed, limit=MOST_ABSENCES)
        if (absence := feed.absence(_item(row)))
    ]


@tk.side_effect_free
def landlab_feed_visits(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """Which harvesters came to a feed, the latest first.

    :param name: the feed's name, or `organization/<name>`
    :param rows: optional, how many visits, at most 500
    :returns: agent, form (ttl, rdf, jsonld, nt, deleted), begun, last, and counts: requests, unchanged, datasets,
        bytes, broken (answers that were not taken to their end)
    """
    tk.check_access("landlab_feed_visits", context, data_dict)
    visits.gather()
    return visits.told(
        str(tk.get_or_bust(data_dict, "name")).replace("\0", ""), min(_number(data_dict, "rows", 50), 500)
    )


@tk.side_effect_free
def landlab_feed_standings(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """Whether a dataset has arrived at the portals above the feeds that show it.

    :param id: id or name of the dataset
    :returns: for each portal that is asked: feed, title, state (unseen, arrived, refused), since, asked, place, and
        trouble: nothing, or since when it cannot be asked, when that was last tried, and the message why
    """
    tk.check_access("landlab_feed_standings", context, data_dict)
    package = model.Package.get(tk.get_or_bust(data_dict, "id"))
    return returning.standings(package.id) if package else []


@tk.side_effect_free
def landlab_feed_dry_run(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """What the harvester of a feed will take of the datasets that you may change, and what not, and why.

    :param name: the feed's name
    :param start: optional, how many datasets to pass over
    :param rows: optional, how many datasets to tell of, at most 200
    :returns: `count`, and `datasets` in the order of the feed: id, name, type, title (and its
        translations), outcome (taken, flawed, rejected)
        and marks (outcome, rule, path, message in German and English)
    """
    tk.check_access("landlab_feed_dry_run", context, data_dict)
    start, rows = (_number(data_dict, key, default) for key, default in (("start", 0), ("rows", 50)))
    return dry_run.told(existing(data_dict), _own_organizations(context), start, min(rows, dry_run.MOST))


def _own_organizations(context: Any) -> list[str] | None:
    """The organisations whose datasets the user may change; None for all."""
    if context.get("ignore_auth") or authz.is_sysadmin(context.get("user")):
        return None
    asked = {"permission": "update_dataset"}
    return [one["name"] for one in tk.get_action("organization_list_for_user")({"user": context["user"]}, asked)]


def _number(data_dict: Mapping[str, Any], key: str, default: int) -> int:
    text = str(default if data_dict.get(key) in (None, "") else data_dict[key])
    if not text.isdecimal() or len(text) > 9:
        raise tk.ValidationError({key: [tk._("Enter a whole number.")]})
    return int(text)


def _item(row: Any) -> Item:
    return Item(
        kind=row.kind,
        organization=row.organization or "",
        origin=row.origin or "",
        tags=frozenset(row.tags or ()),
        sources=frozenset(row.sources or ()),
        is_public=row.is_public,
    )
