"""Actions on feeds: which there are, how they are declared, and their entries made anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckanext.landlab import catalogue, entries, feed_choices, returning, surroundings
from ckanext.landlab.errors import FeedRefused
from ckanext.landlab.feeds.feed import DEFAULT, Feed, feed_of
from ckanext.landlab.model import feed_declaration as declarations
from ckanext.landlab.model import feed_state, portal_trouble

__all__ = [
    "landlab_feed_delete",
    "landlab_feed_list",
    "landlab_feed_rebuild",
    "landlab_feed_show",
    "landlab_feed_update",
]

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


@tk.side_effect_free
def landlab_feed_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """All feeds, the default one first.

    :returns: for each feed what `landlab_feed_show` says
    """
    tk.check_access("landlab_feed_list", context, data_dict)
    feeds = [feed_of(declared) for declared in declarations.all_declared()]
    others = [feed for feed in feeds if feed.name != DEFAULT]
    default = catalogue.feed_named(DEFAULT)
    return [_described(feed) for feed in ([default] if default else []) + others]


@tk.side_effect_free
def landlab_feed_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """One feed: its settings, address, number of datasets and when the last of them changed.

    :param name: the feed's name; `default` is always there
    """
    tk.check_access("landlab_feed_show", context, data_dict)
    return _described(existing(data_dict))


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
    feed = _declared(data_dict)
    declarations.declare(feed.name, _plain(feed))
    portal_trouble.end(feed.name)  # it was the trouble of the portal as it was asked until now
    model.Session.commit()
    if feed.portal:
        returning.come_again(timedelta(seconds=0))
    return _described(feed)


def landlab_feed_delete(context: Any, data_dict: dict[str, Any]) -> None:
    """Take a feed away; its address answers with 404 from then on.

    :param name: the feed's name
    """
    tk.check_access("landlab_feed_delete", context, data_dict)
    name = existing(data_dict).name
    if not declarations.withdraw(name):
        raise tk.ValidationError({"name": [tk._("The default feed cannot be taken away.")]})
    portal_trouble.end(name)
    model.Session.commit()


def landlab_feed_rebuild(context: Any, data_dict: dict[str, Any]) -> None:
    """Have the entries of every dataset made anew in the background; feeds stay reachable meanwhile."""
    tk.check_access("landlab_feed_rebuild", context, data_dict)
    tk.enqueue_job(entries.rebuild, title="All feed entries", rq_kwargs={"timeout": REBUILD_SECONDS})


def _declared(data_dict: dict[str, Any]) -> Feed:
    """The feed that *data_dict* declares; raises ValidationError with every fault."""
    faults = {} if data_dict.get("name") else {"name": [tk._("Please give the feed a name.")]}
    try:
        feed = feed_of(data_dict)
    except FeedRefused as refused:
        told = {field: [REFUSALS[reason]()] for field, reason in refused.faults.items()}
        raise tk.ValidationError({**told, **faults}) from refused
    if faults := {**faults, **feed_choices.unknown(feed)}:
        raise tk.ValidationError(faults)
    return feed


def existing(data_dict: Mapping[str, Any]) -> Feed:
    """The feed that *data_dict* names; raises ObjectNotFound."""
    feed = catalogue.feed_named(str(tk.get_or_bust(dict(data_dict), "name")))
    if feed is None:
        raise tk.ObjectNotFound(tk._("There is no feed of this name."))
    return feed


def _described(feed: Feed) -> dict[str, Any]:
    summary = feed_state.summary(model.Session.connection(), feed)
    folder = "" if feed.name == DEFAULT else f"/feed/{feed.name}"
    return {
        **_plain(feed),
        "address": f"{surroundings.site()}{folder}/catalog.ttl",
        "datasets": summary.total,
        "changed": summary.changed.isoformat() if summary.changed else None,
    }


def _plain(feed: Feed) -> dict[str, Any]:
    return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in asdict(feed).items()}
