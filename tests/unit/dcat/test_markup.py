"""Markdown to the allowed tags and back."""

import re

import pytest
from ckanext.landlab.dcat.markup import to_html, to_markdown
from hypothesis import given
from hypothesis import strategies as st

PAIRS = [
    ("Ein Satz.", "Ein Satz."),
    ("Zwei\nZeilen.\n\nUnd ein Absatz.", "Zwei\nZeilen.\n\nUnd ein Absatz."),
    ("a < b & c > d", "a < b & c > d"),
    ("2*3*4 und snake_case_name", "2*3*4 und snake_case_name"),
    ("Ein *Wort*, **fett**.", "Ein <i>Wort</i>, <b>fett</b>."),
    ("[Karte](https://k.example/a_(b))", '<a href="https://k.example/a_(b)">Karte</a>'),
    ("Liste:\n\n- eins\n- zwei", "<p>Liste:</p>\n<ul><li>eins</li><li>zwei</li></ul>"),
    ("1. eins\n2. zwei", "<ol><li>eins</li><li>zwei</li></ol>"),
    ("Zeile  \nneue *Zeile*", "Zeile<br>\nneue <i>Zeile</i>"),
    ("<u>wichtig</u> *und* mehr", "<u>wichtig</u> <i>und</i> mehr"),
]


@pytest.mark.parametrize(("markdown", "html"), PAIRS)
def test_markup_is_said_in_both(markdown, html):
    assert to_html(markdown) == html
    assert to_html(to_markdown(html)) == html


@pytest.mark.parametrize(
    ("came", "leaves"),
    [
        ("<script>alert(1)</script>Text *x*", "Text <i>x</i>"),
        ("<div onclick='x'>Text</div> *x*", "Text <i>x</i>"),
        ("[x](javascript:alert(1))", "x"),
        ("<a href='javascript:x'>y</a> *z*", "<a>y</a> <i>z</i>"),
        ("# Titel\n\nText", "<p><b>Titel</b></p>\n<p>Text</p>"),
        ("![Bild](https://b.example/x.png) *x*", "Bild <i>x</i>"),
        ("`code` und *x*", "code und <i>x</i>"),
    ],
)
def test_no_other_markup_leaves_the_house(came, leaves):
    assert to_html(came) == leaves


@given(st.text(max_size=200))
def test_only_allowed_tags_leave_whatever_was_typed(text):
    tags = set(re.findall(r"</?([a-zA-Z][a-zA-Z0-9]*)[\s/>]", to_html(text)))

    assert {tag.lower() for tag in tags} <= {"a", "li", "ol", "ul", "p", "br", "b", "i", "u"}


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>Eins</p><p>Zwei</p>", "Eins\n\nZwei"),
        ("<p>Eins <strong>fett</strong></p>", "Eins **fett**"),
        ("a<br/><br/>b <i>c</i>", "a\n\nb *c*"),
        ("<ul><li>a</li><li>b <b>c</b></li></ul>", "- a\n- b **c**"),
        ("<p>* kein Punkt</p>", "\\* kein Punkt"),
    ],
)
def test_html_comes_in_as_markdown(html, markdown):
    assert to_markdown(html) == markdown
