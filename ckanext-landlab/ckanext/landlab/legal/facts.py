"""What the release check can read from a dataset itself, so that nobody has to be asked.

Each fact says whether it holds and, if not, in sentences what is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ckanext.landlab.schemas import Concept, vocabulary

from .release_check import Text
from .walk import Fact

HVD_LAW = "http://data.europa.eu/eli/reg_impl/2023/138/oj"

# Formats whose description anybody can get and implement (DNG § 3 Nr. 7 f.: open, where possible machine-readable).
OPEN_FORMATS = frozenset(
    [
        "CSV",
        "TSV",
        "TXT",
        "JSON",
        "GEOJSON",
        "JSON_LD",
        "JSONLD",
        "TOPOJSON",
        "XML",
        "GML",
        "KML",
        "KMZ",
        "GPKG",
        "SHP",
        "RDF",
        "RDF_XML",
        "RDF_TURTLE",
        "TURTLE",
        "TTL",
        "N3",
        "RDF_N_TRIPLES",
        "XLSX",
        "ODS",
        "ODT",
        "DOCX",
        "HTML",
        "XHTML",
        "PDF",
        "PDFA",
        "PNG",
        "JPEG",
        "TIFF",
        "GEOTIFF",
        "SVG",
        "ZIP",
        "PARQUET",
        "GTFS",
        "DXF",
        "LAS",
        "LAZ",
        "NETCDF",
        "ATOM",
        "RSS",
        "ICS",
        "CITYGML",
    ]
)
SERVICES = frozenset(
    ["API", "REST", "WMS", "WFS", "WMTS", "WCS", "OGC", "SOAP", "SPARQL", "SPARQLQ", "SENSORTHINGS", "OAPIF"]
)


def facts_of(
    dataset: Mapping[str, Any],
    confirmation: Fact,
    findings: Sequence[Text] = (),
    *,
    served: bool = False,
    named: str = "",
) -> dict[str, Fact]:
    """The facts of *dataset* by name.

    Args:
        findings: the mandatory things its metadata lack
        served: whether a data service of the catalogue says that it serves this dataset
        named: the name that the catalogue gives out where the dataset words no attribution of its own
    """
    licences = licences_of(dataset)
    return {
        "custodian": _fact(_custodian(dataset)),
        "licence_official": Fact(bool(licences) and all(one and one.code == "officialWork" for one in licences)),
        "licence_open": Fact(bool(licences) and all(one and one.facts.get("open") for one in licences)),
        "high_value": _fact(_high_value(dataset, licences, served=served)),
        "form": _fact([*_form(dataset, licences, named), *findings]),
        "confirmation": confirmation,
    }


def licences_of(dataset: Mapping[str, Any]) -> list[Concept | None]:
    """The licence of each resource, the dataset's own where a resource has none; None where it is not listed."""
    default = dataset.get("license_id") or dataset.get("license")
    named = [resource.get("license") or default for resource in dataset.get("resources") or ()] or [default]
    return [_licence(name) for name in named if name] if any(named) else []


def _licence(name: str) -> Concept | None:
    known = vocabulary("licenses")
    return known.concepts.get(name) or known.by_code(name)


def _fact(missing: Sequence[Text] | Iterator[Text]) -> Fact:
    texts = tuple(missing)
    return Fact(not texts, texts)


def _custodian(dataset: Mapping[str, Any]) -> Iterator[Text]:
    custodians = [agent for agent in dataset.get("custodian") or () if isinstance(agent, Mapping)]
    if not any((agent.get("name") or "").strip() for agent in custodians):
        yield {"de": "Die datenverantwortliche Stelle fehlt.", "en": "The custodian is missing."}
    if not any((agent.get("email") or "").strip() for agent in custodians):
        yield {
            "de": "Das Postfach der datenverantwortlichen Stelle fehlt.",
            "en": "The custodian's mailbox is missing.",
        }


def _high_value(dataset: Mapping[str, Any], licences: Sequence[Concept | None], *, served: bool) -> Iterator[Text]:
    if not dataset.get("hvd_category"):
        yield {"de": "Die HVD-Kategorie fehlt.", "en": "The HVD category is missing."}
    if HVD_LAW not in str(dataset.get("applicable_legislation")):
        yield {
            "de": f"Bei „Anwendbare Rechtsvorschrift“ fehlt {HVD_LAW}.",
            "en": f"{HVD_LAW} is missing under “Applicable legislation”.",
        }
    if not licences or any(one is None or one.facts.get("hvd") != "allowed" for one in licences):
        yield {
            "de": "Die Lizenz ist nicht frei genug; nehmen Sie CC0, dl-de/zero oder CC BY 4.0.",
            "en": "The licence is not free enough; take CC0, dl-de/zero or CC BY 4.0.",
        }
    resources = dataset.get("resources") or ()
    if not (served or any(_is_service(resource) for resource in resources)):
        yield {"de": "Eine Schnittstelle (API) fehlt.", "en": "An interface (API) is missing."}
    if not any(_is_file(resource) for resource in resources):
        yield {"de": "Eine Datei zum Herunterladen fehlt.", "en": "A file to download is missing."}


def _is_service(resource: Mapping[str, Any]) -> bool:
    return format_of(resource) in SERVICES or bool(resource.get("access_services"))


def _is_file(resource: Mapping[str, Any]) -> bool:
    uploaded = resource.get("url_type") == "upload"
    return uploaded or bool(resource.get("download_url")) or not _is_service(resource)


def format_of(resource: Mapping[str, Any]) -> str:
    """The short code of a resource's format, whether it is stored as code or as IRI."""
    return str(resource.get("format") or "").rstrip("/").rpartition("/")[2].strip().upper().replace("-", "_")


def _form(dataset: Mapping[str, Any], licences: Sequence[Concept | None], named: str) -> Iterator[Text]:
    resources = dataset.get("resources") or ()
    if not (dataset.get("notes") or "").strip():
        yield {"de": "Die Beschreibung fehlt.", "en": "The description is missing."}
    if not resources:
        yield {"de": "Es gibt noch keine Datei und keinen Dienst.", "en": "There is no file and no service yet."}
    elif not any(format_of(resource) in OPEN_FORMATS | SERVICES for resource in resources):
        yield {
            "de": "Keine der Dateien hat ein offenes Format, zum Beispiel CSV, JSON, GeoJSON, XLSX oder ODS.",
            "en": "None of the files has an open format, for example CSV, JSON, GeoJSON, XLSX or ODS.",
        }
    if not licences or None in licences:
        yield {"de": "Die Lizenz fehlt oder steht nicht auf der Liste.", "en": "The licence is missing or not listed."}
    elif not named and _wants_attribution(dataset, licences):
        yield {
            "de": "Die Lizenz verlangt eine Namensnennung; ihr Wortlaut fehlt.",
            "en": "The licence asks for attribution; its wording is missing.",
        }


def _wants_attribution(dataset: Mapping[str, Any], licences: Sequence[Concept | None]) -> bool:
    if not any(one and one.facts.get("attribution") for one in licences) or dataset.get("licenseAttributionByText"):
        return False
    # Without a wording of its own the publisher's name is what a user prints, so a publisher is enough.
    resources = dataset.get("resources") or ()
    worded = bool(resources) and all(resource.get("licenseAttributionByText") for resource in resources)
    return not worded and not any((agent or {}).get("name") for agent in dataset.get("publisher") or ())
