"""What follows from elsewhere: organisation, place, category, files; and what each graph needs to stand alone."""

from ckanext.landlab.dcat import catalog, mapping
from ckanext.landlab.dcat.completeness import HVD_REGULATION, completed, described, folded
from ckanext.landlab.dcat.context import Context, siblings_of
from ckanext.landlab.dcat.terms import TYPE, expand

BASE = "https://daten.example"
CITY = "http://dcat-ap.de/def/politicalGeocoding/districtKey/08222"
OWNER = {
    "id": "o1",
    "title": "Stadt",
    "contributorID": "http://dcat-ap.de/def/contributors/openNRW",
    "contact_email": "o@stadt.example",
    "custodian_name": "Amt",
    "place": CITY,
}
LICENCE = "http://dcat-ap.de/def/licenses/dl-by-de/2.0"

LICENSE = "http://purl.org/dc/terms/license"


def full(record, **around):
    return completed({"id": "d1", "name": "eins", **record}, Context(base=BASE, organization=OWNER, **around))


def test_empty_fields_take_the_organisation_s_defaults():
    record = full({"title": "T"})

    assert record["publisher"] == [{"name": "Stadt", "uri": f"{BASE}/organization/o1"}]
    assert record["contact"] == [{"email": "o@stadt.example"}]
    assert record["custodian"] == [{"name": "Amt"}]
    assert record["contributorID"] == [OWNER["contributorID"]]
    assert record["spatial_coverage"] == [{"uri": CITY}]
    assert record["politicalGeocodingLevelURI"] == ["http://dcat-ap.de/def/politicalGeocoding/Level/municipality"]
    assert record["politicalGeocodingURI"] == [CITY]
    assert record["identifier"] == "d1"


def test_a_dataset_from_elsewhere_gets_no_publisher_of_ours():
    record = full({"uri": "https://other.example/1", "contributorID": ["http://example.org/own"]})

    assert "publisher" not in record
    assert "issued" not in record
    assert record["contributorID"] == ["http://example.org/own", OWNER["contributorID"]]


def test_govdata_gets_one_of_its_own_ids():
    given = "http://dcat-ap.de/def/contributors/openDataBund"

    assert full({"contributorID": [given]})["contributorID"] == [given]


def test_a_high_value_dataset_names_the_regulation_on_itself_and_its_files():
    record = full({"hvd_category": ["http://data.europa.eu/bna/c_ac64a52d"], "resources": [{"id": "r", "url": "x:y"}]})

    assert record["applicable_legislation"] == [HVD_REGULATION]
    assert record["resources"][0]["applicable_legislation"] == [HVD_REGULATION]


def test_a_record_of_this_site_is_named_by_whatever_means_it_and_only_if_it_is_public():
    siblings = siblings_of([{"id": "s1", "name": "reihe", "type": "dataset_series"}], BASE)
    named = [f"{BASE}/dataset_series/reihe", f"{BASE}/dataset/s1", "reihe", "s1"]

    for one in named:
        assert full({"in_series": [one]}, siblings=siblings)["in_series"] == [f"{BASE}/dataset/s1"]
    assert full({"in_series": [f"{BASE}/dataset/geheim", "geheim"]}, siblings=siblings)["in_series"] == []
    assert full({"in_series": ["https://other.example/reihe"]})["in_series"] == ["https://other.example/reihe"]


def test_a_sample_is_a_file_of_the_dataset_by_whichever_address_of_it():
    record = {
        "resources": [{"id": "r1", "url": "https://a.example/a.csv"}],
        "sample": [f"{BASE}/dataset/eins/resource/r1"],
    }

    assert full(record)["sample"] == [f"{BASE}/dataset/d1/resource/r1"]


