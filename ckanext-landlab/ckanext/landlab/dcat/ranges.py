"""How the values of one field become RDF terms, and how terms become values again.

A range knows nothing of fields, predicates or CKAN.  To support a new kind of value, write a class with `write` and
`read` and name it in `RANGES`.  `write` gives an empty string for what cannot be said; `read` gives None for what the
range cannot hold.  Reading is lenient, writing strict: what `write(read(term))` does not repeat is a conversion.
These are over 300 lines because it is a list: each class is small, and they are read side by side.
"""

from __future__ import annotations

import re
from calendar import monthrange
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import unquote

from ckanext.landlab.dcat import concepts, geometry, markup
from ckanext.landlab.dcat.terms import (
    Term,
    expand,
    iri,
    is_absolute,
    is_language,
    literal,
    looks_like_iri,
    mended,
    parts,
    text_of,
)

GERMAN = "de"
NO_LANGUAGE = "und"  # a text that came without a language tag, where one must be named


def language_of(term: Term) -> str:
    """The language tag of a literal, one of three letters as that of two which BCP 47 has for it."""
    tag = parts(term)[1]
    return concepts.conversions()["languages"].get(tag.lower(), tag) if len(tag) == 3 else tag


class Range:
    """A plain literal, and the shape of all ranges."""

    tagged = False  # its literals carry a language
    words = True  # it can hold the words that came where a node belongs
    node = False  # its values are records of their own

    def write(self, value: Any, vocabulary: str = "", language: str = "") -> Term:
        return literal(str(value).strip())

    def read(self, term: Term, vocabulary: str = "") -> Any:
        return parts(term)[0].strip() if term[0] == '"' else term[1:-1] if term[0] == "<" else None


class Text(Range):
    """Words in a language."""

    tagged = True

    def write(self, value: Any, vocabulary: str = "", language: str = GERMAN) -> Term:
        return literal(str(value), language)

    def read(self, term: Term, vocabulary: str = "") -> Any:
        return parts(term)[0].strip() if term[0] == '"' else None


class Html(Text):
    """Words in a language, Markdown in the record and the few allowed tags in RDF."""

    def write(self, value: Any, vocabulary: str = "", language: str = GERMAN) -> Term:
        return literal(markup.to_html(str(value)), language)

    def read(self, term: Term, vocabulary: str = "") -> Any:
        return markup.to_markdown(parts(term)[0]) if term[0] == '"' else None


class Translations(Text):
    """A list of maps with `language` and `text`: the texts beside the German one."""

    words = False
    inner: Text = Text()

    def write(self, value: Any, vocabulary: str = "", language: str = GERMAN) -> Term:
        if not isinstance(value, dict):
            return ""
        tag = str(value.get("language") or GERMAN)
        if not value.get("text") or not is_language(tag):
            return ""
        return self.inner.write(value["text"], vocabulary, "" if tag == NO_LANGUAGE else tag)

    def read(self, term: Term, vocabulary: str = "") -> Any:
        return {"language": language_of(term) or NO_LANGUAGE, "text": self.inner.read(term)} if term[0] == '"' else None


class HtmlTranslations(Translations):
    inner = Html()


class Typed(Range):
    """A literal whose datatype says what scheme it follows: `value^^datatype`."""

    def write(self, value: Any, vocabulary: str = "", language: str = "") -> Term:
        text, mark, datatype = str(value).rpartition("^^")
        return literal(text, datatype=iri(datatype)) if mark and is_absolute(datatype) else literal(str(value))

    def read(self, term: Term, vocabulary: str = "") -> Any:
        if term[0] != '"':
            return super().read(term)
        text, _, datatype = parts(term)
        return f"{text}^^{datatype[1:-1]}" if datatype else text


