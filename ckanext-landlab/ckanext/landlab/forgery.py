"""Forms that somebody else's page sends in our name are refused, at every request anew.

CKAN frees a view from its CSRF check for a request without a session, but remembers that for the whole process: after
one visit of a stranger the view is open for everybody.  Here what is remembered ends with the request.
"""

from __future__ import annotations

from typing import Any

from ckan.config.middleware.flask_app import csrf
from flask import g, has_request_context


class ForThisRequest(set[str]):
    """Views that are free: those that were named at the start for good, all others until the request ends."""

    def add(self, element: str) -> None:
        """Free the view *element*."""
        if has_request_context():
            g.landlab_free_views = {*g.get("landlab_free_views", ()), element}
        else:
            super().add(element)

    def __contains__(self, element: Any) -> bool:
        return super().__contains__(element) or (has_request_context() and element in g.get("landlab_free_views", ()))


def keep_out() -> None:
    """Take the place of what CKAN remembers."""
    if not isinstance(csrf._exempt_views, ForThisRequest):
        csrf._exempt_views = ForThisRequest(csrf._exempt_views)
