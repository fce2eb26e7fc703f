"""The wire on a port: calls come in over HTTP, from clients in any language.

What is lost on the wire is lost here too: the connection closes. A caller cannot tell a refused
connection from a dropped one; only the latter counts against the limit.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from errno import EADDRNOTAVAIL
from threading import Thread
from typing import TYPE_CHECKING, Any, Final, Self

from leadquery.emulator.messages import ApiRequest
from leadquery.emulator.transport import ConnectionLostError, Transport
from leadquery.errors import QueryError
from leadquery.lint.json_values import describe_json

try:
    from werkzeug.serving import WSGIRequestHandler, make_server
    from werkzeug.wrappers import Request
except ImportError:
    raise QueryError(
        "a server needs werkzeug, which is not installed; run pip install 'leadquery[serve]'"
    ) from None

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

WAITING: Final = 128
"""Callers that may stand in line for a thread."""


class EmulatorServer:
    """Serves while a `with` holds it, or in `serve()`. The port is taken from the start.

    Raises QueryError for a host or a port that cannot be used.
    """

    def __init__(self, wire: Transport, host: str, port: int) -> None:
        with _bound(host, port) as taken:
            self._server = make_server(
                host,
                port,
                _application(wire),
                threaded=True,
                request_handler=_RequestHandler,
                fd=taken.fileno(),
            )
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def port(self) -> int:
        """The port, also where a free one was asked for."""
        return self._server.port

    @property
    def url(self) -> str:
        """What to give a client as its host.

        >>> from leadquery.emulator import Emulator
        >>> with Emulator([]).server() as server:
        ...     server.url == f"http://127.0.0.1:{server.port}"
        True
        """
        host = self._server.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    def serve(self) -> None:
        """Answer until the process is interrupted."""
        self._server.serve_forever()

    def close(self) -> None:
        """Let `serve`, which another thread is in, come to its end."""
        self._server.shutdown()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        self._thread.join()


def _bound(host: str, port: int) -> socket.socket:
    if type(port) is not int or port not in range(65_536):
        raise QueryError(
            f"{describe_json(port)} is no port; write 0 for a free one, or one below 65536"
        )
    if not host:
        raise QueryError("the host is empty; write '127.0.0.1' for this machine alone")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=WAITING)
    except (OSError, ValueError) as error:
        if getattr(error, "errno", None) in _NOT_HERE:
            raise QueryError(
                f"{describe_json(host)} is no address of this machine; write '127.0.0.1' to let in this "
                "machine alone, or '0.0.0.0' for others too"
            ) from None
        reason = getattr(error, "strerror", None) or error
        raise QueryError(
            f"port {port} of {describe_json(host)} cannot be used: {reason}; write port 0 for a free one"
        ) from None


_NOT_HERE: Final = (EADDRNOTAVAIL, socket.EAI_NONAME)
"""What the system says of an address of another machine, and of one that is none."""


def _application(wire: Transport) -> Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]:
    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        try:
            reply = wire.carry(_call(Request(environ)))
        except ConnectionLostError:
            raise ConnectionAbortedError from None
        start(f"{reply.status.value} {reply.status.phrase}", [*reply.headers.items()])
        return [reply.body]

    return answer


def _call(request: Request) -> ApiRequest:
    return ApiRequest(
        method=request.method,
        path=request.path,
        query=tuple(request.args.items(multi=True)),
        headers=dict(request.headers.items()),
        body=request.get_data(cache=False),
    )


class _RequestHandler(WSGIRequestHandler):
    """One thread for each caller. Nothing is logged: the URL of a call holds its keys."""

    protocol_version = "HTTP/1.1"

    def connection_dropped(self, error: BaseException, environ: Any = None) -> None:
        """Hang up."""
        self.close_connection = True

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - werkzeug's name
        """Say nothing."""
