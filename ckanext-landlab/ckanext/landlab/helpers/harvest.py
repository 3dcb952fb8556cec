"""What templates ask about harvest sources."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _
from ckanext.landlab import language
from ckanext.landlab.harvest import reports, wishes, words
from ckanext.landlab.harvest.running import NAME
from ckanext.landlab.harvest.tables import HarvestJob
from ckanext.landlab.helpers.labels import landlab_date
from ckanext.landlab.model import harvest as store

__all__ = [
    "landlab_harvest_bodies",
    "landlab_harvest_dashboard",
    "landlab_harvest_kind",
    "landlab_harvest_kinds",
    "landlab_harvest_moment",
    "landlab_harvest_priority",
    "landlab_harvest_reason",
    "landlab_harvest_rhythms",
    "landlab_harvest_said",
]

MOST = 100  # rows of a table


def landlab_harvest_dashboard(source: str) -> dict[str, Any]:
    """All that the page of a source shows: its runs, what was rejected, what is there twice, what was converted."""
    runs = store.runs(source)
    job = HarvestJob.filter(source_id=source).filter(HarvestJob.status != "Finished").first()
    last = next((run for run in runs if run.ended), None)
    return {
        "running": job.id if job else "",
        "last": last,
        "runs": runs,
        "numbers": store.numbers(source),
        "rejected": store.records(source, store.REJECTED, MOST),
        "duplicates": store.records(source, store.DUPLICATE, MOST),
        "converted": [row for row in store.records(source, store.TAKEN, MOST) if row.remarks.get("lines")],
        "remarks": reports.remarks_of(source),
        "to_confirm": bool(last and last.remark and last.counts.get("missing") and not last.confirmed),
    }


def landlab_harvest_kinds() -> list[dict[str, str]]:
    """The kinds of sources that can be harvested, ours first."""
    known = tk.get_action("harvesters_info_show")({"user": tk.current_user.name}, {})
    return sorted(known, key=lambda kind: (kind["name"] != NAME, kind["title"]))


def landlab_harvest_kind(chosen: str | None) -> dict[str, Any]:
    """The kind of source that a form is for: the one *chosen*, even if nobody knows it, else the one asked for."""
    kinds = {kind["name"]: kind for kind in landlab_harvest_kinds()}
    asked = tk.request.args.get("source_type")
    name = chosen or (asked if asked in kinds else NAME)
    known = kinds.get(name, {"name": name, "title": name, "description": _("This kind is not installed.")})
    return {**known, "is_ours": name == NAME, "highest": wishes.HIGHEST}


def landlab_harvest_moment(moment: datetime) -> str:
    """When something happened, in the site's own time."""
    local = moment.astimezone(tk.h.get_display_timezone())
    return landlab_date(local.replace(tzinfo=None).isoformat())


def landlab_harvest_priority(config: str | None) -> str:
    """The priority as a form shows it: typed before, or taken from the stored configuration."""
    text = str(config or "")
    return str(wishes.priority_in(text)) if text[:1] in ("", "{") else text


def landlab_harvest_reason(text: str) -> dict[str, str]:
    """Why something went wrong: the sentence, its language where that is not the reader's, the words of a program."""
    reader = language.reader()
    sentence, known, detail = words.read(text, reader)
    noted_in = known or tk.config["ckan.locale_default"].replace("_", "-")
    return {
        "sentence": sentence or _("The run was broken off and went on by itself."),
        "detail": detail,
        "language": "" if not sentence or noted_in.startswith(reader) else noted_in,
    }


def landlab_harvest_rhythms() -> list[tuple[str, str]]:
    """How often a source can be harvested, as ckanext-harvest names it and in words."""
    return [
        ("DAILY", _("daily")),
        ("WEEKLY", _("weekly")),
        ("BIWEEKLY", _("every two weeks")),
        ("MONTHLY", _("monthly")),
        ("ALWAYS", _("as soon as the run before has ended")),
        ("MANUAL", _("only when somebody begins a run")),
    ]


def landlab_harvest_bodies() -> list[dict[str, Any]]:
    """The organisations that the user may harvest for: those that the user administers."""
    return tk.get_action("organization_list_for_user")({"user": tk.current_user.name}, {"permission": "admin"})


def landlab_harvest_said(sentences: str | list[str]) -> str:
    """What is wrong with a field of a source, where ckanext-harvest says it in English only."""
    return " ".join(map(_in_our_words, [sentences] if isinstance(sentences, str) else sentences))


def _in_our_words(sentence: str) -> str:
    if sentence.startswith("There already is a Harvest Source for this URL"):
        return _("There is a source with this address already.")
    if sentence.startswith("Unknown harvester type"):
        return _("Please choose one of the kinds.")
    if sentence.startswith("Frequency "):
        return _("Please choose how often.")
    return sentence.removeprefix("Error parsing the configuration options: ")
