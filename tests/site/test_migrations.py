"""A database of another version is named, not touched; index and entries are made anew when their making changes."""

import importlib

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from ckan import model
from ckan.lib import jobs
from ckanext.landlab import migrations
from ckanext.landlab import sample as catalogue
from ckanext.landlab.errors import DatabaseNewer, DatabaseOlder
from ckanext.landlab.feeds.feed import Feed
from ckanext.landlab.model.feed_state import TALLY, summary
from ckanext.landlab.stack.steps import steps
from feed_case import LITTLE

pytestmark = pytest.mark.usefixtures("with_plugins")
VERSION = sa.table("landlab_alembic_version", sa.column("version_num"))


@pytest.fixture
def stands_at():
    """Say that the database stands at another revision; afterwards it says the truth again."""
    head = next(part.head for part in migrations.parts() if part.name == "landlab")

    def _stands_at(revision):
        with model.ensure_engine().begin() as connection:
            connection.execute(sa.update(VERSION).values(version_num=revision))

    yield _stands_at
    _stands_at(head)


def test_ckan_and_the_plugins_with_tables_are_found_up_to_date():
    migrations.check()

    assert [part.name for part in migrations.parts()] == ["ckan", "landlab", "activity", "harvest"]


def test_a_later_version_in_the_database_stops_check_and_upgrade(stands_at):
    stands_at("999_from_tomorrow")

    for call in (migrations.check, migrations.upgrade):
        with pytest.raises(DatabaseNewer, match="later version of landlab: it stands at revision 999_from_tomorrow"):
            call()


def test_an_earlier_version_is_named_with_what_to_do(stands_at):
    stands_at("001_notices")

    with pytest.raises(DatabaseOlder, match=r"older than landlab: .*001_notices.*ckan landlab migrate"):
        migrations.check()


def test_an_upgrade_of_what_is_up_to_date_changes_nothing():
    assert migrations.upgrade() == []


@pytest.mark.usefixtures("clean_db", "clean_index")
def test_what_is_made_in_another_way_is_made_anew_in_the_background():
    names = sorted(step.name for step in steps() if step.name in migrations.REMAKERS)
    for name in names:
        model.set_system_info(migrations.MADE + name, "another way")
    migrations.upgrade()

    waiting = {job.id: job for job in jobs.get_queue().jobs}
    assert {f"landlab-{name}" for name in names} <= set(waiting)
    for name in names:
        waiting[f"landlab-{name}"].perform()
        waiting[f"landlab-{name}"].delete()
        assert model.get_system_info(migrations.MADE + name) != "another way"


def test_lists_that_every_save_asks_for_are_searched_without_a_heap_of_new_ones_before():
    query = """SELECT relname, reloptions FROM pg_class WHERE relkind = 'i' AND relname LIKE 'landlab%'
        AND relam = (SELECT oid FROM pg_am WHERE amname = 'gin')"""
    indexes = dict(model.Session.execute(sa.text(query)).tuples().all())

    assert {"landlab_feed_item_along", "landlab_harvest_record_aliases"} <= set(indexes)
    assert {tuple(options or ()) for options in indexes.values()} == {("fastupdate=off",)}


@pytest.mark.usefixtures("clean_db", "clean_index")
def test_the_state_of_feeds_is_counted_when_a_database_with_entries_is_brought_up_to_date():
    catalogue.load(LITTLE, lambda name: None)
    default = summary(model.Session.connection(), Feed())
    model.Session.commit()
    migration = importlib.import_module("ckanext.landlab.migration.landlab.versions.012_feed_tally")

    with model.ensure_engine().begin() as connection, Operations.context(MigrationContext.configure(connection)):
        migration.downgrade()
        assert not sa.inspect(connection).has_table(TALLY.name)
        migration.upgrade()

    assert summary(model.Session.connection(), Feed()) == default
    assert default.total == 4
