"""Records as a form could build them: any field or none, each with values that its validators let pass.

The strategies follow the table, so a new row is tried without a line here, and a new range fails until it has one.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from ckanext.landlab import schemas
from ckanext.landlab.dcat import mapping
from ckanext.landlab.dcat.terms import expand
from hypothesis import strategies as st

BASE = "https://daten.musterstadt.example"
LETTERS = st.characters(categories=("L", "N", "P", "S", "Zs"), exclude_characters="\\`*_[]<>#~|\u00a0\u202f\u2007")
WORDS = st.text(LETTERS, min_size=1, max_size=40).map(lambda text: " ".join(text.split())).filter(bool)
SENTENCES = WORDS.filter(lambda text: text[0].isalpha() and text[-1].isalnum() and "- " not in text)
TAGS = st.text(st.characters(categories=("L", "N")), min_size=2, max_size=20)
SLUGS = st.text("abcdefghijklmnopqrstuvwxyzäöü0123456789-", min_size=1, max_size=12).filter(
    lambda text: text.strip("-")
)
HOSTS = st.sampled_from(["daten", "www", "geo"])
IRIS = st.builds(lambda host, path, own: f"https://{host}.example/{path}/{own}", HOSTS, SLUGS, st.uuids())
DAYS = st.dates().map(lambda day: day.isoformat()).filter(lambda text: text > "1000")
DATES = st.one_of(
    DAYS,
    DAYS.map(lambda text: text[:4]),
    DAYS.map(lambda text: text[:7]),
    st.datetimes().map(lambda time: f"{time.replace(microsecond=0).isoformat()}Z").filter(lambda text: text > "1000"),
)
MARKDOWN = st.lists(
    st.one_of(
        SENTENCES,
        SENTENCES.map(lambda text: f"**{text}**"),
        SENTENCES.map(lambda text: f"Siehe *{text}* und [{text}](https://daten.example/a)"),
        st.lists(SENTENCES, min_size=2, max_size=4).map(
            lambda items: f"{items[0]}\n\n" + "\n".join(f"- {item}" for item in items[1:])
        ),
    ),
    min_size=1,
    max_size=3,
).map("\n\n".join)
COORDINATES = st.tuples(
    st.decimals(-180, 180, places=3).map(lambda number: f"{number:f}"),
    st.decimals(-90, 90, places=3).map(lambda number: f"{number:f}"),
)
POINTS = COORDINATES.map(
    lambda pair: f'{{"type":"Point","coordinates":[{pair[0]},{pair[1]}]}}'.replace("[-0.000", "[0.000")
)
LANGUAGES = st.sampled_from(["en", "fr", "de-simple"])
TYPES = {
    "count": st.integers(0, 10**12),
    "date": DATES,
    "decimal": st.decimals(0, 10**6, places=2).map(lambda number: f"{number:f}"),
    "duration": st.sampled_from(["P1Y", "P1M", "P1D", "PT1H", "PT15M", "PT1S", "P1DT12H"]),
    "geometry": POINTS,
    "hex": st.binary(min_size=4, max_size=32).map(bytes.hex),
    "html": MARKDOWN,
    "iri": IRIS,
    "sibling": IRIS,
    "keywords": TAGS,
    "labelled": st.one_of(IRIS, SENTENCES),
    "literal": WORDS,
    "mailbox": st.builds(
        lambda name: f"{name}@musterstadt.example", st.sampled_from(["info", "opendata", "gruen.amt"])
    ),
    "media_type": st.sampled_from(["text/csv", "application/json", "application/zip", "application/geo+json"]),
    "telephone": st.sampled_from(["+49-621-293-0", "+4962100", "0621-293"]),
    "text": WORDS,
    "typed": WORDS,
}


# A translation stands beside a text in German.
MAIN = {
    "title_translations": "title",
    "notes_translations": "notes",
    "keyword_translations": "tag_string",
    "name_translations": "name",
    "description_translations": "description",
}
EITHER = {expand("vcard:Kind"), expand("dct:PeriodOfTime")}  # one of several parts is needed
RECORDS = {mapping.table(name).type for name in ("dataset", "dataset_series", "data_service", "catalog")}


def concepts(name: str, *, code: bool = False) -> st.SearchStrategy[str]:
    """A concept of the vocabulary *name* that is not out of use."""
    if name not in schemas.vocabularies():
        return IRIS
    listed = [
        one for one in schemas.vocabulary(name).concepts.values() if not one.deprecated and one.code != "OP_DATPRO"
    ]
    return st.sampled_from([one.code if code else one.iri for one in listed]) if listed else IRIS


def said(one: Any) -> str:
    return json.dumps(one, sort_keys=True)


def value(row: mapping.Row) -> st.SearchStrategy[Any]:
    """One value for *row*."""
    kind = row.binding.range
    if kind in ("concept", "code"):
        return concepts(row.vocabulary, code=kind == "code")
    if kind == "node":
        assert row.parts
        return records(row.parts)
    if kind in ("translations", "html_translations"):
        text = MARKDOWN if kind.startswith("html") else WORDS
        return st.fixed_dictionaries({"language": LANGUAGES, "text": text})
    return TYPES[kind]


def values(row: mapping.Row) -> st.SearchStrategy[Any]:
    """What the field of *row* may hold."""
    if row.binding.many or row.parts:
        return st.lists(
            value(row),
            min_size=1,
            max_size=1 if row.single else 2,
            unique_by=said,
        )
    return value(row)


@cache
def records(table: mapping.Table) -> st.SearchStrategy[dict[str, Any]]:
    """Records of *table* with any of its fields, and always with those that are mandatory."""
    rows = {row.field: row for row in (*table.rows_2, *table.rows)}
    mandatory = {name for name, row in rows.items() if row.obligation == "mandatory"}
    conditional = {name for name, row in rows.items() if row.obligation == "conditional" and table.type in EITHER}
    fields = {name: values(row) for name, row in rows.items()}

    @st.composite
    def record(draw: st.DrawFn) -> dict[str, Any]:
        chosen = draw(st.sets(st.sampled_from(sorted(rows)), min_size=1, max_size=8)) | mandatory
        if conditional and not chosen & conditional:
            chosen.add(draw(st.sampled_from(sorted(conditional))))
        chosen |= {MAIN[name] for name in chosen if name in MAIN}
        drawn = {name: draw(field) for name, field in fields.items() if name in chosen}
        if "tag_string" in drawn:
            drawn["tags"] = [{"name": name} for name in drawn.pop("tag_string")]
        if table.type not in RECORDS and draw(st.booleans()):
            drawn["uri"] = draw(IRIS)
        return drawn

    return record()


def unordered(value: Any) -> Any:
    """*value* with all lists in one order: RDF has none, and what is read from it comes in an order of its own."""
    if isinstance(value, dict):
        return {name: unordered(part) for name, part in value.items()}
    return sorted(map(unordered, value), key=_spelt) if isinstance(value, list) else value


def _spelt(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
