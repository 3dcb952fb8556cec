"""IRIs, mail addresses and telephone numbers."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _
from ckanext.landlab.logic.kinds import many, one

__all__ = [
    "landlab_email",
    "landlab_link",
    "landlab_reference",
    "landlab_references",
    "landlab_telephone",
    "landlab_uri",
    "landlab_uris",
]

_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:[^\s]")
_FORBIDDEN = re.compile(r'[\s<>"{}|\\^`]')  # RFC 3987, section 2.2: never in an IRI, escaped or not
_DANGEROUS = {"javascript", "data", "vbscript", "file"}
_MAIL = re.compile(r"[^@\s<>()\[\],;:\"\\]+@[^@\s<>()\[\],;:\"\\.]+(\.[^@\s<>()\[\],;:\"\\.]+)+")
_TELEPHONE = re.compile(r"(tel:)?\+?[0-9][0-9 ()/.\-]{2,}( ?(ext\.?|-) ?[0-9]+)?", re.IGNORECASE)


def _uri(text: str) -> str:
    if _FORBIDDEN.search(text) or not _SCHEME.match(text):
        raise tk.Invalid(_("This is not a complete address. Please begin with https:// and leave out spaces."))
    try:
        parts = urlsplit(text)
        _port = parts.port  # raises where the port is no number
    except ValueError:
        raise tk.Invalid(
            _("This address cannot be read. Please copy it from the address line of the browser.")
        ) from None
    if parts.scheme.lower() in _DANGEROUS:
        raise tk.Invalid(_("Addresses of this kind are not allowed. Please use one that begins with https://."))
    if parts.scheme.lower() in ("http", "https") and not parts.hostname:
        raise tk.Invalid(_("The address names no server. An example of a complete one: https://www.example.org/data"))
    return text


def is_iri(text: str) -> bool:
    """Whether *text* is an absolute http(s) IRI."""
    return text.lower().startswith(("http://", "https://")) and not _FORBIDDEN.search(text)


def _reference(text: str) -> str:
    """An IRI where one is meant, else words."""
    return _uri(text) if text.lower().startswith(("http:", "https:", "urn:")) else text


def _email(text: str) -> str:
    address = text.removeprefix("mailto:")
    if not _MAIL.fullmatch(address):
        raise tk.Invalid(_("This is not a mail address. An example: opendata@example.org"))
    return address


def _telephone(text: str) -> str:
    if not _TELEPHONE.fullmatch(text):
        raise tk.Invalid(_("This is not a telephone number. An example: +49 6341 13-0"))
    return text


landlab_uri = one(_uri)
landlab_uris = many(_uri)
landlab_reference = one(_reference)
landlab_references = many(_reference)
landlab_email = one(_email)
landlab_telephone = one(_telephone)


def landlab_link(key: Any, data: dict[Any, Any], errors: dict[Any, Any], context: dict[str, Any]) -> None:
    """The address of a file: a complete one, unless the file is uploaded and CKAN makes the address."""
    uploaded = data.get((*key[:-1], "upload")) or data.get((*key[:-1], "url_type")) == "upload"
    if not uploaded:
        data[key] = landlab_uri(data[key], context)
