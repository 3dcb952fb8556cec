"""A plain sheet of paper as PDF: headings with bookmarks, paragraphs, pairs, lists; Latin and its accents embedded."""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.errors import FPDFException
from fpdf.fonts import TextStyle
from fpdf.prefs import ViewerPreferences

FONTS = Path(__file__).with_name("fonts")
_HEADINGS = {1: 18, 2: 14, 3: 12, 4: 10}
_CODE = re.compile(r"</?(?:code|pre|abbr|blockquote|div)[^>]*>")  # set in a font that holds no umlauts, or not known
_NOWHERE = re.compile(r"<a(?![^>]*\shref=)[^>]*>(.*?)</a>", re.DOTALL)  # a link whose address was taken away
_BLOCKS = re.compile(r"<(h[1-6]|p|li|tr|dt|dd)\b[^>]*>(.*?)(?=<(?:h[1-6]|p|li|tr|dt|dd)\b|$)", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_NEXT = {"new_x": XPos.LMARGIN, "new_y": YPos.NEXT}


class _Paper(FPDF):
    """A4 with page numbers."""

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("sheet", size=8)
        self.cell(0, 8, f"{self.page_no()} / {{nb}}", align="C")


class Sheet:
    """A document that grows from top to bottom."""

    def __init__(self, title: str, language: str) -> None:
        self._pdf = _Paper(format="A4")
        # Two files do for four styles: emphasis stays upright, as it is rare here and each font weighs 130 kB.
        for style, file in (
            ("", "DejaVuSans"),
            ("I", "DejaVuSans"),
            ("B", "DejaVuSans-Bold"),
            ("BI", "DejaVuSans-Bold"),
        ):
            self._pdf.add_font("sheet", style, FONTS / f"{file}.ttf")
        self._pdf.set_lang(language)
        self._pdf.set_title(title)
        self._pdf.set_creator("ckanext-landlab")
        self._pdf.viewer_preferences = ViewerPreferences(display_doc_title=True)
        self._pdf.set_margins(22, 20, 20)
        self._pdf.set_auto_page_break(auto=True, margin=20)
        self._pdf.add_page()
        self._pdf.set_font("sheet", size=10)

    def heading(self, text: str, level: int) -> None:
        """A heading that is a bookmark as well."""
        styles = [TextStyle("sheet", "B", size, t_margin=4, b_margin=1) for size in (18, 13, 11)]
        self._pdf.set_section_title_styles(*styles)
        self._pdf.start_section(text, level=level - 1)

    def paragraph(self, text: str) -> None:
        """Running text."""
        self._write(text, 10)
        self._pdf.ln(1.5)

    def pair(self, label: str, value: str) -> None:
        """A label in bold and its value below."""
        self._write(label, 9, "B")
        self._write(value, 10)
        self._pdf.ln(1.5)

    def item(self, text: str) -> None:
        """An entry of a list."""
        self._write(f"•  {text}", 10)

    def html(self, html: str) -> None:
        """Headings, paragraphs, lists and tables of simple HTML."""
        styles = {
            f"h{level}": TextStyle("sheet", "B", size, t_margin=5, b_margin=2) for level, size in _HEADINGS.items()
        }
        self._pdf.set_font("sheet", size=10)
        plain = _NOWHERE.sub(r"\1", _CODE.sub("", html))
        self._pdf.write_html(plain, font_family="sheet", tag_styles=styles)

    def words(self, html: str) -> None:
        """The words of HTML without its lists and tables, where those do not fit a sheet of paper."""
        for tag, inner in _BLOCKS.findall(html):
            text = " ".join(unescape(_TAG.sub(" ", inner)).split())
            if text and tag in ("h1", "h2", "h3"):
                self.heading(text, int(tag[1]))
            elif text:
                self.paragraph(text)

    def small(self, text: str) -> None:
        """Small print."""
        self._pdf.ln(4)
        self._write(text, 8)

    def bytes(self) -> bytes:
        """The finished document."""
        return bytes(self._pdf.output())

    def _write(self, text: str, size: int, style: str = "") -> None:
        self._pdf.set_font("sheet", style, size)
        self._pdf.multi_cell(0, size * 0.5, text, align="L", **_NEXT)


@lru_cache(maxsize=4)
def document(title: str, html: str, language: str) -> bytes:
    """*html* (our own templates around cleaned Markdown) as PDF; what was set last is kept, it takes seconds."""
    sheet = Sheet(title, language)
    try:
        sheet.html(html)
    except (FPDFException, ValueError, AssertionError):  # a row longer than a page, a table in a table, a list too deep
        sheet = Sheet(title, language)
        sheet.words(html)
    return sheet.bytes()
