"""Entries put together are the document that would have been written at once."""

import hypothesis.strategies as st
import pytest
from ckanext.landlab.dcat.syntax import FORMATS, serialise
from ckanext.landlab.feeds.frame import frame_of
from hypothesis import given
from pyoxigraph import parse

TITLE = "<http://purl.org/dc/terms/title>"
FOREIGN = "<http://unknown.example/ns#says>"


def entry(number, text="Bäume & „Sträucher“ <alt> \\\\ ]]> {[,]}"):
    about = f"<http://rebenau.example/dataset/{number}>"
    return [(about, TITLE, f'"{text}"@de'), (about, FOREIGN, f"_:n{number}"), (f"_:n{number}", TITLE, '"}]"')]


def triples(document, syntax):
    return {(str(s), str(p), str(o)) for s, p, o, _ in parse(document, format=FORMATS[syntax])}


@pytest.mark.parametrize("syntax", FORMATS)
@pytest.mark.parametrize("count", [0, 1, 2, 7])
def test_joined_entries_are_one_well_formed_document(syntax, count):
    frame = frame_of(syntax, serialise([], syntax))
    entries = [frame.cut(serialise(entry(number), syntax)) for number in range(count)]

    document = b"".join(frame.join([b"", *entries]))

    assert len(triples(document, syntax)) == 3 * count
    assert document.count(b"<rdf:RDF") == (syntax == "rdf")
    assert document.count(b"@prefix dct:") == (syntax == "ttl")


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30), max_size=5))
def test_all_syntaxes_say_the_same(texts):
    def safe(text):
        return text.replace("\\", "").replace('"', "").replace("￾", "").replace("￿", "")

    graphs = []
    for syntax in FORMATS:
        frame = frame_of(syntax, serialise([], syntax))
        parts = [frame.cut(serialise(entry(number, safe(text)), syntax)) for number, text in enumerate(texts)]
        graphs.append({line for line in triples(b"".join(frame.join(parts)), syntax) if "_:" not in str(line)})

    assert all(graph == graphs[0] for graph in graphs)


def test_a_document_of_another_frame_is_refused():
    with pytest.raises(ValueError, match="not written with this frame"):
        frame_of("ttl", serialise([], "ttl")).cut(b"@prefix x: <http://x/> . x:a x:b x:c .")
