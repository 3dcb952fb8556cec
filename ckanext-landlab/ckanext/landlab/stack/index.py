"""The search service, our own process that speaks Solr's protocol."""

from __future__ import annotations

import sys

import requests
from ckanext.landlab.stack.folder import Folder
from ckanext.landlab.stack.ports import HOST, listens
from ckanext.landlab.stack.server import Server
from ckanext.landlab.stack.steps import forget

USER = "ckan"  # Solr's way of logging in wants a name; the search service looks at the password only


class Search(Server):
    """The search server."""

    name = "search"
    title = "Search"
    preferred_port = 8983

    def __init__(self, folder: Folder) -> None:
        super().__init__(folder)
        self.data = folder.path / "search"

    @property
    def url(self) -> str:
        """The address as CKAN wants it."""
        return f"http://{HOST}:{self.port}/solr/ckan"

    @property
    def login(self) -> tuple[str, str]:
        return USER, self.folder.secrets()["search"]

    def environment(self) -> dict[str, str]:
        """The token goes where `ps` does not show it."""
        return {**super().environment(), "LANDLAB_SEARCH_TOKEN": self.folder.secrets()["search"]}

    def prepare(self) -> None:
        """Make the folder of the index; a new one has to be filled from the database."""
        if not self.data.exists():
            self.data.mkdir(mode=0o700)
            forget(self.folder, "index")

    def command(self) -> list[str]:
        """The service as a process of its own."""
        place = ["--host", HOST, "--port", str(self.port), "--data", str(self.data)]
        return [sys.executable, "-m", "ckanext.landlab.search", *place]

    def answers(self, pid: int) -> bool:
        """Ask Solr's ping; a stranger on our port does not count."""
        try:
            return requests.get(f"{self.url}/admin/ping", auth=self.login, timeout=2).ok and listens(pid, self.port)
        except requests.RequestException:
            return False
