"""CKAN's Markdown as the few HTML tags that DCAT-AP.de allows in descriptions, and back again.

Out: paragraphs, line breaks, lists, links, bold and italic; headings become bold, code its text, pictures their text.
Text without any markup goes out and comes in unchanged.  Allowed are a, li, ol, ul, p, br, b, i and u
(Konventionenhandbuch 2.0, and the usage notes of 3.0 on dct:description).
"""

from __future__ import annotations

import html
import re

from ckanext.landlab.dcat.unmarked import Unmarked

# Whether there is anything to do at all: most descriptions are plain text and never get further.
_MARKED = re.compile(
    r"[*`<]|(?<!\w)_\S|\]\(|\\[*_`\[\]<>#+\-.)]|\S {2,}\n"
    r"|^\s{0,3}(#{1,6}\s|[-+]\s|\d{1,3}[.)]\s|>\s?)|^(---+|===+)\s*$",
    re.MULTILINE,
)
_TAG = re.compile(
    r"</?(a|li|ol|ul|p|br|b|i|u|strong|em|div|span|h[1-6]|table|tr|td|th|img|script|style)\b[^<>]*>", re.IGNORECASE
)
_BULLET = re.compile(r"^(\s*)([-*+]|\d{1,3}[.)])\s+(.*)$")
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+(.*)$")
_RULE = re.compile(r"^\s{0,3}(-{3,}|\*{3,}|_{3,}|={3,})\s*$")
_INLINE = re.compile(
    r"\\(?P<escaped>[\\*_`\[\]<>#+\-.()!])"
    r"|(?<!`)`{1,9}(?P<code>[^`]+)`{1,9}"
    r"|!\[(?P<picture>[^\[\]]*)\]\([^()\s]*\)"
    r"|\[(?P<label>[^\[\]]+)\]\((?P<target>[^()\s]+(?:\([^()\s]*\)[^()\s]*)*)(?:\s+\"[^\"]*\")?\)"
    r"|<(?P<auto>(?:https?://|mailto:)[^<>\s]+)>"
    r"|(?P<tag></?(?:u|b|i|br|a)\b[^<>]*>)"
    r"|(?<![\w*])\*\*(?=\S)(?P<bold>.{1,1000}?)(?<=\S)\*\*(?![\w*])"
    r"|(?<![\w_])__(?=\S)(?P<bold2>.{1,1000}?)(?<=\S)__(?![\w_])"
    r"|(?<![\w*])\*(?=[^\s*])(?P<italic>[^*]{0,1000}?[^\s*])\*(?![\w*])"
    r"|(?<![\w_])_(?=[^\s_])(?P<italic2>[^_]{0,1000}?[^\s_])_(?![\w_])",
    re.DOTALL,
)
_OPEN = re.compile(r"<(?=[^<>]*(?:<|$))")  # begins no tag; the parser would look for its end again and again
MOST = 100_000  # letters; longer texts are nobody's description, and their markup is not looked at
_SILENT = re.compile(r"<(script|style|iframe|object)\b.*?(</\1\s*>|$)", re.IGNORECASE | re.DOTALL)
_SAFE = re.compile(r"(https?://|mailto:|tel:|ftp://)", re.IGNORECASE)


def to_html(markdown: str) -> str:
    """*markdown* with its markup said in the allowed tags; text without markup comes back as it is."""
    if len(markdown) > MOST:
        return _text(markdown)
    if not _MARKED.search(markdown):
        return markdown
    plain = markdown.replace("\r\n", "\n").replace("&nbsp;", " ").replace("\xa0", " ")  # as it is read again
    blocks = _blocks(_SILENT.sub("", plain))
    if len(blocks) == 1 and blocks[0].startswith("<p>"):
        inner = blocks[0][3:-4]
        return inner if "<" in inner else html.unescape(inner)
    return "\n".join(blocks)


def to_markdown(text: str) -> str:
    """*text* with its HTML tags said in Markdown; text without tags comes back as it is."""
    if "<" not in text or len(text) > MOST or not _TAG.search(text):
        return text
    reader = Unmarked()
    reader.feed(_OPEN.sub("&lt;", text))
    reader.close()
    return reader.markdown()


def is_plain(text: str) -> bool:
    """Whether *text* says the same as Markdown and as HTML."""
    return not _MARKED.search(text)


