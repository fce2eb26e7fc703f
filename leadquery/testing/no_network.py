"""No connection leaves the process: what a test may not do is refused where it is tried."""

from __future__ import annotations

import socket
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from threading import local
from typing import Any, Final
from unittest.mock import patch

NETWORKS: Final = frozenset({socket.AF_INET, socket.AF_INET6})

CALLS: Final = ("connect", "connect_ex", "sendto")
"""The methods of a socket that name where they go, which is their last argument."""

LOOKUPS: Final = ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr")
"""What looks up the host that is its first argument."""

Call = Callable[..., Any]


class NetworkBlockedError(RuntimeError):
    """A test opened a socket while it used the fixture `leadsquared`.

    It is no OSError, so that no client takes it for a network that may come back.
    """


@contextmanager
def block_network(allowed: Collection[str]) -> Iterator[None]:
    """Let no socket out to a network, and look up no name, but for hosts that are allowed.

    What processes of one machine say to each other by file or pipe is left alone, and so is a
    pair of sockets, by which an event loop talks to itself.
    """
    pairing = local()

    def check(host: object) -> None:
        if str(host) not in allowed and not getattr(pairing, "now", False):
            raise NetworkBlockedError(
                f"a socket to {host!r}, in a test with leadsquared; call leadsquared.host, "
                f"or write leadsquared.allow({host!r})"
            )

    def paired(*given: Any, **named: Any) -> Any:
        pairing.now = True
        try:
            return pair(*given, **named)
        finally:
            pairing.now = False

    pair = socket.socketpair
    with ExitStack() as patches:
        for name in CALLS:
            patches.enter_context(patch.object(socket.socket, name, _guard_method(name, check)))
        for name in LOOKUPS:
            patches.enter_context(patch.object(socket, name, _guard_lookup(name, check)))
        patches.enter_context(patch.object(socket, "getnameinfo", _guard_getnameinfo(check)))
        # Windows has none.
        if hasattr(socket.socket, "sendmsg"):
            patches.enter_context(patch.object(socket.socket, "sendmsg", _guard_sendmsg(check)))
        patches.enter_context(patch.object(socket, "socketpair", paired))
        yield


def _guard_method(name: str, check: Callable[[object], None]) -> Call:
    real: Call = getattr(socket.socket, name)

    def call(own: socket.socket, *given: Any) -> Any:
        if own.family in NETWORKS:
            check(given[-1][0])
        return real(own, *given)

    return call


def _guard_sendmsg(check: Callable[[object], None]) -> Call:
    real: Call = socket.socket.sendmsg

    def call(own: socket.socket, *given: Any) -> Any:
        # Its fourth argument is where it goes; without one, the socket is connected.
        if own.family in NETWORKS and len(given) > 3 and given[3] is not None:
            check(given[3][0])
        return real(own, *given)

    return call


def _guard_getnameinfo(check: Callable[[object], None]) -> Call:
    real: Call = socket.getnameinfo

    def call(address: Any, flags: int) -> Any:
        check(address[0])
        return real(address, flags)

    return call


def _guard_lookup(name: str, check: Callable[[object], None]) -> Call:
    real: Call = getattr(socket, name)

    def call(host: Any, *given: Any, **named: Any) -> Any:
        # None stands for this machine, for who wants to listen.
        if host is not None:
            check(host)
        return real(host, *given, **named)

    return call
