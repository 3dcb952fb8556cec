"""A catalogue that ckanext-dcatde wrote, moved into our fields and back again, dataset by dataset."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.search import rebuild
from ckan.plugins.toolkit import _
from ckanext.landlab import entries
from ckanext.landlab.dcat.adoption import Adoption, Left, adopted
from ckanext.landlab.harvest import taking
from sqlalchemy.orm.attributes import flag_modified

ADOPTED, UNCHANGED, REFUSED, RESTORED, EDITED = "adopted", "unchanged", "refused", "restored", "edited"
_PLUGIN, _BEFORE = "landlab", "before_adoption"
_COLUMNS = (
    "title",
    "url",
    "notes",
    "version",
    "author",
    "author_email",
    "maintainer",
    "maintainer_email",
    "license_id",
)
_FILE_COLUMNS = ("url", "format", "name", "description", "mimetype", "size", "hash")


@dataclass
class Outcome:
    """What became of the dataset *name*: which keys moved into which fields, what stayed, and why."""

    name: str
    what: str
    moved: list[tuple[str, str]] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    reason: str = ""


def adopt(names: Sequence[str] = (), dry_run: bool = False) -> Iterator[Outcome]:
    """Move what ckanext-dcatde keeps in extras and JSON texts into our fields, each dataset whole or not at all."""
    for package in _packages(names):
        record = tk.get_action("package_show")({"ignore_auth": True, "use_cache": False}, {"id": package.id})
        found = adopted(record)
        if not found.moved:
            yield Outcome(package.name, UNCHANGED, left=found.left)
            continue
        reason = "" if dry_run else _saved(package, found)
        what = REFUSED if reason else ADOPTED
        yield Outcome(package.name, what, found.moved, found.left, reason)


def undo(names: Sequence[str] = (), dry_run: bool = False) -> Iterator[Outcome]:
    """Give the adopted datasets back what they were; one that was edited since is left alone."""
    for package in _packages(names):
        before = ((package.plugin_data or {}).get(_PLUGIN) or {}).get(_BEFORE)
        if not before:
            continue
        if str(package.metadata_modified) != before["modified"]:
            reason = _("It was edited since it was adopted; what was written then would be lost.")
            yield Outcome(package.name, EDITED, reason=reason)
            continue
        if not dry_run:
            _restore(package, before)
        yield Outcome(package.name, RESTORED)


def _packages(names: Sequence[str]) -> Iterator[model.Package]:
    """The datasets of these names or ids, or all that are not deleted; raises tk.ObjectNotFound."""
    if names:
        for name in names:
            package = model.Package.get(name)
            if package is None:
                raise tk.ObjectNotFound(name)
            yield package
        return
    kept = model.Package.type == "dataset", model.Package.state != "deleted"
    for (id_,) in model.Session.query(model.Package.id).filter(*kept).order_by(model.Package.name).all():
        package = model.Package.get(id_)
        if package is not None:
            yield package


def _saved(package: model.Package, found: Adoption) -> str:
    """Write the adopted record, and beside it what it was; gives the reason if that was refused."""
    before = _snapshot(package)
    data = {**found.record, "extras": [dict(extra) for extra in found.record["extras"]]}
    try:
        tk.get_action("package_update")(taking.context(), data)
    except tk.ValidationError as error:
        model.Session.rollback()
        return "; ".join(taking.sentences(error.error_dict))
    model.Session.refresh(package)
    own = {**((package.plugin_data or {}).get(_PLUGIN) or {})}
    own[_BEFORE] = {**before, "modified": str(package.metadata_modified)}
    package.plugin_data = {**(package.plugin_data or {}), _PLUGIN: own}
    model.Session.commit()
    return ""


def _snapshot(package: model.Package) -> dict[str, Any]:
    return {
        "extras": dict(package.extras or {}),
        "columns": {name: getattr(package, name) for name in _COLUMNS},
        "files": {
            resource.id: {
                "extras": dict(resource.extras or {}),
                "columns": {name: _plain(getattr(resource, name)) for name in _FILE_COLUMNS},
            }
            for resource in package.resources
        },
    }


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (str, int)) else str(value)


def _restore(package: model.Package, before: Mapping[str, Any]) -> None:
    package.extras = dict(before["extras"])
    for name, value in before["columns"].items():
        setattr(package, name, value)
    for resource in package.resources:
        was = before["files"].get(resource.id)
        if was is None:
            continue
        resource.extras = dict(was["extras"])
        flag_modified(resource, "extras")
        for name, value in was["columns"].items():
            setattr(resource, name, value)
    own = {key: value for key, value in package.plugin_data[_PLUGIN].items() if key != _BEFORE}
    package.plugin_data = {**package.plugin_data, _PLUGIN: own}
    flag_modified(package, "extras")
    entries.dataset_saved(package.id)
    model.Session.commit()
    rebuild(package.id)
