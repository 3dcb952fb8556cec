"""`Link` headers (RFC 8288) on downloads, so that licence and notices travel with the bytes.

The headers of a redirect to another server stand only on the redirect: what that server sends is its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ckan import model
from ckanext.landlab import statements
from ckanext.landlab.schemas import vocabulary
from flask import Response, request

Package = tuple[str, str] | None

EXPOSED = "Access-Control-Expose-Headers"


def added(response: Response) -> Response:
    """*response*, with links if it carries data of a dataset; for GET and HEAD alike."""
    find = OF_ENDPOINT.get(request.endpoint or "")
    if find is None or response.status_code >= 400:
        return response
    found = find(request.view_args or {})
    if found:
        _add(response, *found)
    return response


def _add(response: Response, dataset_id: str, licence: str) -> None:
    address = f"{statements.site().address}/dataset/{dataset_id}"
    concept = vocabulary("licenses").concepts.get(licence)
    if concept:
        response.headers.add("Link", f'<{concept.facts.get("text") or concept.iri}>; rel="license"')
    response.headers.add("Link", f'<{address}/hinweise>; rel="terms-of-service"')
    response.headers.add("Link", f'<{address}.jsonld>; rel="describedby"; type="application/ld+json"')
    exposed = [response.headers.get(EXPOSED, ""), "Link"]
    response.headers[EXPOSED] = ", ".join(name for name in exposed if name)


def _of_file(arguments: Mapping[str, Any]) -> Package:
    """The dataset and licence of a file, straight from the tables: the view has checked who may see it."""
    resource = model.Resource.get(arguments["resource_id"])
    if resource is None:
        return None
    package = model.Package.get(resource.package_id)
    licence = (resource.extras or {}).get("license") or (package.license_id if package else "")
    return (package.id, licence or "") if package else None


def _of_dataset(arguments: Mapping[str, Any]) -> Package:
    package = model.Package.get(arguments.get("id"))
    return (package.id, package.license_id or "") if package else None


OF_ENDPOINT: Mapping[str, Callable[[Mapping[str, Any]], Package]] = {
    "dataset_resource.download": _of_file,
    "resource.download": _of_file,
    "datastore.dump": _of_file,
    "landlab_package.download": _of_dataset,
}
