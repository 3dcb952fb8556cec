"""An uploaded file tells its own size, format and checksum."""

from __future__ import annotations

import hashlib
from pathlib import PurePath
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _
from ckan.types import Context
from ckanext.landlab import config
from ckanext.landlab.schemas import vocabulary

__all__ = ["resource_create", "resource_update"]

SHA256 = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"
_TOLD = ("size", "mimetype")  # CKAN fills these only where the form has not sent them empty
_ENDINGS = {"JPG": "JPEG", "TIF": "TIFF", "HTM": "HTML", "GEOJSONL": "GEOJSON", "SHP": "SHP"}


@tk.chained_action
def resource_create(original: Any, context: Context, data_dict: dict[str, Any]) -> Any:
    """CKAN's action, with what the file tells."""
    return original(context, _told(data_dict))


@tk.chained_action
def resource_update(original: Any, context: Context, data_dict: dict[str, Any]) -> Any:
    """CKAN's action, with what a new file tells."""
    return original(context, _told(data_dict))


def _told(resource: dict[str, Any]) -> dict[str, Any]:
    upload: Any = resource.get("upload")
    name = getattr(upload, "filename", "")
    if not name:
        return resource if resource.get("format") else _with_format(resource, str(resource.get("url") or ""))
    _refuse_program(name)
    told = {key: value for key, value in resource.items() if key not in _TOLD}
    told["hash"], told["hash_algorithm"] = _checksum(upload.stream), SHA256
    return _with_format(told, name) if not told.get("format") else told


def _refuse_program(name: str) -> None:
    """Refuse a file that runs when somebody opens it."""
    ending = PurePath(name).suffix.lstrip(".").lower()
    if ending in config.refused_endings():
        message = _(
            "Files ending in .{ending} are programs and cannot be published. Please upload data or a ZIP of data."
        )
        raise tk.ValidationError({"upload": [message.format(ending=ending)]})


def _with_format(resource: dict[str, Any], name: str) -> dict[str, Any]:
    """*resource* with the format that the ending of *name* stands for, if it stands for one."""
    ending = PurePath(name.split("?", 1)[0]).suffix.lstrip(".").upper()
    concept = vocabulary("file-type").by_code(_ENDINGS.get(ending, ending)) if ending else None
    return {**resource, "format": concept.code} if concept else resource


def _checksum(stream: Any) -> str:
    stream.seek(0)
    digest = hashlib.file_digest(stream, "sha256") if hasattr(hashlib, "file_digest") else _digest(stream)
    stream.seek(0)
    return digest.hexdigest()


def _digest(stream: Any) -> Any:
    """The same on Python 3.10, which has no `file_digest`."""
    digest = hashlib.sha256()
    while piece := stream.read(1 << 18):
        digest.update(piece)
    return digest
