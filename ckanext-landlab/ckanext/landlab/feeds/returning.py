"""Whether a dataset has reached the portal above: how each kind of portal is asked, and how its answer is read.

    for batch in batches(KINDS["ckan"], "https://portal.example", datasets):
        question = KINDS["ckan"].question("https://portal.example", batch)
        KINDS["ckan"].found(body, batch)      # {dataset.id: "https://portal.example/dataset/…"}

To support a new kind of portal, write a class with `question` and `found` and name it in `KINDS`.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote

PLACE = "{identifier}"
LONGEST = 4000  # characters of a question's address: gunicorn and uWSGI, which CKAN runs on, refuse more
_ODD = re.compile(r"""[\x00-\x20<>"{}|\\^`]""")


@dataclass(frozen=True)
class Sought:
    """A dataset as a portal may know it."""

    id: str
    identifier: str
    address: str
    title: str


class Portal(Protocol):
    """A kind of portal: how many datasets one question can name, the question, and what the answer says."""

    together: int
    accept: str

    def question(self, address: str, sought: Sequence[Sought]) -> str: ...

    def found(self, body: bytes, sought: Sequence[Sought]) -> dict[str, str]: ...


class Ckan:
    """CKAN's search, in the fields in which harvesters keep where a dataset came from."""

    together = 10
    accept = "application/json"
    fields = ("extras_identifier", "extras_guid", "extras_uri", "identifier", "guid", "uri")

    def question(self, address: str, sought: Sequence[Sought]) -> str:
        words = dict.fromkeys(_phrase(word) for one in sought for word in (one.identifier, one.address))
        query = " OR ".join(f"{field}:({' OR '.join(words)})" for field in self.fields)
        return f"{address.rstrip('/')}/api/3/action/package_search?rows={5 * len(sought)}&q={quote(query, safe='')}"

    def found(self, body: bytes, sought: Sequence[Sought]) -> dict[str, str]:
        answer = json.loads(body)
        if not isinstance(answer, dict) or answer.get("success") is not True:
            raise ValueError("no answer of CKAN's search")
        known: dict[str, str] = {}
        for dataset in answer["result"]["results"]:
            words = set(_words(dataset))
            known |= {one.id: str(dataset.get("name") or "") for one in sought if words & {one.identifier, one.address}}
        return known


class Sparql:
    """A SPARQL endpoint: the dataset's own address, or its dct:identifier."""

    together = 50
    accept = "application/sparql-results+json"

    def question(self, address: str, sought: Sequence[Sought]) -> str:
        places = " ".join(f"<{one.address}>" for one in sought if not _ODD.search(one.address))
        words = " ".join(json.dumps(one.identifier, ensure_ascii=False) for one in sought)
        query = (
            "PREFIX dcat: <http://www.w3.org/ns/dcat#> PREFIX dct: <http://purl.org/dc/terms/> "
            "SELECT DISTINCT ?d ?i WHERE { "
            f"{{ VALUES ?d {{ {places} }} ?d a dcat:Dataset }} UNION "
            f"{{ VALUES ?i {{ {words} }} ?d a dcat:Dataset ; dct:identifier ?x FILTER(STR(?x) = ?i) }} }}"
        )
        return f"{address}{'&' if '?' in address else '?'}query={quote(query, safe='')}"

    def found(self, body: bytes, sought: Sequence[Sought]) -> dict[str, str]:
        rows = json.loads(body)["results"]["bindings"]
        by_word = {word: one.id for one in sought for word in (one.identifier, one.address)}
        said = ((row.get(name, {}).get("value"), row.get("d", {}).get("value", "")) for row in rows for name in "di")
        return {by_word[word]: place for word, place in said if word in by_word}


class Search:
    """A page of hits: a dataset is there if its title is; its id proves nothing, the page may repeat the question."""

    together = 1
    accept = "text/html"

    def question(self, address: str, sought: Sequence[Sought]) -> str:
        return address.replace(PLACE, quote(sought[0].identifier, safe=""))

    def found(self, body: bytes, sought: Sequence[Sought]) -> dict[str, str]:
        shown = _plain(body.decode("utf-8", "replace"))
        return {one.id: "" for one in sought if one.title.strip() and _plain(one.title) in shown}


KINDS: dict[str, Portal] = {"ckan": Ckan(), "sparql": Sparql(), "search": Search()}


def batches(portal: Portal, address: str, sought: Iterable[Sought]) -> Iterator[list[Sought]]:
    """*sought*, as many at a time as one question to *portal* can name."""
    batch: list[Sought] = []
    for one in sought:
        together = [*batch, one]
        if batch and (len(together) > portal.together or len(portal.question(address, together)) > LONGEST):
            yield batch
            together = [one]
        batch = together
    if batch:
        yield batch


def _phrase(word: str) -> str:
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _words(value: Any) -> Iterator[str]:
    """Every text in an answer."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _words(part)
    elif isinstance(value, list):
        for part in value:
            yield from _words(part)


def _plain(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^<>]*>", " ", text)).split()).casefold()
