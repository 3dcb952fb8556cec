"""The plugin `landlab`: a table of contents of what the extension adds to CKAN."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.plugins import DefaultTranslation
from ckanext.dcat.interfaces import IDCATRDFHarvester
from ckanext.dcat.utils import CONTENT_TYPES
from ckanext.harvest.interfaces import IHarvester
from ckanext.landlab import (
    cli,
    entries,
    facets,
    forgery,
    gate,
    headers,
    helpers,
    indexing,
    licences,
    links,
    login,
    options,
    schemas,
    standings,
    statements,
    storage,
    surroundings,
    use,
    views,
    watching,
)
from ckanext.landlab.config import vocabulary_folder as own_vocabularies
from ckanext.landlab.harvest import access, harvester, others, schedule
from ckanext.landlab.legal import attribution, glossary, guideline, notices, profiles
from ckanext.landlab.legal.release_check import release_check, unknown_notices
from ckanext.landlab.logic import action, auth, validators
from ckanext.landlab.parts import offered


@tk.blanket.actions(lambda: {**offered(action), **harvester.actions()})
@tk.blanket.auth_functions(lambda: {**offered(auth), **access.guarded()})
@tk.blanket.blueprints(lambda: list(offered(views).values()))
@tk.blanket.cli(lambda: [cli.landlab])
@tk.blanket.config_declarations
@tk.blanket.helpers(lambda: offered(helpers))
@tk.blanket.validators(lambda: offered(validators))
class LandlabPlugin(harvester.Harvester, others.Others, p.SingletonPlugin, DefaultTranslation):
    p.implements(p.IAuthenticator, inherit=True)
    p.implements(p.IConfigurer)
    p.implements(p.IConfigurable)
    p.implements(p.IFacets, inherit=True)
    p.implements(p.IFiles, inherit=True)
    p.implements(IDCATRDFHarvester, inherit=True)
    p.implements(IHarvester)
    p.implements(p.IMiddleware, inherit=True)
    p.implements(p.IOrganizationController, inherit=True)
    p.implements(p.INotifier, inherit=True)
    p.implements(p.IPackageController, inherit=True)
    p.implements(p.ISignal)
    p.implements(p.ITranslation)

    def update_config(self, config: Any) -> None:
        tk.add_template_directory(config, "templates")
        tk.add_resource("assets", "landlab")
        headers.hardened(config)

    def update_config_schema(self, schema: Any) -> Any:
        return options.add_editable(schema)

    def configure(self, config: Any) -> None:
        """Read every declaration now, so that a wrong one stops the start and not a request."""
        options.check_names(config)
        options.check_languages(config)
        schemas.overlay(own_vocabularies())
        for name in schemas.vocabularies():
            schemas.vocabulary(name)
        CONTENT_TYPES.setdefault("nt", "application/n-triples")  # ckanext-dcat writes them, but cannot name their type
        model.Package._license_register = licences.register()  # CKAN 2.12 has no interface for its licence list
        notices.vocabulary()
        attribution.check()
        profiles.all_profiles()
        unknown_notices(release_check(), list(notices.vocabulary().notices))
        guideline.chapters()
        glossary.terms()

    def authenticate(self, identity: Any) -> None:
        login.before_login(identity)

    def get_signal_subscriptions(self) -> Any:
        return {
            tk.signals.failed_login: [login.failed],
            tk.signals.user_logged_in: [login.succeeded],
        }

    def notify_about_topic(self, notification_sent: bool, topic: str, details: dict[str, Any]) -> bool:
        if topic == "request_password_reset":
            login.reset_wanted(details["user"].id)
            return True
        return notification_sent

    def files_get_storage_adapters(self) -> Any:
        return storage.adapters(tk.config)

    def dataset_facets(self, facets_dict: Any, package_type: str) -> Any:
        return facets.of_datasets()

    def organization_facets(self, facets_dict: Any, organization_type: str, package_type: str | None) -> Any:
        return facets.of_organization()

    def before_dataset_index(self, pkg_dict: dict[str, Any]) -> dict[str, Any]:
        return indexing.indexed(pkg_dict)

    def make_middleware(self, app: Any, config: Any) -> Any:
        app.after_request(links.added)
        app.after_request(headers.protected)
        app.after_request(use.counted)
        forgery.keep_out()
        watching.wrap(app, config)
        schedule.ensure()
        return app

    def after_dataset_create(self, context: Any, pkg_dict: dict[str, Any]) -> None:
        self.after_dataset_update(context, pkg_dict)

    def after_dataset_update(self, context: Any, pkg_dict: dict[str, Any]) -> None:
        gate.examine(context, pkg_dict["id"])  # first, because it may refuse
        statements.record(pkg_dict, context.get("auth_user_obj") or context.get("user"))
        package = model.Package.get(pkg_dict["id"])
        look = surroundings.look_at(package) if package and package.type in schemas.RECORDS else None
        entries.dataset_saved(pkg_dict["id"], look)
        standings.refresh(pkg_dict["id"], look)

    def after_dataset_delete(self, context: Any, pkg_dict: dict[str, Any]) -> None:
        statements.record_deletion(pkg_dict["id"], context.get("user"))
        entries.dataset_deleted(pkg_dict["id"])

    def after_dataset_show(self, context: Any, pkg_dict: dict[str, Any]) -> None:
        statements.add_to(pkg_dict, context)

    def edit(self, entity: Any) -> None:
        entries.organization_saved(entity.id)
        standings.organization_saved(entity.id)
        statements.organization_saved(entity.id)
