"""The API keys: where a client holds them, how a call gets them, and how they stay out of sight.

Keys must not appear in a repr, log, traceback, pickle, exception or recorded cassette. So they
join a call as late as possible, in one place:

1. `Credentials` holds what the user passed to `Client`: the access key, and the secret key or a
   function that returns it.
2. `Credentials.keys()` gives the `ApiKeys` of one attempt. The secret may change between attempts.
3. `connection` makes these keys known to the current thread for the time of one call, and adds
   them in the socket, below everything that observes the call.
   It also removes them from the logs of urllib3.
4. `ApiKeys.redact` removes them from text that the API sends back. See `redaction`.

Start reading at `ApiKeys`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from traceback import clear_frames
from typing import Final, Literal, NoReturn, Self, cast, get_args
from urllib.parse import urlencode

from leadquery.client.redaction import redact
from leadquery.errors import QueryError
from leadquery.wire.enums import ACCESS_KEY, ACCESS_KEY_HEADER, SECRET_KEY, SECRET_KEY_HEADER

AuthMethod = Literal["query", "headers"]
"""Where a call carries its keys: in the query string of its URL, or in headers."""

LOOPBACK: Final = ("localhost", "127.0.0.1", "[::1]")

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


@contextmanager
def without_locals() -> Iterator[None]:
    """Clear the locals of all frames that an exception has left, such as Ctrl-C in this block.

    Error reporters show them, and they may hold keys, or text of the server with keys in it.
    """
    try:
        yield
    except BaseException as error:
        clear_frames(error.__traceback__)
        raise


def _key_error(name: str, key: object, method: AuthMethod) -> str | None:
    """What is wrong with a key, without the key itself."""
    if not isinstance(key, str) or not key.strip():
        return f"{name} is empty; write the key from the account's settings"
    if not key.strip().isprintable():
        return f"{name} has an unprintable character; copy it again from the account's settings"
    if method == "headers" and not key.isascii():
        return f"{name} has a character that a header cannot hold; write auth='query'"
    return None
