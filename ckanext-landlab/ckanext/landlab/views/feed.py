"""`/catalog.*`, `/feed/<name>/…` and `/organization/<name>/catalog.*`: what harvesters fetch."""

from __future__ import annotations

from datetime import datetime, timezone

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _
from ckanext.dcat.utils import check_access_header, read_catalog_page
from ckanext.landlab import catalogue
from ckanext.landlab.feeds.feed import DEFAULT, SYNTAXES, Feed
from ckanext.landlab.feeds.packing import packed, packing_for
from ckanext.landlab.model import feed as store
from ckanext.landlab.visits import Note
from flask import Blueprint, Response, jsonify

__all__ = ["landlab_feed"]

landlab_feed = Blueprint("landlab_feed", __name__)

LONGEST = 19  # digits of a number in the database
ALIASES = {"xml": "rdf", "n3": "ttl", "json": "jsonld"}
HANDS_OUT = "X-Landlab-Hands-Out"  # set by our nginx where the harvester itself has nothing yet
START = "dcat.read_catalog"  # ckanext-dcat's, where it negotiates
SEARCHES = ("q", "fq", "profiles")  # what ckanext-dcat's endpoint can do beyond ours


def catalog(syntax: str) -> Response | str:
    """The default feed; a search in it is answered by ckanext-dcat."""
    if any(tk.request.args.get(name) for name in SEARCHES):
        return read_catalog_page(syntax)
    return _answer(catalogue.feed_named(DEFAULT), syntax)


@landlab_feed.before_app_request
def negotiated() -> Response | str | None:
    """The default feed where the start page is asked for in RDF, too, which ckanext-dcat would make anew each time."""
    if tk.request.endpoint != START:
        return None
    syntax = check_access_header()
    if not syntax or any(tk.request.args.get(name) for name in SEARCHES):
        return None
    answer = _answer(catalogue.feed_named(DEFAULT), syntax, path=f"/catalog.{ALIASES.get(syntax, syntax)}")
    answer.vary.add("Accept")
    return answer


def page(name: str, syntax: str) -> Response:
    """One page of a feed."""
    return _answer(catalogue.feed_named(name), syntax)


def whole(name: str, syntax: str) -> Response:
    """A whole feed as one file."""
    return _answer(catalogue.feed_named(name), syntax, catalogue.ALL)


def of_organization(name: str, syntax: str) -> Response:
    """One page of what an organisation publishes."""
    return _answer(catalogue.feed_of_organization(name), syntax)


def deleted(name: str) -> Response:
    """What a feed shows no more, and since when."""
    return _gone(name, catalogue.feed_named(name))


def deleted_of_organization(name: str) -> Response:
    """What an organisation publishes no more, and since when."""
    return _gone(name, catalogue.feed_of_organization(name))


def _gone(name: str, feed: Feed | None) -> Response:
    if feed is None:
        tk.abort(404, _("There is no feed of this name."))
    told = [
        {"address": row.address, "gone": row.gone.isoformat()}
        for row in store.gone(feed, catalogue.unsettled(_since()))
    ]
    response = jsonify({"feed": name, "deleted": told})
    note = _note(feed, "deleted", 0)
    note.bytes, note.complete = response.content_length or 0, True
    return note.after(response)


def _answer(feed: Feed | None, syntax: str, number: int | None = None, path: str = "") -> Response:
    syntax = ALIASES.get(syntax, syntax)
    if feed is None or syntax not in SYNTAXES:
        tk.abort(404, _("There is no feed of this name, or not in this format."))
    number = _number() if number is None else number
    answer = catalogue.Answer(catalogue.Request(feed, syntax, path or tk.request.path, number, _since(), _after()))
    if not answer.exists:
        tk.abort(404, _("This feed ends with page {last}.").format(last=answer.pages))
    freshness = answer.freshness
    packing = packing_for(tk.request.headers.get("Accept-Encoding", ""))
    headers = {**freshness.headers(), "Vary": "Accept-Encoding"}
    note = _note(feed, syntax, answer.datasets)
    if freshness.is_known(tk.request.headers):
        note.handed_out = HANDS_OUT in tk.request.headers
        return note.after(Response(status=304, headers=headers))
    if packing:
        headers["Content-Encoding"] = packing
    is_head = tk.request.method == "HEAD"
    pieces = iter(()) if is_head else note.counting(packed(answer.pieces(), packing))  # how long it is nobody knows yet
    return note.after(Response(pieces, headers=headers, content_type=f"{SYNTAXES[syntax]}; charset=utf-8"))


def _note(feed: Feed, form: str, datasets: int) -> Note:
    return Note(feed.name, form, tk.request.headers.get("User-Agent", ""), datasets)


def _number() -> int:
    text = tk.request.args.get("page") or "1"
    if not text.isdecimal() or not int(text[:9]) >= 1:
        tk.abort(400, _("A page is a number from 1 on."))
    return int(text[:9])


def _after() -> int:
    """The number that the page before this one has given along; what is no number comes from nobody that we told."""
    text = tk.request.args.get("after") or "0"
    return int(text) if text.isdecimal() and len(text) < LONGEST else 0


def _since() -> datetime | None:
    text = tk.request.args.get("modified_since")
    if not text:
        return None
    try:
        since = datetime.fromisoformat(text.strip().replace("Z", "+00:00").replace(" ", "+"))
        return (since if since.tzinfo else since.replace(tzinfo=timezone.utc)).astimezone(timezone.utc)
    except (ValueError, OverflowError):
        tk.abort(400, _("Please give modified_since as a date and time, such as 2026-11-23T12:00:00Z."))


landlab_feed.add_url_rule("/catalog.<syntax>", view_func=catalog)
landlab_feed.add_url_rule("/feed/<name>/catalog.<syntax>", view_func=page)
landlab_feed.add_url_rule("/feed/<name>/all.<syntax>", view_func=whole)
landlab_feed.add_url_rule("/feed/<name>/deleted.json", view_func=deleted)
landlab_feed.add_url_rule("/organization/<name>/catalog.<syntax>", view_func=of_organization)
landlab_feed.add_url_rule("/organization/<name>/deleted.json", view_func=deleted_of_organization)
