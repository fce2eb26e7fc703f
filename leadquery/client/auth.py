"""Where a client calls and with which keys. Keys show in no text, no log and no pickle."""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Callable
from itertools import groupby
from typing import Final, Literal, NoReturn, Self, cast, get_args
from urllib.parse import urlencode

from leadquery.errors import QueryError
from leadquery.wire.protocol import ACCESS_KEY, ACCESS_KEY_HEADER, SECRET_KEY, SECRET_KEY_HEADER

AuthMethod = Literal["query", "headers"]
"""Where a call holds its keys: in the query of its URL, or in headers."""

LOOPBACK: Final = ("localhost", "127.0.0.1", "[::1]")

HIDDEN: Final = "***"

NOT_PICKLED: Final = "a client holds keys and is not pickled; make one where it is used"

HINT: Final = "write the API host of the account, as in 'api.example.com'"

_LABEL: Final = "[a-z0-9_-]{1,63}"

_origin = re.compile(
    rf"(?:(https?)://)?({_LABEL}(?:\.{_LABEL})*|\[[0-9a-f:.]+\])(?::([0-9]{{1,5}}))?/?"
).fullmatch


class ApiKeys:
    """The pair of keys of one call, held where no `repr`, `vars` or pickle looks.

    A traceback may show the locals of every frame, so no method that raises holds a key in one.
    """

    __slots__ = ("_pair", "_place")

    def __init__(self, access_key: object, secret_key: object, place: AuthMethod = "query") -> None:
        self._pair: Callable[[], tuple[object, object]] = lambda: (access_key, secret_key)
        self._place: AuthMethod = place

    def told(self, secret_key: object) -> ApiKeys:
        """The same access key with another secret key."""
        return ApiKeys(self._pair()[0], secret_key, self._place)

    def checked(self, *, only_access: bool = False) -> Self:
        """The keys themselves. Raises QueryError for what cannot be a key."""
        names = ("access_key",) if only_access else ("access_key", "secret_key")
        problems = [
            problem
            for problem in map(_problem, names, self._pair(), (self._place, self._place))
            if problem
        ]
        if problems:
            raise QueryError(problems[0])
        return self

    def on(self, url: str) -> str:
        """A URL with the keys, if they travel there. (API page: Request URL)"""
        if self._place == "headers":
            return url
        return f"{url}{'&' if '?' in url else '?'}{urlencode(self._named(ACCESS_KEY, SECRET_KEY))}"

    @property
    def headers(self) -> dict[str, str]:
        """The headers that hold the keys, if they travel there."""
        if self._place == "query":
            return {}
        return self._named(ACCESS_KEY_HEADER, SECRET_KEY_HEADER)

    def hidden_in(self, text: str) -> str:
        """A text without the keys, plain or as a URL, JSON or HTML spells them."""
        # The longer one first: the other may be a part of it.
        longest = sorted(self._texts(), key=len, reverse=True)
        return re.sub("|".join(map(_spellings, longest)), HIDDEN, text, flags=re.IGNORECASE)

    def account(self, where: str) -> str:
        """A name for the account that tells nothing of its keys."""
        return hashlib.sha256(f"{where}\n{self._texts()[0]}".encode()).hexdigest()

    def _texts(self) -> tuple[str, str]:
        access, secret = cast("tuple[str, str]", self._pair())
        return access.strip(), secret.strip()

    def _named(self, *names: str) -> dict[str, str]:
        return dict(zip(names, self._texts(), strict=True))

    def __repr__(self) -> str:
        return "<Keys>"

    def __reduce__(self) -> NoReturn:
        raise QueryError(NOT_PICKLED)


class Credentials:
    """An access key, and a secret key or what tells it at each call.

    Nothing is looked at before `check`: whoever makes one still holds the keys in its locals.
    """

    __slots__ = ("_asked", "_place", "_secret", "known")

    def __init__(
        self, access_key: str, secret_key: str | Callable[[], str], place: AuthMethod = "query"
    ) -> None:
        self._asked = callable(secret_key)
        self._secret: Callable[[], object] = secret_key if callable(secret_key) else str
        self._place: AuthMethod = place
        self.known = ApiKeys(access_key, "" if self._asked else secret_key, place)
        """The keys, the secret one as far as it is known without asking."""

    def check(self) -> None:
        """Raise QueryError for what cannot be a key; a secret key that is told is not yet asked."""
        if self._place not in get_args(AuthMethod):
            choices = " or ".join(f"'{place}'" for place in get_args(AuthMethod))
            raise QueryError(f"auth={self._place!r} is not known; write {choices}")
        self.known.checked(only_access=self._asked)

    def keys(self) -> ApiKeys:
        """The keys of one call. Raises QueryError when what is told cannot be a key."""
        return (self.known.told(self._secret()) if self._asked else self.known).checked()

    def __repr__(self) -> str:
        return "<Credentials>"

    def __reduce__(self) -> NoReturn:
        raise QueryError(NOT_PICKLED)


def origin(host: str) -> str:
    """The scheme, host and port of a call. An error does not repeat what may hold a key."""
    if not isinstance(host, str) or not host.strip():
        raise QueryError(f"the host is empty; {HINT}")
    found = _origin(host.strip().lower())
    scheme, name, port = found.groups("") if found else ("", "", "")
    if not name or int(port or 1) not in range(1, 65_536):
        raise QueryError(f"the host is more or less than a host; {HINT}")
    if scheme == "http" and name not in LOOPBACK:
        raise QueryError("http would send the keys in the clear; write 'https://' or no scheme")
    return f"{scheme or 'https'}://{name}{port and f':{port}'}"


def _problem(name: str, key: object, place: AuthMethod) -> str | None:
    """What is wrong with a key, without the key."""
    if not isinstance(key, str) or not key.strip():
        return f"{name} is empty; write the key from the account's settings"
    if not key.strip().isprintable():
        return f"{name} holds what no key holds; write it as the account's settings do"
    if place == "headers" and not key.isascii():
        return f"{name} holds letters that a header cannot hold; write auth='query'"
    return None


def _spellings(key: str) -> str:
    """A pattern of every way a key may be spelt in a text."""
    return "".join(
        # However many there are: each text within a text has twice as many.
        r"(?:\\|%5c)+" if char == "\\" else _spelling(char) * len(list(run))
        for char, run in groupby(key)
    )


def _spelling(char: str) -> str:
    """A pattern of a character, as URLs, JSON, HTML, Python or a wrong decoding write it, too."""
    octets = [f"{octet:02x}" for octet in char.encode()]
    others = (
        # Some letters are two in the other case.
        char.lower(),
        char.upper(),
        html.escape(char),
        json.dumps(char)[1:-1],
        ascii(char)[1:-1],
        char.encode().decode("latin-1"),
        "".join(f"%{octet}" for octet in octets),
        "".join(rf"\x{octet}" for octet in octets),
        "+" if char == " " else char,
    )
    # The longest first: a shorter one may be how it begins.
    longest = sorted({re.escape(one) for one in others}, key=len, reverse=True)
    escaped = r"\\*" if char in "'\"" else ""
    return f"(?:{'|'.join(longest)}|{escaped}{re.escape(char)})"
