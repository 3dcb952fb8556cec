"""The package of a dataset: everything in one ZIP, streamed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, BinaryIO

import ckan.plugins.toolkit as tk
import file_keeper as fk
from ckan.lib import files, uploader
from ckan.plugins.toolkit import _
from ckanext.landlab import config, language, metadata, outside, statements
from ckanext.landlab.errors import Unfetchable
from ckanext.landlab.legal.bundle import Bundle, Source, filename_of
from flask import Blueprint, Response, request

__all__ = ["landlab_package"]

landlab_package = Blueprint("landlab_package", __name__)

Stream = Callable[[], Iterable[bytes]]


def download(id: str) -> Any:  # noqa: A002 the name by which the address is built elsewhere in CKAN
    """The ZIP of a dataset; past the bound a page that says so."""
    try:
        dataset = tk.get_action("package_show")({}, {"id": id})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404, _("There is no such dataset, or you may not see it."))
    uploads = {file["id"]: _upload(file) for file in dataset["resources"] if file.get("url_type") == "upload"}
    total, bound = sum(size for size, _ in uploads.values()), config.package_size()
    if total > bound:
        page = {"dataset": dataset, "total": total, "bound": bound}
        return tk.render("landlab/notices/too_large.html", page), 413
    pieces: Iterable[bytes] = [] if request.method == "HEAD" else _pieces(dataset, uploads, bound - total)
    response = Response(pieces, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{dataset["name"]}.zip"'
    return response


def _pieces(dataset: dict[str, Any], uploads: dict[str, tuple[int, Stream]], left: int) -> Iterator[bytes]:
    """The ZIP in pieces; all that needs CKAN is asked now, because pieces are made after the request."""
    spoken = "de" if language.reader() == "de" else "en"
    facts = {key: dataset.get(key) for key in ("name", "id", "title")} | {"description": dataset.get("notes") or ""}
    bundle = Bundle(statements.statement(dataset), metadata.turtle(dataset), spoken, facts)
    budget = _Budget(left, config.package_seconds())
    sources = [_source(file, uploads.get(file["id"]), budget) for file in dataset["resources"]]
    return bundle.stream(sources)


def _source(file: dict[str, Any], upload: tuple[int, Stream] | None, budget: _Budget) -> Source:
    address = file.get("url") or ""
    name = file.get("name") or file["id"]
    facts = {"name": file["id"], "title": name, "format": file.get("format"), "mediatype": file.get("mimetype")}
    return Source(
        facts={key: value for key, value in facts.items() if value},
        address=address,
        filename=filename_of(address, file["id"]),
        stream=upload[1] if upload else None,
        take_over=None if upload else budget.take_over(address),
    )


class _Budget:
    """What all linked files of a package together may take."""

    def __init__(self, left: int, seconds: int) -> None:
        self.left = left
        self.terms = outside.terms(left, seconds)  # settings are read now: pieces are made after the request

    def take_over(self, address: str) -> Callable[[BinaryIO], int]:
        """A function that takes the file at *address* over, within what is left then."""

        def taken(target: BinaryIO) -> int:
            if self.left <= 0:
                raise Unfetchable(address, "size")
            size = outside.fetch(address, target, replace(self.terms, size=self.left)).size
            self.left -= size
            return size

        return taken


def _upload(file: dict[str, Any]) -> tuple[int, Stream]:
    """The size of an uploaded file and how to read it, as CKAN's own download does."""
    upload = uploader.get_resource_uploader(dict(file))
    path = upload.get_path(file["id"])
    storage = getattr(upload, "storage", None)
    if isinstance(storage, fk.Storage):
        location = files.Location(path)
        try:
            size = storage.size(location)
        except files.exc.LocationError:
            return 0, _gone(file)
        data = files.FileData(location, size=size)
        return size, lambda: storage.stream(data)
    return 0, _gone(file)


def _gone(file: dict[str, Any]) -> Stream:
    raise tk.ObjectNotFound(file["id"])


landlab_package.add_url_rule("/dataset/<id>/paket.zip", "download", download)
