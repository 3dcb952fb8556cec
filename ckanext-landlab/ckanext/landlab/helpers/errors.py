"""What the page of an error says."""

from __future__ import annotations

from typing import Any

from ckan.plugins.toolkit import _
from werkzeug.exceptions import default_exceptions

__all__ = ["landlab_error"]


def landlab_error(code: Any, content: Any) -> dict[str, Any]:
    """Title, text and code of an error; the server's own words, always English, give way to ours."""
    number = code[0] if isinstance(code, list) else int(code)  # CKAN sends [500] for what nobody has foreseen
    title, text = _said(number)
    known = default_exceptions.get(number)
    is_own = isinstance(code, list) or not content or (known is not None and content == known.description)
    return {"code": number, "title": title, "text": text if is_own else content}


def _said(number: int) -> tuple[str, str]:
    match number:
        case 401 | 403:
            return _("Not allowed"), _("This page is only for people who have been given the right to see it.")
        case 404 | 410:
            return _("Page not found"), _("There is nothing at this address. Perhaps it is mistyped, or has moved.")
        case 405:
            return _("Not possible here"), _("What was sent cannot be done at this address.")
        case 413:
            return _("Too large"), _(
                "What was sent is larger than this site takes. Please go back and shorten it; your browser has kept "
                "what you entered."
            )
        case 429:
            return _("Too many requests"), _("Please wait a moment, then try again.")
    if number < 500:
        return _("Not understood"), _("The request was not understood. Please go back and check what you entered.")
    return _("Something went wrong"), _("The error is ours and has been logged. Please try again in a moment.")
