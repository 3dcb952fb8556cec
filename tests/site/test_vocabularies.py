"""`ckan landlab vocabularies`: lists, renewals, and concepts in use that never go."""

from __future__ import annotations

import pytest
import yaml
from ckan import model
from ckan.cli.cli import ckan
from ckanext.landlab import schemas

SCHEME = "http://publications.europa.eu/resource/authority/access-right"
EDITION = f"""@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<{SCHEME}> <http://www.w3.org/2002/07/owl#versionInfo> "20300101-0" .
<{SCHEME}/PUBLIC> a skos:Concept . <{SCHEME}/RESTRICTED> a skos:Concept . <{SCHEME}/SENSITIVE> a skos:Concept .
<{SCHEME}/NORMAL> a skos:Concept . <{SCHEME}/NEW> a skos:Concept ; skos:prefLabel "neu"@de .
"""


@pytest.fixture
def folder(tmp_path, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckanext.landlab.vocabularies.folder", str(tmp_path / "own"))
    schemas.overlay(tmp_path / "own")
    yield tmp_path
    schemas.overlay(None)


@pytest.mark.usefixtures("with_plugins")
def test_the_list_names_every_vocabulary(cli, folder):
    result = cli.invoke(ckan, ["landlab", "vocabularies", "list"])

    assert result.exit_code == 0
    named = [line.split()[0] for line in result.output.splitlines() if line.endswith(("shipped", "renewed"))]
    assert named == schemas.vocabularies()


@pytest.mark.usefixtures("with_plugins", "clean_db")
def test_a_renewal_keeps_what_is_in_use_and_says_so(cli, folder):
    model.Session.add(model.Package(name="restricted", title="x", extras={"access_rights": f"{SCHEME}/NON_PUBLIC"}))
    model.Session.commit()
    file = folder / "edition.ttl"
    file.write_text(EDITION, encoding="utf-8")

    dry = cli.invoke(ckan, ["landlab", "vocabularies", "update", "access-right", "--from", str(file), "--dry-run"])
    assert (dry.exit_code, (folder / "own").exists()) == (0, False)
    result = cli.invoke(ckan, ["landlab", "vocabularies", "update", "access-right", "--from", str(file)])

    assert result.exit_code == 0, result.output
    assert "1 new: NEW" in result.output
    assert "NON_PUBLIC (in use)" in result.output
    renewed = yaml.safe_load((folder / "own" / "access-right.yaml").read_text(encoding="utf-8"))
    assert len(renewed["concepts"]) == 8
    assert schemas.vocabulary("access-right").version == "20300101-0"


@pytest.mark.usefixtures("with_plugins")
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["nonsense"], 2, "no vocabulary named nonsense"),
        (["--from", "FILE"], 2, "name it"),
        (["access-right", "--from", "FILE"], 1, "neither RDF/XML"),
        (["origin"], 1, "begin with http"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(cli, folder, arguments, code, said):
    (folder / "FILE").write_text("no list", encoding="utf-8")
    words = [str(folder / "FILE") if word == "FILE" else word for word in arguments]

    result = cli.invoke(ckan, ["landlab", "vocabularies", "update", *words])

    assert (result.exit_code, said in result.output + (result.stderr or "")) == (code, True)
