"""Beside ckanext-dcatde: its profile, its harvester, its plugin and its commands in the same site.

It is not on PyPI and cannot be a requirement; `docs/dcatde.md` says how to install it.  Without it nothing here runs.
"""

import re
from importlib.util import find_spec

import pytest
import rdflib
import responses
from ckan import model
from ckan import plugins as p
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.dcat.processors import RDFParser, RDFSerializer
from ckanext.landlab.dcat import adoption, completeness, exchange
from ckanext.landlab.dcat.adoption import UNREADABLE
from ckanext.landlab.dcat.syntax import serialise
from ckanext.landlab.dcat.terms import expand
from ckanext.landlab.surroundings import context_of
from click.testing import CliRunner
from test_differential import BASE, RECORD, SWITCHED_OFF, said

ORIGIN = "urn:landlab:origin:administrative_records"
HERE = find_spec("ckanext.dcatde") is not None
NOT_HERE = "LOUD: ckanext-dcatde is not installed, so nothing of its profile, harvester and commands was tested"
pytestmark = [pytest.mark.skipif(not HERE, reason=NOT_HERE), pytest.mark.usefixtures("with_plugins")]

# Paths that only we write in 2.0, and why.
OURS = {
    "dcat:contactPoint / rdf:type": "a contact is a vcard:Kind; which kind is not known",
    "dcat:distribution / dcat:mediaType": "an IRI of IANA's list, convention 30",
    "dcat:distribution / dct:format": "an IRI of the EU's list, convention 29",
    "dcat:distribution / adms:status": "2.0 has a list of its own",
    "dcat:distribution / dcatap:availability": "of a file it knows the older property only",
    "dcat:distribution / dct:rights": "its profile gives the page a class",
    "dcat:distribution / spdx:checksum / spdx:algorithm": "2.0 has a list of its own",
    "dcat:qualifiedRelation / dcat:hadRole": "it does not know qualified relations",
    "dcat:qualifiedRelation / dcat:hadRole / rdf:type": "as above",
    "dcat:qualifiedRelation / dct:relation": "as above",
    "dcat:qualifiedRelation / rdf:type": "as above",
    "dct:creator": "it has no key for the address of an agent",
    "dct:creator / rdf:type": "every agent is a foaf:Agent too",
    "dct:issued": "2.0 knows days and times, no years",
    "dct:provenance": "2.0 lets the words stand by themselves",
    "dct:publisher / foaf:mbox": "an address is an IRI with mailto:",
    "dct:spatial / dcat:bbox": "numbers as they were given",
    "dct:spatial / dcat:centroid": "numbers as they were given",
    "dct:spatial / locn:geometry": "numbers as they were given",
    "foaf:page": "its profile gives the page with the notices a class",
}
# Paths that only its profile writes; classes of what is pointed at are left out, see CLASSES.
THEIRS = {
    "dcat:contactPoint / rdf:type": "a guess: vcard:Organization",
    "dcat:distribution / adms:status": "the list of 3.0",
    "dcat:distribution / dcat:mediaType": "words",
    "dcat:distribution / dcatde:plannedAvailability": "the older property beside dcatap:availability",
    "dcat:distribution / dct:format": "words",
    "dcat:distribution / dct:license / dct:type": "a guess of ckanext-dcat",
    "dcat:distribution / spdx:checksum / spdx:algorithm": "the list of 3.0",
    "dct:creator / rdf:type": "a guess: foaf:Organization",
    "dct:issued": "a year",
    "dct:provenance / rdfs:label": "a node of its own for the words",
    "dct:publisher / foaf:mbox": "words",
    "dct:spatial / dcat:bbox": "numbers rounded to four places",
    "dct:spatial / dcat:centroid": "numbers rounded to four places",
    "dct:spatial / locn:adminUnitL2": "the area a second time, for older readers",
    "dct:spatial / locn:geometry": "numbers rounded to four places",
}
MORE_CLASSES = {"foaf:Document", "dct:ProvenanceStatement", "dct:Location"}
RESOURCES = [{**one, "uri": f"{BASE}/resource/{one['id']}"} for one in RECORD["resources"]]
FULL = {**RECORD, "resources": RESOURCES}


def test_its_profile_writes_what_we_write_in_2_0_save_what_is_listed():
    serializer, mine = RDFSerializer(profiles=["landlab_dcatde", "dcatap_de"]), rdflib.Graph()
    node = serializer.graph_from_dataset({**FULL, "resources": [dict(one) for one in RESOURCES]})
    exchange.add((), serializer.g)
    exchange.add(completeness.described(FULL, context_of(FULL), "2.0"), mine)

    ours, theirs = said(mine, node), said(serializer.g, node)

    classes = SWITCHED_OFF | {expand(name) for name in MORE_CLASSES}
    rest = {path for path, value in theirs - ours if not (path.endswith("rdf:type") and value in classes)}
    # below an area that it points at a second time it says everything about it again
    rest = {path for path in rest if "adminUnitL2 /" not in path and "politicalGeocodingURI /" not in path}
    ours = {pair for pair in ours if "politicalGeocodingURI /" not in pair[0]}
    assert len(ours & theirs) > 55
    assert {path for path, _ in ours - theirs} == set(OURS)
    assert rest == set(THEIRS)


