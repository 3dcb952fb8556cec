"""A search service in memory of its own: three datasets, asked without HTTP."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest
from ckanext.landlab.search.engine import Engine
from ckanext.landlab.search.reader import dumped
from ckanext.landlab.search.schema import schema
from ckanext.landlab.search.service import Asked, Service


class Core:
    """A service in *folder*, and short ways to ask it."""

    def __init__(self, folder) -> None:
        self.engine = Engine(folder, schema())
        self.service = Service(self.engine)

    def add(self, *documents: dict, **params: str) -> dict:
        body = json.dumps([dataset(**document) for document in documents]).encode()
        return self.update(body, "application/json", **({"commit": "true"} | params))

    def update(self, body: bytes, kind: str = "text/xml", **params: str) -> dict:
        return self.service.answer(Asked("/update/", urlencode(params), "", body, kind))

    def select(self, q: str = "*:*", **params) -> dict:
        given = {name.replace("__", "."): value for name, value in params.items()}
        return json.loads(dumped(self.service.answer(Asked("/select", urlencode({"q": q, **given}, doseq=True)))))

    def names(self, q: str = "*:*", **params) -> list[str]:
        """The names that are found, in their order where one is asked for, else sorted."""
        docs = self.select(q, **{"rows": "1000", **params})["response"]["docs"]
        found = [doc["name"] for doc in docs]
        return found if "sort" in params else sorted(found)


def dataset(name: str, **values) -> dict:
    """A document as CKAN sends it."""
    return {
        "index_id": f"index-{name}",
        "id": f"id-{name}",
        "site_id": "default",
        "name": name,
        "title": name,
        "title_string": values.get("title", name),
        "entity_type": "package",
        "state": "active",
        "capacity": "public",
        "permission_labels": ["public"],
        "metadata_created": "2024-01-01T00:00:00Z",
        "metadata_modified": "2024-01-01T00:00:00.123456Z",
        **values,
    }


@pytest.fixture
def core(tmp_path):
    made = Core(tmp_path)
    yield made
    made.engine.close()


@pytest.fixture
def town(core):
    """A core with three datasets of a town."""
    core.add(
        {"name": "radwege", "title": "Radwege der Stadt Straßburg", "tags": ["Verkehr"], "organization": "bauamt",
         "res_format": ["CSV", "PDF"], "metadata_modified": "2024-01-01T00:00:00.123Z", "views_recent": 5},
        {"name": "baumkataster", "title": "Baumkataster: Bäume im Stadtgebiet", "tags": ["Umwelt", "Grün Weiß"],
         "organization": "gartenamt", "metadata_modified": "2024-01-02T00:00:00Z", "extras_quelle": "eigene Erhebung",
         "quelle": "eigene Erhebung", "begin_date": "2020-02-29T00:00:00Z"},
        {"name": "haushalt", "title": "Haushalt 2024", "notes": "Einnahmen, Ausgaben der Stadt", "tags": ["Finanzen"],
         "organization": "bauamt", "metadata_modified": "2024-01-03T00:00:00Z", "views_recent": 7, "quelle": "Amt"},
    )  # fmt: skip
    return core
