"""What the site says of itself, and where a dataset is to be had as RDF."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _
from ckanext.landlab import config
from ckanext.landlab.helpers.rows import landlab_filled

__all__ = [
    "landlab_groups",
    "landlab_publisher",
    "landlab_publisher_contact",
    "landlab_rdf_links",
    "landlab_site_links",
]

_SYNTAXES = (
    ("ttl", "text/turtle", "Turtle"),
    ("rdf", "application/rdf+xml", "RDF/XML"),
    ("jsonld", "application/ld+json", "JSON-LD"),
)


def landlab_publisher() -> str:
    """The body that publishes the catalogue."""
    return config.publisher_name()


def landlab_publisher_contact() -> tuple[str, str]:
    """Web address and mail address of the body that publishes the catalogue, each empty where none is set."""
    address = config.publisher_url()
    return address if tk.h.is_url(address) else "", config.publisher_email()


def landlab_site_links() -> list[tuple[str, str]]:
    """Address and label of the pages that the law demands, as far as the site names them."""
    links = (
        (config.imprint(), _("Imprint")),
        (config.privacy(), _("Privacy")),
        (config.accessibility(), _("Accessibility")),
    )
    return [(address, label) for address, label in links if address]


def landlab_rdf_links(dataset: dict[str, Any]) -> list[dict[str, str]]:
    """The addresses of *dataset* in each syntax of RDF."""
    return [
        {
            "url": tk.h.url_for("dcat.read_dataset", _id=dataset["name"], _format=ending, locale="default"),
            "type": kind,
            "label": label,
        }
        for ending, kind, label in _SYNTAXES
    ]


def landlab_groups(dataset: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The filled groups of a field with sub-fields."""
    return landlab_filled({"field_name": name, "repeating_subfields": []}, dataset)
