"""The links to further pages of a list, said in words as well as by arrows."""

from __future__ import annotations

from typing import Any

from ckan.plugins.toolkit import _
from dominate import tags

__all__ = ["landlab_pager"]


def landlab_pager(page: Any, **parameters: Any) -> Any:
    """CKAN's pager, whose arrows are pictures without a name, with names."""
    return page.pager(
        symbol_previous=_symbol("‹", _("Previous page")), symbol_next=_symbol("›", _("Next page")), **parameters
    )


def _symbol(arrow: str, name: str) -> Any:
    return tags.span(tags.span(arrow, aria_hidden="true"), tags.span(name, cls="visually-hidden"))
