"""The search service, our own process that speaks Solr's protocol."""

from __future__ import annotations

import sys

import requests
from ckanext.landlab.stack.folder import Folder
from ckanext.landlab.stack.ports import HOST
from ckanext.landlab.stack.server import Server


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

    def prepare(self) -> None:
        """Make the folder of the index."""
        self.data.mkdir(mode=0o700, exist_ok=True)

    def command(self) -> list[str]:
        """The service as a process of its own."""
        place = ["--host", HOST, "--port", str(self.port), "--data", str(self.data)]
        return [sys.executable, "-m", "ckanext.landlab.search", *place]

    def answers(self, pid: int) -> bool:
        """Ask Solr's ping."""
        try:
            return requests.get(f"{self.url}/admin/ping", timeout=2).ok
        except requests.RequestException:
            return False
