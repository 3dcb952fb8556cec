"""Whatever an administrator writes into the guideline becomes a PDF that holds its words."""

import io

import pypdf
import pytest
from ckanext.landlab.legal.guideline import as_html
from ckanext.landlab.legal.pdf import document

WRITTEN = {
    "a link to a script": "Siehe [dort](javascript:alert(1)).",
    "a link to nowhere": '<a name="x">dort</a>',
    "a row longer than a page": "a|b\n-|-\n" + "dort " * 2000 + "|z\n",
    "a table in a table": "<table><tr><td><table><tr><td>dort</td></tr></table></td></tr></table>",
    "a list too deep for the paper": "".join("    " * level + "- dort\n" for level in range(40)),
    "a row with too few cells": "a|b|c\n-|-|-\n1|dort\n",
    "an address in a table": "a|b\n-|-\n[dort](https://example.org)|**b**\n",
    "signs that the font lacks": "dort 😀 中文 ✓",
}


@pytest.mark.parametrize("kind", WRITTEN)
def test_it_is_set(kind):
    made = document("Leitfaden", f"<h1>Leitfaden</h1><h2>Kapitel</h2>{as_html(WRITTEN[kind])}", "de")

    pages = pypdf.PdfReader(io.BytesIO(made))
    text = " ".join(page.extract_text() for page in pages.pages)
    assert "dort" in text
    assert "Kapitel" in text
    assert len(pages.outline) >= 1
