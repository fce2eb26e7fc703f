"""The session of a client: keys join a call at its connection, below whatever watches.

Hooks, recorders and logs of requests and urllib3 see the call without them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any, Final, cast

from requests import PreparedRequest, Session
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager

from leadquery.client.auth import ApiKeys
from leadquery.client.redaction import hide_keys_in_logs, keys_of_call as _keys

CONNECTIONS: Final = 32
"""Connections that are kept open: as many threads go without a new one for each call."""

hide_keys_in_logs()


class AuthSession(Session):
    """A session whose connections add the keys that `carrying` names."""

    def __init__(self) -> None:
        super().__init__()
        for scheme in ("https://", "http://"):
            self.mount(scheme, AuthAdapter(pool_maxsize=CONNECTIONS))


@contextmanager
def with_keys(keys: ApiKeys, session: Session, request: PreparedRequest) -> Iterator[None]:
    """Let a call carry the keys: at its connection, or at once where a session has its own ways."""
    if not isinstance(session, AuthSession):
        request.url = keys.on(request.url or "")
        request.headers.update(keys.headers)
    token = _keys.set(keys)
    try:
        yield
    finally:
        _keys.reset(token)


def signed_with(adapter: HTTPAdapter, request: PreparedRequest) -> PreparedRequest:
    """A call as a connection of the adapter sends it: with the keys that it adds, if it does."""
    keys, sent = _keys.get(), request.copy()
    if keys is not None and isinstance(adapter, AuthAdapter):
        sent.url = keys.on(request.url or "")
        sent.headers.update(keys.headers)
    return sent


class AuthAdapter(HTTPAdapter):
    """The adapter of requests, with connections of ours."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Where connections come from."""
        super().init_poolmanager(*args, **kwargs)
        _key(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """Where connections through a proxy come from."""
        return _key(super().proxy_manager_for(proxy, **kwargs))


class _Pool(HTTPConnectionPool):
    def _new_conn(self) -> Any:
        return _keyed(super()._new_conn())


class _SecurePool(HTTPSConnectionPool):
    def _new_conn(self) -> Any:
        return _keyed(super()._new_conn())


def _key(pools: PoolManager) -> PoolManager:
    pools.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
    return pools


def _keyed(connection: Any) -> Any:
    """A connection that adds the keys of the call to its first line, or to its headers."""
    # A recorder may stand in for the connection; the keys are for the real one.
    wire = cast("HTTPConnection", getattr(connection, "real_connection", connection))
    plain: Callable[..., None] = wire.putrequest

    def putrequest(method: str, url: str, *args: Any, **kwargs: Any) -> None:
        keys = _keys.get()
        if keys is None:
            plain(method, url, *args, **kwargs)
            return
        plain(method, keys.on(url), *args, **kwargs)
        for name in keys.headers:
            wire.putheader(name, keys.headers[name])

    wire.putrequest = putrequest  # type: ignore[method-assign]  # This connection's alone.
    # http.client prints whole calls when it is told to debug.
    wire.debuglevel = 0
    return connection
