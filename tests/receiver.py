"""A receiver of robots' messages on this machine: it keeps what comes and answers as it is told to."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ADDRESSES = {
    "wecom": "/cgi-bin/webhook/send?key=key-1234",
    "dingtalk": "/robot/send?access_token=key1234",
    "feishu": "/open-apis/bot/v2/hook/key-1234",
}


@dataclass
class Receiver:
    """What came, and what is answered."""

    origin: str = ""
    status: int = 200
    body: bytes = b'{"errcode":0,"errmsg":"ok"}'
    drop: bool = False
    wait_s: float = 0.0
    location: str = ""
    got: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def address(self, kind: str = "wecom") -> str:
        """Return the address of a robot that is answered here."""
        return self.origin + ADDRESSES[kind]

    @property
    def texts(self) -> list[str]:
        """Return the texts that came, in whatever form."""
        return [
            body["content"]["text"] if "msg_type" in body else body["text"]["content"] for _, body in self.got
        ]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Listen on a free port for the length of a block."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            receiver.got.append((self.path, json.loads(body)))
            time.sleep(receiver.wait_s)
            if receiver.drop:
                return
            self.send_response(receiver.status)
            if receiver.location:
                self.send_header("Location", receiver.location)
            self.end_headers()
            self.wfile.write(receiver.body)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:  # who asked has gone: that is what is tested
            pass

    server = Server(("127.0.0.1", 0), Handler)
    receiver.origin = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
