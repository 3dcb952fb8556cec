"""New editions of vocabularies: read, compared, kept; and nothing that is in use lost."""

from __future__ import annotations

import pytest
import yaml
from ckanext.landlab import schemas
from ckanext.landlab.dcat import editions
from ckanext.landlab.dcat.entities import refuse_bombs
from ckanext.landlab.dcat.renewal import Changes, renewed, sentences, write
from ckanext.landlab.errors import TooManyEntities, VocabularyUnreadable

SCHEME = "http://publications.europa.eu/resource/authority/access-right"
PREFIXES = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix at: <http://publications.europa.eu/ontology/authority/> .
@prefix : <http://publications.europa.eu/resource/authority/access-right/> .
"""


def concept(code: str, german: str = "", extra: str = "") -> str:
    label = f'skos:prefLabel "{german}"@de, "{code} en"@en ;' if german else ""
    return f":{code} a skos:Concept ; {label} {extra} skos:inScheme <{SCHEME}> .\n"


# Public renamed, restricted unchanged, four gone, one new.
EDITION = (
    PREFIXES
    + f'<{SCHEME}> a skos:ConceptScheme ; owl:versionInfo "20300101-0" .\n'
    + concept("PUBLIC", "offen für alle")
    + ':RESTRICTED a skos:Concept ; skos:prefLabel "eingeschränkt"@de, "restricted"@en .\n'
    + concept("NON_PUBLIC", "nicht öffentlich", 'at:deprecated "true" ;')
    + concept("SENSITIVE", "sensibel")
    + concept("TRUSTED", "vertraut")
)


def read_edition(text: str = EDITION, name: str = "access-right"):
    return editions.read(name, text.encode(), "edition.ttl")


def test_a_new_edition_is_merged_and_its_changes_named():
    content, changes = renewed("access-right", read_edition())

    entries = {entry["code"]: entry for entry in content["concepts"]}
    assert changes.before == "20220316-0"
    assert changes.after == content["version"] == "20300101-0"
    assert changes.added == ["TRUSTED"]
    assert "PUBLIC" in changes.renamed
    assert set(changes.withdrawn) == {"NON_PUBLIC", "CONFIDENTIAL", "OP_DATPRO"}
    assert entries["PUBLIC"]["label"] == {"de": "offen für alle", "en": "PUBLIC en"}
    assert entries["CONFIDENTIAL"] == {
        "code": "CONFIDENTIAL",
        "label": {"de": "vertraulich", "en": "confidential"},
        "offered": False,
        "deprecated": True,
    }


def test_what_went_may_come_back(tmp_path):
    content, _ = renewed("access-right", read_edition())
    write(tmp_path, "access-right", content)
    schemas.overlay(tmp_path)
    try:
        assert schemas.vocabulary("access-right").concepts[f"{SCHEME}/CONFIDENTIAL"].deprecated
        _, changes = renewed("access-right", read_edition(EDITION + concept("CONFIDENTIAL", "vertraulich")))
    finally:
        schemas.overlay(None)

    assert changes.returned == ["CONFIDENTIAL"]


def test_our_facts_survive_a_renewal():
    text = PREFIXES.replace("access-right", "file-type") + "".join(
        f":{c.code} a skos:Concept . " for c in schemas.vocabulary("file-type").concepts.values()
    )
    content, changes = renewed("file-type", editions.read("file-type", text.encode(), "x"))

    entry = next(entry for entry in content["concepts"] if entry["code"] == "CSV")
    assert entry["media_types"] == ["text/csv"]
    assert changes.withdrawn == []


def test_a_later_concept_is_not_withdrawn_by_an_older_edition():
    shipped = schemas.vocabulary("frequency").concepts.values()
    text = PREFIXES.replace("access-right", "frequency") + "".join(
        f":{c.code} a skos:Concept . " for c in shipped if "later_than" not in c.facts
    )

    _, changes = renewed("frequency", editions.read("frequency", text.encode(), "x"))

    assert changes.withdrawn == []


def test_the_wrong_list_is_refused_unless_forced():
    text = PREFIXES + concept("TRUSTED", "vertraut")

    with pytest.raises(VocabularyUnreadable, match="0 of our 7"):
        renewed("access-right", read_edition(text))
    content, _ = renewed("access-right", read_edition(text), force=True)
    assert len(content["concepts"]) == 8


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><p>not found</p></html>",
        b"{",
        b"hello world",
        b"\xff\xfe\x00",
        b"@prefix : <http://example.org/> .",
    ],
)
def test_what_is_no_list_is_refused_in_words(content):
    with pytest.raises(VocabularyUnreadable) as caught:
        editions.read("access-right", content, "https://example.org/list")

    assert str(caught.value).startswith("https://example.org/list: ")


def test_languages_beyond_ours_become_valid_without_a_label():
    base = "http://publications.europa.eu/resource/authority/language/"
    codes = [*schemas.vocabulary("language").by_code("DEU").code.split(), "QQQ"]
    text = "".join(f"<{base}{code}> a <http://www.w3.org/2004/02/skos/core#Concept> .\n" for code in codes)

    content, _ = renewed("language", editions.read("language", text.encode(), "x"), force=True)

    assert "QQQ" in content["others"].split()
    assert len(content["concepts"]) == 55


def test_the_csv_of_model_datasets_is_read():
    text = (
        "MUSTERDATENSATZ,thema,Bezeichnung,Bezeichnung2,e,f,THEMA,BEZEICHNUNG,URI,Beschreibung,Topic,Label\n"
        "Baum - Baumkataster,baum,baumkataster,,,,Baum,Baumkataster,,Alle Bäume,tree,tree register\n"
        ",,,,,,,,,,,\n"
    )
    content, changes = renewed("musterdatenkatalog", editions.read("musterdatenkatalog", text.encode(), "mdk.csv"))

    assert content["concepts"] == [
        {
            "code": "baum/baumkataster",
            "label": {"de": "Baum - Baumkataster", "en": "tree - tree register"},
            "broader": "baum",
        }
    ]
    assert changes.added == ["baum/baumkataster"]


def test_a_file_is_written_whole_and_read_back(tmp_path):
    content, _ = renewed("access-right", read_edition())

    file = write(tmp_path / "new" / "folder", "access-right", content)

    assert yaml.safe_load(file.read_text(encoding="utf-8")) == content
    assert [entry.name for entry in file.parent.iterdir()] == ["access-right.yaml"]


def test_changes_are_told_in_lines():
    changes = Changes("1", "2", ["A"], [], ["B", "C"], ["D"])

    assert list(sentences(changes, frozenset({"B"}))) == [
        "1 → 2",
        "1 new: A",
        "1 back: D",
        "2 no longer listed, kept as deprecated: B (in use), C",
    ]
    assert not Changes("1", "1", [], [], [], [])


NESTED = b'<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><r>&b;</r>'


@pytest.mark.parametrize(
    "content",
    [
        NESTED,
        NESTED.decode().encode("utf-16"),
        b"<!DOCTYPE r [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><r>&a;</r>",
        b'<!DOCTYPE r [<!ENTITY % a "x">]><r/>',
        b'<!DOCTYPE r [<!ENTITY a "' + b"x" * 100_000 + b'">]><r>' + b"&a;" * 1000 + b"</r>",
    ],
    ids=["nested", "nested-utf-16", "file", "parameter", "often"],
)
def test_an_entity_bomb_is_refused_before_it_is_read(content):
    with pytest.raises(TooManyEntities):
        refuse_bombs(content)


def test_entities_that_abbreviate_namespaces_are_allowed():
    refuse_bombs(b'<!DOCTYPE r [<!ENTITY skos "http://www.w3.org/2004/02/skos/core#">]><r a="&skos;Concept &amp;"/>')
