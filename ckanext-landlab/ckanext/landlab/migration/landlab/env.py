"""Runs the migrations in versions/ for `ckan db upgrade -p landlab`."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context

VERSION_TABLE = "landlab_alembic_version"  # the name by which CKAN looks for a plugin's state


def offline() -> None:
    """Print the statements instead of running them."""
    context.configure(
        url=context.config.get_main_option("sqlalchemy.url"), literal_binds=True, version_table=VERSION_TABLE
    )
    with context.begin_transaction():
        context.run_migrations()


def online() -> None:
    """Run the statements on the site's database."""
    section = context.config.get_section(context.config.config_ini_section) or {}
    engine = sa.engine_from_config(section, prefix="sqlalchemy.", poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, version_table=VERSION_TABLE)
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    offline()
else:
    online()
