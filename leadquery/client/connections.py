"""The connections of a client: they add the keys of a call in its socket, and keep its deadline.

A session sends a call through an adapter of requests, which has pools of connections from urllib3.
Each of them gets something here:

1. `use_signing_pools` lets an adapter open pools with the methods of `_SigningPool`.
2. Such a pool gives its connections the methods of `_SigningConnection`.
3. Such a connection opens a `KeySocket`, which adds the keys of the `current_call` to its first
   bytes, and reads no longer than until its deadline, however slowly the response arrives.
"""

from __future__ import annotations

import io
import math
import os
from collections import deque
from collections.abc import Callable
from contextvars import ContextVar, copy_context
from functools import cache
from http.client import HTTPException
from queue import Empty, Full
from threading import Event, Thread
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, Final, cast
from weakref import WeakSet

from attrs import define, field
from requests.adapters import HTTPAdapter

from leadquery.client.deadline import MAX_SLEEP, Deadline
from leadquery.client.redaction import redact_logs

if TYPE_CHECKING:
    from leadquery.client.auth import ApiKeys


@define(eq=False)
class Call:
    """The call that the current thread makes."""

    keys: ApiKeys
    deadline: Deadline
    is_signed: bool = False
    socket_signs: bool = field(kw_only=True)


current_call: Final[ContextVar[Call | None]] = ContextVar("current_call", default=None)


def _redact(text: str) -> str:
    """A text without the keys of the call that the current thread makes, if it makes one."""
    call = current_call.get()
    return call.keys.redact(text) if call else text


redact_logs(_redact)


POLL_INTERVAL: Final = 0.01
"""Seconds between attempts to get a connection, if the pool of a session of the user's has a limit
and all are in use."""

_prepared: Final[WeakSet[HTTPAdapter]] = WeakSet()
"""The adapters whose connections add keys."""

_inherited: Final[list[object]] = []
"""Connections of the parent process. Closing them could wait for a lock that nobody releases."""


def use_signing_pools(adapter: HTTPAdapter) -> None:
    """Make an adapter open connections that add keys."""
    if adapter in _prepared:
        return
    proxy_manager_for = adapter.proxy_manager_for

    def signing_proxy_manager_for(*args: Any, **kwargs: Any) -> Any:
        return _with_signing_pools(proxy_manager_for(*args, **kwargs))

    adapter.proxy_manager_for = signing_proxy_manager_for  # type: ignore[method-assign]
    _with_signing_pools(adapter.poolmanager)
    _prepared.add(adapter)


def _with_signing_pools(manager: Any) -> Any:
    classes = manager.pool_classes_by_scheme
    signing = {scheme: _combined(_SigningPool, pool) for scheme, pool in classes.items()}
    if signing != classes:
        manager.pool_classes_by_scheme = signing
        # These connections would not add keys.
        manager.clear()
    return manager


class IdleConnections:
    """The connections that a pool keeps open: the last one put is the next one to get.

    Ctrl-C may leave the lock of urllib3's own LifoQueue locked, so that every later call waits for
    it. What a deque does cannot be interrupted.
    """

    def __init__(self, max_size: int) -> None:
        self._max_size = max_size
        self._connections: deque[Any] = deque()

    def put(self, connection: Any, block: bool = False) -> None:
        """Add a connection, or None for one that is not open yet. Raises Full."""
        if connection is not None and connection in self._connections:
            # A call that was interrupted gives it back again.
            return
        if len(self._connections) >= self._max_size:
            raise Full
        self._connections.append(connection)

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        """Take a connection. Raises Empty if there is none, or none in time."""
        end = monotonic() + (math.inf if timeout is None else timeout)
        while True:
            try:
                return self._connections.pop()
            except IndexError:
                if not block or monotonic() >= end:
                    raise Empty from None
            sleep(POLL_INTERVAL)

    def qsize(self) -> int:
        """The number of connections."""
        return len(self._connections)


class _SigningPool:
    """What is added to the class of a pool: its connections are of a class with the part below."""

    QueueCls = IdleConnections

    def _new_conn(self) -> Any:
        connection = super()._new_conn()  # type: ignore[misc]
        # A recorder may wrap the connection; the keys belong to the real one.
        real: Any = getattr(connection, "real_connection", connection)
        real.__class__ = _combined(_SigningConnection, real.__class__)
        # With a debug level, http.client would print responses, which may repeat the keys.
        real.debuglevel = 0
        return connection


