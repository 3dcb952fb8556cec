"""The stack carries CKAN: pages, actions, database, search and Redis work together."""

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib.redis import connect_to_redis
from ckan.plugins import plugin_loaded
from ckan.tests import factories
from ckan.tests.helpers import call_action
from gauges import gauge


def test_the_site_says_what_it_is():
    assert call_action("status_show")["site_url"] == "http://test.ckan.net"


def test_the_database_is_the_postgresql_of_the_stack():
    assert model.Session.execute(sa.text("SHOW server_version_num")).scalar() >= "180000"


def test_redis_is_the_redis_of_the_stack():
    connection = connect_to_redis()

    assert connection.info("server")["redis_version"].startswith("6.2")


@pytest.mark.usefixtures("with_plugins")
def test_the_plugins_of_the_site_are_loaded():
    assert plugin_loaded("landlab")


@pytest.mark.usefixtures("clean_db", "clean_index")
def test_a_dataset_is_found_by_a_word_of_its_title():
    organization = factories.Organization()
    dataset = gauge(organization, "SENSOR", title="Baumkataster Speyer")
    gauge(organization, "SENSOR", title="Haushaltsplan")

    found = call_action("package_search", q="baumkataster")

    assert [result["id"] for result in found["results"]] == [dataset["id"]]


@pytest.mark.usefixtures("clean_db", "clean_index")
def test_cleaning_leaves_nothing_to_find():
    assert call_action("package_search", q="*:*")["count"] == 0


@pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins")
def test_the_start_page_is_served(app):
    assert app.get("/").status_code == 200
