"""Where GovData and SEMIC publish the official SHACL files, and how they come into a folder of the site."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from ckanext.landlab.dcat.shapes import PROFILES
from ckanext.landlab.errors import VocabularyUnreadable
from rdflib import Graph

GOVDATA = "https://raw.githubusercontent.com/GovDataOfficial/DCAT-AP.de-SHACL-Validation/master/validator/resources/"
SEMIC = "https://raw.githubusercontent.com/init-dcat-ap-de/DCAT-AP/"
ELSEWHERE = {
    "v3.0/base/dcat-ap-3.0.0-SHACL.ttl": f"{SEMIC}master/releases/3.0.0/shacl/dcat-ap-SHACL.ttl",
    "v2.0/base/dcat-ap_2.1.1_shacl_shapes.ttl": (f"{SEMIC}2.1.1-draft/releases/2.1.1/dcat-ap_2.1.1_shacl_shapes.ttl"),
    "mqa/db-shapes.ttl": f"{GOVDATA}dashboard-alpha/shapes/db-shapes.ttl",
}


def addresses() -> dict[str, str]:
    """Every file that a profile needs, and where it is published."""
    files = sorted({name for names in PROFILES.values() for name in names})
    return {name: ELSEWHERE.get(name) or GOVDATA + name.replace("/", "/shapes/", 1) for name in files}


def gathered(folder: Path, fetch: Callable[[str], bytes]) -> Iterator[str]:
    """Fetch every file into *folder* and name it; nothing is stored unless all of them are there and are Turtle.

    Raises VocabularyUnreadable.
    """
    found = {name: _turtle(fetch(address), address) for name, address in addresses().items()}
    for name, content in found.items():
        _store(folder / name, content)
        yield name


def _turtle(content: bytes, address: str) -> bytes:
    try:
        shapes = Graph().parse(data=content, format="turtle")
    except (SyntaxError, ValueError, UnicodeDecodeError) as error:
        raise VocabularyUnreadable(address, "no Turtle file; has it moved?") from error
    if not len(shapes):
        raise VocabularyUnreadable(address, "an empty file; has it moved?")
    return content


def _store(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
    Path(temporary).chmod(0o644)
    Path(temporary).replace(file)
