"""What a record leaves out because it follows from elsewhere, and what its graph needs to stand alone.

GovData judges each dataset by itself: publisher and contact must be in its graph, and a series, service or other
dataset that it points at must be described there with its class, which the shapes check.  So a description is the
completed record and a short one of each sibling.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ckanext.landlab import schemas
from ckanext.landlab.dcat import concepts, kept, mapping
from ckanext.landlab.dcat.context import Context, Record, tail_of
from ckanext.landlab.dcat.places import keys_of, levels_of
from ckanext.landlab.dcat.ranges import RANGES
from ckanext.landlab.dcat.terms import Statement, Term, expand, iri, is_absolute
from ckanext.landlab.dcat.versions import in_version, succeeded

HVD_REGULATION = "http://data.europa.eu/eli/reg_impl/2023/138/oj"
CONTRIBUTORS = "http://dcat-ap.de/def/contributors/"
ALGORITHMS = {
    length: f"http://spdx.org/rdf/terms#checksumAlgorithm_{name}"
    for length, name in ((32, "md5"), (40, "sha1"), (64, "sha256"), (96, "sha384"), (128, "sha512"))
}
# What is said of a dataset that is only pointed at: what the shapes and GovData's quality rules ask of any dataset.
_CORE = (
    "title",
    "notes",
    "publisher",
    "contributorID",
    "tag_string",
    "theme",
    "identifier",
    "issued",
    "modified",
    "url",
)
_LICENCE, _RIGHTS = expand("dct:license"), expand("dct:rights")
_DATASET, _DISTRIBUTION = expand("dcat:Dataset"), expand("dcat:Distribution")


def table_of_record(record: Mapping[str, Any]) -> mapping.Table:
    """The table of a record by its CKAN type; an unknown type is a dataset."""
    kind = record.get("type")
    return mapping.table(kind if kind in schemas.RECORDS else "dataset")


def pointers(record: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """The fields of a record, and those of its files, that point at other records."""
    rows = table_of_record(record).rows
    of_files = next((row.parts.rows for row in rows if row.field == "resources" and row.parts), ())
    own, theirs = ([row.field for row in each if row.binding.range == "sibling"] for each in (rows, of_files))
    return own, theirs


def described(record: Record, context: Context, version: str = "3.0") -> list[Statement]:
    """Everything to be said about *record* in *version*, complete without the rest of the catalogue."""
    return in_version(_described(completed(record, context), context, version), version)


def described_in(versions: Iterable[str], record: Record, context: Context) -> dict[str, list[Statement]]:
    """What `described` says, in each of *versions*."""
    full = completed(record, context)
    return {version: in_version(_described(full, context, version), version) for version in versions}


def _described(full: Record, context: Context, version: str) -> list[Statement]:
    address = context.address(full)
    table = table_of_record(full)
    if version == "3.0":
        full = succeeded(full)
    statements = table.describe(full, address, version)
    if table.type != _DATASET or not any(full.get("resources") or ()):
        return statements + _siblings(table, full, address, context, version)
    resources = (
        _siblings(row.parts, resource, address, context, version)
        for row in table.rows
        if row.field == "resources" and row.parts
        for resource in full["resources"]
    )
    return statements + _siblings(table, full, address, context, version) + [s for part in resources for s in part]


def _siblings(table: mapping.Table, record: Record, here: str, context: Context, version: str) -> list[Statement]:
    """The short descriptions of the records that *record* points at, as far as they are known."""
    statements: list[Statement] = []
    for row in table.in_version(version):
        if row.binding.range != "sibling":
            continue
        for address in record.get(row.field) or ():
            sibling = context.siblings.get(address)
            if sibling is not None and address != here:
                statements += _short(sibling, address, here, context, version)
    return statements


def _short(sibling: Record, address: str, here: str, context: Context, version: str) -> list[Statement]:
    """A series or service in full, but only with this dataset; another dataset by what is demanded of it."""
    table = table_of_record(sibling)
    full = completed(sibling, Context(base=context.base, organization=_owner(sibling, context)))
    if table.type == _DATASET:
        return table.describe(full, address, version, only=_CORE)
    if full.get("serves_dataset"):
        full["serves_dataset"] = [served for served in full["serves_dataset"] if served == here]
    return table.describe(full, address, version)


def _owner(record: Record, context: Context) -> Mapping[str, Any]:
    """The organisation of a sibling: its own if the edge gave it along, else that of the dataset."""
    organization = record.get("organization")
    return organization if isinstance(organization, Mapping) else context.organization


def completed(record: Record, context: Context) -> Record:
    """A copy of *record* with what follows from its organisation, its place, its category and its files."""
    full = dict(record)
    own = not record.get("uri")
    if own:
        _from_organization(full, context)
        _from_ckan(full)
        if context.base and not full.get("url"):
            full["url"] = f"{context.base}/{record.get('type') or 'dataset'}/{record.get('name') or record.get('id')}"
    _contributors(full, context.organization)
    _references(full, context)
    places = [place.get("uri", "") for place in full.get("spatial_coverage") or () if isinstance(place, dict)]
    full.setdefault("politicalGeocodingLevelURI", levels_of(places))
    full.setdefault("politicalGeocodingURI", keys_of(places))
    if full.get("hvd_category"):
        full["applicable_legislation"] = _with(full.get("applicable_legislation"), HVD_REGULATION)
    full["served"] = context.served
    if context.statement:
        full["documentation"] = _with(full.get("documentation"), context.statement)
    if record.get("resources"):
        full["resources"] = [_resource(resource, full, context) for resource in record["resources"]]
    return full


def _from_organization(full: Record, context: Context) -> None:
    """Publisher, custodian, contact, licence and place as the organisation prefers them."""
    organization = context.organization
    name = organization.get("publisher_name") or organization.get("title")
    if name and not full.get("publisher"):
        address = f"{context.base}/organization/{organization['id']}" if organization.get("id") else ""
        full["publisher"] = [
            _filled(
                name=name,
                uri=address,
                email=organization.get("publisher_email"),
                url=organization.get("homepage"),
                type=organization.get("publisher_type"),
            )
        ]
    for field, prefix in (("custodian", "custodian"), ("contact", "contact")):
        parts = ("name", "email", "url", "telephone")
        values = _filled(**{part: organization.get(f"{prefix}_{part}") for part in parts})
        if values and not full.get(field):
            full[field] = [values]
    if organization.get("license_id") and not full.get("license_id"):
        full["license_id"] = organization["license_id"]
    if organization.get("place") and not full.get("spatial_coverage"):
        full["spatial_coverage"] = [{"uri": organization["place"]}]


def _from_ckan(full: Record) -> None:
    """Identifier and dates that CKAN knows anyway; CKAN's clock is UTC and does not say so."""
    if not full.get("identifier") and full.get("id"):
        full["identifier"] = full["id"]
    for field, source in (("issued", "metadata_created"), ("modified", "metadata_modified")):
        if not full.get(field) and full.get(source):
            full[field] = f"{str(full[source]).removesuffix('Z').removesuffix('+00:00')}Z"


