"""Where a client calls and with which keys. Keys show in no text, no log and no pickle."""

from __future__ import annotations

import logging
import re
from typing import Final, NoReturn
from urllib.parse import quote, quote_plus

from leadquery.errors import QueryError
from leadquery.spec.vocabulary import ACCESS_KEY, SECRET_KEY

LOOPBACK: Final = ("localhost", "127.0.0.1", "[::1]")
HIDDEN: Final = "***"

_LABEL: Final = "[a-z0-9_-]{1,63}"
_origin = re.compile(
    rf"(?:(https?)://)?({_LABEL}(?:\.{_LABEL})*|\[[0-9a-f:.]+\])(?::([0-9]{{1,5}}))?/?"
).fullmatch
_keys_of_url = re.compile(rf"\b({ACCESS_KEY}|{SECRET_KEY})=[^&\s'\"]*").sub


class Keys:
    """An access key and a secret key.

    Raises QueryError for what cannot be a key.
    """

    def __init__(self, access_key: str, secret_key: str) -> None:
        self._access = _key("access_key", access_key)
        self._secret = _key("secret_key", secret_key)

    @property
    def parameters(self) -> dict[str, str]:
        """What the URL of a call holds. (API page: Request URL)"""
        return {ACCESS_KEY: self._access, SECRET_KEY: self._secret}

    def hidden_in(self, text: str) -> str:
        """A text without the keys, plain or as they stand in a URL."""
        keys = self._access, self._secret
        said = {form for key in keys for form in (key, quote(key, safe=""), quote_plus(key))}
        # The longest first: a shorter one may be a part of it.
        for form in sorted(said, key=len, reverse=True):
            text = text.replace(form, HIDDEN)
        return text

    def __repr__(self) -> str:
        return "<Keys>"

    def __reduce__(self) -> NoReturn:
        raise QueryError("a client holds keys and is not pickled; make one where it is used")


def origin(host: str) -> str:
    """The scheme, host and port of a call. An error does not repeat what may hold a key."""
    hint = "write the API host of the account, as in 'api.example.com'"
    if not isinstance(host, str) or not host.strip():
        raise QueryError(f"the host is empty; {hint}")
    found = _origin(host.strip().lower())
    scheme, name, port = found.groups("") if found else ("", "", "")
    if not name or int(port or 1) not in range(1, 65_536):
        raise QueryError(f"the host is more or less than a host; {hint}")
    if scheme == "http" and name not in LOOPBACK:
        raise QueryError("http would send the keys in the clear; write 'https://' or no scheme")
    return f"{scheme or 'https'}://{name}{port and f':{port}'}"


def _key(name: str, key: str) -> str:
    if not isinstance(key, str) or not key.strip():
        raise QueryError(f"{name} is empty; write the key from the account's settings")
    if not key.strip().isprintable():
        raise QueryError(f"{name} holds what no key holds; write it as the account's settings do")
    return key.strip()


def _hide_in_log(record: logging.LogRecord) -> bool:
    """Let a record of urllib3 pass, without the keys of the URL in it."""
    if isinstance(record.args, tuple):
        record.args = tuple(
            _keys_of_url(rf"\1={HIDDEN}", one) if isinstance(one, str) else one
            for one in record.args
        )
    return True


# urllib3 logs the URL of each call when it is told to debug, and of each call it tries again.
for _logger in ("urllib3.connectionpool", "urllib3.util.retry"):
    logging.getLogger(_logger).addFilter(_hide_in_log)
