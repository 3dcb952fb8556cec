"""A document of another catalogue made plain: unpacked, and in UTF-8, however it came."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from ckan.plugins.toolkit import _
from ckanext.landlab import config
from ckanext.landlab.dcat import encoding
from ckanext.landlab.errors import SourceUnreadable
from ckanext.landlab.language import Said
from ckanext.landlab.web.unpacking import PIECE, Broken, unpacked

PACKED = {b"\x1f\x8b": "gzip", b"\x28\xb5": "zstd"}
FALLBACK = "windows-1252"
LONGEST = 12  # bytes of a reference such as &#x1F;
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._\-]+)["']""")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._\-]+)", re.IGNORECASE)


def unpack(address: str, file: Path) -> None:
    """Unpack a file that came packed although its server did not say so."""
    with file.open("rb") as document:
        encoding = PACKED.get(document.read(2))
    if not encoding:
        return
    size, target = 0, file.with_suffix(".unpacked")
    try:
        with file.open("rb") as document, target.open("wb") as content:
            for piece in unpacked(iter(lambda: document.read(PIECE), b""), encoding):
                size += len(piece)
                if size > config.harvest_size():
                    raise SourceUnreadable(address, too_large())
                content.write(piece)
    except Broken as error:
        raise SourceUnreadable(address, Said(lambda: _("The packed file is damaged."))) from error
    target.replace(file)


def to_utf8(address: str, file: Path, name: str) -> None:
    """Write the document anew in UTF-8 where it is in another charset, as it says itself or its server does.

    One that is wrongly said to be UTF-8 is taken for Windows-1252, as those are that are read in memory.
    """
    with file.open("rb") as document:
        head = document.read(1000)
    charset = _charset(head, name)
    if _is_utf8(file):
        return
    charset = FALLBACK if charset in ("", "utf-8", "utf8") else charset
    target = file.with_suffix(".utf8")
    try:
        with file.open("r", encoding=charset, newline="") as document, target.open("wb") as content:
            first = True
            while piece := document.read(PIECE):
                content.write((re.sub(r"^\ufeff?\s*<\?xml[^>]*\?>", "", piece) if first else piece).encode())
                first = False
    except (UnicodeError, LookupError) as error:
        raise SourceUnreadable(address, Said(lambda: _other_charset(charset))) from error
    target.replace(file)


def hold(file: Path) -> None:
    """Write a file of XML anew without what makes it none (`encoding.holdable`)."""
    target, left = file.with_suffix(".held"), b""
    with file.open("rb") as document, target.open("wb") as content:
        while piece := document.read(PIECE):
            piece, left = _whole(left + (piece.lstrip() if not content.tell() else piece))
            content.write(encoding.holdable(piece))
        content.write(left)
    target.replace(file)


def _whole(piece: bytes) -> tuple[bytes, bytes]:
    """*piece* up to a reference that may go on in the next one, and the rest."""
    cut = piece.rfind(b"&", max(0, len(piece) - LONGEST))
    return (piece, b"") if cut < 0 else (piece[:cut], piece[cut:])


def _charset(head: bytes, name: str) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    declared = _DECLARED.match(head.removeprefix(codecs.BOM_UTF8))
    if declared:
        return declared[1].decode("ascii").lower()
    said = _CHARSET.search(name)
    return said[1].lower() if said else ""


def _is_utf8(file: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with file.open("rb") as document:
        try:
            while piece := document.read(PIECE):
                if b"\0" in piece:
                    return False
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _other_charset(charset: str) -> str:
    sentence = _("The text is not in the charset {charset} that it claims to be in. Please publish it in UTF-8.")
    return sentence.format(charset=charset)


def too_large() -> str:
    size = config.harvest_size() // 1_000_000
    return Said(lambda: _("This is larger than {size} MB. Please split it into pages.").format(size=size))
