"""What a dataset is called in each language, as the helper `dataset_display_name` asks for it."""

from __future__ import annotations

from ckan.model.meta import registry

_PACKAGE = registry.metadata.tables["package"]

TRANSLATED = ("title_translations", "language_tags")
COLUMNS = (_PACKAGE.c.title, *(_PACKAGE.c.extras[name].astext.label(name) for name in TRANSLATED))
