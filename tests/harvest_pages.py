"""Catalogues that are made up for harvesting, in Turtle."""

from __future__ import annotations

from collections.abc import Iterable

HEAD = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix hydra: <http://www.w3.org/ns/hydra/core#> .
"""


def dataset(name: str, title: str = "", more: str = "") -> str:
    """A dataset in Turtle; *more* are statements about it."""
    return f"""
<https://upstream.example/{name}> a dcat:Dataset ; dct:title "{title or name.title()}"@de ; {more}
    dct:description "Alles über {name}."@de ; <https://upstream.example/girth> "3 m" ;
    dcat:theme <http://publications.europa.eu/resource/authority/data-theme/ENVI> ;
    dct:publisher [ a foaf:Agent ; foaf:name "Amt für Grün" ] ;
    dcat:distribution <https://upstream.example/{name}.csv> .
<https://upstream.example/{name}.csv> a dcat:Distribution ; dcat:accessURL <https://upstream.example/{name}.csv> ;
    dct:license <http://dcat-ap.de/def/licenses/dl-zero-de/2.0> .
"""


def catalogue(datasets: Iterable[str], follows: str = "", total: int = 0) -> bytes:
    """A page with *datasets*, or their names, that says which page follows and how many there are."""
    told = f'hydra:nextPage "{follows}" ; ' if follows else ""
    page = f"<https://upstream.example/?p> a hydra:PagedCollection ; {told} hydra:totalItems {total} .\n"
    texts = (text if " " in text else dataset(text) for text in datasets)
    return (HEAD + page * bool(follows or total) + "".join(texts)).encode()
