"""docs/mapping.md, written from the rows: what each field is in DCAT-AP.de, and what becomes what.

python -m ckanext.landlab.dcat.reference > docs/mapping.md
"""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.landlab import schemas
from ckanext.landlab.dcat import concepts, mapping
from ckanext.landlab.dcat.terms import shorten

TABLES = {
    "dataset": "Dataset",
    "dataset_series": "Dataset series",
    "data_service": "Data service",
    "catalog": "Catalogue",
}
HEAD = """# How fields become DCAT-AP.de, and come back

Written from `schemas/*.yaml` by `python -m ckanext.landlab.dcat.reference > docs/mapping.md`; a test fails when it is
stale. The first name under *Property* is what 3.0 writes; *also read* are older and foreign names. A field with many
values is marked `*`, one that DCAT-AP.de allows once at most `1`.
"""
COLUMNS = ("Field", "Property", "", "Obligation", "Kind of value", "Vocabulary", "In 2.0", "Also read")


def page() -> str:
    """The whole page."""
    parts: dict[str, mapping.Table] = {}
    sections = [_section(title, mapping.table(name), parts) for name, title in TABLES.items()]
    inner = [_section(f"{shorten(table.type)}", table, {}) for table in parts.values()]
    return "\n".join([HEAD, *sections, *inner, _conversions(), _unmapped()])


def _section(title: str, table: mapping.Table, parts: dict[str, mapping.Table]) -> str:
    older = {row.field: row for row in table.rows_2}
    rows = [_cells(row, older.get(row.field)) for row in table.rows]
    rows += [_cells(row, row) for row in table.rows_2 if row.older]
    for row in table.rows:
        if row.parts:
            parts.setdefault(row.parts.type, row.parts)
    return f"## {title} (`{shorten(table.type)}`)\n\n{_table(COLUMNS, rows)}"


def _cells(row: mapping.Row, older: mapping.Row | None) -> tuple[str, ...]:
    binding = row.binding
    return (
        f"`{row.field}`",
        _path(row) if not row.older else "–",
        "*" if binding.many else "1" if binding.one else "",
        row.obligation,
        f"{binding.range} `{shorten(row.type)}`" if row.parts else binding.range,
        row.vocabulary,
        _in_2(row, older),
        ", ".join(f"`{name}`" for name in binding.also),
    )


def _path(row: mapping.Row) -> str:
    return f"`{shorten(row.via)}` / `{shorten(row.predicate)}`" if row.via else f"`{shorten(row.predicate)}`"


def _in_2(row: mapping.Row, older: mapping.Row | None) -> str:
    if older is None:
        return "not written"
    changed = _path(older) if row.older or _path(older) != _path(row) else ""
    kind = older.binding.range if older.binding.range != row.binding.range else ""
    return " ".join(filter(None, (changed, kind, "once" if row.binding.many and older.single else ""))) or "the same"


def _conversions() -> str:
    """What becomes what when older or odd metadata are read."""
    data = concepts.conversions()
    spaces = [(f"`{e['was']}`", f"`{e['prefix']}:`", e["seen"], e.get("why", "")) for e in data["namespaces"]]
    spellings = [
        (e["vocabulary"], f"`{spelling}`", f"`{meaning}`", e["seen"], e["why"])
        for e in data["spellings"]
        for spelling, meaning in e["means"].items()
    ]
    spellings += [
        (e["vocabulary"], f"`…/{e['path']}/` and a code or name", "that concept", e["seen"], e["why"])
        for e in data["paths"]
    ]
    readings = [(e["came"], e["read"], e["seen"]) for e in data["readings"]]
    values = [
        (e["vocabulary"], f"`{code}`", f"`{value}`") for e in data["values_in_2"] for code, value in e["means"].items()
    ]
    others = [(e["what"], e["says"], e["why"]) for e in data["otherwise_in_2"]]
    successors = [
        (f"`{e['property']}`", f"`{e['field']}`", e.get("says", "none"), e["why"]) for e in data["successors"]
    ]
    return "\n".join(
        (
            "## What becomes what on the way in\n\n### Namespaces\n",
            _table(("Came as", "Read as", "Seen at", "Why"), spaces),
            "### Spellings of concepts\n\nBeside them every code, German or English name and IRI of the vocabulary is",
            "understood, with http or https. Licences: `schemas/licence_spellings.yaml`.\n",
            _table(("Vocabulary", "Came as", "Read as", "Seen at", "Why"), spellings),
            "### Values and nodes\n",
            _table(("Came as", "Read as", "Seen at"), readings),
            "## 2.0 and 3.0\n\n### Values that 2.0 takes from another list\n",
            _table(("Vocabulary", "Code in 3.0", "Value in 2.0"), values),
            "### What 2.0 says otherwise, or not at all\n\nBeside the properties that the tables above name for 2.0.\n",
            _table(("What", "Said in 2.0", "Why"), others),
            "### What 3.0 dropped\n",
            _table(("Property", "Kept in", "Said in 3.0", "Why"), successors),
        )
    )


def _unmapped() -> str:
    entries = schemas.read("unmapped")["unmapped"]
    rows = [(f"`{entry['class']}`", f"`{entry['property']}`", entry["reason"]) for entry in entries]
    columns = ("Class", "Property", "Reason")
    return f"## What no row holds\n\nKept with the record and written again.\n\n{_table(columns, rows)}"


def _table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    columns = list(columns)
    lines = [columns, ["---"] * len(columns), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    import sys

    sys.stdout.write(page())
