"""A fingerprint stands for what a dataset's graph says, whatever its syntax, order and labels of blank nodes."""

import random

import pytest
from ckanext.landlab.dcat import catalog, syntax
from ckanext.landlab.dcat.fingerprint import fingerprint
from hypothesis import given
from hypothesis import strategies as st

HEAD = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
"""
TREES = (
    HEAD
    + """
<https://d.example/> a dcat:Catalog ; dct:title "Katalog"@de ; dcat:dataset <https://d.example/1> .
<https://d.example/1> a dcat:Dataset ; dct:title "Bäume"@de ; dcat:keyword "Baum"@de, "Wald"@de, "Holz"@de ;
  dct:publisher [ a foaf:Agent ; foaf:name "Amt A" ], [ a foaf:Agent ; foaf:name "Amt B" ] ;
  dcat:contactPoint [ a vcard:Kind ; vcard:fn "Stelle" ; vcard:hasTelephone [ vcard:hasValue <tel:+49-621> ] ] ;
  <https://odd.example/p> [ <https://odd.example/q> [ <https://odd.example/r> "tief" ], [] ] ;
  dcat:distribution [ a dcat:Distribution ; dct:title "B"@de ], [ a dcat:Distribution ; dct:title "A"@de ] .
"""
)
ADDRESS = "https://d.example/1"
STATEMENTS = list(syntax.parse(TREES.encode(), "ttl").graph)


def harvest(text: str, name: str = "ttl") -> catalog.Harvest:
    return catalog.read(syntax.parse(text.encode(), name).graph)


@pytest.mark.parametrize("name", syntax.FORMATS)
@pytest.mark.parametrize("seed", [1, 2])
def test_it_is_the_same_in_every_syntax_and_order(name, seed):
    statements = random.Random(seed).sample(STATEMENTS, len(STATEMENTS))

    again = catalog.read(syntax.parse(syntax.serialise(statements, name), name).graph)

    assert again.fingerprints == harvest(TREES).fingerprints
    assert list(again.fingerprints) == [ADDRESS]
    assert again.records[ADDRESS]["publisher"] == harvest(TREES).records[ADDRESS]["publisher"]


@pytest.mark.parametrize(
    ("said", "instead"),
    [
        ('"Bäume"@de', '"Bäume"'),
        ('"tief"', '"tiefer"'),
        ("[ <https://odd.example/r>", "[ <https://odd.example/s>"),
        ("tel:+49-621", "tel:+49-622"),
        (', "Holz"@de', ""),
        ('dct:title "A"@de', 'dct:title "A"@de, "C"@de'),
        ('[ <https://odd.example/r> "tief" ], []', '[ <https://odd.example/r> "tief" ], [], []'),
    ],
)
def test_whatever_is_said_otherwise_changes_it(said, instead):
    assert TREES.count(said) == 1

    assert harvest(TREES.replace(said, instead)).fingerprints[ADDRESS] != harvest(TREES).fingerprints[ADDRESS]


def test_what_the_catalogue_says_of_itself_and_of_others_does_not_change_it():
    more = TREES.replace('"Katalog"@de', '"Verzeichnis"@de') + '<https://d.example/2> a dcat:Dataset ; dct:title "X" .'

    assert harvest(more).fingerprints[ADDRESS] == harvest(TREES).fingerprints[ADDRESS]


def test_what_several_share_counts_for_each_of_them_and_for_no_other():
    shared = """<https://d.example/{0}> a dcat:Dataset ; dct:title "{0}" ; dct:publisher <https://d.example/amt> ;
      dct:spatial [ a dct:Location ; dct:title "Ort {0}" ] .""".format
    office = '<https://d.example/amt> a foaf:Agent ; foaf:name "Amt" .'
    alone = '<https://d.example/3> a dcat:Dataset ; dct:title "3" .'
    before = harvest(HEAD + shared(1) + shared(2) + alone + office).fingerprints

    renamed = harvest(HEAD + shared(1) + shared(2) + alone + office.replace("Amt", "Dienst")).fingerprints
    moved = harvest(HEAD + shared(1) + shared(2).replace("Ort 2", "Platz") + alone + office).fingerprints

    assert [before[address] == renamed[address] for address in sorted(before)] == [False, False, True]
    assert [before[address] == moved[address] for address in sorted(before)] == [True, False, True]
    assert len(set(before.values())) == 3


def test_one_blank_node_in_two_places_is_not_two_alike():
    p, q, value = "<urn:p>", "<urn:q>", ("<urn:v>", '"x"')
    shared = [("<urn:s>", p, "_:a"), ("<urn:s>", q, "_:a"), ("_:a", *value)]
    apart = [("<urn:s>", p, "_:a"), ("<urn:s>", q, "_:b"), ("_:a", *value), ("_:b", *value)]

    assert fingerprint(shared) != fingerprint(apart)


def test_the_case_of_a_language_tag_does_not_matter():
    assert fingerprint([("<a>", "<b>", '"x@DE"@DE')]) == fingerprint([("<a>", "<b>", '"x@DE"@de')])
    assert fingerprint([("<a>", "<b>", '"x@DE"')]) != fingerprint([("<a>", "<b>", '"x@de"')])


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2), st.integers(0, 5)), max_size=12), st.permutations(range(6))
)
def test_labels_never_matter(edges, labels):
    said = [(f"_:n{s}", f"<urn:p{p}>", f"_:n{o}") for s, p, o in edges]
    relabelled = [(f"_:x{labels[s]}", f"<urn:p{p}>", f"_:x{labels[o]}") for s, p, o in reversed(edges)]

    assert fingerprint(said) == fingerprint(relabelled)


def test_a_long_chain_and_a_large_ring_come_to_an_end():
    chain = [(f"_:n{i}", "<urn:p>", f"_:n{i + 1}") for i in range(20_000)]

    assert fingerprint(chain) != fingerprint(chain[:-1])
    assert fingerprint([*chain, ("_:n20000", "<urn:p>", "_:n0")]) != fingerprint(chain)


class TestNames:
    """Datasets and catalogues that are blank nodes are found again, wherever they stand in the document."""

    DATASETS = tuple(f'[ a dcat:Dataset ; dct:title "Datensatz {n}"@de ]' for n in ("Ä", "B", "B"))

    def names(self, *datasets: str, catalogue: str = "<https://d.example/>", base: str = "") -> set[str]:
        text = f"{HEAD} {catalogue} a dcat:Catalog ; dct:title 'K' ; dcat:dataset {', '.join(datasets)} ."
        return set(catalog.read(syntax.parse(text.encode(), "ttl").graph, base).records)

    def test_the_title_names_them(self):
        assert self.names(*self.DATASETS[:2]) == {
            "https://d.example/#dataset-datensatz-a",
            "https://d.example/#dataset-datensatz-b",
        }

    def test_the_place_in_the_document_does_not_matter(self):
        assert self.names(*self.DATASETS[:2]) == self.names(*reversed(self.DATASETS[:2]))

    def test_two_of_one_title_are_told_apart(self):
        other = self.DATASETS[1].replace(" ]", '; dcat:keyword "x" ]')

        assert len(self.names(*self.DATASETS, other)) == 4

    def test_an_identifier_that_is_an_address_is_the_address(self):
        assert self.names('[ a dcat:Dataset ; dct:identifier "https://d.example/x" ; dct:title "X" ]') == {
            "https://d.example/x"
        }

    def test_below_a_nameless_catalogue_the_document_names_them(self):
        assert self.names(self.DATASETS[1], catalogue="[]", base="https://d.example/catalog.ttl") == {
            "https://d.example/catalog.ttl#catalog-k-dataset-datensatz-b"
        }