class Date(Range):
    """A date as precise as it was given: year, month, day or time."""

    words = False
    FORMS = (
        (re.compile(r"-?\d{4}"), expand("xsd:gYear")),
        (re.compile(r"\d{4}-(0[1-9]|1[0-2])"), expand("xsd:gYearMonth")),
        (re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(Z|[+-]\d\d:\d\d)?"), expand("xsd:date")),
        (
            re.compile(
                r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]\d\d:\d\d)?"
            ),
            expand("xsd:dateTime"),
        ),
    )
    _GERMAN = re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})")
    _OTHER = re.compile(r"(?P<year>\d{4})(?=\d{4}$|[-/])[-/]?(?P<month>\d{1,2})[-/]?(?P<day>\d{1,2})")
    _SPACED = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)(:\d\d(?:\.\d+)?)?(.*)")
    _OFFSET = re.compile(r" ?([+-]\d\d):?(\d\d)")

    def write(self, value: Any, vocabulary: str = "", language: str = "") -> Term:
        text = str(value).strip()
        for form, datatype in self.FORMS:
            if form.fullmatch(text) and self._in_calendar(text):
                return f'"{text}"^^{datatype}'
        return ""

    @staticmethod
    def _in_calendar(text: str) -> bool:
        """Whether there is such a day: not the 30th of February, nor one in the year 0."""
        year, month, day = (
            (int(part or 1) for part in (text[:4], text[5:7], text[8:10])) if text[0] != "-" else (1, 1, 1)
        )
        return year > 0 and day <= monthrange(year, month)[1]

    def read(self, term: Term, vocabulary: str = "") -> Any:
        text = parts(term)[0].strip() if term[0] == '"' else ""
        if self.write(text):
            return text
        if found := self._GERMAN.fullmatch(text) or self._OTHER.fullmatch(text):
            text = f"{found['year']}-{int(found['month']):02}-{int(found['day']):02}"
        elif found := self._SPACED.fullmatch(text):
            offset = self._OFFSET.sub(r"\1:\2", found[4])
            text = f"{found[1]}T{found[2]}{found[3] or ':00'}{offset}"
        return text if self.write(text) else None


class Iri(Range):
    """The address of something; words that are an address are read as one, mended where a letter must not be in it."""

    words = False
    _WEB = re.compile(r"(?:https?://|(?=www\.))[\w.\-]+\.\w{2,}(?::\d+)?(?:[/?#](?:(?!://).)*)?", re.IGNORECASE)

    def write(self, value: Any, vocabulary: str = "", language: str = "") -> Term:
        text = str(value).strip()
        return iri(text) if re.match(r"[A-Za-z][A-Za-z0-9+.\-]*:", text) else ""

    def read(self, term: Term, vocabulary: str = "") -> Any:
        if term[0] == "<":
            return term[1:-1]
        text = parts(term)[0].strip() if term[0] == '"' else ""
        if not looks_like_iri(text) and self._WEB.fullmatch(text):
            text = mended(text if "://" in text else f"http://{text}")
        return text if looks_like_iri(text) else None


class Concept(Range):
    """A concept of a controlled vocabulary, kept by its IRI; a foreign IRI or unknown words stay as they came."""

    words = False

    def write(self, value: Any, vocabulary: str = "", language: str = "") -> Term:
        text = str(value).strip()
        if is_absolute(text) and ("//" in text or text[0].islower()):  # not "OGC:WMS"
            return iri(text)
        concept = concepts.found(vocabulary, text) if vocabulary else None
        return iri(concept.iri) if concept else literal(text)

    def read(self, term: Term, vocabulary: str = "") -> Any:
        if term[0] == "_":
            return None
        text = term[1:-1] if term[0] == "<" else parts(term)[0].strip()
        if not vocabulary or concepts.listed(vocabulary, text):
            return text or None
        concept = concepts.found(vocabulary, text)
        return concept.iri if concept else text or None


class Code(Concept):
    """A concept kept by its short code, because CKAN and its extensions know it by that (`format`)."""

    def write(self, value: Any, vocabulary: str = "", language: str = "") -> Term:
        concept = concepts.found(vocabulary, str(value))
        return iri(concept.iri) if concept else super().write(value)

    def read(self, term: Term, vocabulary: str = "") -> Any:
        text = super().read(term, vocabulary)
        concept = concepts.found(vocabulary, text) if text else None
        return concept.code if concept else text


