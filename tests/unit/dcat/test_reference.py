"""docs/mapping.md says what the rows say."""

from pathlib import Path

from ckanext.landlab.dcat import mapping, reference

STALE = "run: python -m ckanext.landlab.dcat.reference > docs/mapping.md"
PAGE = Path(__file__).parents[3] / "docs" / "mapping.md"


def test_the_page_is_not_stale():
    assert PAGE.read_text(encoding="utf-8") == reference.page(), (
        "run: python -m ckanext.landlab.dcat.reference > docs/mapping.md"
    )


def test_every_row_stands_on_the_page():
    page = reference.page()
    fields = {row.field for name in reference.TABLES for row in mapping.table(name).rows}

    assert len(fields) > 60
    assert [field for field in fields if f"`{field}`" not in page] == []
