"""The language that a person reads, inside a request and outside of one; and what is said in each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import ckan.plugins.toolkit as tk
import click
from ckanext.landlab.legal.notices import LANGUAGES
from flask import has_request_context
from flask_babel import force_locale


class Said(str):
    """What *say* says in the language of now, or *text*; it can be asked again in another one."""

    say: Callable[[], str]

    def __new__(cls, say: Callable[[], str], text: str = "") -> Said:
        sentence = super().__new__(cls, text or say())
        sentence.say = say
        return sentence


def in_each(sentence: str) -> dict[str, str]:
    """*sentence* in each language of our pages; empty if it is the same in all."""
    if not isinstance(sentence, Said) or not has_request_context():
        return {}
    texts = {reader(): str(sentence)}
    for language in LANGUAGES:
        if language not in texts:
            with force_locale(language):
                texts[language] = sentence.say()
    return texts if len(set(texts.values())) > 1 else {}


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
