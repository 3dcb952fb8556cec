"""The filters of the search page and of an organisation's page, in their order."""

from __future__ import annotations

from collections import OrderedDict

from ckan.plugins.toolkit import _


def of_datasets() -> OrderedDict[str, str]:
    """The filters of the search page: index field and title."""
    return OrderedDict({"organization": _("Organisation"), **of_organization()})


def of_organization() -> OrderedDict[str, str]:
    """The filters of an organisation's page."""
    return OrderedDict(
        {
            "theme": _("Topic"),
            "license_id": _("Licence"),
            "res_format": _("Format"),
            "origin": _("Origin"),
            "tags": _("Keyword"),
        }
    )
