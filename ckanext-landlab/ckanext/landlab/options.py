"""The options of a site as a whole: names that nobody declared, and those that a page of the administration changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.exceptions import CkanConfigurationException
from ckan.lib.i18n import get_ckan_i18n_dir
from ckanext.landlab.stack.reference import options

PREFIX = "ckanext.landlab."


def check_names(given: Iterable[str]) -> None:
    """Refuse to start with an option of ours that does not exist, which is always a slip of the pen."""
    known = options()
    for key in sorted(given):
        if key.startswith(PREFIX) and key not in known:
            near = get_close_matches(key, known, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise CkanConfigurationException(
                f"{key} is set, but there is no such setting.{hint} See docs/configuration.md."
            )


def check_languages(given: Mapping[str, Any]) -> None:
    """Refuse to start with a language that CKAN does not speak, with which it would answer every request with 500."""
    spoken = {"en", *(entry.name for entry in Path(get_ckan_i18n_dir()).iterdir() if entry.is_dir())}
    for key in ("ckan.locale_default", "ckan.locales_offered", "ckan.locale_order"):
        for language in tk.aslist(given.get(key)):
            if language not in spoken:
                raise CkanConfigurationException(
                    f"{key} is set to '{language[:40]}', but CKAN has no such language. Use de or en."
                )
    offered = tk.aslist(given.get("ckan.locales_offered"))
    default = given.get("ckan.locale_default")
    if offered and default not in offered:
        raise CkanConfigurationException(
            f"ckan.locale_default is set to '{default}', but ckan.locales_offered does not name it."
        )


def editable() -> list[str]:
    """The options that the administration may change while the site runs, in their order."""
    return [key for key, option in options().items() if option.get("editable")]


def add_editable(schema: dict[str, Any]) -> dict[str, Any]:
    """CKAN's *schema* of changeable options with ours; an empty value gives the default back."""
    for key in editable():
        names = [name for name in options()[key].get("validators", "").split() if name != "ignore_empty"]
        schema[key] = [tk.get_validator(name) for name in ("ignore_missing", "unicode_safe", *names)]
    return schema
