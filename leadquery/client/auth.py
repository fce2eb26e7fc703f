"""The API keys: where a client holds them, how a call gets them, and how they stay out of sight.

Keys must not appear in a repr, log, traceback, pickle, exception or recorded cassette. So they
join a call as late as possible, in one place:

1. `Credentials` holds what the user passed to `Client`: the access key, and the secret key or a
   function that returns it.
2. `Credentials.keys()` gives the `ApiKeys` of one attempt. The secret may change between attempts.
3. `with_keys` makes these keys known to the current thread for the time of one call.
4. `AuthSession` opens connections whose `putrequest` adds the keys to the request line or to the
   headers. Hooks, recorders and logs of requests and urllib3 all work above that, and never see
   them. A session of the user's own has no such connections; its prepared request is signed.
5. `redact_record` is a filter on urllib3's loggers, and `ApiKeys.redact` removes the keys from
   text that the API sends back. See `redaction`.

Start reading at `ApiKeys` and `with_keys`.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from http.client import HTTPConnection
from typing import Any, Final, Literal, NoReturn, Self, cast, get_args
from urllib.parse import urlencode

from requests import PreparedRequest, Session
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager

from leadquery.client.redaction import REDACTED, redact
from leadquery.errors import QueryError
from leadquery.wire.enums import ACCESS_KEY, ACCESS_KEY_HEADER, SECRET_KEY, SECRET_KEY_HEADER

AuthMethod = Literal["query", "headers"]
"""Where a call carries its keys: in the query string of its URL, or in headers."""

LOOPBACK: Final = ("localhost", "127.0.0.1", "[::1]")

MAX_CONNECTIONS: Final = 32
"""Connections kept open, so that as many threads can call without opening a new one each time."""

NOT_PICKLED: Final = "a client holds keys and cannot be pickled; create one where it is used"

_HOST_HINT: Final = "write the API host of the account, as in 'api.example.com'"

_LABEL: Final = "[a-z0-9_-]{1,63}"

_match_origin = re.compile(
    rf"(?:(https?)://)?({_LABEL}(?:\.{_LABEL})*|\[[0-9a-f:.]+\])(?::([0-9]{{1,5}}))?/?"
).fullmatch


def parse_origin(host: str) -> str:
    """The scheme, host and port to call. Errors do not repeat the text, which may hold a key."""
    if not isinstance(host, str) or not host.strip():
        raise QueryError(f"the host is empty; {_HOST_HINT}")
    match = _match_origin(host.strip().lower())
    scheme, name, port = match.groups("") if match else ("", "", "")
    if not name or int(port or 1) not in range(1, 65_536):
        raise QueryError(f"the host is not a host name alone; {_HOST_HINT}")
    if scheme == "http" and name not in LOOPBACK:
        raise QueryError("http would send the keys unencrypted; write 'https://' or no scheme")
    return f"{scheme or 'https'}://{name}{port and f':{port}'}"


class ApiKeys:
    """The keys of one call, stored where `repr`, `vars` and pickle do not reach.

    Tracebacks can show the locals of every frame, so a method that raises has no key in a local.
    """

    __slots__ = ("_get_pair", "_method")

    def __init__(
        self, access_key: object, secret_key: object, method: AuthMethod = "query"
    ) -> None:
        self._get_pair: Callable[[], tuple[object, object]] = lambda: (access_key, secret_key)
        self._method: AuthMethod = method

    def with_secret(self, secret_key: object) -> ApiKeys:
        """The same access key with another secret key."""
        return ApiKeys(self._get_pair()[0], secret_key, self._method)

    def validated(self, *, only_access: bool = False) -> Self:
        """These keys. Raises QueryError if one of them cannot be a key."""
        names = ("access_key",) if only_access else ("access_key", "secret_key")
        methods = (self._method, self._method)
        errors = [error for error in map(_key_error, names, self._get_pair(), methods) if error]
        if errors:
            raise QueryError(errors[0])
        return self

    def sign_url(self, url: str) -> str:
        """The URL with the keys, unless they go into headers. (API page: Request URL)"""
        if self._method == "headers":
            return url
        return f"{url}{'&' if '?' in url else '?'}{urlencode(self._named(ACCESS_KEY, SECRET_KEY))}"

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
        return hashlib.sha256(f"{origin}\n{self._texts()[0]}".encode()).hexdigest()

    def _texts(self) -> tuple[str, str]:
        access, secret = cast("tuple[str, str]", self._get_pair())
        return access.strip(), secret.strip()

    def _named(self, *names: str) -> dict[str, str]:
        return dict(zip(names, self._texts(), strict=True))

    def __repr__(self) -> str:
        return "<ApiKeys>"

    def __reduce__(self) -> NoReturn:
        raise QueryError(NOT_PICKLED)


class Credentials:
    """An access key, and a secret key or a function that returns it for each call.

    Nothing is validated before `check`, since the caller of `__init__` still has the keys in its
    locals.
    """

    __slots__ = ("_get_secret", "_method", "_static", "known_keys")

    def __init__(
        self, access_key: str, secret_key: str | Callable[[], str], method: AuthMethod = "query"
    ) -> None:
        self._static = not callable(secret_key)
        self._get_secret: Callable[[], object] = secret_key if callable(secret_key) else str
        self._method: AuthMethod = method
        self.known_keys = ApiKeys(access_key, secret_key if self._static else "", method)
        """The keys without a call of the user's function: then the secret key is empty."""

    def check(self) -> None:
        """Raise QueryError if these cannot be keys. Does not call the user's function."""
        if self._method not in get_args(AuthMethod):
            choices = " or ".join(map(repr, get_args(AuthMethod)))
            raise QueryError(f"auth={self._method!r} is unknown; write {choices}")
        self.known_keys.validated(only_access=not self._static)

    def keys(self) -> ApiKeys:
        """The keys for one call. Raises QueryError if the user's function returns no key."""
        if self._static:
            return self.known_keys.validated()
        return self.known_keys.with_secret(self._get_secret()).validated()

    def __repr__(self) -> str:
        return "<Credentials>"

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


