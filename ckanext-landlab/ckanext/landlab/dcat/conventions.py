"""The conventions and cross-field rules that a program can check in a record, one small function each.

To add a rule, write a function that yields `Found` for each breach, name it in `RULES` under its id, and say in
`schemas/findings.yaml` what to tell the clerk.  Conventions that cannot be checked stand there too, with the reason.

More than 300 lines because it is a list: rules of a few lines each, looked up side by side.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ckanext.landlab.dcat import concepts, geometry
from ckanext.landlab.dcat.completeness import pointers
from ckanext.landlab.dcat.terms import is_language
from ckanext.landlab.schemas import Concept

Record = Mapping[str, Any]
Path = tuple[str | int, ...]

GOVDATA = "http://dcat-ap.de/def/contributors/"
MODEL_DATASETS = "https://musterdatenkatalog.de/def/musterdatensatz/"
HVD_REGULATION = "http://data.europa.eu/eli/reg_impl/2023/138/oj"
CONTAINERS = {"ZIP", "GZIP", "7Z", "RAR", "TAR", "TAR_GZ", "TAR_XZ", "BZIP2", "XZ", "LZMA", "Z"}
ALLOWED_TAGS = {"a", "li", "ol", "ul", "p", "br", "b", "i", "u"}
DIGITS = {"md5": 32, "sha1": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128}
AGENTS = ("publisher", "custodian", "originator", "creator", "contributor", "processor")
TRANSLATIONS = ("title_translations", "notes_translations", "keyword_translations")


@dataclass(frozen=True)
class Found:
    """Where a rule is broken, and the words that its sentence needs."""

    path: Path
    words: Mapping[str, str] = field(default_factory=dict)


def broken(record: Record, entered: Record, previous: Record | None = None) -> Iterator[tuple[str, Found]]:
    """Every rule that the completed *record* breaks, with its id.

    *entered* is the record as it was entered; *previous* the one before a change, if there was one.
    """
    for name, rule in RULES.items():
        for found in rule(record):
            yield name, found
    yield from _dropped_checksums(record, entered)
    yield from _unpublished(record, entered)
    if previous and previous.get("uri"):
        yield from _changed(record, previous)


def listed(value: Any) -> list[Any]:
    """The values of a field, however many it holds."""
    if value in (None, "", []):
        return []
    return list(value) if isinstance(value, list) else [value]


def groups(record: Record, name: str) -> Iterator[tuple[Path, Record]]:
    """The groups of a repeating field with their paths."""
    for index, group in enumerate(listed(record.get(name))):
        if isinstance(group, Mapping):
            yield (name, index), group


def _contact(record: Record) -> Iterator[Found]:
    for path, contact in groups(record, "contact"):
        if contact.get("telephone") and not (contact.get("email") or contact.get("url")):
            yield Found((*path, "email"))


def _languages(record: Record) -> Iterator[Found]:
    for name in TRANSLATIONS:
        for path, translation in groups(record, name):
            tag = str(translation.get("language") or "")
            if translation.get("text") and not is_language(tag):
                yield Found((*path, "language"), {"value": tag})


def _geometries(record: Record) -> Iterator[Found]:
    for path, place in groups(record, "spatial_coverage"):
        for name in ("bbox", "centroid", "geom"):
            if place.get(name) and not geometry.to_wkt(str(place[name])):
                yield Found((*path, name))


def _level(record: Record) -> Iterator[Found]:
    if listed(record.get("spatial_coverage")) and not listed(record.get("politicalGeocodingLevelURI")):
        yield Found(("politicalGeocodingLevelURI",))


def _keys(record: Record) -> Iterator[Found]:
    places = {place.get("uri") for _, place in groups(record, "spatial_coverage")}
    for index, key in enumerate(listed(record.get("politicalGeocodingURI"))):
        if key not in places:
            yield Found(("politicalGeocodingURI", index), {"value": str(key)})


def _contributor(record: Record) -> Iterator[Found]:
    if _is_dataset(record) and not listed(record.get("contributorID")):
        yield Found(("contributorID",))


def _one_contributor(record: Record) -> Iterator[Found]:
    given = listed(record.get("contributorID"))
    if given and _is_dataset(record) and sum(str(value).startswith(GOVDATA) for value in given) != 1:
        yield Found(("contributorID",))


def _collection(record: Record) -> Iterator[Found]:
    for index, value in enumerate(listed(record.get("dcat_type"))):
        if str(value).startswith("http://dcat-ap.de/def/datasetTypes/"):
            yield Found(("dcat_type", index))


def _files_of_series(record: Record) -> Iterator[Found]:
    if record.get("type") == "dataset_series" and listed(record.get("resources")):
        yield Found(("resources",))


def _year_in_title(record: Record) -> Iterator[Found]:
    year = re.search(r"\b(19|20)\d\d\b", str(record.get("title") or ""))
    if year and not listed(record.get("temporal_coverage")) and _is_dataset(record):
        yield Found(("temporal_coverage",), {"value": year[0]})


def _source(record: Record) -> Iterator[Found]:
    if listed(record.get("source")):
        yield Found(("source",))


def _status(record: Record) -> Iterator[Found]:
    for path, resource in groups(record, "resources"):
        if str(resource.get("status") or "").endswith("/distribution-status/DEVELOP"):
            yield Found((*path, "status"))


def _packed(record: Record) -> Iterator[Found]:
    for path, resource in groups(record, "resources"):
        container = _code("file-type", resource.get("format")) in CONTAINERS
        if container and not (resource.get("compress_format") or resource.get("package_format")):
            yield Found((*path, "format"))


def _licence_of_service(record: Record) -> Iterator[Found]:
    service = record.get("type") == "data_service"
    if service and listed(record.get("serves_dataset")) and not (record.get("license_id") or record.get("license")):
        yield Found(("license_id",))


def _attribution(record: Record) -> Iterator[Found]:
    for path, resource in groups(record, "resources"):
        licence = _concept("licenses", resource.get("license"))
        if licence and licence.facts.get("attribution") and not resource.get("licenseAttributionByText"):
            yield Found((*path, "licenseAttributionByText"))


def _publisher_type(record: Record) -> Iterator[Found]:
    for name in AGENTS:
        for path, agent in groups(record, name):
            kind = _concept("publisher-type", agent.get("type"))
            if kind and not kind.facts.get("offered", True):
                yield Found((*path, "type"))


def _delivered(record: Record) -> Iterator[Found]:
    for path, resource in groups(record, "resources"):
        if listed(resource.get("access_services")) and resource.get("download_url"):
            yield Found((*path, "download_url"))


def _hvd_legislation(record: Record) -> Iterator[Found]:
    if record.get("hvd_category") and HVD_REGULATION not in listed(record.get("applicable_legislation")):
        yield Found(("applicable_legislation",))


def _hvd_category(record: Record) -> Iterator[Found]:
    if HVD_REGULATION in listed(record.get("applicable_legislation")) and not record.get("hvd_category"):
        yield Found(("hvd_category",))


def _hvd_licence(verdict: str) -> Callable[[Record], Iterator[Found]]:
    def rule(record: Record) -> Iterator[Found]:
        for path, resource in groups(record, "resources") if record.get("hvd_category") else ():
            licence = _concept("licenses", resource.get("license"))
            if licence and licence.facts["hvd"] == verdict:
                yield Found((*path, "license"), {"value": licence.text("de")})

    return rule


def _hvd_access(record: Record) -> Iterator[Found]:
    resources = [resource for _, resource in groups(record, "resources")]
    has_service = record.get("served") or any(listed(resource.get("access_services")) for resource in resources)
    has_download = any(resource.get("download_url") or resource.get("url_type") == "upload" for resource in resources)
    if record.get("hvd_category") and not (has_service and has_download):
        yield Found(("resources",))


def _hvd_contact(record: Record) -> Iterator[Found]:
    if record.get("hvd_category") and not listed(record.get("contact")):
        yield Found(("contact",))


def _media_type(record: Record) -> Iterator[Found]:
    for path, resource in groups(record, "resources"):
        format_ = _concept("file-type", resource.get("format"))
        media_type = str(resource.get("mimetype") or "").rpartition("media-types/")[2]
        fitting = format_.facts.get("media_types") if format_ else None
        if format_ and fitting and media_type and media_type not in fitting:
            words = {"value": format_.code, "other": media_type, "proposed": fitting[0]}
            yield Found((*path, "mimetype"), words)


def _periods(record: Record) -> Iterator[Found]:
    for path, period in groups(record, "temporal_coverage"):
        if _before(period.get("end"), period.get("start")):
            yield Found((*path, "end"))


def _dates(record: Record) -> Iterator[Found]:
    holders = [((), record), *groups(record, "resources")]
    for path, holder in holders:
        if _before(holder.get("modified"), holder.get("issued")):
            yield Found((*path, "modified"))


def _access_right(record: Record) -> Iterator[Found]:
    right = _concept("access-right", record.get("access_rights"))
    if right and not right.facts.get("offered", True):
        yield Found(("access_rights",))


def _model_dataset(record: Record) -> Iterator[Found]:
    named = [value for value in listed(record.get("references")) if str(value).startswith(MODEL_DATASETS)]
    if len(named) > 1:
        yield Found(("references",))


def _checksum(record: Record) -> Iterator[Found]:
    for path, resource in groups(record, "resources"):
        algorithm = _concept("checksum-algorithm", resource.get("hash_algorithm"))
        digits = DIGITS.get(algorithm.code) if algorithm else None
        if algorithm and digits and resource.get("hash") and len(str(resource["hash"])) != digits:
            yield Found((*path, "hash"), {"value": algorithm.text("de")})


def _markup(record: Record) -> Iterator[Found]:
    for tag in re.findall(r"</?([a-zA-Z][a-zA-Z0-9]*)[\s/>]", str(record.get("notes") or "")[:100_000]):
        if tag.casefold() not in ALLOWED_TAGS:
            yield Found(("notes",), {"value": f"<{tag}>"})
            return


def _files(record: Record) -> Iterator[Found]:
    if _is_dataset(record) and not listed(record.get("resources")):
        yield Found(("resources",))


RULES: Mapping[str, Callable[[Record], Iterator[Found]]] = {
    "K01": _contact,
    "K03": _languages,
    "K04": _geometries,
    "K09": _level,
    "K11": _keys,
    "K12": _contributor,
    "K13": _one_contributor,
    "K17": _collection,
    "K18": _files_of_series,
    "K19": _year_in_title,
    "K21": _source,
    "K22": _status,
    "K31": _packed,
    "K32": _licence_of_service,
    "K35": _attribution,
    "K37": _publisher_type,
    "K41": _delivered,
    "hvd-legislation": _hvd_legislation,
    "hvd-category": _hvd_category,
    "hvd-licence": _hvd_licence("refused"),
    "hvd-licence-check": _hvd_licence("check"),
    "hvd-access": _hvd_access,
    "hvd-contact": _hvd_contact,
    "format-media-type": _media_type,
    "period": _periods,
    "dates": _dates,
    "access-right": _access_right,
    "model-dataset": _model_dataset,
    "checksum": _checksum,
    "markup": _markup,
    "no-files": _files,
}
# Rules that compare: a harvested record with the one before, a completed one with what was entered.
COMPARING = ("K25", "K26", "checksum-alone", "unpublished")


def _dropped_checksums(record: Record, entered: Record) -> Iterator[tuple[str, Found]]:
    """Half a checksum is not written, unless its length tells the algorithm."""
    for (path, file), (_, given) in zip(groups(record, "resources"), groups(entered, "resources"), strict=False):
        if given.get("hash") and not file.get("hash"):
            yield "checksum-alone", Found((*path, "hash_algorithm"))
        elif given.get("hash_algorithm") and not given.get("hash"):
            yield "checksum-alone", Found((*path, "hash"))


def _unpublished(record: Record, entered: Record) -> Iterator[tuple[str, Found]]:
    """A record of this site that is not public is left out wherever another one names it."""
    own, of_files = pointers(record)
    holders = [((), record, entered)]
    files = zip(groups(record, "resources"), groups(entered, "resources"), strict=False)
    holders += [(path, file, given) for (path, file), (_, given) in files]
    for path, written, given in holders:
        for name in of_files if path else own:
            if len(listed(written.get(name))) < len(listed(given.get(name))):
                yield "unpublished", Found((*path, name))


def _changed(record: Record, previous: Record) -> Iterator[tuple[str, Found]]:
    before = previous.get("identifier")
    if before and record.get("identifier") != before:
        yield "K25", Found(("identifier",), {"value": str(before)})
    kept = {entry.get("notation") for _, entry in groups(record, "alternate_identifier")}
    for _, entry in groups(previous, "alternate_identifier"):
        if entry.get("notation") and entry["notation"] not in kept:
            yield "K26", Found(("alternate_identifier",), {"value": str(entry["notation"])})


def _is_dataset(record: Record) -> bool:
    return record.get("type") in (None, "", "dataset")


def _concept(vocabulary: str, value: Any) -> Concept | None:
    return concepts.found(vocabulary, str(value)) if value else None


def _code(vocabulary: str, value: Any) -> str:
    concept = _concept(vocabulary, value)
    return concept.code if concept else ""


def _before(one: Any, other: Any) -> bool:
    """Whether the date *one* is before *other*, as far as both are given."""
    first, second = str(one or "").strip(), str(other or "").strip()
    length = min(len(first), len(second), 10)
    dates = bool(re.match(r"\d{4}", first) and re.match(r"\d{4}", second))
    return dates and first[:length] < second[:length]
