"""The source that a bench harvests."""

from ckan.tests import factories
from ckan.tests.helpers import call_action


def source(kind, address):
    """The id of a new source of *kind*, with an organisation of its own."""
    return call_action(
        "harvest_source_create",
        {"ignore_auth": True, "user": factories.Sysadmin()["name"]},
        name="source",
        title="Source",
        url=address,
        source_type=kind,
        owner_org=factories.Organization()["id"],
        frequency="MANUAL",
    )["id"]