_keys_of_call: Final[ContextVar[ApiKeys | None]] = ContextVar("keys_of_call", default=None)
"""The keys of the call that the current thread is making."""


@contextmanager
def with_keys(keys: ApiKeys, session: Session, request: PreparedRequest) -> Iterator[None]:
    """Sign the call made in this block, at the connection if the session is an AuthSession."""
    if not isinstance(session, AuthSession):
        request.url = keys.sign_url(request.url or "")
        request.headers.update(keys.headers)
    token = _keys_of_call.set(keys)
    try:
        yield
    finally:
        _keys_of_call.reset(token)


def signed_copy(adapter: HTTPAdapter, request: PreparedRequest) -> PreparedRequest:
    """A copy of the request as a connection of the adapter would send it."""
    keys, copy = _keys_of_call.get(), request.copy()
    if keys is not None and isinstance(adapter, AuthAdapter):
        copy.url = keys.sign_url(request.url or "")
        copy.headers.update(keys.headers)
    return copy


class AuthSession(Session):
    """A session whose connections add the keys of `with_keys`."""

    def __init__(self) -> None:
        super().__init__()
        for scheme in ("https://", "http://"):
            self.mount(scheme, AuthAdapter(pool_maxsize=MAX_CONNECTIONS))


class AuthAdapter(HTTPAdapter):
    """The adapter of requests, with connections that add the keys."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Create the pools of direct connections."""
        super().init_poolmanager(*args, **kwargs)
        _use_signing_pools(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """Create the pools of connections through a proxy."""
        return _use_signing_pools(super().proxy_manager_for(proxy, **kwargs))


class _SigningHTTPPool(HTTPConnectionPool):
    def _new_conn(self) -> Any:
        return _add_signing(super()._new_conn())


class _SigningHTTPSPool(HTTPSConnectionPool):
    def _new_conn(self) -> Any:
        return _add_signing(super()._new_conn())


def _use_signing_pools(manager: PoolManager) -> PoolManager:
    manager.pool_classes_by_scheme = {"http": _SigningHTTPPool, "https": _SigningHTTPSPool}
    return manager


def _add_signing(connection: Any) -> Any:
    """Make a connection add the keys of the call to its request line or headers."""
    # A recorder may wrap the connection; the keys belong to the real one.
    real = cast("HTTPConnection", getattr(connection, "real_connection", connection))
    unsigned: Callable[..., None] = real.putrequest

    def putrequest(method: str, url: str, *args: Any, **kwargs: Any) -> None:
        keys = _keys_of_call.get()
        if keys is None:
            unsigned(method, url, *args, **kwargs)
            return
        unsigned(method, keys.sign_url(url), *args, **kwargs)
        for name in keys.headers:
            real.putheader(name, keys.headers[name])

    real.putrequest = putrequest  # type: ignore[method-assign]  # Of this connection alone.
    # With a debug level, http.client would print whole requests.
    real.debuglevel = 0
    return connection


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
    keys = _keys_of_call.get()
    return _redact_parameters(rf"\1={REDACTED}", keys.redact(text) if keys else text)


for _name in LOGGERS:
    logging.getLogger(_name).addFilter(redact_record)
