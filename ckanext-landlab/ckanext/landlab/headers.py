"""What every answer forbids: foreign scripts, frames and guesses; and what an uploaded file may never do.

A page of the catalogue runs no script but its own files (no inline script, no eval) and loads nothing from elsewhere,
so that a text that somebody typed cannot act and no stranger learns who reads.  An uploaded file is shown as data: were
it a page with scripts, it could act in the name of whoever opens it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ckan.plugins.toolkit as tk
from ckanext.landlab import config
from flask import Response, request

POLICY = {
    "default-src": ["'self'"],
    "script-src": ["'self'"],
    "style-src": ["'self'", "'unsafe-inline'"],  # CKAN's templates and scripts set widths and the like
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "frame-src": ["'self'"],
    "object-src": ["'none'"],
    "base-uri": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'self'"],
}
OPEN_TO_HOSTS = ("img-src", "connect-src", "frame-src")  # what a site may allow to load from hosts it names
RECAPTCHA = {"script-src": "https://www.google.com https://www.gstatic.com", "frame-src": "https://www.google.com"}
HARMLESS = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
ACTIVE = (
    "text/html",
    "image/svg+xml",
    "application/xhtml",
    "text/xml",
    "application/xml",
    "javascript",
    "application/pdf",
)
FILES = ("dataset_resource.download", "resource.download", "file.download", "landlab_package.download")
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "SAMEORIGIN",
}
YEAR = 31_536_000


def protected(response: Response) -> Response:
    """*response* with all that it forbids; a header that stands already is left."""
    for name, value in _headers(response):
        response.headers.setdefault(name, value)
    if _is_file() and any(kind in response.content_type for kind in ACTIVE):
        _have_saved(response)
    return response


def hardened(settings: Any) -> None:
    """Set what CKAN leaves open about cookies, as soon as its settings are read."""
    settings["REMEMBER_COOKIE_SAMESITE"] = "Lax"
    settings["REMEMBER_COOKIE_HTTPONLY"] = True
    if settings["ckan.site_url"].startswith("https://"):
        settings["SESSION_COOKIE_SECURE"] = True
        settings["REMEMBER_COOKIE_SECURE"] = True


def policy() -> str:
    """The content security policy of this site's pages."""
    rules = {name: list(sources) for name, sources in POLICY.items()}
    for name in OPEN_TO_HOSTS:
        rules[name] += config.allowed_hosts()
    if tk.config.get("ckan.recaptcha.publickey"):
        for name, sources in RECAPTCHA.items():
            rules[name] += sources.split()
    if _is_encrypted():
        rules["upgrade-insecure-requests"] = []
    return "; ".join(" ".join([name, *sources]) for name, sources in rules.items())


def _headers(response: Response) -> Iterator[tuple[str, str]]:
    yield from ALWAYS.items()
    yield "Content-Security-Policy", HARMLESS if _is_file() else policy()
    if _is_encrypted():
        yield "Strict-Transport-Security", f"max-age={YEAR}"


def _have_saved(response: Response) -> None:
    """Have the browser save the file instead of opening it."""
    stands = response.headers.get("Content-Disposition", "inline")
    _kind, separator, rest = stands.partition(";")
    response.headers["Content-Disposition"] = f"attachment{separator}{rest}"


def _is_file() -> bool:
    return request.endpoint in FILES or request.path.startswith("/uploads/")


def _is_encrypted() -> bool:
    return tk.config["ckan.site_url"].startswith("https://")