def test_what_its_parser_reads_from_our_feed_moves_into_our_fields_again():
    statements = completeness.described(FULL, context_of(FULL), "2.0")
    parser = RDFParser(profiles=["dcatap_de", "landlab_dcatde"])
    parser.parse(serialise(statements, "rdf"), _format="xml")

    (read,) = parser.datasets()
    found = adoption.adopted(read)

    same = ("title", "modified", "theme", "language", "frequency", "access_rights", "hvd_category",
            "temporal_coverage", "conforms_to", "version_notes", "identifier", "url")  # fmt: skip
    assert {name: found.record.get(name) for name in same} == {name: FULL.get(name) for name in same}
    assert [found.record[name][0]["name"] for name in ("contact", "publisher", "creator")] == [
        FULL[name][0]["name"] for name in ("contact", "publisher", "creator")
    ]
    assert [one["license"] for one in found.record["resources"]] == [one["license"] for one in RESOURCES]
    assert UNREADABLE not in {left.reason for left in found.left}


@pytest.fixture
def harvester():
    with p.use_plugin("dcatde"), p.use_plugin("dcatde_rdf_harvester") as harvester:
        yield harvester


GONE, OTHER_ID = "no attribute 'PackageExtra'", "'id': ['Invalid id provided']"
# Its commands, and what of CKAN 2.12 each misses in version 6.10.0, by the words of the error; nothing if it runs.
COMMANDS = {
    "dcatde_migrate dry-run": "",
    "dcatde_migrate dry-run adms-id-migrate": GONE,
    "dcatde_migrate dry-run contributor-id-migrate": GONE,
    "dcatde_themeadder omit-group-migration": OTHER_ID,
    "triplestore reindex": GONE,
    "triplestore delete_datasets --uris https://daten.musterstadt.example/dataset/1": "",
}


@pytest.mark.usefixtures("clean_db", "clean_index")
def test_its_plugin_and_its_commands_run_in_the_same_site(harvester, tmp_path, monkeypatch):
    found = {command.name: command for plugin in p.PluginImplementations(p.IClick) for command in plugin.get_commands()}
    (tmp_path / "themes.json").write_text('{"envi": "Umwelt"}', encoding="utf-8")
    monkeypatch.setitem(p.toolkit.config, "ckanext.dcatde.urls.themes", (tmp_path / "themes.json").as_uri())
    missed = {}
    for line in COMMANDS:
        name, *arguments = line.split()

        ended = CliRunner().invoke(found[name], arguments)

        missed[line] = (
            "" if ended.exit_code == 0 else str(ended.exception) + str(getattr(ended.exception, "error_dict", ""))
        )
        model.Session.rollback()
    assert "landlab" in found
    assert [
        line for line, words in COMMANDS.items() if words not in missed[line] or bool(words) != bool(missed[line])
    ] == []


@pytest.mark.usefixtures("clean_db", "clean_index")
@responses.activate
def test_its_harvester_takes_our_feed_as_a_whole(harvester):
    from ckanext.harvest.model import HarvestJob, HarvestObject

    responses.add_passthru(re.compile(r"http://(\w+:[^@/]*@)?127\.0\.0\.1:"))
    address = "https://daten.musterstadt.example/catalog.rdf"
    # Nothing is known here of its other versions, and it names no custodian: that is not ours to refuse.
    record = {**FULL, "uri": f"{BASE}-elsewhere", "custodian": [], "origin": ORIGIN, "provenance": []}
    statements = completeness.described(record, context_of(FULL), "2.0")
    responses.head(address, content_type="application/rdf+xml")
    responses.get(address, serialise(statements, "rdf"), content_type="application/rdf+xml")
    organization = factories.Organization()
    admin = factories.Sysadmin()
    source = call_action(
        "harvest_source_create", {"user": admin["name"]}, name="musterstadt", title="Musterstadt", url=address,
        source_type="dcatde_rdf", owner_org=organization["id"],
    )  # fmt: skip
    job = HarvestJob.get(call_action("harvest_job_create", {"user": admin["name"]}, source_id=source["id"])["id"])

    for id_ in harvester.gather_stage(job):
        assert harvester.fetch_stage(HarvestObject.get(id_)) is True
        assert harvester.import_stage(HarvestObject.get(id_)) is True

    assert [error.message for error in job.gather_errors] == []
    (taken,) = (call_action("package_show", id=one.package_id) for one in job.objects)
    same = ("title", "notes", "uri", "modified", "theme", "contact", "creator", "origin", "frequency", "has_version")
    assert "custodian" not in taken
    assert record["has_version"]
    assert {name: taken[name] for name in same} == {name: record[name] for name in same}
    assert [(one["name"], one["license"]) for one in taken["resources"]] == [
        (one["name"], one["license"]) for one in RESOURCES
    ]
    assert {"key": "guid", "value": f"{BASE}-elsewhere"} in taken["extras"]
