"""Block network connections while a test uses the fixture `leadsquared`."""

from __future__ import annotations

import socket
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from threading import local
from typing import Any, Final
from unittest.mock import patch

INTERNET_FAMILIES: Final = frozenset({socket.AF_INET, socket.AF_INET6})

CONNECT_METHODS: Final = ("connect", "connect_ex", "sendto")
"""Methods of a socket whose last argument is the address."""

LOOKUP_FUNCTIONS: Final = ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr")
"""Functions of the module whose first argument is the host."""


class NetworkBlockedError(RuntimeError):
    """A test opened a network connection while it used the fixture `leadsquared`.

    Not an OSError, so that no client takes it for a network failure and tries again.
    """


@contextmanager
def block_network(allowed: Collection[str]) -> Iterator[None]:
    """Block connections and name look-ups, except for the hosts in `allowed`.

    Unix sockets work, and so do socket pairs, which event loops use.
    """
    pairing = local()

    def check(host: object) -> None:
        if str(host) not in allowed and not getattr(pairing, "active", False):
            raise NetworkBlockedError(
                f"connection to {host!r} in a test with leadsquared; call leadsquared.host, "
                f"or write leadsquared.allow_hosts({host!r})"
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
        yield


def _guard_method(name: str, check: Callable[[object], None]) -> Callable[..., Any]:
    original: Callable[..., Any] = getattr(socket.socket, name)

    def call(self: socket.socket, *args: Any) -> Any:
        if self.family in INTERNET_FAMILIES:
            check(args[-1][0])
        return original(self, *args)

    return call


def _guard_sendmsg(check: Callable[[object], None]) -> Callable[..., Any]:
    original = socket.socket.sendmsg

    def call(self: socket.socket, *args: Any) -> Any:
        # The fourth argument is the address; a connected socket needs none.
        if self.family in INTERNET_FAMILIES and len(args) > 3 and args[3] is not None:
            check(args[3][0])
        return original(self, *args)

    return call


def _guard_getnameinfo(check: Callable[[object], None]) -> Callable[..., Any]:
    original = socket.getnameinfo

    def call(address: Any, flags: int) -> Any:
        check(address[0])
        return original(address, flags)

    return call


def _guard_lookup(name: str, check: Callable[[object], None]) -> Callable[..., Any]:
    original: Callable[..., Any] = getattr(socket, name)

    def call(host: Any, *args: Any, **kwargs: Any) -> Any:
        # None is the address that a server listens on.
        if host is not None:
            check(host)
        return original(host, *args, **kwargs)

    return call
