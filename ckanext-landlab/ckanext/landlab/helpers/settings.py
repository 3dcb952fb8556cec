"""The settings that the administration may change on CKAN's own page for them, in groups."""

from __future__ import annotations

from typing import Any

from ckan.plugins.toolkit import _
from ckanext.landlab import language
from ckanext.landlab.options import PREFIX, editable
from ckanext.landlab.schemas import vocabulary
from ckanext.landlab.stack.reference import options

__all__ = ["landlab_settings"]


def landlab_settings() -> list[dict[str, Any]]:
    """Each group with its legend, a sentence, and its fields; a setting that no group names comes last."""
    groups = [
        {
            "legend": _("Publisher of the catalogue"),
            "hint": _("This stands in every feed. GovData and other portals refuse a catalogue without it."),
            "fields": [
                _field("publisher.name", _("Name of the body"), _("Empty: the title of the site.")),
                _field("publisher.email", _("Mail address"), kind="email"),
                _field("publisher.url", _("Web page"), kind="url"),
                {**_field("publisher.type", _("Kind of body")), "choices": _publisher_types()},
                _field("contributor_id", _("GovData contributor ID"), _("For organisations without one of their own.")),
            ],
        },
        {
            "legend": _("The catalogue in feeds"),
            "hint": "",
            "fields": [
                _field("catalogue.title", _("Title of the catalogue"), _("Empty: the title of the site.")),
                _field(
                    "catalogue.description", _("Description of the catalogue"), _("Empty: the description of the site.")
                ),
            ],
        },
        {
            "legend": _("Pages that the law demands"),
            "hint": _("They are linked at the foot of every page."),
            "fields": [
                _field("pages.imprint", _("Imprint"), kind="url"),
                _field("pages.privacy", _("Privacy"), kind="url"),
                _field("pages.accessibility", _("Accessibility"), kind="url"),
            ],
        },
    ]
    shown = {field["key"] for group in groups for field in group["fields"]}
    others = [_field(key.removeprefix(PREFIX), key) for key in editable() if key not in shown]
    return [*groups, *([{"legend": _("Other settings"), "hint": "", "fields": others}] if others else [])]


def _field(name: str, label: str, hint: str = "", kind: str = "text") -> dict[str, Any]:
    key = PREFIX + name
    return {"key": key, "label": label, "hint": hint, "kind": kind, "example": options()[key].get("example", "")}


def _publisher_types() -> list[dict[str, str]]:
    concepts = vocabulary("publisher-type").concepts.values()
    known = [{"value": concept.iri, "text": concept.text(language.reader())} for concept in concepts]
    return [{"value": "", "text": _("Not said")}, *sorted(known, key=lambda choice: choice["text"])]
