"""The API keys: where a client holds them, and the connections that add them to a call.

Keys must not appear in a repr, log, traceback, pickle, exception or recorded cassette. So they
join a call as late as possible, in one place: the socket, below `http.client`. Hooks, recorders,
logs, audit hooks and the integrations of Sentry and OpenTelemetry work above that, and never see
them. The socket also ends the call at its deadline, however slowly the response arrives.

1. `ApiKeys` holds what the user passed to `Client`; `for_call` gives the keys of one attempt.
2. `with_keys` makes them known to the current thread for the time of a call, and makes the adapter
   of requests open connections whose `KeySocket` adds them.
3. `redaction` removes them from texts of the server and from logs.
"""

from __future__ import annotations

import hashlib
import io
import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from functools import cache
from http.client import HTTPConnection, HTTPException
from threading import Event, Thread
from typing import Any, Final, Literal, NoReturn, Self, cast, get_args
from urllib.parse import urlencode
from weakref import WeakSet

from attrs import define, field
from requests import PreparedRequest, Session
from requests.adapters import BaseAdapter, HTTPAdapter

from leadquery.client.deadline import MAX_SLEEP, Deadline
from leadquery.client.redaction import redact, redact_logs
from leadquery.errors import QueryError
from leadquery.wire.enums import ACCESS_KEY, ACCESS_KEY_HEADER, SECRET_KEY, SECRET_KEY_HEADER

AuthMethod = Literal["query", "headers"]
"""Where a call carries its keys: in the query string of its URL, or in headers."""

NOT_PICKLED: Final = "a client holds keys and cannot be pickled; create one where it is used"

_NAMES: Final = ("access_key", "secret_key")


class ApiKeys:
    """An access key, and a secret key or a function that returns it for each call.

    They are stored where `repr`, `vars` and pickle do not reach. Tracebacks can show the locals of
    every frame, so a method that raises has no key in a local, and nothing is validated before
    `check`: the caller of `__init__` still has the keys in its locals.
    """

    __slots__ = ("_get_pair", "_method")

    def __init__(
        self, access_key: object, secret_key: object, method: AuthMethod = "query"
    ) -> None:
        self._get_pair: Callable[[], tuple[object, Any]] = lambda: (access_key, secret_key)
        self._method: AuthMethod = method

    def check(self) -> None:
        """Raise QueryError if these cannot be keys. Does not call the user's function."""
        if self._method not in get_args(AuthMethod):
            choices = " or ".join(map(repr, get_args(AuthMethod)))
            raise QueryError(f"auth={self._method!r} is unknown; write {choices}")
        self._validated(_NAMES[:1] if self._has_function else _NAMES)

    def for_call(self) -> ApiKeys:
        """The keys of one call. Raises QueryError if the user's function returns no key."""
        if not self._has_function:
            return self
        return ApiKeys(self._get_pair()[0], self._get_pair()[1](), self._method)._validated(_NAMES)

    @property
    def _has_function(self) -> bool:
        return callable(self._get_pair()[1])

    def _validated(self, names: tuple[str, ...]) -> Self:
        methods = (self._method, self._method)
        errors = map(_key_error, names, self._get_pair(), methods)
        if error := next(filter(None, errors), None):
            raise QueryError(error)
        return self

    def sign_url(self, url: str) -> str:
        """The URL with the keys, unless they go into headers. (API page: Request URL)"""
        if self._method == "headers":
            return url
        return f"{url}{'&' if '?' in url else '?'}{urlencode(self._named(ACCESS_KEY, SECRET_KEY))}"

    def sign_head(self, head: bytes) -> bytes:
        """The head of a request, as bytes, with the keys."""
        line, separator, rest = head.partition(b"\r\n")
        method, target, version = line.decode("latin-1").split(" ")
        lines = [
            f"{method} {self.sign_url(target)} {version}",
            *(f"{name}: {value}" for name, value in self.headers.items()),
        ]
        return "\r\n".join(lines).encode("latin-1") + separator + rest

    @property
    def headers(self) -> dict[str, str]:
        """The headers with the keys; none if the keys go into the URL."""
        if self._method == "query":
            return {}
        return self._named(ACCESS_KEY_HEADER, SECRET_KEY_HEADER)

    def redact(self, text: str) -> str:
        """Replace the keys in a text, however they are escaped."""
        return redact(text, self._texts())

    def account_id(self, origin: str) -> str:
        """A name for the account that reveals nothing of its keys."""
        return hashlib.sha256(f"{origin}\n{str(self._get_pair()[0]).strip()}".encode()).hexdigest()

    def _texts(self) -> tuple[str, str]:
        access, secret = cast("tuple[str, str]", self._get_pair())
        return access.strip(), secret.strip()

    def _named(self, *names: str) -> dict[str, str]:
        return dict(zip(names, self._texts(), strict=True))

    def __reduce__(self) -> NoReturn:
        raise QueryError(NOT_PICKLED)


def _key_error(name: str, key: object, method: AuthMethod) -> str | None:
    """What is wrong with a key, without the key itself."""
    if not isinstance(key, str) or not key.strip():
        return f"{name} is empty; write the key from the account's settings"
    if not key.strip().isprintable():
        return f"{name} has an unprintable character; copy it again from the account's settings"
    if method == "headers" and not key.isascii():
        return f"{name} has a character that a header cannot hold; write auth='query'"
    return None


@define(eq=False)
class _Call:
    """The call that the current thread makes."""

    keys: ApiKeys
    deadline: Deadline
    is_signed: bool = False
    socket_signs: bool = field(kw_only=True)


_current_call: Final[ContextVar[_Call | None]] = ContextVar("current_call", default=None)


def _redact(text: str) -> str:
    """A text without the keys of the call that the current thread makes, if it makes one."""
    call = _current_call.get()
    return call.keys.redact(text) if call else text


redact_logs(_redact)


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
            # What the server sent in place of HTTP: OpenTelemetry records errors.
            error.args = tuple(_redact(f"{value}") for value in error.args)
            vars(error).update({name: _redact(f"{value}") for name, value in vars(error).items()})
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
