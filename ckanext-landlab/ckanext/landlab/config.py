"""The options of a site, one reader each; what they mean stands in config_declaration.yaml."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckanext.landlab.stack.health import Limits


def catalogue_title() -> str:
    """The name of the catalogue in RDF; the site's title unless set."""
    return tk.config.get("ckanext.landlab.catalogue.title") or tk.config["ckan.site_title"]


def catalogue_description() -> str:
    """What the catalogue says of itself in RDF; the site's description unless set."""
    return tk.config.get("ckanext.landlab.catalogue.description") or tk.config["ckan.site_description"]


def publisher_name() -> str:
    """The body that publishes the catalogue; the site's title unless set."""
    return tk.config.get("ckanext.landlab.publisher.name") or tk.config["ckan.site_title"]


def publisher_email() -> str:
    """Where the publisher of the catalogue can be reached, or an empty text."""
    return tk.config.get("ckanext.landlab.publisher.email") or ""


def publisher_url() -> str:
    """The publisher's own page, or an empty text."""
    return tk.config.get("ckanext.landlab.publisher.url") or ""


def publisher_uri() -> str:
    """The IRI that stands for the publisher, or an empty text."""
    return tk.config.get("ckanext.landlab.publisher.uri") or ""


def publisher_type() -> str:
    """The publisher's kind as an IRI of the vocabulary publisher-type, or an empty text."""
    return tk.config.get("ckanext.landlab.publisher.type") or ""


def contributor_id() -> str:
    """The IRI by which GovData knows the supplier, where the organisation names none."""
    return tk.config.get("ckanext.landlab.contributor_id") or ""


def vocabulary_folder() -> str:
    """Where renewed and imported vocabularies lie; below ckan.storage_path unless set, empty without either."""
    storage = tk.config.get("ckan.storage_path")
    return tk.config.get("ckanext.landlab.vocabularies.folder") or (
        f"{storage}/landlab/vocabularies" if storage else ""
    )


def shapes_folder() -> str:
    """Where GovData's SHACL files lie; below ckan.storage_path unless set, empty without either."""
    return tk.config.get("ckanext.landlab.shapes.folder") or _below_storage("shapes")


def _below_storage(name: str) -> str:
    storage = tk.config.get("ckan.storage_path")
    return f"{storage}/landlab/{name}" if storage else ""


def imprint() -> str:
    """The address of the imprint, or an empty text."""
    return tk.config.get("ckanext.landlab.pages.imprint") or ""


def privacy() -> str:
    """The address of the privacy statement, or an empty text."""
    return tk.config.get("ckanext.landlab.pages.privacy") or ""


def accessibility() -> str:
    """The address of the accessibility statement, or an empty text."""
    return tk.config.get("ckanext.landlab.pages.accessibility") or ""


def package_size() -> int:
    """How many bytes of files the ZIP of a dataset may hold."""
    return int(tk.config["ckanext.landlab.package.max_size"]) * 1024 * 1024


def package_seconds() -> int:
    """How long the server of a linked file may take."""
    return int(tk.config["ckanext.landlab.package.timeout"])


def internal_hosts() -> list[str]:
    """The hosts, each with or without a port, that may be visited although they lie in the own network."""
    return tk.aslist(tk.config["ckanext.landlab.internal_hosts"])


def download_proxy() -> str:
    """The proxy through which this site reaches the web, or an empty text."""
    return tk.config.get("ckan.download_proxy") or ""


def notice_in_description() -> bool:
    """Whether feeds lead to the notices at the end of a dataset's description."""
    return tk.asbool(tk.config["ckanext.landlab.notices.in_description"])


def release_mode() -> str:
    """How the release check is kept: off, warn or enforce."""
    return tk.config.get("ckanext.landlab.release.mode") or "enforce"


def release_refuses_changes() -> bool:
    """Whether a change that reopens a release is refused while the dataset is public."""
    return tk.config.get("ckanext.landlab.release.changes") == "refuse"


def own_sources() -> list[str]:
    """Ids or addresses of the harvest sources that are the city's own, so that the release check holds for them."""
    return tk.aslist(tk.config.get("ckanext.landlab.release.own_sources"))


def metrics_token() -> str:
    """What Prometheus has to send to read /metrics from elsewhere; empty: only this machine may."""
    return tk.config.get("ckanext.landlab.metrics.token") or ""


def health_limits() -> Limits:
    """From where on /health/ready reports the disk or the queue."""
    return Limits(
        free=int(tk.config["ckanext.landlab.health.disk_free"]),
        waiting=int(tk.config["ckanext.landlab.health.queue_minutes"]) * 60,
    )


def proxies() -> int:
    """How many proxies of our own stand before the site, each of which adds an address to X-Forwarded-For."""
    return int(tk.config["ckanext.landlab.proxies"])


def allowed_hosts() -> list[str]:
    """Where pages may load pictures from and show frames of, beside the site itself."""
    return tk.aslist(tk.config["ckanext.landlab.csp.hosts"])


def refused_endings() -> list[str]:
    """Endings of files that cannot be uploaded."""
    return [ending.lower().lstrip(".") for ending in tk.aslist(tk.config["ckanext.landlab.upload.refused"])]


def harvest_size() -> int:
    """How many bytes one page of a catalogue may have."""
    return int(tk.config["ckanext.landlab.harvest.max_size"]) * 1_000_000


def harvest_seconds() -> int:
    """How long a run of a harvest may last."""
    return int(tk.config["ckanext.landlab.harvest.timeout"]) * 60


def harvest_activities() -> bool:
    """Whether harvested datasets write activities as those do that people save."""
    return tk.asbool(tk.config["ckanext.landlab.harvest.activities"])


def password_length() -> int:
    """How many characters a password has at least."""
    return int(tk.config["ckanext.landlab.password.length"])


def activity_months() -> int:
    """For how many months it is kept who changed what."""
    return int(tk.config["ckanext.landlab.privacy.activity_months"])


def token_days() -> int:
    """After how many days a key for the API that nobody has used is deleted."""
    return int(tk.config["ckanext.landlab.privacy.token_days"])