def test_the_organisations_licence_goes_out_with_what_names_none_and_only_with_our_own():
    file = {"id": "r1", "url": "https://daten.example/a.csv"}
    owner = {**OWNER, "license_id": LICENCE}
    context = Context(base=BASE, organization=owner)

    licences = [
        completed({"id": "d1", "resources": [file], **more}, context)["resources"][0]["license"]
        for more in ({}, {"license_id": "http://dcat-ap.de/def/licenses/cc-zero"}, {"uri": "https://other.example/d1"})
    ]

    assert licences == [LICENCE, "http://dcat-ap.de/def/licenses/cc-zero", None]


def test_an_uploaded_file_has_both_addresses_and_the_licence_of_its_dataset():
    upload = {"id": "r", "url": f"{BASE}/x.csv", "url_type": "upload"}
    resource = full({"license_id": LICENCE, "resources": [upload]}, attribution="Stadt")["resources"][0]

    assert resource["access_url"] == resource["download_url"] == f"{BASE}/x.csv"
    assert resource["license"] == LICENCE
    assert resource["licenseAttributionByText"] == "Stadt"
    assert resource["uri"] == f"{BASE}/dataset/d1/resource/r"


def test_the_notices_are_linked_from_dataset_and_files_but_replace_nothing_foreign():
    page = f"{BASE}/dataset/d1/hinweise"
    files = [{"id": "1", "url": "x:y"}, {"id": "2", "url": "x:y", "rights": "Eigene"}]
    told = '_:self <http://purl.org/dc/terms/rights> _:b0 .\n_:b0 <http://www.w3.org/2000/01/rdf-schema#label> "r" .'
    theirs = [
        {"url": "x:y", "uri": "https://other.example/f"},  # another dataset may have it too
        {"url": "x:y", "kept_statements": told},
        {"url": "x:y", "uri": "https://other.example/1/resource/2"},
    ]
    foreign = full({"uri": "https://other.example/1", "resources": theirs}, statement=page)
    record = full({"uri": "https://other.example/1", "resources": files}, statement=page)

    assert record["documentation"] == [page]
    assert [resource["rights"] for resource in full({"resources": files}, statement=page)["resources"]] == [page, page]
    assert [resource["rights"] for resource in record["resources"]] == [page, "Eigene"]
    assert [resource.get("rights") for resource in foreign["resources"]] == [None, None, page]


def test_a_licence_that_no_list_has_is_not_replaced_by_that_of_the_dataset():
    text = f'_:self <{LICENSE}> _:b0 .\n_:b0 <http://purl.org/dc/terms/title> "Eigene" .'
    record = {"uri": "https://other.example/1", "license_id": LICENCE, "resources": [{"kept_statements": text}, {}]}

    statements = described(record, Context(attribution="Stadt"))

    assert sorted(value[0] for _, predicate, value in statements if predicate == f"<{LICENSE}>") == ["<", "_"]


def test_a_checksum_is_whole_or_absent():
    files = [{"hash": "0" * 64}, {"hash": "abc"}, {"hash_algorithm": "x:sha"}]
    checked = full({"resources": files})["resources"]

    assert checked[0]["hash_algorithm"].endswith("sha256")
    assert not any("hash" in resource or "hash_algorithm" in resource for resource in checked[1:])


def test_a_sibling_stands_in_the_same_graph_with_its_class():
    series = {"type": "dataset_series", "id": "s1", "name": "serie", "title": "Serie", "notes": "S"}
    record = {"type": "dataset", "id": "d1", "name": "eins", "title": "T", "in_series": ["serie"]}
    around = Context(base=BASE, organization=OWNER, siblings=siblings_of([series, record], BASE))

    statements = described(record, around)

    assert (f"<{BASE}/dataset/d1>", expand("dcat:inSeries"), f"<{BASE}/dataset/s1>") in statements
    assert (f"<{BASE}/dataset/s1>", TYPE, expand("dcat:DatasetSeries")) in statements
    assert (f"<{BASE}/dataset/s1>", expand("dct:title"), '"Serie"@de') in statements


def test_what_is_completed_is_a_copy():
    record = {"id": "d1", "resources": [{"id": "r", "url": "x:y"}]}

    completed(record, Context(base=BASE, organization=OWNER, statement="x:y"))

    assert record == {"id": "d1", "resources": [{"id": "r", "url": "x:y"}]}


