"""Actions that tell what is to be mended before a dataset is published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckanext.landlab import checks

__all__ = ["landlab_dataset_check"]


@tk.side_effect_free
def landlab_dataset_check(context: Any, data_dict: Mapping[str, Any]) -> dict[str, Any]:
    """What is to be mended in a dataset, and how good its metadata are.

    :param id: id or name of the dataset, series or service
    :returns: `ready` (it may go to GovData), `conforms` (GovData's shapes let it pass), `counts` by severity,
        `findings` (severity, rule, field, path, message in German and English, basis, link) and `quality`
        (points of 405 as data.europa.eu counts them, by dimension, with the next best step)
    """
    name = tk.get_or_bust(dict(data_dict), "id")
    tk.check_access("landlab_dataset_check", context, {"id": name})
    return checks.report(checks.shown(name))
