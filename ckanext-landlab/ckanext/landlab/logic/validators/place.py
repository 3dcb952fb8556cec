"""Geometries: GeoJSON (RFC 7946) or WKT, in degrees of longitude and latitude."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _
from ckanext.landlab.logic.kinds import PROSE, one
from geomet import InvalidGeoJSONException, wkt

__all__ = ["landlab_geometry"]

_TYPES = {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"}
_DEEPEST = 8  # lists in lists: a MultiPolygon has four, a collection of them a few more


def landlab_geometry(value: Any, context: dict[str, Any]) -> Any:
    """A GeoJSON geometry, as text or object, or WKT; kept as it was written."""
    return _validator(json.dumps(value) if isinstance(value, dict) else value, context)


def _geometry(text: str) -> str:
    try:
        geometry = json.loads(text) if text.startswith("{") else wkt.loads(text.split(">", 1)[-1])
        positions = list(_positions(geometry))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, StopIteration, InvalidGeoJSONException):
        positions = []
    if not positions:
        raise tk.Invalid(_("This is no geometry. An example: POINT(8.12 49.2) – longitude first, then latitude."))
    if not all(abs(longitude) <= 180 and abs(latitude) <= 90 for longitude, latitude in positions):
        raise tk.Invalid(_("The coordinates are no degrees. Please give longitude, then latitude in WGS 84."))
    return text


def _positions(geometry: dict[str, Any], depth: int = 0) -> Iterator[tuple[float, float]]:
    if geometry["type"] not in _TYPES or depth > _DEEPEST:
        raise ValueError(geometry["type"])
    if geometry["type"] == "GeometryCollection":
        for part in geometry["geometries"]:
            yield from _positions(part, depth + 1)
    else:
        yield from _flat(geometry["coordinates"], 0)


def _flat(coordinates: list[Any], depth: int) -> Iterator[tuple[float, float]]:
    if depth > _DEEPEST:
        raise ValueError(depth)
    if isinstance(coordinates[0], list):
        for part in coordinates:
            yield from _flat(part, depth + 1)
    else:
        yield float(coordinates[0]), float(coordinates[1])


_validator = one(_geometry, PROSE)
