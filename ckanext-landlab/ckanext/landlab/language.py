"""The language that a person reads, inside a request and outside of one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import ckan.plugins.toolkit as tk
import click
from flask import has_request_context


def reader() -> str:
    """The two-letter code of the language of the request, or of the site where nobody asks."""
    chosen = tk.h.lang() if has_request_context() else None
    return (chosen or tk.config["ckan.locale_default"])[:2]


@contextmanager
def site_language() -> Iterator[None]:
    """Speak the language of the site where nobody asks, in jobs and commands; CKAN speaks English there."""
    outer = click.get_current_context(silent=True)
    app = None if has_request_context() else getattr(outer.find_root().obj if outer else None, "app", None)
    if app is None:
        yield
        return
    with app._wsgi_app.test_request_context(base_url=tk.config["ckan.site_url"]):
        yield
