"""The guideline: its chapters, their default texts, and Markdown made safe to show."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import markdown
import nh3
from ckanext.landlab import schemas
from ckanext.landlab.errors import DeclarationError
from ckanext.landlab.schemas import line_of

from .release_check import Text

FILE = "guideline"
LANGUAGES = ("de", "en")
LONGEST = 100_000  # characters of a chapter: more is a book, and slows every page view
GENERATED = ("terms", "check", "fields", "licences", "notices", "profiles", "versions")

_TAGS = {"p", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "a", "blockquote", "code", "pre", "hr", "br"} | {
    "table", "thead", "tbody", "tr", "th", "td", "abbr", "dl", "dt", "dd"
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "abbr": {"title"}, "th": {"scope"}}


@dataclass(frozen=True)
class Chapter:
    """A chapter: for which half of the readers, and what the catalogue adds to its text."""

    name: str
    half: str
    title: Text
    generated: str | None = None


@cache
def chapters() -> Mapping[str, Chapter]:
    """The chapters by name, in their order; a missing text or an unknown addition stops the start."""
    content = schemas.read(FILE)
    found: dict[str, Chapter] = {}
    for number, row in enumerate(content["chapters"]):
        chapter = Chapter(row["name"], row["half"], row["title"], row.get("generated"))
        if chapter.half not in content["halves"] or chapter.generated not in (None, *GENERATED):
            raise _wrong(number, f"half {chapter.half!r} or addition {chapter.generated!r} is unknown")
        for language in LANGUAGES:
            if not _file(chapter.name, language).is_file():
                raise _wrong(number, f"guideline/{chapter.name}.{language}.md is missing")
        found[chapter.name] = chapter
    return found


def halves() -> Mapping[str, Text]:
    """For whom chapters are written."""
    return schemas.read(FILE)["halves"]


def declared_version() -> str:
    """The version of the default texts."""
    return str(schemas.read(FILE)["version"])


@cache
def default_text(chapter: str, language: str) -> str:
    """The Markdown that stands until an administrator writes another."""
    return _file(chapter, language).read_text(encoding="utf-8")


def as_html(text: str) -> str:
    """*text* (Markdown) as HTML that holds no scripts, styles, images or addresses other than http, https and mailto.

    Headings begin at level 2, because the page has its own.
    """
    html = markdown.markdown(text[:LONGEST], extensions=["tables", "sane_lists", "def_list"], output_format="html")
    clean = nh3.clean(
        html.replace("<h1>", "<h2>").replace("</h1>", "</h2>"),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow",
        clean_content_tags={"script", "style"},
    )
    # A wide table scrolls in a frame of its own, which the keyboard reaches.
    framed = clean.replace("<table>", '<div class="landlab-table-frame" tabindex="0"><table>')
    return framed.replace("</table>", "</table></div>").strip()


def difference(old: str, new: str) -> Iterator[tuple[str, str]]:
    """The lines of both texts, each marked kept, added or removed."""
    marks = {" ": "kept", "+": "added", "-": "removed"}
    for line in difflib.ndiff(old.splitlines(), new.splitlines()):
        if line[0] in marks:
            yield marks[line[0]], line[2:]


def version_of(texts: Mapping[str, str], declared: str) -> str:
    """A short name for the guideline as it reads now: another text is another version."""
    body = "\n".join(f"{name}\n{texts[name]}" for name in sorted(texts))
    return f"{declared}-{hashlib.sha256(body.encode()).hexdigest()[:8]}"


def _file(chapter: str, language: str):
    return schemas.HERE / "guideline" / f"{chapter}.{language}.md"


def _wrong(number: int, reason: str) -> DeclarationError:
    line = line_of(FILE, "chapters", number)
    return DeclarationError(f"schemas/{FILE}.yaml", f"line {line} (chapters.{number})", reason)