class MediaType(Code):
    """A media type of IANA, kept as `type/subtype`."""

    BASE = "https://www.iana.org/assignments/media-types/"
    _BASE = re.compile(r"https?://(www\.)?iana\.org/assignments/media-types/", re.IGNORECASE)
    _FORM = re.compile(r"[a-z]+/[A-Za-z0-9][A-Za-z0-9.+\-_]*")

    def write(self, value: Any, vocabulary: str = "", language: str = "") -> Term:
        text = str(value).strip()
        return iri(self.BASE + text) if self._FORM.fullmatch(text) else Concept.write(self, text)

    def read(self, term: Term, vocabulary: str = "") -> Any:
        if term[0] == "_":
            return None
        text = self._BASE.sub("", term[1:-1] if term[0] == "<" else parts(term)[0].strip())
        text = text.split(";")[0].strip()
        if self._FORM.fullmatch(text.lower()):
            return text.lower()
        concept = concepts.found("file-type", text)
        named = concept.facts.get("media_types") if concept else None
        return named[0] if named else text or None


class Mailbox(Range):
    """A mail address, `mailto:` in RDF; one without it that was taken for a relative address is read as what it is."""

    words = False
    _BEFORE = re.compile(
        r"^(?:(?:mailto:|e-?mail:)\s*)+|^https?://[^?#]*/(?=[^/@\s?#]+@[^/@\s?#]+\.[a-z]+$)", re.IGNORECASE
    )

    def write(self, value: Any, vocabulary: str = "", language: str = "") -> Term:
        text = str(value).strip()
        return (
            iri(text if is_absolute(text) and not text.startswith("localhost:") else f"mailto:{text}") if text else ""
        )

    def read(self, term: Term, vocabulary: str = "") -> Any:
        text = self._BEFORE.sub("", self._text(term).replace("%20", " ").strip())
        return text if "@" in text or "(at)" in text or "//" in text else None

    @staticmethod
    def _text(term: Term) -> str:
        return term[1:-1] if term[0] == "<" else parts(term)[0] if term[0] == '"' else ""


class Telephone(Range):
    """A telephone number, `tel:` in RDF; blanks become hyphens (RFC 3966, 3)."""

    words = False

    def write(self, value: Any, vocabulary: str = "", language: str = "") -> Term:
        number = re.sub(r"[\s\-]*\s[\s\-]*", "-", str(value).strip().removeprefix("tel:").strip())
        return iri(f"tel:{number}") if number else ""

    def read(self, term: Term, vocabulary: str = "") -> Any:
        text = unquote(term[1:-1]) if term[0] == "<" else parts(term)[0] if term[0] == '"' else ""
        number = re.sub(r"^tel:(//)?", "", text.strip(), flags=re.IGNORECASE).strip()
        return number if re.search(r"\d", number) and not re.match(r"[a-z]+:", number) else None


class Number(Range):
    """A decimal number, as many digits as were given; a comma is read as the point."""

    words = False
    datatype = expand("xsd:decimal")

    def write(self, value: Any, vocabulary: str = "", language: str = "") -> Term:
        text = str(value).strip().replace(",", ".")
        if not re.fullmatch(r"[-+]?(\d+(\.\d*)?|\.\d+)", text):
            text = self._plain(text)
        return f'"{text}"^^{self.datatype}' if text else ""

    def read(self, term: Term, vocabulary: str = "") -> Any:
        return parts(self.write(parts(term)[0]))[0] or None if term[0] == '"' and self.write(parts(term)[0]) else None

    @staticmethod
    def _plain(text: str) -> str:
        try:
            number = Decimal(text)
        except InvalidOperation:
            return ""
        return f"{number:f}" if number.is_finite() and abs(number.adjusted()) < 40 else ""


