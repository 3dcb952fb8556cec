"""The harvester that ckanext-harvest calls: our mapping, run by CKAN's own job worker."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _
from ckanext.landlab import orphans
from ckanext.landlab.errors import SourceUnreadable
from ckanext.landlab.harvest import gathering, importing, schedule, wishes
from ckanext.landlab.harvest.running import NAME
from ckanext.landlab.harvest.sparing import sparingly
from ckanext.landlab.harvest.tables import HarvestGatherError


class Harvester:
    """What `IHarvester` asks for; the plugin implements it."""

    def info(self) -> dict[str, str]:
        return {
            "name": NAME,
            "title": _("DCAT-AP.de catalogue"),
            "description": _("A catalogue in RDF/XML, Turtle, JSON-LD or N-Triples, in pages or as one file"),
            "form_config_interface": "Text",
        }

    def validate_config(self, config: str | None) -> str:
        """The configuration to store; refuses anything but a priority."""
        return wishes.configuration(config)

    def gather_stage(self, harvest_job: Any) -> list[str]:
        try:
            return gathering.gather(harvest_job)
        except SourceUnreadable as error:
            gathering.forget_objects(harvest_job.id)
            HarvestGatherError.create(message=str(error), job=harvest_job)
            return []

    def fetch_stage(self, harvest_object: Any) -> bool:
        return True  # a page brings its records along

    def import_stage(self, harvest_object: Any) -> bool:
        with sparingly():
            return importing.take_in(harvest_object, importing.place_of(harvest_object.job))


@tk.chained_action
def send_to_worker(original: Any, context: Any, data_dict: Any) -> dict[str, Any]:
    """Have CKAN's job worker run a harvest job; ckanext-harvest's own queue needs consumers that nobody supervises."""
    job = tk.get_action("harvest_job_show")(context, {"id": tk.get_or_bust(data_dict, "id")})
    tk.check_access("harvest_send_job_to_gather_queue", context, job)
    schedule.enqueue(job["id"])
    return job


def actions() -> dict[str, Any]:
    """The actions of ckanext-harvest that we change, where it is there."""
    if not p.plugin_loaded("harvest"):
        return {}
    return {"harvest_send_job_to_gather_queue": send_to_worker, "harvest_source_clear": orphans.clear_source}
