"""What a file says of itself: the position in a picture, the author of a document."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

import defusedxml.ElementTree
import pypdf
from defusedxml.common import DefusedXmlException
from PIL import Image, UnidentifiedImageError
from PIL.ExifTags import IFD
from pypdf.errors import PyPdfError

from .findings import Finding
from .limits import Limits, unpacks_within

Found = tuple[list[Finding], str | None]

_NAMED = ("creator", "lastModifiedBy", "initial-creator", "manager", "printed-by")
_PARTS = ("docProps/core.xml", "docProps/app.xml", "meta.xml")
_ARTIST, _OWNER = 0x013B, 0xA430
# What programs write of themselves is no person.
_PROGRAMS = ("openpyxl", "libreoffice", "microsoft office", "python-docx", "apache poi", "anonymous", "unknown")


def _picture(path: Path, _limits: Limits) -> Found:
    try:
        with Image.open(path) as picture:  # reads the head only, never the pixels
            exif = picture.getexif()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError):
        return [], "unreadable"
    found = []
    position = exif.get_ifd(IFD.GPSInfo)
    if 2 in position and 4 in position:  # GPSLatitude, GPSLongitude
        found.append(Finding("position", "EXIF GPS", 1, 1.0))
    if exif.get(_ARTIST) or exif.get_ifd(IFD.Exif).get(_OWNER):
        found.append(Finding("author", "EXIF Artist", 1, 1.0))
    return found, None


def _office(path: Path, limits: Limits) -> Found:
    try:
        if not unpacks_within(path, limits):
            return [], "too_large"
        with zipfile.ZipFile(path) as archive:
            present = set(archive.namelist())
            parts = [archive.read(part) for part in _PARTS if part in present]
        named = {tag for part in parts for tag in _persons(part)}
    except (zipfile.BadZipFile, ET.ParseError, DefusedXmlException, OSError, RuntimeError):
        return [], "unreadable"
    return [Finding("author", tag, 1, 1.0) for tag in sorted(named)], None


def _persons(part: bytes) -> set[str]:
    elements = defusedxml.ElementTree.fromstring(part).iter()
    named = ((element.tag.rpartition("}")[2], (element.text or "").strip()) for element in elements)
    return {tag for tag, text in named if tag in _NAMED and _is_person(text)}


def _is_person(text: str) -> bool:
    return bool(text) and not text.casefold().startswith(_PROGRAMS)


def _pdf(path: Path, _limits: Limits) -> Found:
    try:
        about = pypdf.PdfReader(path).metadata
        author = about.author if about else None
    except (PyPdfError, OSError, ValueError, KeyError, TypeError, RecursionError):
        return [], "unreadable"
    return ([Finding("author", "Author", 1, 1.0)] if author and _is_person(str(author).strip()) else []), None


PROPERTY_READERS: Mapping[str, Callable[[Path, Limits], Found]] = {
    **dict.fromkeys(("jpg", "jpeg", "png", "tif", "tiff", "webp"), _picture),
    **dict.fromkeys(("xlsx", "docx", "pptx", "ods", "odt", "odp"), _office),
    "pdf": _pdf,
}
