"""Bytes of RDF as the parsers want them: UTF-8 without a mark before it, whatever the document came in.

XML says its encoding itself.  The other syntaxes are UTF-8 by definition, but portals on old servers send them as they
send their pages; what is no UTF-8 is read as Windows-1252, which holds Latin-1, and so is XML that says wrongly that it
is UTF-8.  Characters that XML cannot hold come from texts pasted into a form; they and blank lines before the first
mark do not cost a whole catalogue.
"""

from __future__ import annotations

import codecs
import re

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_STARTS = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_DECLARED = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._\-]+)["']""")
_DECLARATION = re.compile(r"""(<\?xml[^>]*?)\s+encoding\s*=\s*["'][^"']*["']""")
_NEVER = bytes(code for code in range(32) if code not in (9, 10, 13))
_NEVER_NAMED = re.compile(rb"&#(?:x0*(?:[0-8bcef]|1[0-9a-f])|0*(?:[0-8]|1[124-9]|2\d|3[01]));", re.IGNORECASE)


def in_utf_8(data: bytes, *, xml: bool) -> bytes:
    """*data* in UTF-8; unchanged where its encoding cannot be told, so that the parser names the place."""
    name, length = next(((name, len(mark)) for mark, name in _MARKS if data.startswith(mark)), ("", 0))
    data = data[length:]
    name = name or (_encoding_of_xml(data) if xml else "")
    try:
        if not name or codecs.lookup(name).name == "utf-8":
            name = _fitting(data)
        if name == "utf-8":
            return holdable(data.lstrip()) if xml else data
        text = data.decode(name)
    except (LookupError, UnicodeDecodeError):
        return data
    if not xml:
        return text.encode(errors="surrogatepass")
    return holdable(_DECLARATION.sub(r"\1", text, count=1).lstrip().encode(errors="surrogatepass"))


def holdable(data: bytes) -> bytes:
    """A piece of XML without the characters that XML cannot hold."""
    data = data.translate(None, _NEVER)
    return _NEVER_NAMED.sub(b"", data) if b"&#" in data else data


def _encoding_of_xml(data: bytes) -> str:
    declared = _DECLARED.match(data.lstrip()[:300])
    return next(
        (name for start, name in _STARTS if data.startswith(start)), declared[1].decode() if declared else "utf-8"
    )


def _fitting(data: bytes) -> str:
    try:
        data.decode()
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"
