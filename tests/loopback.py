"""A server on loopback that answers as told, byte for byte, and remembers what it was asked."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Behaviour = Callable[["Connection"], None]


@dataclass
class Request:
    """One request as it came: header names in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Connection:
    """What a behaviour writes to; ``over`` is set when the test ends."""

    request: Request
    send: Callable[[bytes], None]
    over: threading.Event
    peer: Peer


@dataclass
class Peer:
    """The server. ``url`` is its address; ``requests`` what it was asked, in order."""

    url: str = ""
    requests: list[Request] = field(default_factory=list)
    _behaviours: list[Behaviour] = field(default_factory=list)
    _routes: Callable[[Request], Behaviour] | None = None

    def answers(self, *behaviours: Behaviour) -> None:
        """Answer the requests to come by these in turn; the last one stays."""
        self._behaviours = list(behaviours)

    def routes(self, route: Callable[[Request], Behaviour]) -> None:
        """Answer each request as ``route`` says."""
        self._routes = route

    def behaviour(self, request: Request) -> Behaviour:
        if self._routes:
            return self._routes(request)
        return self._behaviours.pop(0) if len(self._behaviours) > 1 else self._behaviours[0]


def reply(
    body: bytes | str | dict[str, Any] = b"",
    status: int = 200,
    media_type: str = "application/fhir+json",
    **headers: str,
) -> Behaviour:
    """Answer properly. A dict is sent as JSON; underscores in header names become hyphens."""
    raw = json.dumps(body).encode() if isinstance(body, dict) else body.encode() if isinstance(body, str) else body
    told = {"Content-Type": media_type, "Content-Length": str(len(raw)), "Connection": "close"}
    told |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = f"HTTP/1.1 {status} Told\r\n" + "".join(f"{name}: {value}\r\n" for name, value in told.items()) + "\r\n"
    return lambda connection: connection.send(head.encode() + raw)


def cut(sent: bytes = b"") -> Behaviour:
    """Send ``sent`` and close."""
    return lambda connection: connection.send(sent)


def silent(sent: bytes = b"") -> Behaviour:
    """Send ``sent``, then nothing, and keep the connection open."""

    def behave(connection: Connection) -> None:
        connection.send(sent)
        connection.over.wait(10)

    return behave


def drip(head: bytes, every: float = 0.02) -> Behaviour:
    """Send ``head`` and then a byte every now and then, for as long as somebody reads."""

    def behave(connection: Connection) -> None:
        connection.send(head)
        while not connection.over.wait(every):
            connection.send(b" ")

    return behave


def start() -> tuple[Peer, Callable[[], None]]:
    """Start a peer; the second value stops it."""
    peer = Peer()
    over = threading.Event()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            try:
                request = self.read()
                peer.requests.append(request)
                peer.behaviour(request)(Connection(request, self.wfile.write, over, peer))
            except OSError:
                return  # the client has gone, as some tests make it do

        def read(self) -> Request:
            method, target, _ = self.rfile.readline().decode().split(" ", 2)
            headers: dict[str, str] = {}
            while line := self.rfile.readline().decode().strip():
                name, _, value = line.partition(":")
                headers[name.lower()] = value.strip()
            return Request(method, target, headers, self.rfile.read(int(headers.get("content-length", 0))))

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True
        request_queue_size = 64

    server = Server(("127.0.0.1", 0), Handler)
    peer.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()

    def stop() -> None:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()

    return peer, stop
