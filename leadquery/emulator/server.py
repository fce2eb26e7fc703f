"""The mock API on a port: requests come in over HTTP, from clients in any language.

waitress serves it and bounds what a caller can take: connections, the size of headers and bodies,
and how long a request takes to arrive. A fault that loses the connection closes it. A caller cannot
tell a refused connection from a dropped one; only the latter counts against the limit.
"""

from __future__ import annotations

import logging
import select
import socket
from collections.abc import Iterable
from contextlib import suppress
from errno import EADDRNOTAVAIL
from threading import Event, Lock, Thread
from time import time
from typing import TYPE_CHECKING, Any, Final, Self

from leadquery._util.text import describe_json
from leadquery.emulator.transport import ConnectionLostError
from leadquery.errors import QueryError, missing_dependency_error

try:
    from waitress import wasyncore
    from waitress.adjustments import Adjustments
    from waitress.channel import ClientDisconnected, HTTPChannel
    from waitress.parser import HTTPRequestParser
    from waitress.server import TcpWSGIServer
except ImportError:
    raise missing_dependency_error("a server", "waitress", extra="serve") from None

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

THREADS: Final = 100
"""Calls at a time. More calls wait."""

CONNECTIONS: Final = 500
"""Connections at a time: clients keep theirs between calls. More connections wait."""

BACKLOG: Final = 512
"""Connections that may wait."""

MAX_HEADER: Final = 1 << 16
"""Bytes that the first line and the headers of a request may have."""

MAX_BODY: Final = 1 << 24
"""Bytes that the body of a request may have. Queries are much smaller."""

REQUEST_SECONDS: Final = 30
"""How long a request may take to arrive, and how long a connection may be idle."""

# What waitress logs is of no use to callers. Without this, Python would print it to stderr.
logging.getLogger("waitress").addHandler(logging.NullHandler())


class EmulatorServer:
    """Serves inside a `with` block, or in `serve()`. The port is taken from the start.

    Raises QueryError for a host or a port that cannot be used.
    """

    def __init__(self, app: WSGIApplication, host: str, port: int) -> None:
        listener = _bind(host, port)
        settings = Adjustments(
            sockets=[listener],
            threads=THREADS,
            # waitress counts the listening socket and the pipe that wakes its loop, too.
            connection_limit=CONNECTIONS + 2,
            backlog=BACKLOG,
            max_request_header_size=MAX_HEADER,
            max_request_body_size=MAX_BODY,
            channel_timeout=REQUEST_SECONDS,
            cleanup_interval=1,
            asyncore_use_poll=hasattr(select, "poll"),
        )
        address = (listener.family, listener.type, listener.proto, listener.getsockname())
        self._host = host
        self._port: int = listener.getsockname()[1]
        self._sockets: dict[int, Any] = {}
        # The types of waitress are incomplete.
        self._server: Any = _Server(
            _closing_connections(app),
            self._sockets,
            _sock=listener,
            adj=settings,
            sockinfo=address,
            bind_socket=False,
        )
        self._thread = Thread(target=self._loop, daemon=True)
        self._closing = Event()

    @property
    def port(self) -> int:
        """The port, also when you asked for a free one."""
        return self._port

    @property
    def url(self) -> str:
        """The URL to give to a client as its host.

        >>> from leadquery.emulator import Emulator
        >>> with Emulator([]).server() as server:
        ...     server.url == f"http://127.0.0.1:{server.port}"
        True
        """
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self.port}"

    def serve(self) -> None:
        """Serve until the process is interrupted, or `close` is called."""
        with suppress(KeyboardInterrupt):
            self._loop()

    def _loop(self) -> None:
        try:
            while not self._closing.is_set():
                wasyncore.loop(1, self._server.adj.asyncore_use_poll, self._sockets, count=1)
        finally:
            self._server.end_pulls()
            wasyncore.close_all(self._sockets, ignore_all=True)
            # A call that still runs is not waited for.
            self._server.task_dispatcher.shutdown(timeout=0)

    def close(self) -> None:
        """Make `serve`, running in another thread, return."""
        self._closing.set()
        self._server.pull_trigger()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        self._thread.join()


class _Parser(HTTPRequestParser):
    """Notes when a request began to arrive."""

    def __init__(self, settings: Adjustments) -> None:
        super().__init__(settings)
        self.started = time()


class _Channel(HTTPChannel):
    """Lets the thread of a call send its response, without the loop polling the socket meanwhile.

    With many calls at once, that would take most of the interpreter's time.
    """

    parser_class = _Parser

    def writable(self) -> bool:
        """Whether the loop is to send or to close: not while a thread does, unless much waits."""
        much = self.total_outbufs_len > self.adj.outbuf_high_watermark
        is_closing = self.will_close or self.close_when_flushed
        return is_closing or (self.total_outbufs_len > 0 and (much or not self.requests))


class _Server(TcpWSGIServer):
    """Closes connections whose request takes too long, even if it keeps arriving.

    Threads wake its loop through a pipe. Once that is closed, its number may be that of another
    file, so nothing is written to it.
    """

    channel_class = _Channel

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._pull_lock = Lock()
        self._can_pull = True
        super().__init__(*args, **kwargs)

    def pull_trigger(self) -> None:
        with self._pull_lock:
            if self._can_pull:
                super().pull_trigger()

    def end_pulls(self) -> None:
        """Leave the pipe alone from now on."""
        with self._pull_lock:
            self._can_pull = False

    def maintenance(self, now: Any) -> None:
        super().maintenance(now)
        channels: Any = self.active_channels
        for channel in channels.values():
            request = channel.request
            if request is not None and request.started < now - REQUEST_SECONDS:
                channel.will_close = True


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


def _closing_connections(app: WSGIApplication) -> WSGIApplication:
    """The application for waitress, which closes the connection of a lost response."""

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            return app(environ, start_response)
        except ConnectionLostError:
            raise ClientDisconnected from None

    return serve
