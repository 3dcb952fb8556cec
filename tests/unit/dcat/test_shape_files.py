"""Fetching the official shapes: all of them or none."""

from __future__ import annotations

import pytest
from ckanext.landlab.dcat.shape_files import addresses, gathered
from ckanext.landlab.dcat.shapes import PROFILES, shapes_of
from ckanext.landlab.errors import ShapesMissing, VocabularyUnreadable

SHAPE = b"<http://example.org/s> a <http://www.w3.org/ns/shacl#NodeShape> ."


def test_every_file_of_every_profile_has_an_address():
    assert set(addresses()) == {name for names in PROFILES.values() for name in names}
    assert len(addresses()) == 11
    assert addresses()["v3.0/dcat-ap-SHACL-DE.ttl"].endswith("/validator/resources/v3.0/shapes/dcat-ap-SHACL-DE.ttl")


def test_what_was_fetched_is_a_complete_folder(tmp_path):
    asked = []

    names = list(gathered(tmp_path, lambda address: asked.append(address) or SHAPE))

    assert asked == list(addresses().values())
    assert names == list(addresses())
    assert all(len(shapes_of(tmp_path, profile).graph) == 1 for profile in PROFILES)


@pytest.mark.parametrize("content", [b"<html>Not found</html>", b"", b"\xff\xfe"])
def test_a_wrong_file_leaves_the_folder_as_it_was(tmp_path, content):
    last = list(addresses().values())[-1]

    with pytest.raises(VocabularyUnreadable, match="has it moved"):
        list(gathered(tmp_path, lambda address: content if address == last else SHAPE))

    assert list(tmp_path.iterdir()) == []


def test_a_missing_file_is_named_with_the_way_out(tmp_path):
    with pytest.raises(ShapesMissing, match=r"v3\.0/base.*ckan landlab shapes"):
        shapes_of(tmp_path, "3.0")
