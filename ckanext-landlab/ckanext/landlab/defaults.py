"""What a new dataset takes from its organisation and can be changed; the rest follows when RDF is written."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk


def of_organization(name: str | None) -> dict[str, Any]:
    """Licence and custodian that the organisation prefers, as fields of a dataset."""
    if not name:
        return {}
    try:
        organization = tk.get_action("organization_show")({}, {"id": name, "include_datasets": False})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return {}  # whether the organisation may be chosen is said where the dataset is created
    custodian = {"name": organization.get("custodian_name"), "email": organization.get("custodian_email")}
    found = {
        "license_id": organization.get("license_id"),
        "custodian": [custodian] if custodian["name"] else None,
    }
    return {field: value for field, value in found.items() if value}
