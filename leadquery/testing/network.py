"""The block of the network in tests with the fixture `leadsquared`."""

from __future__ import annotations

import socket
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPConnection
from importlib import import_module
from threading import local
from typing import Any, Final
from unittest.mock import patch

from leadquery.wire.enums import DOMAIN

INTERNET_FAMILIES: Final = frozenset({socket.AF_INET, socket.AF_INET6})

CONNECT_METHODS: Final = ("connect", "connect_ex", "sendto")
"""Methods of a socket whose last argument is the address."""

LOOKUP_FUNCTIONS: Final = ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr")
"""Functions of the module whose first argument is the host."""

_LISTENING: Final = (None, "0.0.0.0", "::")  # noqa: S104 - nothing listens.
"""Addresses that a server looks up to listen on them."""

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
    with ExitStack() as patches:
        for name in CONNECT_METHODS:
            patches.enter_context(patch.object(socket.socket, name, _guard_method(name, check)))
        for name in LOOKUP_FUNCTIONS:
            patches.enter_context(patch.object(socket, name, _guard_lookup(name, check)))
        patches.enter_context(patch.object(socket, "getnameinfo", _guard_getnameinfo(check)))
        # Windows has no sendmsg.
        if hasattr(socket.socket, "sendmsg"):
            patches.enter_context(patch.object(socket.socket, "sendmsg", _guard_sendmsg(check)))
        patches.enter_context(patch.object(socket, "socketpair", socketpair))
        patches.enter_context(patch.object(HTTPConnection, "set_tunnel", _guard_tunnel(check)))
        # It has sockets of its own.
        with suppress(ImportError):
            patches.enter_context(_guard_uvloop(import_module("uvloop").Loop, check))
        yield check


def _guard_method(name: str, check: CheckHost) -> Callable[..., Any]:
    original: Callable[..., Any] = getattr(socket.socket, name)

    def call(self: socket.socket, *args: Any) -> Any:
        if self.family in INTERNET_FAMILIES:
            check(args[-1][0])
        return original(self, *args)

    return call


def _guard_sendmsg(check: CheckHost) -> Callable[..., Any]:
    original = socket.socket.sendmsg

    def call(self: socket.socket, *args: Any) -> Any:
        # The fourth argument is the address; a connected socket needs none.
        if self.family in INTERNET_FAMILIES and len(args) > 3 and args[3] is not None:
            check(args[3][0])
        return original(self, *args)

    return call


def _guard_getnameinfo(check: CheckHost) -> Callable[..., Any]:
    original = socket.getnameinfo

    def call(address: Any, flags: int) -> Any:
        check(address[0])
        return original(address, flags)

    return call


def _guard_lookup(name: str, check: CheckHost) -> Callable[..., Any]:
    original: Callable[..., Any] = getattr(socket, name)

    def call(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host not in _LISTENING:
            check(host)
        return original(host, *args, **kwargs)

    return call


def _guard_tunnel(check: CheckHost) -> Callable[..., Any]:
    """Block the API behind a proxy that may be allowed."""
    original = HTTPConnection.set_tunnel

    def call(self: HTTPConnection, host: str, *args: Any, **kwargs: Any) -> None:
        if is_leadsquared(host):
            check(host)
        original(self, host, *args, **kwargs)

    return call


@contextmanager
def _guard_uvloop(loop: type[Any], check: CheckHost) -> Iterator[None]:
    def guard(name: str, get_host: Callable[..., Any]) -> Callable[..., Any]:
        original: Callable[..., Any] = getattr(loop, name)

        def call(self: Any, *args: Any, **kwargs: Any) -> Any:
            host = get_host(*args, **kwargs)
            if host is not None:
                check(host)
            return original(self, *args, **kwargs)

        return call

    hosts: dict[str, Callable[..., Any]] = {
        "create_connection": lambda _, host=None, *__, **___: host,
        "getaddrinfo": lambda host, *_, **__: host,
        "sock_connect": lambda _, address: address[0],
        "create_datagram_endpoint": lambda _, __=None, remote_addr=None, **___: (
            remote_addr and remote_addr[0]
        ),
    }
    with ExitStack() as patches:
        for name, get_host in hosts.items():
            patches.enter_context(patch.object(loop, name, guard(name, get_host)))
        yield
