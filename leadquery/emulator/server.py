"""The mock API on a port: requests come in over HTTP, from clients in any language.

A fault that loses the connection closes it. A caller cannot tell a refused connection from a
dropped one; only the latter counts against the limit.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from errno import EADDRNOTAVAIL
from http import HTTPStatus
from threading import Thread
from typing import TYPE_CHECKING, Any, Final, Self

from leadquery._util.text import describe_json
from leadquery.emulator.app import ApiRequest, ApiResponse, error_response
from leadquery.emulator.transport import ConnectionLostError, Transport
from leadquery.errors import QueryError

try:
    from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
    from werkzeug.serving import WSGIRequestHandler, make_server
    from werkzeug.wrappers import Request
except ImportError:
    raise QueryError(
        "a server needs werkzeug, which is not installed; run pip install 'leadquery[serve]'"
    ) from None

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

MAX_BODY: Final = 1 << 24
"""Bytes that a request may have. Queries are much smaller."""

BACKLOG: Final = 128
"""Connections that may wait for a thread."""


class EmulatorServer:
    """Serves inside a `with` block, or in `serve()`. The port is taken from the start.

    Raises QueryError for a host or a port that cannot be used.
    """

    def __init__(self, transport: Transport, host: str, port: int) -> None:
        with _bind(host, port) as listener:
            self._server = make_server(
                host,
                port,
                _wsgi_app(transport),
                threaded=True,
                request_handler=_RequestHandler,
                fd=listener.fileno(),
            )
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def port(self) -> int:
        """The port, also when you asked for a free one."""
        return self._server.port

    @property
    def url(self) -> str:
        """The URL to give to a client as its host.

        >>> from leadquery.emulator import Emulator
        >>> with Emulator([]).server() as server:
        ...     server.url == f"http://127.0.0.1:{server.port}"
        True
        """
        host = self._server.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    def serve(self) -> None:
        """Serve until the process is interrupted."""
        self._server.serve_forever()

    def close(self) -> None:
        """Make `serve`, running in another thread, return."""
        self._server.shutdown()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        self._thread.join()


def _bind(host: str, port: int) -> socket.socket:
    if type(port) is not int or port not in range(65_536):
        raise QueryError(
            f"{describe_json(port)} is not a port; write 0 for a free one, or a number below 65536"
        )
    if not host:
        raise QueryError("the host is empty; write '127.0.0.1' to allow this machine only")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except (OSError, ValueError) as error:
        if getattr(error, "errno", None) in _NOT_LOCAL:
            raise QueryError(
                f"{describe_json(host)} is not an address of this machine; write '127.0.0.1' to "
                "allow this machine only, or '0.0.0.0' to allow others too"
            ) from None
        reason = getattr(error, "strerror", None) or error
        raise QueryError(
            f"port {port} of {describe_json(host)} cannot be used: {reason}; "
            "write port 0 for a free one"
        ) from None


_NOT_LOCAL: Final = (EADDRNOTAVAIL, socket.EAI_NONAME)
"""The system's errors for an address of another machine, and for an invalid address."""


def _wsgi_app(
    transport: Transport,
) -> Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            response = _handle(transport, environ)
        except ConnectionLostError:
            raise ConnectionAbortedError from None
        status = f"{response.status.value} {response.status.phrase}"
        start_response(status, [*response.headers.items()])
        return [response.body]

    return app


def _handle(transport: Transport, environ: WSGIEnvironment) -> ApiResponse:
    try:
        request = _to_api_request(_LimitedRequest(environ))
    except RequestEntityTooLarge:
        return error_response(
            f"the body has more than {MAX_BODY:,} bytes", HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        )
    except (ClientDisconnected, OSError, ValueError):
        return error_response("the body is incomplete, or its chunks are invalid")
    return transport.handle(request)


class _LimitedRequest(Request):
    max_content_length = MAX_BODY


def _to_api_request(request: Request) -> ApiRequest:
    return ApiRequest(
        method=request.method,
        path=request.path,
        query=tuple(request.args.items(multi=True)),
        headers=dict(request.headers.items()),
        body=request.get_data(cache=False),
    )


class _RequestHandler(WSGIRequestHandler):
    """One thread for each connection. Nothing is logged, since the URL of a call holds its keys."""

    protocol_version = "HTTP/1.1"

    def connection_dropped(self, error: BaseException, environ: Any = None) -> None:
        """Close the connection."""
        self.close_connection = True

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - werkzeug's name
        """Log nothing."""
