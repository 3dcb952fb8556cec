"""Actions on feeds: which there are, what they show, and why a dataset is not among it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import timedelta
from itertools import islice
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import authz, model
from ckanext.landlab import catalogue, dry_run, entries, feed_choices, returning, surroundings, visits
from ckanext.landlab.errors import FeedRefused
from ckanext.landlab.feeds.feed import DEFAULT, Absence, Feed, Item, feed_of
from ckanext.landlab.model import feed as store
from ckanext.landlab.model import release as releases

__all__ = [
    "dataset_purge",
    "landlab_feed_absences",
    "landlab_feed_delete",
    "landlab_feed_dry_run",
    "landlab_feed_list",
    "landlab_feed_rebuild",
    "landlab_feed_show",
    "landlab_feed_standings",
    "landlab_feed_update",
    "landlab_feed_visits",
]

MOST_ABSENCES = 1000
REBUILD_SECONDS = 6 * 60 * 60  # 100,000 datasets take about half an hour

REFUSALS: dict[str, Callable[[], str]] = {
    "name": lambda: tk._("Please use only lowercase letters, digits, - and _, at most 64 of them."),
    "reserved": lambda: tk._("This name is taken by a page. Please choose another one."),
    "title": lambda: tk._("Please use at most 200 characters."),
    "version": lambda: tk._("Please choose 3.0 or 2.0."),
    "portal": lambda: tk._("Please choose how the portal is asked."),
    "portal_address": lambda: tk._("Please give the address of the portal; it begins with http:// or https://."),
    "place": lambda: tk._("Please write {identifier} where the id of the dataset belongs in the address."),
    "contributor": lambda: tk._("Please give the address of the supplier's id; it begins with http:// or https://."),
    "page_size": lambda: tk._("Please give a whole number from 1 to 1000."),
    "unknown": lambda: tk._("A feed has no such setting."),
}
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
def landlab_feed_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """All feeds, the default one first.

    :returns: for each feed what `landlab_feed_show` says
    """
    tk.check_access("landlab_feed_list", context, data_dict)
    feeds = [feed_of(declared) for declared in store.all_declared()]
    others = [feed for feed in feeds if feed.name != DEFAULT]
    default = catalogue.feed_named(DEFAULT)
    return [_described(feed) for feed in ([default] if default else []) + others]


@tk.side_effect_free
def landlab_feed_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """One feed: its settings, address, number of datasets and when the last of them changed.

    :param name: the feed's name; `default` is always there
    """
    tk.check_access("landlab_feed_show", context, data_dict)
    return _described(_existing(data_dict))


def landlab_feed_update(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Declare a feed, or declare it anew.

    :param name: lowercase letters, digits, - and _; `default` is what `/catalog.ttl` shows
    :param title: what people call it, e.g. GovData
    :param version: 3.0 or 2.0 of DCAT-AP.de
    :param contributor: IRI of the supplier's id that this harvester expects
    :param page_size: datasets on a page, 1 to 1000
    :param organizations, origins, tags: a list or words with commas; empty: all
    :param tags_excluded, sources_excluded: what to leave out
    :returns: what `landlab_feed_show` says
    """
    tk.check_access("landlab_feed_update", context, data_dict)
    if not data_dict.get("name"):
        raise tk.ValidationError({"name": [tk._("Please give the feed a name.")]})
    try:
        feed = feed_of(data_dict)
    except FeedRefused as refused:
        raise tk.ValidationError({refused.field: [REFUSALS[refused.reason]()]}) from refused
    if wrong := feed_choices.unknown(feed):
        raise tk.ValidationError(wrong)
    store.declare(feed.name, _plain(feed))
    model.Session.commit()
    if feed.portal:
        returning.come_again(timedelta(seconds=0))
    return _described(feed)


def landlab_feed_delete(context: Any, data_dict: dict[str, Any]) -> None:
    """Take a feed away; its address answers with 404 from then on.

    :param name: the feed's name
    """
    tk.check_access("landlab_feed_delete", context, data_dict)
    if not store.withdraw(_existing(data_dict).name):
        raise tk.ValidationError({"name": [tk._("The default feed cannot be taken away.")]})
    model.Session.commit()


def landlab_feed_rebuild(context: Any, data_dict: dict[str, Any]) -> None:
    """Have the entries of every dataset made anew in the background; feeds stay reachable meanwhile."""
    tk.check_access("landlab_feed_rebuild", context, data_dict)
    tk.enqueue_job(entries.rebuild, title="All feed entries", rq_kwargs={"timeout": REBUILD_SECONDS})


@tk.side_effect_free
def landlab_feed_absences(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """The datasets that a feed does not show, each with the reason.

    :param name: the feed's name
    :returns: id, title and reason of each, by title; at most 1000
    """
    tk.check_access("landlab_feed_absences", context, data_dict)
    feed = _existing(data_dict)
    absent = ((row, absence) for row in store.all_items() if (absence := feed.absence(_item(row))))
    return [
        {"id": row.id, "name": row.name, "title": row.title, "reason": REASONS[absence]()}
        for row, absence in islice(absent, MOST_ABSENCES)
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
    return visits.told(str(tk.get_or_bust(data_dict, "name")), min(_number(data_dict, "rows", 50), 500))


@tk.side_effect_free
def landlab_feed_standings(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """Whether a dataset has arrived at the portals above the feeds that show it.

    :param id: id or name of the dataset
    :returns: for each portal that is asked: feed, title, state (unseen, arrived, refused), since, asked, place
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
    :returns: `count`, and `datasets` in the order of the feed: id, name, type, title, outcome (taken, flawed, rejected)
        and marks (outcome, rule, path, message in German and English)
    """
    tk.check_access("landlab_feed_dry_run", context, data_dict)
    start, rows = (_number(data_dict, key, default) for key, default in (("start", 0), ("rows", 50)))
    return dry_run.told(_existing(data_dict), _own_organizations(context), start, min(rows, dry_run.MOST))


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


@tk.chained_action
def dataset_purge(original: Callable[..., Any], context: Any, data_dict: dict[str, Any]) -> Any:
    """CKAN's action, which tells no plugin: what is purged is shown no more, harvesters are told so, answers go."""
    tk.check_access("dataset_purge", context, data_dict)
    identifier = str(tk.get_or_bust(data_dict, "id"))
    entries.dataset_deleted(identifier)
    if package := model.Package.get(identifier):
        releases.forget(package.id)
    return original(context, data_dict)


def _existing(data_dict: Mapping[str, Any]) -> Feed:
    feed = catalogue.feed_named(str(tk.get_or_bust(dict(data_dict), "name")))
    if feed is None:
        raise tk.ObjectNotFound(tk._("There is no feed of this name."))
    return feed


def _described(feed: Feed) -> dict[str, Any]:
    summary = store.summary(model.Session.connection(), feed)
    folder = "" if feed.name == DEFAULT else f"/feed/{feed.name}"
    return {
        **_plain(feed),
        "address": f"{surroundings.site()}{folder}/catalog.ttl",
        "datasets": summary.total,
        "changed": summary.changed.isoformat() if summary.changed else None,
    }


def _plain(feed: Feed) -> dict[str, Any]:
    return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in asdict(feed).items()}


def _item(row: Any) -> Item:
    return Item(
        kind=row.kind,
        organization=row.organization or "",
        origin=row.origin or "",
        tags=frozenset(row.tags or ()),
        sources=frozenset(row.sources or ()),
        is_public=row.is_public,
    )
