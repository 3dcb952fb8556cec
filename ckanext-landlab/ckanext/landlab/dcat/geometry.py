"""Shapes on the map: GeoJSON (RFC 7946) as records keep it, WKT as DCAT-AP.de writes it.

Coordinates are WGS 84, longitude before latitude.  A WKT text that GeoJSON cannot repeat letter for letter stays WKT.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

_DEPTHS = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
_NAMES = {name.upper(): name for name in _DEPTHS}
_WKT = re.compile(r"\s*(?:<(?P<crs>[^>]*)>\s*)?(?P<name>[A-Za-z]+)\s*(?P<z>Z\s*)?(?=\()")
_TOKEN = re.compile(r"\s*([(),]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)")
_N = r"\s*(-?\d{1,3}(?:\.\d+)?)\s*"
_BOX = re.compile(rf"\s*BOX\({_N} {_N},{_N} {_N}\)\s*".replace(" ", r"\s"), re.IGNORECASE)
_ENVELOPE = re.compile(rf"\s*ENVELOPE\({_N},{_N},{_N},{_N}\)\s*", re.IGNORECASE)
_CORNERS = re.compile(rf"{_N},{_N},{_N},{_N}")
_MOST = 100_000  # coordinates; an outline with more is a dataset, not metadata


def to_wkt(value: str) -> str:
    """The WKT for *value*, which is GeoJSON or already WKT; empty if it is neither."""
    if not value.lstrip().startswith("{"):
        return value.strip() if _WKT.match(value) else ""
    try:
        shape = json.loads(value, parse_float=str, parse_int=str)
        depth = _DEPTHS[shape["type"]]
        return f"{shape['type'].upper()}({_written(shape['coordinates'], depth)})"
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""


def extent(value: str) -> tuple[float, float, float, float] | None:
    """West, south, east and north of *value* (GeoJSON or WKT) in degrees; None where that cannot be told."""
    try:
        shape = json.loads(to_geojson(value) if not value.lstrip().startswith("{") else value)
        positions = list(_positions(shape["coordinates"]))
        longitudes, latitudes = [position[0] for position in positions], [position[1] for position in positions]
        return min(longitudes), min(latitudes), max(longitudes), max(latitudes)
    except (ValueError, LookupError, TypeError, RecursionError):
        return None


def _positions(coordinates: Any) -> Iterator[tuple[float, float]]:
    if isinstance(coordinates[0], list):
        for part in coordinates:
            yield from _positions(part)
    else:
        yield float(coordinates[0]), float(coordinates[1])


def _written(coordinates: Any, depth: int) -> str:
    if depth == 0:
        return " ".join(_number(number) for number in coordinates)
    if depth == 1:
        return ",".join(_written(position, 0) for position in coordinates)
    return ",".join(f"({_written(part, depth - 1)})" for part in coordinates)


def _number(number: Any) -> str:
    if not isinstance(number, str):
        raise TypeError(number)
    float(number)
    return number


def outlined(text: str) -> str:
    """The polygon of a box as PostGIS, CQL and DCAT-US write it; empty if *text* is none of these."""
    if len(text) > 200:
        return ""
    if found := _BOX.fullmatch(text):
        west, south, east, north = found.groups()
    elif found := _ENVELOPE.fullmatch(text):
        west, east, north, south = found.groups()
    elif found := _CORNERS.fullmatch(text):
        west, south, east, north = found.groups()
    else:
        return ""
    if not (float(west) <= float(east) <= 180 and float(south) <= float(north) <= 90):
        return ""
    return f"POLYGON(({west} {south},{east} {south},{east} {north},{west} {north},{west} {south}))"


def to_geojson(wkt: str) -> str:
    """The GeoJSON for *wkt*; empty if it is not a shape that GeoJSON knows."""
    head = _WKT.match(wkt)
    name = _NAMES.get(head["name"].upper()) if head else None
    if not head or not name or (head["crs"] and "CRS84" not in head["crs"] and "4326" not in head["crs"]):
        return ""
    tokens = _tokens(wkt[head.end() :])
    try:
        nested = _nested(tokens)
        if next(tokens, None) is not None:
            return ""
        coordinates = _shaped(nested, _DEPTHS[name], name)
    except (ValueError, StopIteration, RecursionError):
        return ""
    return f'{{"type":"{name}","coordinates":{coordinates}}}'


def _tokens(text: str) -> Iterator[str]:
    position, count = 0, 0
    text = text.rstrip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        count += 1
        if not match or count > 4 * _MOST:
            raise ValueError(text[position : position + 20])
        yield match[1]
        position = match.end()


def _nested(tokens: Iterator[str]) -> list[Any]:
    """What stands between a bracket and its partner: numbers in groups, or further brackets."""
    if next(tokens) != "(":
        raise ValueError("(")
    return _rest(tokens)


def _rest(tokens: Iterator[str]) -> list[Any]:
    items: list[Any] = []
    numbers: list[str] = []
    for mark in tokens:
        if mark == "(":
            items.append(_rest(tokens))
        elif mark in ",)":
            if numbers:
                items.append(tuple(numbers))
                numbers = []
            if mark == ")":
                return items
        else:
            numbers.append(mark)
    raise ValueError(")")


def _shaped(nested: list[Any], depth: int, name: str) -> str:
    if depth == 0:
        return _position(nested[0])
    if depth == 1:
        return _many(_position(item[0] if name == "MultiPoint" and isinstance(item, list) else item) for item in nested)
    return _many(_shaped(part, depth - 1, name) for part in nested)


def _many(parts: Iterator[str]) -> str:
    return f"[{','.join(parts)}]"


def _position(numbers: Any) -> str:
    if not isinstance(numbers, tuple) or len(numbers) not in (2, 3):
        raise ValueError(str(numbers)[:40])
    return f"[{','.join(_plain(number) for number in numbers)}]"


def _plain(number: str) -> str:
    """A number as JSON writes it: with a digit before the point and none missing after it."""
    return number if re.fullmatch(r"-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?", number) else repr(float(number))
