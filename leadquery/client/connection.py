"""Connections that add the keys to a call, and that keep its deadline.

The keys join a call in the socket, below `http.client`: hooks, recorders, logs, audit hooks and
the integrations of Sentry and OpenTelemetry work above that, and never see them. The socket also
ends the call at its deadline, however slowly the response arrives.

`with_keys` starts a call, `_prepare` makes an adapter of requests open such connections, and
`KeySocket` does the work.
"""

from __future__ import annotations

import io
import logging
import os
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from functools import cache
from http.client import HTTPConnection, HTTPException
from threading import Event, Thread
from typing import Any, Final, cast
from weakref import WeakSet

import urllib3
from attrs import define, field
from requests import PreparedRequest, Session
from requests.adapters import BaseAdapter, HTTPAdapter

from leadquery.client.auth import ApiKeys
from leadquery.client.deadline import MAX_SLEEP, Deadline
from leadquery.client.redaction import REDACTED
from leadquery.errors import MissingDependencyError
from leadquery.wire.enums import ACCESS_KEY, SECRET_KEY

MAX_CONNECTIONS: Final = 32
"""Connections kept open, so that as many threads can call without opening a new one each time."""


@define(eq=False)
class _Call:
    """The call that the current thread makes."""

    keys: ApiKeys
    deadline: Deadline
    is_signed: bool = False
    socket_signs: bool = field(kw_only=True)


_current_call: Final[ContextVar[_Call | None]] = ContextVar("current_call", default=None)


def current_keys() -> ApiKeys | None:
    """The keys of the call that the current thread makes, if it makes one."""
    call = _current_call.get()
    return call.keys if call else None


@contextmanager
def with_keys(
    keys: ApiKeys, session: Session, request: PreparedRequest, deadline: Deadline
) -> Iterator[None]:
    """Sign the call made in this block: in its socket, or else in the request itself."""
    adapter = session.get_adapter(request.url or "")
    call = _Call(keys, deadline, socket_signs=_prepare(adapter))
    if not call.socket_signs:
        _warn_of_adapter(adapter)
        _sign(request, keys)
    token = _current_call.set(call)
    try:
        yield
    finally:
        _current_call.reset(token)


def signed_copy(request: PreparedRequest) -> PreparedRequest:
    """A copy of the request of the current call as it would leave the socket."""
    call, copy = _current_call.get(), request.copy()
    if call and call.socket_signs:
        _sign(copy, call.keys)
    return copy


def _sign(request: PreparedRequest, keys: ApiKeys) -> None:
    request.url = keys.sign_url(request.url or "")
    request.headers.update(keys.headers)


def default_session() -> Session:
    """A session for a client that is given none."""
    session = Session()
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(pool_maxsize=MAX_CONNECTIONS))
    return session


def check_urllib3() -> None:
    """Raise MissingDependencyError if another package took the place of urllib3."""
    if hasattr(urllib3, "AsyncPoolManager"):
        raise MissingDependencyError(
            "urllib3 was replaced by urllib3-future, which niquests installs; write "
            "pip install --force-reinstall urllib3, and use niquests in another environment"
        )


def _warn_of_adapter(adapter: BaseAdapter) -> None:
    if isinstance(adapter, HTTPAdapter) and not getattr(adapter, "is_local", False):
        warnings.warn(
            f"the session's {type(adapter).__name__} has a send() of its own, so that the keys are "
            "a part of the request that hooks, recorders and error reporters see; mount an adapter "
            "without one, or leave out session=",
            stacklevel=2,
        )


_prepared: Final[WeakSet[HTTPAdapter]] = WeakSet()
"""The adapters whose connections add keys."""

_inherited: Final[list[object]] = []
"""Connections of the parent process. Closing them could wait for a lock that nobody releases."""


def _prepare(adapter: BaseAdapter) -> bool:
    """Make an adapter open connections that add keys; False if it need not open any."""
    if not isinstance(adapter, HTTPAdapter) or type(adapter).send is not HTTPAdapter.send:
        return False
    if adapter not in _prepared:
        _prepared.add(adapter)
        proxy_manager_for = adapter.proxy_manager_for

        def signing_proxy_manager_for(*args: Any, **kwargs: Any) -> Any:
            return _use_signing_pools(proxy_manager_for(*args, **kwargs))

        adapter.proxy_manager_for = signing_proxy_manager_for  # type: ignore[method-assign]
        _use_signing_pools(adapter.poolmanager)
    return True


def _use_signing_pools(manager: Any) -> Any:
    classes = manager.pool_classes_by_scheme
    signing = {scheme: _signing_pool(pool) for scheme, pool in classes.items()}
    if signing != classes:
        manager.pool_classes_by_scheme = signing
        # These connections would not add keys.
        manager.clear()
    return manager


class _SigningPool:
    def _new_conn(self) -> Any:
        return _add_socket(super()._new_conn())  # type: ignore[misc]  # A mix-in for pools.


