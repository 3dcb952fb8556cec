"""By which keys the same dataset is known when it comes another way."""

from __future__ import annotations

import pytest
from ckanext.landlab.harvest.duplicates import keys_of

UUID = "bd2d4fa6-e9ad-470d-888b-5eb1378d39e9"


def shared(one: tuple, other: tuple) -> set[str]:
    return {key.split()[0] for key in set(keys_of(*one)) & set(keys_of(*other))}


@pytest.mark.parametrize(
    ("one", "other", "by"),
    [
        (("http://www.a.example/d/", {}), ("https://a.example/d", {}), {"address"}),
        (("https://a.example/d", {}), ("https://b.example/x", {"identifier": "https://a.example/d"}), {"address"}),
        ((f"https://a.example/dataset/{UUID}", {}), (f"https://b.example/{UUID.upper()}", {}), {"uuid"}),
        (
            (f"https://a.example/dataset/{UUID}", {}),
            (f"https://a.example/dataset/{UUID}/resource/1#service", {}),
            set(),
        ),
        (
            ("urn:a", {"title": "Bäume ", "identifier": "7"}),
            ("urn:b", {"title": "bäume", "identifier": "7"}),
            {"identifier"},
        ),
        (("urn:a", {"title": "Bäume", "identifier": "7"}), ("urn:b", {"title": "Wege", "identifier": "7"}), set()),
        (("urn:a", {"identifier": "7"}), ("urn:b", {"identifier": "7"}), set()),
        (
            ("urn:a", {"alternate_identifier": [{"notation": "https://doi.example/1"}]}),
            ("urn:b", {"identifier": "https://doi.example/1"}),
            {"address"},
        ),
        (
            ("urn:a", {"title": "T", "url": "https://a.example/t"}),
            ("urn:b", {"title": "T", "url": "http://a.example/t"}),
            {"page"},
        ),
        (
            ("urn:a", {"title": "T", "url": "https://a.example/"}),
            ("urn:b", {"title": "T", "url": "https://a.example/"}),
            set(),
        ),
    ],
)
def test_records_share_keys(one, other, by):
    assert shared(one, other) == by
