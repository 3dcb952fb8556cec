"""Where a geometry lies, told from GeoJSON and WKT alike."""

import pytest
from ckanext.landlab.dcat.geometry import extent

RECTANGLE = (8.15, 49.03, 8.26, 49.12)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("POLYGON((8.150 49.030, 8.260 49.030, 8.260 49.120, 8.150 49.120, 8.150 49.030))", RECTANGLE),
        ('{"type":"Polygon","coordinates":[[[8.15,49.03],[8.26,49.03],[8.26,49.12],[8.15,49.03]]]}', RECTANGLE),
        ("POINT(8.215 49.085)", (8.215, 49.085, 8.215, 49.085)),
        ("MULTIPOINT((8.15 49.12), (8.26 49.03))", RECTANGLE),
        ("<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POINT(8.5 49.5)", (8.5, 49.5, 8.5, 49.5)),
    ],
)
def test_a_geometry_has_an_extent(value, expected):
    assert extent(value) == expected


@pytest.mark.parametrize(
    "value", ["", "Rebenau", "POINT()", '{"type":"Point"}', '{"type":"Point","coordinates":[]}', "[1]", "{" * 5000]
)
def test_what_is_no_geometry_has_no_extent(value):
    assert extent(value) is None
