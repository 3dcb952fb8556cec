"""What nginx keeps of feeds it hands out only as long as it holds."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from ckanext.landlab.feeds.freshness import freshness_of
from front import Front, certificate, front

__all__ = ["certificate", "front"]  # fixtures


def test_what_is_withdrawn_is_gone_with_the_next_request(front: Callable[..., Front]) -> None:
    state, asked = ["private"], []

    class Feed(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.headers["If-None-Match"], self.headers["X-Landlab-Hands-Out"]))
            known = self.headers["If-None-Match"] == f'W/"{state[0]}"'
            self.send_response(304 if known else 200)
            marks = freshness_of().headers() if "/deleted" not in self.path else {"Cache-Control": "no-cache"}
            for name, value in {**marks, "ETag": f'W/"{state[0]}"'}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(b"" if known else state[0].encode())

        def log_message(self, *_arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Feed) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        before = front(LANDLAB_WEB=f"127.0.0.1:{server.server_port}")
        for path in ("/catalog.ttl", "/feed/default/deleted.json"):
            state[0] = "private"
            texts = [before.get(path).text for _ in range(2)]
            state[0] = "withdrawn"
            assert [*texts, before.get(path).text] == ["private", "private", "withdrawn"], path
        server.shutdown()

    assert asked[-6:-3] == [(None, "1"), ('W/"private"', "1"), ('W/"private"', "1")]