def _contributors(full: Record, organization: Mapping[str, Any]) -> None:
    """One's own ID beside existing ones, but only one of GovData's (conventions 12 and 13)."""
    own = organization.get("contributorID")
    given = full.get("contributorID") or []
    given = [given] if isinstance(given, str) else given
    if own and not any(str(value).startswith(CONTRIBUTORS) for value in given):
        full["contributorID"] = [*given, own]


def _references(full: Record, context: Context) -> None:
    """Addresses in place of the names and ids by which a form refers to other records, or to a file of its own."""
    for row in table_of_record(full).rows:
        if row.binding.range == "sibling" and full.get(row.field):
            files = full.get("resources") or () if row.type == _DISTRIBUTION else ()
            own = {file["id"]: context.resource_address(full, file) for file in files if file.get("id")}
            full[row.field] = list(_addresses(full[row.field], context, own))


def _addresses(values: Iterable[str] | str, context: Context, own: Mapping[str, str] | None = None) -> Iterator[str]:
    """The address that each of *values* means; a record of this site that is not public is not told of."""
    for value in map(str, [values] if isinstance(values, str) else values):
        sibling = context.sibling(value)
        if sibling is not None:
            yield context.address(sibling)
        elif own and tail_of(value) in own:
            yield own[tail_of(value)]
        elif is_absolute(value) and not context.is_here(value):
            yield iri(value)[1:-1]


