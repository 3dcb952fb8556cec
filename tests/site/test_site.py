"""The stack carries CKAN: pages, actions, database, search and Redis work together."""

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib.redis import connect_to_redis
from ckan.plugins import plugin_loaded
from ckan.tests.helpers import call_action


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


@pytest.mark.usefixtures("clean_db", "with_plugins")
def test_a_page_is_served(app):
    assert app.get("/about").status_code == 200
