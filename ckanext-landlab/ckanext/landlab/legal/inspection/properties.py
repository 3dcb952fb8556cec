"""What a file says of itself: the position in a picture, the author of a document."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from xml.etree import ElementTree as ET
from xml.parsers.expat import ExpatError

import defusedxml.ElementTree
import olefile
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


def _older_office(path: Path, _limits: Limits) -> Found:
    try:
        with olefile.OleFileIO(str(path)) as file:
            about = file.get_metadata()
    except (OSError, ValueError, LookupError, TypeError, AttributeError, struct.error):
        return [], "unreadable"
    told = {tag: _decoded(getattr(about, tag)) for tag in ("author", "last_saved_by", "manager")}
    return [Finding("author", tag, 1, 1.0) for tag, text in told.items() if _is_person(text)], None


def _decoded(text: bytes | str | None) -> str:
    return (text.decode("cp1252", "replace") if isinstance(text, bytes) else text or "").strip(" \0")


def _pdf(path: Path, _limits: Limits) -> Found:
    try:
        reader = pypdf.PdfReader(path)
        about, xmp = reader.metadata, reader.xmp_metadata
        authors = {
            "Author": about.author if about else None,
            "dc:creator": ", ".join(xmp.dc_creator or ()) if xmp else "",
        }
    except (PyPdfError, ExpatError, OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return [], "unreadable"
    told = {tag: str(text or "").strip() for tag, text in authors.items()}
    return [Finding("author", tag, 1, 1.0) for tag, text in told.items() if _is_person(text)], None


PROPERTY_READERS: Mapping[str, Callable[[Path, Limits], Found]] = {
    **dict.fromkeys(("jpg", "jpeg", "png", "tif", "tiff", "webp"), _picture),
    **dict.fromkeys(("xlsx", "xlsm", "docx", "docm", "pptx", "ods", "odt", "odp", "odg"), _office),
    **dict.fromkeys(("xls", "doc", "ppt"), _older_office),
    "pdf": _pdf,
}
