"""What is still to be mended: told on a dataset's page and, as hints, at the fields of its form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.plugins.toolkit import _
from ckanext.landlab import checks, language
from ckanext.landlab.dcat.demands import INFO, VIOLATION, WARNING
from ckanext.landlab.dcat.quality import dimension_labels
from ckanext.landlab.helpers.form import landlab_page_of
from ckanext.landlab.surroundings import stored

__all__ = [
    "landlab_hints",
    "landlab_hints_of_file",
    "landlab_may_check",
    "landlab_needed",
    "landlab_readiness",
    "landlab_score",
]

Finding = Mapping[str, Any]  # as `findings.Finding.as_dict` gives it


def landlab_readiness(dataset: dict[str, Any]) -> dict[str, Any]:
    """Whether *dataset* (as package_show gives it) may go to GovData, what is to be mended and where, and its score."""
    report = checks.report(dataset)
    told = [{**_told(finding), "url": _url(dataset, finding["path"])} for finding in report["findings"]]
    return {
        "ready": report["ready"],
        "counts": report["counts"],
        "needed": [finding for finding in told if finding["severity"] == VIOLATION],
        "doubtful": [finding for finding in told if finding["severity"] == WARNING],
        "advice": [finding for finding in told if finding["severity"] == INFO],
        "score": landlab_score(report["quality"], dataset) if report["quality"] else None,
    }


def landlab_hints(dataset_id: str) -> dict[str, list[dict[str, Any]]]:
    """What is to be mended in a stored dataset, by the name of the input in its form; all of its files together."""
    package = model.Package.get(dataset_id)
    findings = checks.findings_of(stored(package)) if package else []
    return _by_input((finding["path"], finding) for finding in findings)


def landlab_hints_of_file(dataset_id: str, resource_id: str) -> dict[str, list[dict[str, Any]]]:
    """What is to be mended in a stored file, by the name of the input in its form."""
    package = model.Package.get(dataset_id)
    record = stored(package) if package else {"resources": []}
    ids = [resource["id"] for resource in record["resources"]]
    if resource_id not in ids:
        return {}
    about = ["resources", ids.index(resource_id)]
    findings = checks.findings_of(record)
    return _by_input((finding["path"][2:], finding) for finding in findings if finding["path"][:2] == about)


def landlab_needed(fields: Iterable[Mapping[str, Any]], hints: Mapping[str, list[dict[str, Any]]]) -> int:
    """How many of *hints* keep a record from being published and stand on *fields*, or on files if there are none."""
    names = {field["field_name"] for field in fields} or {"resources"}
    return sum(
        hint["severity"] == VIOLATION for name, found in hints.items() if name.split("-")[0] in names for hint in found
    )


def _by_input(findings: Iterable[tuple[list[Any], Finding]]) -> dict[str, list[dict[str, Any]]]:
    """Findings by input; that a field is recommended stands beside its label, so it is no hint."""
    hints: dict[str, list[dict[str, Any]]] = {}
    for path, finding in findings:
        if finding["rule"] != "recommended" and path:
            hints.setdefault(_input(path), []).append(_told(finding))
    return hints


def _input(path: list[Any]) -> str:
    """The name of the input that a path means: a part of a group, or the field."""
    return "-".join(map(str, path)) if len(path) > 2 and path[0] != "resources" else str(path[0])


def _told(finding: Finding) -> dict[str, Any]:
    reader = language.reader()
    return {
        "severity": finding["severity"],
        "word": _words()[finding["severity"]],
        "message": finding["message"].get(reader) or finding["message"]["en"],
        "why": finding["link"],
        "basis": finding["basis"],
    }


def _words() -> dict[str, str]:
    return {VIOLATION: _("Needed for publishing:"), WARNING: _("Please check:"), INFO: _("Hint:")}


def _url(dataset: dict[str, Any], path: list[Any]) -> str:
    """Where the clerk mends what *path* means."""
    if not path:
        return tk.url_for(f"{dataset['type']}.edit", id=dataset["name"])
    return landlab_page_of(dataset, "-".join(map(str, path[:3])) if len(path) > 2 else str(path[0]))


def landlab_score(quality: dict[str, Any], dataset: dict[str, Any] | None = None) -> dict[str, Any]:
    """A score with its word, the parts and the next best step; of one dataset also where that is taken."""
    reader = language.reader()
    step = quality["next_step"]
    labels = dimension_labels()
    url = _step_url(dataset, step["field"]) if step and dataset else ""
    return {
        **quality,
        "word": _bands()[quality["band"]],
        "parts": [{"label": labels[name][reader], **part} for name, part in quality["dimensions"].items()],
        "step": {"message": step["message"][reader], "url": url} if step else None,
    }


def landlab_may_check(organization_id: str) -> bool:
    """Whether the reader may see how the datasets of an organisation stand."""
    return tk.h.check_access("landlab_organization_check", {"id": organization_id})


def _step_url(dataset: dict[str, Any], field: str) -> str:
    """Where the next best step is taken: a field of the dataset, else of its first file."""
    pages = tk.h.scheming_get_dataset_form_pages(dataset["type"])
    own = any(row["field_name"] == field for page in pages for row in page["fields"])
    return _url(dataset, [field] if own else ["resources", 0, field])


def _bands() -> dict[str, str]:
    return {"excellent": _("excellent"), "good": _("good"), "sufficient": _("sufficient"), "bad": _("poor")}
