"""What the harvesters of ckanext-dcat and those made from them take in (ckanext-dcatde's, for one).

They save through CKAN's actions like a person, but what they bring is not ours to refuse either.
"""

from __future__ import annotations

from typing import Any


class Others:
    """What `IDCATRDFHarvester` asks for; the plugin implements it."""

    def update_package_schema_for_create(self, package_schema: dict[str, Any]) -> dict[str, Any]:
        return {**package_schema, "__before": [_mark, *package_schema.get("__before", [])]}

    update_package_schema_for_update = update_package_schema_for_create


def _mark(_key: Any, _data: Any, _errors: Any, context: dict[str, Any]) -> None:
    """Note for all validators after this one that the record comes from another catalogue."""
    context["landlab_harvested"] = True