class Count(Number):
    """A number of things: a whole number, not negative."""

    datatype = expand("xsd:nonNegativeInteger")
    _GROUPED = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(\D|$))")  # 12 345
    _BYTES = re.compile(r"\s*(B|Bytes?)$", re.IGNORECASE)

    def write(self, value: Any, vocabulary: str = "", language: str = "") -> Term:
        text = self._plain(str(value).strip().replace(",", "."))
        text = re.sub(r"\.0*$", "", text)
        return f'"{int(text)}"^^{self.datatype}' if text.isdecimal() else ""

    def read(self, term: Term, vocabulary: str = "") -> Any:
        text = super().read(
            literal(self._BYTES.sub("", self._GROUPED.sub("", text_of(term)))) if term[0] == '"' else term
        )
        return int(text) if text is not None else None


class Pattern(Range):
    """A literal of one datatype whose text has a fixed form."""

    words = False

    def __init__(self, datatype: str, form: str) -> None:
        self.datatype = expand(datatype)
        self.form = re.compile(form)

    def write(self, value: Any, vocabulary: str = "", language: str = "") -> Term:
        text = str(value).strip()
        return f'"{text}"^^{self.datatype}' if self.form.fullmatch(text) else ""

    def read(self, term: Term, vocabulary: str = "") -> Any:
        text = parts(term)[0].strip() if term[0] == '"' else ""
        return text if self.write(text) else None


class Geometry(Range):
    """A shape on the map: GeoJSON or WKT in the record, a WKT literal in RDF."""

    words = False
    datatype = expand("geo:wktLiteral")

    def write(self, value: Any, vocabulary: str = "", language: str = "") -> Term:
        wkt = geometry.to_wkt(str(value))
        return literal(wkt, datatype=self.datatype) if wkt else ""

    def read(self, term: Term, vocabulary: str = "") -> Any:
        text = parts(term)[0] if term[0] == '"' else ""
        text = geometry.outlined(text) or text
        if not geometry.to_wkt(text):
            return None
        if text.lstrip().startswith("{"):
            return text
        shape = geometry.to_geojson(text)
        return shape if shape and geometry.to_wkt(shape) == text else text


class Node(Range):
    """A record of its own inside this one."""

    words, node = False, True


class Labelled(Iri):
    """An IRI, or words where there is none: then a node that carries the words as its label."""

    node = True

    @staticmethod
    def is_address(text: str) -> bool:
        """Whether *text* is an IRI and not words with a colon, such as `DIN: 1234`."""
        return looks_like_iri(text)


class Named(Labelled):
    """An IRI, or words as a plain literal: what 2.0 asks for where 3.0 wants a node."""

    node = False

    def write(self, value: Any, vocabulary: str = "", language: str = "") -> Term:
        text = str(value).strip()
        return iri(text) if self.is_address(text) else literal(text)


class Keywords(Text):
    """Words in a language that CKAN keeps as tags, as far as it can: it is choosy about characters and length."""

    _TAG = re.compile(r"[\w \-.]{2,100}")

    def is_tag(self, text: str) -> bool:
        return bool(self._TAG.fullmatch(text)) and text == text.strip()


RANGES: dict[str, Range] = {
    "code": Code(),
    "concept": Concept(),
    "count": Count(),
    "date": Date(),
    "decimal": Number(),
    "duration": Pattern("xsd:duration", r"-?P(?=.)(\d+Y)?(\d+M)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?"),
    "geometry": Geometry(),
    "hex": Pattern("xsd:hexBinary", r"([0-9A-Fa-f]{2})+"),
    "html": Html(),
    "html_translations": HtmlTranslations(),
    "iri": Iri(),
    "keywords": Keywords(),
    "labelled": Labelled(),
    "literal": Range(),
    "mailbox": Mailbox(),
    "media_type": MediaType(),
    "named": Named(),
    "node": Node(),
    "sibling": Iri(),
    "telephone": Telephone(),
    "text": Text(),
    "translations": Translations(),
    "typed": Typed(),
}
