"""Words of the glossary explain themselves in templates: on focus and hover, once on each page."""

from __future__ import annotations

from collections.abc import Iterator

import ckan.plugins.toolkit as tk
from ckanext.landlab.language import reader
from ckanext.landlab.legal import glossary
from flask import g, has_request_context
from markupsafe import Markup, escape

__all__ = ["landlab_explained", "landlab_label_terms"]


def landlab_explained(words: str | Markup | None) -> Markup:
    """*words*, text or safe HTML, in which each term explains itself where the page has not done so yet."""
    return Markup(glossary.explained(str(escape(words or "")), _language(), _address(), _told()))  # noqa: S704 escaped


def landlab_label_terms(label: str | None) -> list[Markup]:
    """The terms in a *label*, to stand beside it: a link inside of a label would take the click from the field."""
    return list(_beside(label or ""))


def _beside(label: str) -> Iterator[Markup]:
    told = _told()
    for code, word in glossary.terms_in(label, _language()):
        if code not in told:
            told.add(code)
            yield Markup(glossary.explanation(code, str(escape(word)), _language(), _address()))  # noqa: S704 escaped


def _language() -> str:
    return "de" if reader() == "de" else "en"


def _address() -> str:
    """The page of the glossary, looked up once for a page."""
    if not has_request_context():
        return tk.url_for("landlab_glossary.terms")
    if "landlab_terms_address" not in g:
        g.landlab_terms_address = tk.url_for("landlab_glossary.terms")
    return g.landlab_terms_address


def _told() -> set[str]:
    """The terms that this page has explained: an explanation has an id, and repeating it would only tire."""
    return g.setdefault("landlab_told", set()) if has_request_context() else set()
