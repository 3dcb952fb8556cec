"""What the settings of a feed can name: organisations, origins, harvest sources, supplier's ids."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ckan import model
from ckan.plugins.toolkit import _
from ckanext.landlab import language, schemas
from ckanext.landlab.feeds.feed import Feed


def organizations() -> dict[str, str]:
    """Titles of the organisations by name."""
    query = model.Session.query(model.Group.name, model.Group.title).filter_by(is_organization=True, state="active")
    return {name: title or name for name, title in query.order_by(model.Group.title)}


def origins() -> dict[str, str]:
    """Names of the kinds of origin by code, in the reader's language."""
    return {concept.code: concept.text(language.reader()) for concept in schemas.vocabulary("origin").concepts.values()}


def sources() -> dict[str, str]:
    """Titles of the harvest sources by id."""
    query = model.Session.query(model.Package.id, model.Package.title, model.Package.name)
    query = query.filter_by(type="harvest", state="active").order_by(model.Package.title)
    return {source: title or name for source, title, name in query}


def contributors() -> dict[str, str]:
    """Names of the suppliers that GovData lists, by IRI."""
    concepts = schemas.vocabulary("contributors").concepts.values()
    return {concept.iri: concept.text(language.reader()) for concept in concepts}


OFFERED: Mapping[str, Callable[[], dict[str, str]]] = {
    "organizations": organizations,
    "origins": origins,
    "sources_excluded": sources,
}
UNKNOWN: Mapping[str, Callable[[], str]] = {
    "organizations": lambda: _("There is no organisation named {names}."),
    "origins": lambda: _("There is no kind of origin named {names}."),
    "sources_excluded": lambda: _("There is no harvest source with the id {names}."),
}


def unknown(feed: Feed) -> Any:
    """What *feed* names and nothing has; it would be empty, and a harvester would delete all that it took before."""
    wrong = {name: sorted(getattr(feed, name) - set(known())) for name, known in OFFERED.items() if getattr(feed, name)}
    return {name: [UNKNOWN[name]().format(names=", ".join(names))] for name, names in wrong.items() if names}
