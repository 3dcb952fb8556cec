"""The statement page of a dataset, its versions, and the same as JSON, plain text and CSV."""

from __future__ import annotations

import csv
import io
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _
from ckanext.landlab import language, statements
from ckanext.landlab.errors import UnknownVersion
from ckanext.landlab.legal import responsibilities
from ckanext.landlab.legal.statement import HEADINGS, Statement, as_text
from flask import Blueprint, Response, jsonify, request

__all__ = ["landlab_statement"]

landlab_statement = Blueprint("landlab_statement", __name__)

# Of what we can give, in our order of preference where a reader has none.
SUFFIX = {"text/html": "html", "application/json": "json", "text/plain": "txt"}


def show(dataset_id: str, suffix: str = "") -> Any:
    """The statement as HTML, JSON or plain text, by suffix or Accept; with `?v=` as it stood then."""
    dataset = _dataset(dataset_id)
    version = request.args.get("v", "")
    try:
        found = _version(dataset, version) if version else statements.statement(dataset)
    except UnknownVersion as error:
        return _no_such_version(dataset, error.version)
    wanted = suffix or SUFFIX[request.accept_mimetypes.best_match(SUFFIX, "text/html")]
    return _with_headers(_written(wanted, dataset, found, version))


def versions(dataset_id: str, suffix: str = "") -> Any:
    """Every version of the statement, as a page or as CSV."""
    dataset = _dataset(dataset_id)
    history = statements.history(dataset["id"])
    if suffix == "csv":
        return _csv(dataset, history)
    told = [version.as_dict(_language()) for version in reversed(history)]
    return tk.render("landlab/notices/versions.html", {"dataset": dataset, "versions": told})


def _written(wanted: str, dataset: dict[str, Any], found: Statement, version: str) -> Response:
    if wanted == "json":
        return jsonify(found.as_dict(_language()))
    if wanted == "txt":
        return Response(as_text(found, _language()), content_type="text/plain; charset=utf-8")
    told = found.as_dict(_language())
    page = {"dataset": dataset, "statement": told, "version": version, "headings": _headings()}
    return Response(tk.render("landlab/notices/statement.html", page), content_type="text/html; charset=utf-8")


def _with_headers(response: Response) -> Response:
    response.vary.add("Accept")
    response.headers["Content-Language"] = _language()
    return response


def _version(dataset: dict[str, Any], version: str) -> Statement:
    return statements.statement_at(dataset["id"], statements.moment_of(version))


def _no_such_version(dataset: dict[str, Any], version: str) -> Any:
    """A page that says that there is no such version, with all there are; and 404."""
    message = _("There is no version “{version}” of these notices.").format(version=version)
    if request.accept_mimetypes.best_match(SUFFIX, "text/html") == "application/json":
        return jsonify({"error": message}), 404
    page = {"dataset": dataset, "message": message}
    return tk.render("landlab/notices/no_such_version.html", page), 404


def _csv(dataset: dict[str, Any], history: list[Statement]) -> Response:
    lines = io.StringIO(newline="")
    writer = csv.writer(lines)
    columns = ["valid_from", "dataset", "code", "text_version", "level", "severity", "reviewed", "text", "address"]
    writer.writerow(columns)
    for version in history:
        told = version.as_dict(_language())
        address = f"{told['address']}?v={told['version']}"
        for entry in told["notices"] or [{}]:
            source = entry.get("source", {}).get("level", "")
            facts = (entry.get(key) or "" for key in ("severity", "reviewed", "text"))
            row = [told["version"], dataset["name"], entry.get("code", ""), entry.get("version", ""), source, *facts]
            writer.writerow([_unarmed(value) for value in [*row, address]])
    response = Response(lines.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"{dataset['name']}-hinweise-verlauf.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _unarmed(value: Any) -> Any:
    """*value* so that a spreadsheet does not run it as a formula (OWASP: CSV injection)."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _dataset(dataset_id: str) -> dict[str, Any]:
    try:
        return tk.get_action("package_show")({}, {"id": dataset_id})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404, _("There is no such dataset, or you may not see it."))


def _language() -> str:
    return "de" if language.reader() == "de" else "en"


def _headings() -> dict[str, str]:
    words = {key: word[_language()] for key, word in HEADINGS.items()}
    return {**words, "responsibilities": responsibilities.title(_language())}


for rule, view in (("/dataset/<dataset_id>/hinweise", show), ("/dataset/<dataset_id>/hinweise/verlauf", versions)):
    landlab_statement.add_url_rule(rule, view.__name__, view)
for ending in ("html", "json", "txt"):
    landlab_statement.add_url_rule(
        f"/dataset/<dataset_id>/hinweise.{ending}", "show", show, defaults={"suffix": ending}
    )
landlab_statement.add_url_rule(
    "/dataset/<dataset_id>/hinweise/verlauf.csv", "versions", versions, defaults={"suffix": "csv"}
)
