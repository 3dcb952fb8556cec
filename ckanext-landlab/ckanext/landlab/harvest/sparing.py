"""What CKAN does at every save and a run of thousands can do without, or once at its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib import search
from ckanext.landlab import config

SAVED = ("package_create", "package_update", "package_delete")
_ACTIVITIES = "ckanext.activity.subscriptions"


@contextmanager
def sparingly() -> Iterator[None]:
    """Take records in: found by the search at the end, and without activities unless the site wants them."""
    with ExitStack() as stack:
        stack.enter_context(_searchable_at_the_end())
        if not config.harvest_activities():
            stack.enter_context(_without_activities())
        yield


@contextmanager
def _searchable_at_the_end() -> Iterator[None]:
    """Let what is saved meanwhile be found only at the end: one commit of the index instead of one for each dataset."""
    before = tk.config.get("ckan.search.solr_commit", True)
    tk.config["ckan.search.solr_commit"] = False
    try:
        yield
    finally:
        tk.config["ckan.search.solr_commit"] = before
        search.commit()


@contextmanager
def _without_activities() -> Iterator[None]:
    """Write no activities: each holds a whole copy of its dataset, and a source's page tells the same in short."""
    signal = tk.signals.action_succeeded
    listening: list[tuple[str, Callable[..., Any]]] = [
        (sender, receiver)
        for sender in SAVED
        for receiver in list(signal.receivers_for(sender))
        if receiver.__module__ == _ACTIVITIES
    ]
    for sender, receiver in listening:
        signal.disconnect(receiver, sender)
    try:
        yield
    finally:
        for sender, receiver in listening:
            signal.connect(receiver, sender)