class _SigningConnection:
    """What is added to the class of a connection: keys, deadlines, and errors without keys."""

    if TYPE_CHECKING:
        sock: Any

        def close(self) -> None: ...

    def connect(self) -> None:
        """Open a socket that adds keys, by the deadline of the call."""
        call = current_call.get()
        connect: Callable[[], None] = super().connect  # type: ignore[misc]
        if call and call.deadline.seconds is not None:
            _run_in_time(connect, call.deadline, undo=self.close)
        else:
            connect()
        self.sock = KeySocket(self.sock)

    def _tunnel(self) -> None:
        """Ask a proxy for a tunnel, by the deadline of the call."""
        sock = self.sock
        self.sock = DeadlineSocket(sock)
        super()._tunnel()  # type: ignore[misc]
        # TLS needs the real one.
        self.sock = sock

    def getresponse(self, *args: Any, **kwargs: Any) -> Any:
        """Read the response; an error quotes what the server sent, without the keys."""
        try:
            return super().getresponse(*args, **kwargs)  # type: ignore[misc]
        except HTTPException as error:
            # OpenTelemetry records errors.
            error.args = tuple(_redact(f"{value}") for value in error.args)
            vars(error).update({name: _redact(f"{value}") for name, value in vars(error).items()})
            raise


@cache
def _combined(part: type, base: type) -> type:
    """A subclass of a class of urllib3 with the methods of a part above."""
    if issubclass(base, part):
        return base
    return type(f"Signing{base.__name__}", (part, base), {})


def _run_in_time(connect: Callable[[], None], deadline: Deadline, undo: Callable[[], None]) -> None:
    """Connect in a thread, and leave it at the deadline: nothing interrupts a DNS lookup.

    A host may also have many addresses, each of which gets the whole timeout. If the thread
    connects after all, it calls `undo`.
    """
    context, abandoned, errors = copy_context(), Event(), list[BaseException]()

    def run() -> None:
        try:
            context.run(connect)
        except BaseException as error:  # noqa: BLE001 - raised in the other thread.
            errors.append(error)
        if abandoned.is_set():
            undo()

    thread = Thread(target=run, name="leadquery-connect", daemon=True)
    thread.start()
    try:
        while thread.is_alive() and (remaining := deadline.remaining) > 0:
            thread.join(min(remaining, MAX_SLEEP))
        is_late = thread.is_alive()
    finally:
        # urllib3 closes the connection after an error, and the thread what it opens later.
        abandoned.set()
    if is_late:
        raise TimeoutError("the deadline has passed")
    if errors:
        raise errors.pop()


class DeadlineSocket:
    """A socket that stops reading at the deadline of the current call."""

    def __init__(self, sock: Any) -> None:
        self._sock = sock

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)

    def makefile(self, *args: Any, **kwargs: Any) -> Any:
        """A file for the response."""
        call = current_call.get()
        if call is None:
            return self._sock.makefile(*args, **kwargs)
        raw = self._sock.makefile("rb", buffering=0)
        return io.BufferedReader(_DeadlineReader(raw, self._sock, call.deadline))


class KeySocket(DeadlineSocket):
    """A socket that adds the keys of the current call to the head of its request."""

    def sendall(self, data: bytes, *flags: int) -> None:
        """Send bytes. The first ones of a call are the head of its request."""
        call = current_call.get()
        if call is None or call.is_signed:
            self._sock.sendall(data, *flags)
            return
        call.is_signed = True
        self._sock.sendall(call.keys.sign_head(data), *flags)


class _DeadlineReader(io.RawIOBase):
    def __init__(self, raw: Any, sock: Any, deadline: Deadline) -> None:
        self._raw = raw
        self._sock = sock
        self._timeout: float | None = sock.gettimeout()
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        remaining = self._deadline.remaining
        if remaining <= 0:
            raise TimeoutError("the deadline has passed")
        if self._deadline.seconds is not None:
            limits = (remaining, self._timeout) if self._timeout else (remaining,)
            self._sock.settimeout(min(limits))
        return cast("int | None", self._raw.readinto(buffer))

    def close(self) -> None:
        super().close()
        self._raw.close()


def _reset_after_fork() -> None:
    """In a forked process, open new connections: the old ones belong to the parent."""
    for adapter in list(_prepared):
        _inherited.append((adapter.poolmanager, adapter.proxy_manager))
        # As when an adapter is unpickled, it gets new pools.
        cast("Any", adapter).__setstate__(cast("Any", adapter).__getstate__())
        _with_signing_pools(adapter.poolmanager)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_reset_after_fork)
