"""The language that a person reads, inside a request and outside of one."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import has_request_context


def reader() -> str:
    """The two-letter code of the language of the request, or of the site where nobody asks."""
    chosen = tk.h.lang() if has_request_context() else None
    return (chosen or tk.config["ckan.locale_default"])[:2]
