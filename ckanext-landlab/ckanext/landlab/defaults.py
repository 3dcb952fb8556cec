"""What a dataset takes from its organisation: what a new one is given, and what follows as long as it is left empty."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckanext.landlab import language
from ckanext.landlab.dcat import concepts, regions
from ckanext.landlab.surroundings import organization_of


def of_organization(name: str | None) -> dict[str, Any]:
    """Licence and custodian that the organisation prefers, as fields of a new dataset, to be changed there."""
    if not name:
        return {}
    try:
        owner = tk.get_action("organization_show")({}, {"id": name, "include_datasets": False})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return {}  # whether the organisation may be chosen is said where the dataset is created
    custodian = {"name": owner.get("custodian_name"), "email": owner.get("custodian_email")}
    found = {
        "license_id": owner.get("license_id"),
        "custodian": [custodian] if custodian["name"] else None,
    }
    return {field: value for field, value in found.items() if value}


def followed(organization_id: str | None) -> dict[str, str]:
    """The fields that follow from the organisation as long as a dataset leaves them empty, and what they will say."""
    owner = organization_of(organization_id or "")
    place = regions.region_of(owner.get("place") or "")
    level = concepts.found("political-geocoding-level", place.level) if place else None
    supplier = concepts.found("contributors", owner.get("contributorID") or "")
    found = {
        "publisher": owner.get("publisher_name") or owner.get("title"),
        "contact": owner.get("contact_name") or owner.get("contact_email") or owner.get("contact_url"),
        "contributorID": supplier.text(language.reader()) if supplier else owner.get("contributorID"),
        "spatial_coverage": place.name if place else None,
        "politicalGeocodingLevelURI": level.text(language.reader()) if level else None,
    }
    return {field: said for field, said in found.items() if said}