def _resource(resource: Record, dataset: Record, context: Context) -> Record:
    full = dict(resource)
    full["uri"] = context.resource_address(dataset, resource)
    address = resource.get("url") or ""
    full["access_url"] = resource.get("access_url") or address
    if resource.get("url_type") == "upload":
        full["download_url"] = resource.get("download_url") or address  # convention 39
    elif full["access_url"] == "" and resource.get("download_url"):
        full["access_url"] = resource["download_url"]
    licence = None if _kept_values(resource, _LICENCE) else dataset.get("license_id")
    full["license"] = resource.get("license") or licence
    if context.statement and not (dataset.get("uri") and _has_its_own_rights(resource, dataset["uri"])):
        full["rights"] = context.statement  # of our own datasets always: exactly one address is clean in 2.0 and 3.0
    if dataset.get("hvd_category"):
        full["applicable_legislation"] = _with(resource.get("applicable_legislation"), HVD_REGULATION)
    if context.attribution and not resource.get("licenseAttributionByText") and _wants_name(full["license"]):
        full["licenseAttributionByText"] = context.attribution  # convention 35
    _checksum(full)
    if resource.get("access_services"):
        full["access_services"] = list(_addresses(resource["access_services"], context))
    return full


def _has_its_own_rights(resource: Record, dataset: str) -> bool:
    """Whether a file from elsewhere says what holds, or may be the file of other datasets too.

    Two of them would give it two pages, where one is allowed; an address below that of its *dataset* is its alone.
    """
    shared = resource.get("uri") and not str(resource["uri"]).startswith(f"{dataset.rstrip('/#')}/")
    return bool(resource.get("rights") or shared or _kept_values(resource, _RIGHTS))


def _checksum(full: Record) -> None:
    """A checksum has a value and an algorithm, or is none; the length of the value tells the usual ones apart."""
    value = str(full.get("hash") or "")
    if value and not full.get("hash_algorithm") and len(value) in ALGORITHMS:
        full["hash_algorithm"] = ALGORITHMS[len(value)]
    if not value or not full.get("hash_algorithm"):
        full.pop("hash", None)
        full.pop("hash_algorithm", None)


def _wants_name(licence: Any) -> bool:
    concept = concepts.found("licenses", licence) if licence else None
    return bool(concept and concept.facts.get("attribution"))


def _with(values: Any, value: str) -> list[str]:
    values = [values] if isinstance(values, str) else list(values or ())
    return values if value in values else [*values, value]


def _filled(**values: Any) -> Record:
    return {key: value for key, value in values.items() if value}


def folded(record: Record) -> Record:
    """A record fresh from a graph as CKAN wants it: a file's address in `url`, the common licence in `license_id`."""
    full = dict(record)
    if "resources" in record:
        full["resources"] = [_folded(resource) for resource in record["resources"]]
        licences = {resource.get("license") for resource in full["resources"]}
        licence = licences.pop() if len(licences) == 1 else None
        if not full.get("license_id") and (licence := licence or _licence_of_all(record)):
            full["license_id"] = licence
    return full


def _licence_of_all(record: Record) -> str | None:
    """The licence that DCAT-AP.de has no place for, that of the dataset; nothing if there are several."""
    licences = _kept_values(record, _LICENCE)
    return RANGES["concept"].read(licences[0], "licenses") if len(licences) == 1 else None


def _folded(resource: Record) -> Record:
    full = dict(resource)
    full["url"] = resource.get("download_url") or resource.get("access_url") or ""
    if resource.get("access_url") == full["url"]:
        del full["access_url"]
    return full


def _kept_values(record: Record, predicate: Term) -> list[Term]:
    """The values of *predicate* that no field of *record* holds."""
    text = str(record.get("kept_statements") or "")
    if predicate not in text:  # asked of every file whenever it is described
        return []
    return [value for subject, name, value in kept.read(text) if (subject, name) == (kept.SELF, predicate)]
