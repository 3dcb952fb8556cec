"""Actions that tell what is to be mended before a dataset is published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckanext.landlab import checks, standings, surroundings

__all__ = ["landlab_catalogue_check", "landlab_dataset_check", "landlab_organization_check"]

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
    """How the datasets of an organisation stand, drafts included, those with most to do first.

    :param id: id or name of the organisation
    :param start: optional, how many datasets to pass over
    :param rows: optional, how many datasets to tell of, at most 200
    :param high_value: optional, only the high-value datasets
    :returns: `count`, `ready`, `high_value` (numbers of datasets), `points` on average, `quality` (as of a dataset, on
        average), and for each of `datasets` whether it is ready, counts by severity, points, the next best step, and
        which rules of high-value data it breaks
    """
    name = tk.get_or_bust(dict(data_dict), "id")
    tk.check_access("landlab_organization_check", context, {"id": name})
    organization = model.Group.get(name)
    if organization is None or not organization.is_organization:
        raise tk.ObjectNotFound(tk._("Organization not found"))
    start, rows = (_number(data_dict.get(key), default) for key, default in (("start", 0), ("rows", 50)))
    only_high_value = tk.asbool(data_dict.get("high_value") or False)
    return standings.of_organization(organization.id, start, min(rows, MOST_ROWS), only_high_value)


@tk.side_effect_free
def landlab_catalogue_check(context: Any, data_dict: Mapping[str, Any]) -> dict[str, Any]:
    """How the public datasets of the catalogue stand together.

    :returns: `count`, `ready`, `high_value`, `points` on average, and `quality` as of a dataset, on average
    """
    tk.check_access("landlab_catalogue_check", context, dict(data_dict))
    return standings.of_catalogue()


def _number(value: Any, default: int) -> int:
    text = str(default if value in (None, "") else value)
    if not text.isdecimal() or len(text) > 9:
        raise tk.ValidationError({"rows": [tk._("Enter a whole number.")]})
    return int(text)
