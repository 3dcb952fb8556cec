"""Actions that tell what is to be mended before a dataset is published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckanext.landlab import checks, surroundings

__all__ = ["landlab_dataset_check", "landlab_organization_check"]

MOST_ROWS = 200  # a check of more would keep its reader waiting


@tk.side_effect_free
def landlab_dataset_check(context: Any, data_dict: Mapping[str, Any]) -> dict[str, Any]:
    """What is to be mended in a dataset, and how good its metadata are.

    :param id: id or name of the dataset, series or service
    :returns: `ready` (it may go to GovData), `conforms` (GovData's shapes let it pass), `counts` by severity,
        `findings` (severity, rule, field, path, message in German and English, basis, link) and `quality`
        (points of 405 as data.europa.eu counts them, by dimension, with the next best step; of datasets only)
    """
    name = tk.get_or_bust(dict(data_dict), "id")
    tk.check_access("landlab_dataset_check", context, {"id": name})
    return checks.report(surroundings.shown(name))


@tk.side_effect_free
def landlab_organization_check(context: Any, data_dict: Mapping[str, Any]) -> dict[str, Any]:
    """How the datasets of an organisation stand, drafts excluded.

    :param id: id or name of the organisation
    :param start: optional, how many datasets to pass over
    :param rows: optional, how many datasets to tell of, at most 200
    :returns: `count`, `ready` and `points` (on average, of those told of), and for each of `datasets` whether it is
        ready, counts by severity, points, the next best step, and what it owes as a high-value dataset
    """
    name = tk.get_or_bust(dict(data_dict), "id")
    tk.check_access("landlab_organization_check", context, {"id": name})
    organization = model.Group.get(name)
    if organization is None or not organization.is_organization:
        raise tk.ObjectNotFound(tk._("Organization not found"))
    start, rows = (_number(data_dict.get(key), default) for key, default in (("start", 0), ("rows", 50)))
    return checks.overview(organization.id, start, min(rows, MOST_ROWS))


def _number(value: Any, default: int) -> int:
    text = str(default if value in (None, "") else value)
    if not text.isdecimal() or len(text) > 9:
        raise tk.ValidationError({"rows": [tk._("Enter a whole number.")]})
    return int(text)