def _blocks(text: str) -> list[str]:
    blocks: list[str] = []
    for chunk in re.split(r"\n(?:[ \t]*\n)+", text.strip()):
        blocks += _chunk(chunk.split("\n"))
    return _joined(blocks)


def _chunk(lines: list[str]) -> list[str]:
    """One stretch between empty lines: a heading, a list or a paragraph, or several of them."""
    chunk = _Chunk()
    for line in lines:
        chunk.add(line)
    chunk.close()
    return chunk.blocks


class _Chunk:
    """Lines that are gathered into a paragraph or a list until something else begins."""

    def __init__(self) -> None:
        self.blocks: list[str] = []
        self.paragraph: list[str] = []
        self.items: list[tuple[str, str]] = []

    def add(self, line: str) -> None:
        bullet = _BULLET.match(line)
        if heading := _HEADING.match(line):
            self.close()
            self.blocks.append(f"<p><b>{_inline(heading[1].rstrip().rstrip('#').rstrip())}</b></p>")
        elif _RULE.match(line):
            self.close()
        elif bullet:
            if self.paragraph:
                self.close()
            self.items.append((bullet[2], bullet[3]))
        elif self.items:
            self.items[-1] = self.items[-1][0], f"{self.items[-1][1]}\n{line.strip()}"
        else:
            self.paragraph.append(re.sub(r"^\s{0,3}>\s?", "", line))

    def close(self) -> None:
        if self.paragraph:
            self.blocks.append(f"<p>{_inline(_lines(self.paragraph)).strip()}</p>")
        if self.items:
            self.blocks.append(_list(self.items))
        self.paragraph, self.items = [], []


def _lines(lines: list[str]) -> str:
    return "\n".join(
        f"{line.rstrip()}<br>" if line.endswith("  ") and line is not lines[-1] else line for line in lines
    ).rstrip()


def _list(items: list[tuple[str, str]]) -> str:
    tag = "ol" if items[0][0][0].isdigit() else "ul"
    return f"<{tag}>" + "".join(f"<li>{_inline(text.strip())}</li>" for _, text in items) + f"</{tag}>"


def _joined(blocks: list[str]) -> list[str]:
    """Neighbouring lists of the same kind are one list with empty lines between its items."""
    joined: list[str] = []
    for block in blocks:
        if joined and block[:4] in ("<ul>", "<ol>") and joined[-1].startswith(block[:4]):
            joined[-1] = joined[-1][:-5] + block[4:]
        else:
            joined.append(block)
    return joined


def _inline(text: str) -> str:
    """The allowed inline tags for *text*; everything else escaped."""
    written, position = [], 0
    for match in _INLINE.finditer(text):
        written += (_text(text[position : match.start()]), _marked(match))
        position = match.end()
    return "".join(written) + _text(text[position:])


def _text(text: str) -> str:
    return html.escape(html.unescape(_without_tags(text)), quote=False)


def _without_tags(text: str) -> str:
    return re.sub(r"</?[A-Za-z][^<>]*>|<!--(?:(?!<!--).)*?-->", "", text, flags=re.DOTALL) if "<" in text else text


def _marked(match: re.Match[str]) -> str:
    kind, value = match.lastgroup or "", match[match.lastgroup or 0]
    if kind == "target":
        return _link(match["target"], _inline(match["label"]))
    if kind == "auto":
        return _link(value, html.escape(value.removeprefix("mailto:"), quote=False))
    if kind == "tag":
        return _tag(value)
    if kind in ("bold", "bold2"):
        return f"<b>{_inline(value)}</b>"
    if kind in ("italic", "italic2"):
        return f"<i>{_inline(value)}</i>"
    return html.escape(value, quote=False)


def _tag(tag: str) -> str:
    """An allowed tag without its attributes; a link keeps a safe target."""
    name = re.match(r"</?(\w+)", tag)[1].lower()  # type: ignore[index]
    if tag.startswith("</"):
        return f"</{name}>"
    if name == "a":
        target = re.search(r"""href\s*=\s*["']?([^"'\s>]+)""", tag, re.IGNORECASE)
        return f'<a href="{html.escape(html.unescape(target[1]))}">' if target and _SAFE.match(target[1]) else "<a>"
    return f"<{name}>"


def _link(target: str, label: str) -> str:
    return f'<a href="{html.escape(html.unescape(target))}">{label}</a>' if _SAFE.match(target) else label
