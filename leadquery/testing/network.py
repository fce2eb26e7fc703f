"""The network of tests with the fixture `leadsquared`: what is answered, and what is blocked.

requests and httpx have transports, which are replaced. aiohttp gets a connection to a server in the
same event loop. Every other connection and look-up raises an error.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from http.client import HTTPConnection
from importlib import import_module
from math import inf
from threading import Thread, local
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch
from urllib.parse import parse_qsl

from leadquery.emulator.app import ApiRequest, ApiResponse
from leadquery.emulator.transport import (
    CONTENT_LENGTH,
    ConnectionLostError,
    Handle,
    RefusedError,
    TimedOutError,
)
from leadquery.wire.enums import DOMAIN

if TYPE_CHECKING:
    import aiohttp
    import httpx
    from aiohttp import web

HOST: Final = "api.leadsquared.test"
"""The host of the account. No name ends so (RFC 6761): what a process of the test sends to it gets
no further than this machine."""


class NetworkBlockedError(RuntimeError):
    """A test opened a network connection while it used the fixture `leadsquared`.

    Not an OSError, so that no client takes it for a network failure and tries again.
    """


def is_leadsquared(host: str) -> bool:
    """Whether a host is the API's, or the account's of the fixture."""
    name = host.lower().rstrip(".")
    return name == HOST or f".{name}".endswith(f".{DOMAIN}")


CheckHost = Callable[[object], None]
"""Raises NetworkBlockedError for a host that is not allowed."""


@contextmanager
def block_network(allowed: Collection[str]) -> Iterator[CheckHost]:
    """Block connections and name look-ups, except for the hosts in `allowed`.

    Unix sockets work, and so do socket pairs, which event loops use.
    """
    pairing = local()

    def check(host: object) -> None:
        name = host.decode("utf-8", "replace") if isinstance(host, bytes) else str(host)
        if is_leadsquared(name):
            raise NetworkBlockedError(
                f"connection to {name!r} in a test with leadsquared, which answers requests, "
                f"httpx and aiohttp; for another client, write leadsquared.url, "
                f"not 'https://{name}'"
            )
        if name not in allowed and not getattr(pairing, "active", False):
            raise NetworkBlockedError(
                f"connection to {name!r} in a test with leadsquared; to allow it, "
                f"write leadsquared.allow_hosts({name!r})"
            )

    def socketpair(*args: Any, **kwargs: Any) -> Any:
        # On Windows a pair is made by a connection to this machine.
        pairing.active = True
        try:
            return original_socketpair(*args, **kwargs)
        finally:
            pairing.active = False

    original_socketpair = socket.socketpair
    guarded = dict(_GUARDED)
    # It has sockets of its own.
    with suppress(ImportError):
        guarded[import_module("uvloop").Loop] = _GUARDED_LOOP
    with ExitStack() as patches:
        patches.enter_context(patch.object(socket, "socketpair", socketpair))
        for owner, functions in guarded.items():
            for name, get_host in functions.items():
                # Windows has no sendmsg.
                if hasattr(owner, name):
                    call = _guard(getattr(owner, name), get_host, check)
                    patches.enter_context(patch.object(owner, name, call))
        yield check


GetHost = Callable[..., object]
"""Takes the arguments of a function, and returns the host to check; None for none."""


def _guard(original: Callable[..., Any], get_host: GetHost, check: CheckHost) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        host = get_host(*args, **kwargs)
        if host is not None:
            check(host)
        return original(*args, **kwargs)

    return call


def _internet_host(connection: socket.socket, address: Any) -> object:
    is_internet = connection.family in (socket.AF_INET, socket.AF_INET6)
    return address[0] if is_internet and address is not None else None


def _connected_host(connection: socket.socket, *args: Any) -> object:
    return _internet_host(connection, args[-1])


def _message_host(connection: socket.socket, *args: Any) -> object:
    # The fourth argument is the address; a connected socket needs none.
    return _internet_host(connection, args[3] if len(args) > 3 else None)


def _looked_up_host(host: object, *_: Any, **__: Any) -> object:
    # Servers look up the others to listen on them.
    return None if host in ("0.0.0.0", "::") else host  # noqa: S104 - nothing listens.


def _tunnelled_host(_: HTTPConnection, host: str, *__: Any, **___: Any) -> object:
    """The API behind a proxy that may be allowed."""
    return host if is_leadsquared(host) else None


_GUARDED: Final[dict[Any, dict[str, GetHost]]] = {
    socket.socket: {
        **dict.fromkeys(("connect", "connect_ex", "sendto"), _connected_host),
        "sendmsg": _message_host,
    },
    socket: {
        **dict.fromkeys(
            ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr"), _looked_up_host
        ),
        "getnameinfo": lambda address, _: address[0],
    },
    HTTPConnection: {"set_tunnel": _tunnelled_host},
}

_GUARDED_LOOP: Final[dict[str, GetHost]] = {
    "create_connection": lambda _, __=None, host=None, *___, **____: host,
    "getaddrinfo": lambda _, host, *__, **___: host,
    "sock_connect": lambda _, __, address: address[0],
    "create_datagram_endpoint": lambda _, __, ___=None, remote_addr=None, **____: (
        remote_addr and remote_addr[0]
    ),
}


@contextmanager
def patch_clients(handle: Handle, check: CheckHost) -> Iterator[None]:
    """Handle the calls to LeadSquared of the clients that are installed."""
    with ExitStack() as patches:
        for name, patch_client in _CLIENTS.items():
            with suppress(ImportError):
                patches.enter_context(patch_client(import_module(name), handle, check))
        yield


@contextmanager
def _patch_httpx(httpx: Any, handle: Handle, _: CheckHost) -> Iterator[None]:
    send: Callable[..., httpx.Response] = httpx.HTTPTransport.handle_request
    send_async: Callable[..., Any] = httpx.AsyncHTTPTransport.handle_async_request

    def handle_request(transport: object, request: httpx.Request) -> httpx.Response:
        if not is_leadsquared(request.url.host):
            return send(transport, request)
        request.read()
        return _handle_httpx(handle, request)

    async def handle_async_request(transport: object, request: httpx.Request) -> httpx.Response:
        if not is_leadsquared(request.url.host):
            try:
                response: httpx.Response = await send_async(transport, request)
            except* NetworkBlockedError as group:
                # anyio connects to addresses in a group of tasks.
                raise group.exceptions[0] from None
            return response
        from anyio import to_thread

        await request.aread()
        return await to_thread.run_sync(_handle_httpx, handle, request, abandon_on_cancel=True)

    with (
        patch.object(httpx.HTTPTransport, "handle_request", handle_request),
        patch.object(httpx.AsyncHTTPTransport, "handle_async_request", handle_async_request),
    ):
        yield


def _handle_httpx(handle: Handle, request: httpx.Request) -> httpx.Response:
    """The response as httpx has it. A lost connection raises the same errors as a real one."""
    import httpx

    class Body(httpx.SyncByteStream, httpx.AsyncByteStream):
        """The body of the response, which may be cut off."""

        def __iter__(self) -> Iterator[bytes]:
            yield response.body
            length, received = int(response.headers[CONTENT_LENGTH]), len(response.body)
            if received < length and request.method != "HEAD":
                raise httpx.RemoteProtocolError(
                    "peer closed connection without sending complete message body "
                    f"(received {received} bytes, expected {length})"
                )

        async def __aiter__(self) -> AsyncIterator[bytes]:
            for part in self:
                yield part

    url, seconds = request.url, request.extensions.get("timeout", {}).get("read")
    api_request = ApiRequest(
        method=request.method,
        path=url.path,
        query=tuple(parse_qsl(url.query.decode(), keep_blank_values=True)),
        headers=request.headers,
        body=request.content,
    )
    try:
        response = handle(api_request, inf if seconds is None else seconds)
    except RefusedError:
        raise httpx.ConnectError("[Errno 111] Connection refused", request=request) from None
    except TimedOutError:
        raise httpx.ReadTimeout("The read operation timed out", request=request) from None
    except ConnectionLostError:
        message = "Server disconnected without sending a response."
        raise httpx.RemoteProtocolError(message, request=request) from None
    return httpx.Response(
        response.status.value,
        headers=dict(response.headers),
        stream=Body(),
        extensions={"http_version": b"HTTP/1.1"},
    )


@contextmanager
def _patch_aiohttp(aiohttp: Any, handle: Handle, check: CheckHost) -> Iterator[None]:
    connect: Callable[..., Any] = aiohttp.TCPConnector._create_connection

    async def create_connection(
        connector: Any, request: aiohttp.ClientRequest, *args: Any, **kwargs: Any
    ) -> Any:
        host = request.url.host or ""
        if is_leadsquared(host):
            return await _connect(connector._factory, handle)
        # Its resolver may have sockets of its own.
        check(request.proxy.host if request.proxy else host)
        return await connect(connector, request, *args, **kwargs)

    with patch.object(aiohttp.TCPConnector, "_create_connection", create_connection):
        yield


async def _connect(factory: Callable[[], asyncio.Protocol], handle: Handle) -> asyncio.Protocol:
    """A connection of aiohttp to a server in the same event loop."""
    from aiohttp import web

    async def respond(request: web.BaseRequest) -> web.StreamResponse:
        api_request = ApiRequest(
            method=request.method,
            path=request.path,
            query=tuple(request.query.items()),
            headers=request.headers,
            body=await request.read(),
        )
        try:
            response = await _in_thread(partial(handle, api_request, inf))
        except ConnectionLostError:
            response = None
        return await _send(request, response)

    loop = asyncio.get_running_loop()
    own, other = socket.socketpair()
    own.setblocking(False)
    other.setblocking(False)
    # The log of calls would hold the keys.
    server = web.Server(respond, access_log=None, handler_cancellation=True)
    await loop.connect_accepted_socket(server, other)
    return (await loop.connect_accepted_socket(factory, own))[1]


async def _send(request: web.BaseRequest, response: ApiResponse | None) -> web.StreamResponse:
    """Send a response, or as much of it as there is, and close the connection."""
    from aiohttp import web

    sent = web.StreamResponse()
    if response is not None:
        sent = web.StreamResponse(status=response.status.value, headers=response.headers)
        sent.force_close()
        await sent.prepare(request)
        await sent.write(response.body)
        await sent.write_eof()
    is_whole = response is not None and len(response.body) == sent.content_length
    if not is_whole and request.method != "HEAD" and request.transport:
        request.transport.close()
    return sent


async def _in_thread(function: Callable[[], ApiResponse]) -> ApiResponse:
    """Call a function in a thread that nobody waits for at the end of the event loop."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[ApiResponse] = loop.create_future()

    def finish(set_outcome: Callable[[Any], None], outcome: object) -> None:
        if not future.cancelled():
            set_outcome(outcome)

    def run() -> None:
        outcome: tuple[Callable[[Any], None], object]
        try:
            outcome = future.set_result, function()
        except BaseException as error:  # noqa: BLE001 - raised in the event loop.
            outcome = future.set_exception, error
        # The event loop may be closed.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(finish, *outcome)

    Thread(target=run, daemon=True).start()
    return await future


_CLIENTS: Final[dict[str, Callable[[Any, Handle, CheckHost], Any]]] = {
    "httpx": _patch_httpx,
    "aiohttp": _patch_aiohttp,
}
"""What answers the calls of each client, except requests."""