def test_a_record_fresh_from_a_graph_has_its_files_where_ckan_looks():
    record = folded(
        {"resources": [{"access_url": "x:a", "license": LICENCE}, {"download_url": "x:d", "license": LICENCE}]}
    )

    assert [resource["url"] for resource in record["resources"]] == ["x:a", "x:d"]
    assert record["license_id"] == LICENCE


def test_pages_are_announced_under_both_names():
    page = catalog.Page(current=f"{BASE}/c?page=1", total=250, size=100, next=f"{BASE}/c?page=2")
    links = [("dataset", "x:1"), ("data_service", "x:2"), ("dataset_series", "x:3")]

    statements = catalog.described({"title": "Katalog"}, BASE, links, page=page)
    said = {(p, o) for _, p, o in statements}
    linked = {(expand("dcat:dataset"), "<x:1>"), (expand("dcat:service"), "<x:2>"), (expand("dcat:resource"), "<x:3>")}

    assert {(expand("hydra:next"), f'"{BASE}/c?page=2"'), (expand("hydra:nextPage"), f'"{BASE}/c?page=2"')} <= said
    assert linked <= said
    assert (expand("dcat:themeTaxonomy"), f"<{catalog.THEMES}>") in said


def test_2_0_says_it_with_its_own_words():
    record = {
        "id": "d1",
        "custodian": [{"name": "Amt"}],
        "version": "2",
        "issued": "2024",
        "legalBasis": ["Gesetz"],
        "resources": [
            {
                "size": 5,
                "status": "http://publications.europa.eu/resource/authority/distribution-status/COMPLETED",
                "hash": "0" * 32,
                "hash_algorithm": "http://spdx.org/rdf/terms#checksumAlgorithm_md5",
            }
        ],
    }
    said = {(p, o) for _, p, o in described(record, Context(base=BASE), "2.0")}

    assert (expand("owl:versionInfo"), '"2"') in said
    assert (expand("dct:issued"), f'"2024-01-01"^^{expand("xsd:date")}') in said
    assert (expand("dcatde:legalBasis"), '"Gesetz"@de') in said
    assert (expand("dcat:byteSize"), f'"5"^^{expand("xsd:decimal")}') in said
    assert (expand("adms:status"), "<http://purl.org/adms/status/Completed>") in said
    assert (expand("spdx:algorithm"), "<http://dcat-ap.de/def/hashAlgorithms/md/5>") in said
    assert expand("dcatde:maintainer") in {p for p, _ in said}


def test_2_0_leaves_out_a_checksum_that_it_has_no_word_for():
    spdx = "http://spdx.org/rdf/terms#checksumAlgorithm_"
    for method, said in (("sha256", {"3.0", "2.0"}), ("blake2b512", {"3.0"})):
        file = {"id": "r", "url": "https://a.example", "hash": "0" * 64, "hash_algorithm": spdx + method}
        record = {"id": "d1", "resources": [file]}
        predicates = {v: {p for _, p, _ in described(record, Context(base=BASE), v)} for v in ("3.0", "2.0")}

        assert {v for v in predicates if expand("spdx:checksum") in predicates[v]} == said
        assert {v for v in predicates if expand("spdx:checksumValue") in predicates[v]} == said


def test_3_0_says_what_replaced_the_words_of_2_0():
    record = {"id": "d1", "legalBasis": ["Gesetz"], "politicalGeocodingURI": [CITY], "geocodingDescription": ["Region"]}
    statements = mapping.table("dataset").describe(record, "x:1")
    assert not [p for _, p, _ in statements if "dcatde" in p]

    said = {(p, o) for _, p, o in described(record, Context(base=BASE))}

    assert (expand("dct:spatial"), f"<{CITY}>") in said
    assert (expand("skos:prefLabel"), '"Region"@de') in said
    assert (expand("rdfs:label"), '"Gesetz"@de') in said
