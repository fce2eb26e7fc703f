"""The API keys: where a client holds them, and how a call gets them.

Keys must not appear in a repr, log, traceback, pickle, exception or recorded cassette. So they
join a call as late as possible, in one place: the socket, below `http.client`. Hooks, recorders,
logs, audit hooks and the integrations of Sentry and OpenTelemetry work above that, and never see
them.

1. `ApiKeys` holds what the user passed to `Client`; `for_call` gives the keys of one attempt.
2. `with_keys` makes them known to the current thread for the time of a call.
3. `connections` opens those whose sockets add the keys.
4. `redaction` removes them from texts of the server and from logs.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, Literal, NoReturn, Self, cast, get_args
from urllib.parse import urlencode

from requests import PreparedRequest, Session
from requests.adapters import BaseAdapter, HTTPAdapter

from leadquery.client.connections import Call, current_call, use_signing_pools
from leadquery.client.deadline import Deadline
from leadquery.client.redaction import redact
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


@contextmanager
def with_keys(
    keys: ApiKeys, session: Session, request: PreparedRequest, deadline: Deadline
) -> Iterator[None]:
    """Sign the call made in this block: in its socket, or else in the request itself."""
    adapter = session.get_adapter(request.url or "")
    if isinstance(adapter, HTTPAdapter) and type(adapter).send is HTTPAdapter.send:
        use_signing_pools(adapter)
        call = Call(keys, deadline, socket_signs=True)
    else:
        _warn_of_adapter(adapter)
        _sign(request, keys)
        call = Call(keys, deadline, socket_signs=False)
    token = current_call.set(call)
    try:
        yield
    finally:
        current_call.reset(token)


def signed_copy(request: PreparedRequest) -> PreparedRequest:
    """A copy of the request of the current call as it would leave the socket."""
    call, copy = current_call.get(), request.copy()
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