@cache
def _signing_pool(pool: type[Any]) -> type[Any]:
    if issubclass(pool, _SigningPool):
        return pool
    return type(f"Signing{pool.__name__}", (_SigningPool, pool), {})


def _add_socket(connection: Any) -> Any:
    """Make a connection use sockets that add keys."""
    # A recorder may wrap the connection; the keys belong to the real one.
    real = cast("HTTPConnection", getattr(connection, "real_connection", connection))
    connect: Callable[[], None] = real.connect
    open_tunnel: Callable[[], None] = real._tunnel  # type: ignore[attr-defined]

    get_response: Callable[..., Any] = real.getresponse

    def connect_socket() -> None:
        call = _current_call.get()
        if call and call.deadline.seconds is not None:
            _connect_in_time(connect, real, call.deadline)
        else:
            connect()
        real.sock = KeySocket(real.sock)

    def open_tunnel_in_time() -> None:
        sock = real.sock
        real.sock = DeadlineSocket(sock)
        open_tunnel()
        # TLS needs the real one.
        real.sock = sock

    def get_redacted_response(*args: Any, **kwargs: Any) -> Any:
        try:
            return get_response(*args, **kwargs)
        except HTTPException as error:
            _redact_error(error)
            raise

    real.getresponse = get_redacted_response  # type: ignore[method-assign]
    real.connect = connect_socket  # type: ignore[method-assign]  # Of this connection alone.
    real._tunnel = open_tunnel_in_time  # type: ignore[attr-defined]
    # With a debug level, http.client would print responses, which may repeat the keys.
    real.debuglevel = 0
    return connection


def _connect_in_time(
    connect: Callable[[], None], connection: HTTPConnection, deadline: Deadline
) -> None:
    """Connect in a thread, and leave it at the deadline: nothing interrupts a DNS lookup.

    A host may also have many addresses, each of which gets the whole timeout.
    """
    context, left, errors = copy_context(), Event(), list[BaseException]()

    def run() -> None:
        try:
            context.run(connect)
        except BaseException as error:  # noqa: BLE001 - raised in the other thread.
            errors.append(error)
        if left.is_set():
            connection.close()

    thread = Thread(target=run, name="leadquery-connect", daemon=True)
    thread.start()
    try:
        while (is_late := thread.is_alive()) and (remaining := deadline.remaining) > 0:
            thread.join(min(remaining, MAX_SLEEP))
    finally:
        # urllib3 closes the connection after an error, and the thread what it opens later.
        left.set()
    if is_late:
        raise TimeoutError("the deadline has passed")
    if errors:
        raise errors.pop()


def _redact_error(error: HTTPException) -> None:
    """Remove the keys from what the server sent in place of HTTP: OpenTelemetry records errors."""
    if keys := current_keys():
        texts = {name: keys.redact(f"{value}") for name, value in vars(error).items()}
        error.args = tuple(keys.redact(f"{value}") for value in error.args)
        vars(error).update(texts)


class DeadlineSocket:
    """A socket that stops reading at the deadline of the current call."""

    def __init__(self, sock: Any) -> None:
        self._sock = sock

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)

    def makefile(self, *args: Any, **kwargs: Any) -> Any:
        """A file for the response."""
        call = _current_call.get()
        if call is None:
            return self._sock.makefile(*args, **kwargs)
        raw = self._sock.makefile("rb", buffering=0)
        return io.BufferedReader(_DeadlineReader(raw, self._sock, call.deadline))


class KeySocket(DeadlineSocket):
    """A socket that adds the keys of the current call to the head of its request."""

    def sendall(self, data: bytes, *flags: int) -> None:
        """Send bytes. The first ones of a call are the head of its request."""
        call = _current_call.get()
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
        _use_signing_pools(adapter.poolmanager)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_reset_after_fork)


LOGGERS: Final = (
    "urllib3.connection",
    "urllib3.connectionpool",
    "urllib3.poolmanager",
    "urllib3.response",
    "urllib3.util.retry",
)
"""Loggers that log URLs or responses. A logger's filter does not apply to its children."""

_redact_parameters = re.compile(rf"\b({ACCESS_KEY}|{SECRET_KEY})=[^&\s'\"]*", re.IGNORECASE).sub

_format_traceback = logging.Formatter().formatException


def redact_record(record: logging.LogRecord) -> bool:
    """A log filter that removes the keys of the current call, and the keys in any URL."""
    text = record.getMessage()
    redacted = _redact(text)
    if redacted != text:
        record.msg, record.args = redacted, None
    if record.exc_info:
        # A handler would format the traceback again from exc_info.
        record.exc_text, record.exc_info = _redact(_format_traceback(record.exc_info)), None
    return True


def _redact(text: str) -> str:
    keys = current_keys()
    return _redact_parameters(rf"\1={REDACTED}", keys.redact(text) if keys else text)


for _name in LOGGERS:
    logging.getLogger(_name).addFilter(redact_record)
