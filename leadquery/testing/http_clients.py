"""Answer the calls of httpx and aiohttp in this process, as the fixture `leadsquared` does.

requests and httpx have transports, which are replaced. aiohttp gets a connection to a server in the
same event loop.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from importlib import import_module
from math import inf
from threading import Thread
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
from leadquery.testing.network import CheckHost, NetworkBlockedError, is_leadsquared

if TYPE_CHECKING:
    import aiohttp
    import httpx
    from aiohttp import web


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
