"""The whole site: its servers in their order, the steps between them, and the first page."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import requests
from ckanext.landlab.errors import ServerFailed
from ckanext.landlab.stack import foreign, settings
from ckanext.landlab.stack.folder import Folder
from ckanext.landlab.stack.index import Search
from ckanext.landlab.stack.language import _
from ckanext.landlab.stack.ports import HOST
from ckanext.landlab.stack.postgres import Postgres
from ckanext.landlab.stack.redis import Redis
from ckanext.landlab.stack.server import Server
from ckanext.landlab.stack.steps import (
    DONE,
    NEEDLESS,
    SAMPLE,
    Step,
    count_as_done,
    decline_sample,
    is_sample_wanted,
    steps,
)
from ckanext.landlab.stack.supervisor import STEP, Supervisor
from ckanext.landlab.stack.web import Web, Worker

FIRST_PAGE_PATIENCE = 120  # seconds


class Site:
    """A site on the servers of one supervisor."""

    def __init__(self, folder: Folder, supervisor: Supervisor, say: Callable[[str], None]) -> None:
        self.folder = folder
        self.supervisor = supervisor
        self.say = say
        self.web = Web(folder)

    def start(self, with_sample: bool | None) -> str:
        """Bring everything up and return the address, once the first page has been served from there."""
        postgres, redis, search = Postgres(self.folder), Redis(self.folder), Search(self.folder)
        database_url, redis_url, search_url = self._start_or_use(
            ("CKAN_SQLALCHEMY_URL", postgres), ("CKAN_REDIS_URL", redis), ("CKAN_SOLR_URL", search)
        )
        self.supervisor.give_port(self.web)
        addresses = settings.Addresses(
            database_url, redis_url, search_url, self.web.url, search.login if search_url == search.url else None
        )
        settings.write(self.folder, addresses, {"SESSION_TYPE": "redis"})  # so that logging out ends a session
        self._take_steps(with_sample, is_own_database=database_url == postgres.url)
        self.supervisor.start(self.web, Worker(self.folder, redis_url))
        self._open_first_page()
        return self.web.url

    def watch(self) -> None:
        """Look after the servers until somebody interrupts."""
        while True:
            self.supervisor.tend()
            time.sleep(STEP)

    def _start_or_use(self, *pairs: tuple[str, Any]) -> list[str]:
        """The addresses of the servers, of which we start those whose variable is not set."""
        given = {variable: foreign.address(variable) for variable, _server in pairs}
        ours: list[Server] = [server for variable, server in pairs if not given[variable]]
        used = {server.name: foreign.without_password(given[name] or "") for name, server in pairs if given[name]}
        for name, url in used.items():
            self.say(_("{name}: using {url}").format(name=name, url=url))
        self.supervisor.publish(foreign=used)
        self.supervisor.start(*ours)
        return [given[variable] or server.url for variable, server in pairs]

    def _take_steps(self, with_sample: bool | None, is_own_database: bool) -> None:
        is_empty = is_own_database and not self.folder.read(DONE)  # then there is nothing to bring up to date
        wants_sample = is_sample_wanted(self.folder, with_sample, is_own_database)
        for step in steps():
            if is_empty and step.name in NEEDLESS:
                count_as_done(self.folder, step)
            elif step.name == SAMPLE and not wants_sample:
                decline_sample(self.folder)
            elif not step.is_done(self.folder):
                self._take(step)

    def _take(self, step: Step) -> None:
        started = time.monotonic()
        self.say(_("{title} …").format(title=step.title))
        step.run(self.folder, self.web.environment(), self.supervisor.tend)
        self.say(_("{title}: done in {seconds} s").format(title=step.title, seconds=round(time.monotonic() - started)))

    def _open_first_page(self) -> None:
        """Fetch the start page, which makes CKAN bundle its style sheets, so that the first visitor need not wait."""
        try:
            requests.get(f"http://{HOST}:{self.web.port}/", timeout=FIRST_PAGE_PATIENCE).raise_for_status()
        except requests.RequestException as error:
            raise ServerFailed(self.web.title, self.folder.log(self.web.name)) from error
