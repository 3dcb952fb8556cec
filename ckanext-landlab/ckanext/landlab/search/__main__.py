"""`python -m ckanext.landlab.search --port N --data DIR`: the search service as a process."""

from __future__ import annotations

import argparse
import ipaddress
import logging
import os
import signal
import sys
import threading
from pathlib import Path

from ckanext.landlab.search.engine import Engine
from ckanext.landlab.search.protocol import CORE, Server
from ckanext.landlab.search.readers import Bounds, Readers
from ckanext.landlab.search.schema import schema
from ckanext.landlab.search.service import Service

log = logging.getLogger("landlab.search")


def main() -> None:
    """Serve the index in DIR until told to stop."""
    options = _options()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    engine = Engine(options.data, schema())
    readers = Readers(options.data / "index", Bounds(options.seconds, options.megabytes))
    server = Server((options.host, options.port), Service(engine, readers), options.token)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    log.info("Search answers at http://%s:%s%s", options.host, server.server_address[1], CORE)
    server.serve_forever(poll_interval=0.2)
    server.server_close()
    readers.close()
    engine.close()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m ckanext.landlab.search", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds the index")
    parser.add_argument(
        "--token",
        default=os.environ.get("LANDLAB_SEARCH_TOKEN"),
        help="what a client must bring; needed for any host but this one (better given as LANDLAB_SEARCH_TOKEN)",
    )
    parser.add_argument("--seconds", type=float, default=Bounds.seconds, help="that an answer may take")
    parser.add_argument("--megabytes", type=int, default=Bounds.megabytes, help="of memory that an answer may take")
    options = parser.parse_args()
    if not options.token and not _is_loopback(options.host):
        parser.error(f"--host {options.host} can be reached from outside: set LANDLAB_SEARCH_TOKEN, or use 127.0.0.1")
    return options


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


if __name__ == "__main__":
    main()
