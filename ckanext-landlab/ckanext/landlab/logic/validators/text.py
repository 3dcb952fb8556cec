"""Lines and prose, without markup that would not survive the way to other portals."""

from __future__ import annotations

import re

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _
from ckanext.landlab.dcat.terms import is_language
from ckanext.landlab.logic.kinds import PROSE, many, one

__all__ = ["landlab_language", "landlab_markdown", "landlab_text", "landlab_texts"]

_TAG = re.compile(r"<(?:!--|/?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]*)?/?>)")


def _line(text: str) -> str:
    return _prose(" ".join(text.split()))


def _prose(text: str) -> str:
    if _TAG.search(text):
        raise tk.Invalid(_("HTML is not possible here. Please write plain text, without tags in angle brackets."))
    return text.replace("\r\n", "\n")


def _language(text: str) -> str:
    if not is_language(text):
        raise tk.Invalid(_("This is not the code of a language. Examples: en, fr, de-simple (Easy German)"))
    return text


landlab_text = one(_line)
landlab_language = one(_language)
landlab_texts = many(_line)
landlab_markdown = one(_prose, PROSE)
