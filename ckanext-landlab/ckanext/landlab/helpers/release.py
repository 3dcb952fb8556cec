"""What templates ask about releases and the guideline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

__all__ = ["landlab_add_notice_url", "landlab_guideline_url"]


def landlab_guideline_url(chapter: str, paragraph: str = "") -> str:
    """The address of a paragraph of the guideline."""
    return tk.url_for("landlab_guideline.chapter", chapter=chapter, _anchor=paragraph or None)


def landlab_add_notice_url(dataset: Mapping[str, Any], code: str) -> str:
    """Where a notice is added to a dataset, with its parameters asked."""
    return f"{tk.url_for('dataset.edit', id=dataset['name'])}?notice={code}#field-notices"
