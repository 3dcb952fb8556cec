"""The web outside as this site may visit it: its settings given to the one fetch, and refusals put into words."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import BinaryIO

from ckan.plugins.toolkit import _
from ckanext.landlab import config
from ckanext.landlab.dcat.renewal import ACCEPT, MAX_BYTES
from ckanext.landlab.errors import Unfetchable, VocabularyUnreadable
from ckanext.landlab.language import Said
from ckanext.landlab.web import fetching
from ckanext.landlab.web.fetching import Fetched, Seen, Terms

ATTEMPTS = 3
PATIENCE = 120  # seconds for a published list


def terms(size: int, seconds: float, attempts: int = 1) -> Terms:
    """How this site fetches: at most *size* bytes within *seconds*."""
    return Terms(
        size=size, seconds=seconds, attempts=attempts, trusted=config.internal_hosts(), proxy=config.download_proxy()
    )


def fetch(
    address: str, target: BinaryIO, agreed: Terms, headers: Mapping[str, str] | None = None, seen: Seen | None = None
) -> Fetched:
    """Write what lies at *address* to *target*; raises Unfetchable."""
    return fetching.fetch(address, target, agreed, headers, seen)


def listed(address: str) -> bytes:
    """The published list or file of shapes at *address*; raises VocabularyUnreadable."""
    content = io.BytesIO()
    try:
        fetch(address, content, terms(MAX_BYTES, PATIENCE, ATTEMPTS), {"Accept": ACCEPT})
    except Unfetchable as error:
        raise VocabularyUnreadable(address or "(no address)", f"{sentence(error)} (or use --from)") from error
    return content.getvalue()


def sentence(error: Unfetchable) -> str:
    """Why something could not be fetched, and what helps, in the reader's language."""
    return Said(lambda: SENTENCES[error.reason]().format(fact=error.fact))


SENTENCES: Mapping[str, Callable[[], str]] = {
    "address": lambda: _("This is no address of the web. It has to begin with http:// or https://."),
    "private": lambda: _(
        "This address lies in the own network. If that is meant, name the host in the setting"
        " ckanext.landlab.internal_hosts."
    ),
    "unreachable": lambda: _("The server cannot be reached. Please check the address or try later."),
    "certificate": lambda: _("The certificate of the server is not valid for this address."),
    "status": lambda: _("The server answers with the error {fact}."),
    "redirects": lambda: _("The server leads from address to address without end."),
    "size": lambda: _("This is larger than this site takes."),
    "time": lambda: _("The server is too slow. Please try later."),
    "broken": lambda: _("The transfer broke off. Please try later."),
    "unreadable": lambda: _("The server answers with something else than was asked for."),
    "encoding": lambda: _("The server packs its answer in a way that is not known here ({fact})."),
}
