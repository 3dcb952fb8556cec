"""Reading HTML into Markdown: the way back of markup.py."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise

# Characters that Markdown would take for markup, where it would.
_SPECIAL = re.compile(
    r"(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)|`|\\(?=[\\*_`\[\]<>#+\-.()!])|\[(?=[^\[\]]+\]\()|<(?=[A-Za-z/])"
)
_LEADING = re.compile(r"^([ \t]*)([-+*#>](?=\s)|\d{1,3}(?=[.)]\s)|[-=]{3,}\s*$)", re.MULTILINE)
_ITEM = re.compile(r"(- |\d{1,3}\. )")
_SAFE = re.compile(r"(https?://|mailto:|tel:|ftp://)", re.IGNORECASE)
_BREAK = "\x00"
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*"}
_BLOCKS = frozenset(
    {
        "p",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "tr",
        "table",
        "blockquote",
        "section",
        "article",
        "pre",
        "dt",
        "dd",
    }
)
_SILENT = frozenset({"script", "style", "head", "title", "iframe", "object"})


class Unmarked(HTMLParser):
    """Collects Markdown from HTML: finished blocks, and the pieces of the block that is open."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[str] = []
        self.pieces: list[str] = []
        self.numbers: list[int] = []  # of the lists that are open; 0 in a bulleted one
        self.links: list[tuple[str, int]] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self.silent += 1
        elif tag in ("ul", "ol"):
            self.end_block()
            self.numbers.append(1 if tag == "ol" else 0)
        elif tag == "li":
            self.start_item()
        elif tag == "a":
            self.links.append((dict(attrs).get("href") or "", len(self.pieces)))
        else:
            self.mark(tag, f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in ("ul", "ol"):
            self.end_block()
            del self.numbers[-1:]
        elif tag == "a":
            self.end_link()
        elif tag != "br":
            self.mark(tag, f"</{tag}>")

    def mark(self, tag: str, written: str) -> None:
        if tag in _BLOCKS:
            self.end_block()
        elif tag == "br":
            self.pieces.append(_BREAK)
        elif tag == "u":
            self.pieces.append(written)
        elif tag in _MARKS:
            self.pieces.append(_MARKS[tag])

    def handle_data(self, data: str) -> None:
        if self.silent:
            return
        data = data.replace(_BREAK, "")
        self.pieces.append(_LEADING.sub(r"\1\\\2", _SPECIAL.sub(r"\\\g<0>", data)) if data.strip() else data)

    def start_item(self) -> None:
        self.end_block()
        if not self.numbers:
            self.numbers.append(0)
        number = self.numbers[-1]
        self.pieces.append(f"{number}. " if number else "- ")
        self.numbers[-1] += 1 if number else 0

    def end_link(self) -> None:
        if self.links:
            target, start = self.links.pop()
            label = "".join(self.pieces[start:]).strip()
            self.pieces[start:] = [f"[{label}]({target})" if _SAFE.match(target) and label else label]

    def end_block(self) -> None:
        text = _settled("".join(self.pieces))
        if text and not _ITEM.fullmatch(f"{text} "):
            self.blocks.append(text)
        self.pieces = []

    def markdown(self) -> str:
        """All that was read, items of a list close together, other blocks with an empty line between them."""
        self.end_block()
        text = "".join(
            f"{block}\n" if _ITEM.match(block) and _ITEM.match(after) else f"{block}\n\n"
            for block, after in pairwise([*self.blocks, ""])
        )
        return text.rstrip("\n")


def _settled(text: str) -> str:
    """*text* with its white space as Markdown means it: two breaks end a paragraph."""
    text = "\n".join(line.strip(" \t\r") for line in text.replace("\xa0", " ").split("\n"))
    text = re.sub(r"\s{9,}", lambda run: "\n\n" if run[0].count("\n") > 1 else run[0][:1], text)
    text = re.sub(rf"\s*{_BREAK}(\s*{_BREAK})+\s*", "\n\n", text)
    text = re.sub(rf"\s*{_BREAK}\s*", "  \n", text.strip(f"{_BREAK} \n\t\r"))
    return re.sub(r"\n{3,}", "\n\n", text).strip()
