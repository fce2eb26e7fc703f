"""The errors of a call: no connection, a response that was cut off, or an error of the API.

The errors of a failed connection do not repeat the text of requests, which may hold the URL and
the keys.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from http import HTTPStatus
from http.client import HTTPException, IncompleteRead
from typing import TYPE_CHECKING, Any, Final

import requests
from attrs import frozen
from urllib3.exceptions import HTTPError, ProtocolError, ReadTimeoutError

from leadquery.client.auth import ApiKeys
from leadquery.errors import (
    ApiError,
    ApiStatusError,
    AuthenticationError,
    BadRequestError,
    InvalidResponseError,
    MethodNotAllowedError,
    NotFoundError,
    RateLimitError,
    RequestTimeoutError,
    ServerError,
    TransportError,
)
from leadquery.wire.enums import (
    DOMAIN,
    EXCEPTION_MESSAGE,
    EXCEPTION_TYPE,
    INPUT_EXCEPTIONS,
    ExceptionType,
)

if TYPE_CHECKING:
    from leadquery.client.response import RawResponse

Timeouts = tuple[float, float]
"""Seconds to connect, and to wait for the next byte."""

LOOPBACK: Final = ("localhost", "127.0.0.1", "[::1]")

NETWORK_ERRORS: Final = (
    OSError,
    HTTPError,
    HTTPException,
    ValueError,
    ArithmeticError,
    LookupError,
    zlib.error,
)
"""What a session raises when a call fails. The errors of requests are OSErrors, those of a number,
a URL or a text that cannot be read ValueErrors."""

TRY_AGAIN: Final = "try again; if it keeps happening, look for a proxy that responds for the API"

REDIRECTS: Final = range(300, 400)

SERVER_ERRORS: Final = 500

_HOUR: Final = 3_600


@frozen
class CallErrors:
    """Makes the errors of one call. They start with `client`, such as `<Client: host>`."""

    client: str
    host: str
    keys: ApiKeys

    def deadline(self, seconds: float | None, attempts: int) -> RequestTimeoutError:
        """The error for a query whose deadline has passed, before or after a call was made."""
        error = RequestTimeoutError(
            f"{self.client}: no response within the deadline of {seconds or 0:g} s",
            "allow more time with deadline=, or request fewer rows",
        )
        error.attempts = attempts
        return error

    def invalid(self, found: str, *, transient: bool = False) -> InvalidResponseError:
        """The error for a response that is not as documented."""
        return InvalidResponseError(f"{self.client}: {found}", TRY_AGAIN, transient=transient)

    def incomplete(self, received: int, length: int) -> InvalidResponseError:
        """The error for a body that is shorter than its Content-Length."""
        found = f"the response ended after {received:,} of {length:,} bytes"
        return self.invalid(found, transient=True)

    def truncated(self, received: int) -> InvalidResponseError:
        """The error for a packed body without its end."""
        found = f"the response was cut off after {received:,} unpacked bytes"
        return self.invalid(found, transient=True)

    def size(self, limit: int) -> InvalidResponseError:
        """The error for a response that is larger than allowed."""
        return InvalidResponseError(
            f"{self.client}: the response has more than {limit:,} bytes",
            f"request fewer rows at once, or allow more: max_response_bytes={limit * 2:_}",
        )

    def of_network(self, error: Exception, timeouts: Timeouts) -> TransportError:
        """The error for an exception that requests or urllib3 raised during a call."""
        cause = error.args[0] if error.args else None
        pool = cause.pool if isinstance(cause, ReadTimeoutError) else None
        if isinstance(error, requests.Timeout) or pool is not None:
            connect, read = timeouts
            is_secure = getattr(pool, "scheme", "") == "https"
            local_hint = _http_hint(self.client) if is_secure else None
            hint = (
                f"request fewer rows at once, or wait longer: timeout=({connect:g}, {read * 2:g})"
            )
            return RequestTimeoutError(
                f"{self.client}: no response in time ({connect:g} s to connect, {read:g} s to "
                "respond)",
                local_hint or hint,
                # A server without a certificate stays silent the next time, too.
                transient=local_hint is None,
            )
        if type(error) is OSError and "TLS" in str(error):
            return TransportError(
                f"{self.client}: the file of certificates does not exist",
                "check the value of REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE, and verify= of the "
                "session",
            )
        if isinstance(error, requests.exceptions.ProxyError) and (
            match := _find_tunnel(str(error))
        ):
            return _proxy_status_error(self.client, int(match[1]))
        if "SOCKS" in str(error) and isinstance(error, requests.exceptions.InvalidSchema):
            return TransportError(
                f"{self.client}: a SOCKS proxy needs the package PySocks, which is not installed",
                "write pip install 'leadquery[socks]', or check the value of HTTPS_PROXY",
            )
        for classes, found, hint, transient in _CONNECTION_ERRORS:
            if isinstance(error, classes):
                local_hint = (
                    _http_hint(self.client) if classes is requests.exceptions.SSLError else None
                )
                return TransportError(
                    f"{self.client}: {found}", local_hint or hint, transient=transient
                )
        if not isinstance(error, (OSError, HTTPError, HTTPException)):
            return TransportError(
                f"{self.client}: the response cannot be read ({type(error).__name__})",
                TRY_AGAIN,
                transient=True,
            )
        return TransportError(
            f"{self.client}: no connection, or it was closed ({type(error).__name__})",
            "check that the host is right and that this machine can reach it",
            transient=True,
        )

    def of_status(self, response: RawResponse, value: object) -> ApiStatusError:
        """The error that the API reports in a response, whose JSON value is `value`."""
        body = value if isinstance(value, dict) else {}
        raw_type = _text_of(body, EXCEPTION_TYPE)
        raw_message = api_message_of(body)
        if value is None or isinstance(value, str):
            raw_message = value or _plain_text(response)
        # Decided before the keys are removed: a short key may be a part of the type.
        error = _error_class(response.status, raw_type or "", raw_message or "")
        exception_type, api_message = self._redacted(raw_type), self._redacted(raw_message)
        status = f"status {response.status}"
        if response.status == HTTPStatus.OK and not (exception_type or api_message):
            status += " with an error that has no text"
        status_error = error(
            ": ".join(filter(None, (self.client, status, exception_type, api_message))),
            self._hint(error, response, api_message),
            status=response.status,
            exception_type=exception_type,
            api_message=api_message,
            retry_after=response.retry_after,
            transient=error in (RateLimitError, ServerError)
            or response.status == HTTPStatus.REQUEST_TIMEOUT,
        )
        if isinstance(status_error, RateLimitError):
            status_error.rate = _parse_rate(raw_message or "")
        return status_error

    def _hint(
        self, error: type[ApiStatusError], response: RawResponse, api_message: str | None
    ) -> str:
        if response.status in REDIRECTS:
            location = self.keys.redact(response.headers.get("Location", ""))
            if host := _vendor_host(location, self.host):
                return f"{_REDIRECT_HINT}; if {host!r} is it, write that"
            others = _other_hosts(location, self.host)
            return _REDIRECT_HINT + (f"; {others[0]!r} is not one of the vendor" if others else "")
        if response.status == HTTPStatus.OK and error is ApiStatusError:
            return _REJECTED_HINT
        if error is AuthenticationError and (host := _vendor_host(api_message or "", self.host)):
            return f"write {host!r} as the host"
        if error is BadRequestError and _is_about_page_size(api_message or ""):
            return "request smaller pages, as in query.page(1, 1000); run() fetches all of them"
        if error is RateLimitError:
            return _rate_limit_hint(api_message or "", response.retry_after)
        if response.status == HTTPStatus.REQUEST_TIMEOUT:
            return "the API gave up waiting; try again later, or request fewer rows at once"
        return HINTS[error]

    def _redacted(self, text: str | None) -> str | None:
        """A text of the server without the keys, and without what steers a terminal or a log."""
        if text is None or text in _KNOWN_TYPES:
            return text
        # Cut after the keys are removed, so that no half of one is left.
        redacted = self.keys.redact(text[: 2 * _MAX_MESSAGE])[:_MAX_MESSAGE]
        return "".join(map(_printable, redacted))


def api_message_of(body: Mapping[str, Any]) -> str | None:
    """The message of an error of the API."""
    return _text_of(body, EXCEPTION_MESSAGE, "Message", "message")


_MAX_MESSAGE: Final = 10_000
"""Characters of the server's message in an error."""

_KNOWN_TYPES: Final = frozenset(kind.value for kind in ExceptionType)


def _printable(character: str) -> str:
    if character.isspace():
        return " "
    return character if character.isprintable() else "\ufffd"


def _text_of(body: Mapping[str, Any], *names: str) -> str | None:
    """The first of these values that is a string."""
    return next((body[name] for name in names if isinstance(body.get(name), str)), None)


def _plain_text(response: RawResponse) -> str | None:
    """The text of a body that is neither JSON nor a page of HTML."""
    is_plain = response.headers.get("Content-Type", "").lower().startswith("text/plain")
    return response.body.decode("utf-8", "replace").strip() or None if is_plain else None


_is_about_rate = re.compile(
    r"calls exceeded the limit|rate limit|limit exceeded|too many (?:calls|requests)|throttl",
    re.IGNORECASE,
).search

_is_about_page_size = re.compile(r"page ?size", re.IGNORECASE).search

_is_about_input = re.compile(
    r"attribute\S* (?:does|do) not exist|page ?size\b.*\b(?:exceed|greater|more|less|large|max)",
    re.IGNORECASE,
).search

_find_rate = re.compile(
    r"limit of ([1-9]\d{0,5}) in (\d{1,6}(?:\.\d{1,6})?) second", re.IGNORECASE | re.ASCII
).search


def _parse_rate(api_message: str) -> tuple[int, float] | None:
    """The calls and seconds of the limit that a message names."""
    match = _find_rate(api_message)
    return (int(match[1]), float(match[2])) if match and float(match[2]) else None


def _rate_limit_hint(api_message: str, retry_after: float | None) -> str:
    hint = HINTS[RateLimitError]
    if rate := _parse_rate(api_message):
        hint = f"write the account's rate: rate={rate}"
    if retry_after is not None and retry_after >= _HOUR:
        hint += f"; the API asks to wait {retry_after / _HOUR:.3g} h"
    return hint


_REDIRECT_HINT: Final = (
    "redirects are not followed, to keep the keys safe; write the API host of the account"
)

_REJECTED_HINT: Final = (
    "the API rejected the query; check(query.to_payload(), fields=...) names possible causes, "
    "or ask the vendor about this message"
)

HINTS: Final[dict[type[ApiError], str]] = {
    BadRequestError: "check(query.to_payload(), fields=...) names what the account does not have",
    AuthenticationError: "copy both keys and the API host from the account's settings",
    NotFoundError: "this host has another API; write the API host of the account",
    MethodNotAllowedError: "a proxy may have changed the request; try without it",
    RateLimitError: "write the rate of the account's plan, as in rate=(10, 5.0)",
    ServerError: "the API itself failed; try again later, or request fewer rows at once",
    ApiStatusError: "look for a proxy or firewall between this machine and the API",
}

STATUSES: Final[dict[int, type[ApiStatusError]]] = {
    400: BadRequestError,
    401: AuthenticationError,
    404: NotFoundError,
    405: MethodNotAllowedError,
    429: RateLimitError,
}


def _error_class(status: int, exception_type: str, api_message: str) -> type[ApiStatusError]:
    """The class for an error. The API also reports errors with status 200 and 500."""
    if exception_type == ExceptionType.RATE_LIMIT.value or _is_about_rate(api_message):
        return RateLimitError
    if exception_type == ExceptionType.INVALID_ACCESS.value:
        return AuthenticationError
    if status in STATUSES:
        return STATUSES[status]
    if exception_type.startswith(INPUT_EXCEPTIONS) or _is_about_input(api_message):
        return BadRequestError
    return ServerError if status >= SERVER_ERRORS else ApiStatusError


_find_hosts = re.compile(r"\b[a-z0-9-]+(?:\.[a-z0-9-]+)+\.[a-z]{2,}\b", re.IGNORECASE).findall


def _other_hosts(text: str, host: str) -> list[str]:
    """The hosts named in a text that are not `host`."""
    return [name for name in map(str.lower, _find_hosts(text)) if name != host]


def _vendor_host(text: str, host: str) -> str | None:
    """The first other host of the vendor's named in a text. The keys must go to no one else."""
    names = _other_hosts(text, host)
    return next((name for name in names if name.endswith(f".{DOMAIN}")), None)


_CONNECTION_ERRORS: Final = (
    (
        requests.exceptions.SSLError,
        "no secure connection; the certificate is not valid for this host",
        "check the host; REQUESTS_CA_BUNDLE names a company's own certificates",
        False,
    ),
    (
        requests.exceptions.ProxyError,
        "no connection to the proxy",
        "check the value of HTTPS_PROXY",
        True,
    ),
    (
        (requests.exceptions.ChunkedEncodingError, IncompleteRead, ProtocolError),
        "the connection was cut off during the response",
        "try again; if it keeps happening, request fewer rows at once",
        True,
    ),
    (
        (requests.exceptions.InvalidURL, requests.exceptions.InvalidProxyURL),
        "the host cannot be called",
        "write the API host of the account, and check the value of HTTPS_PROXY",
        False,
    ),
)
"""Errors of requests: their class, our message and hint, and whether they may pass."""


_find_tunnel = re.compile(r"Tunnel connection failed: ([1-5]\d\d)").search


def _proxy_status_error(client: str, status: int) -> TransportError:
    hint = "ask who runs the proxy to allow this host, or check the value of HTTPS_PROXY"
    if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        hint = "write HTTPS_PROXY with a user: http://user:password@proxy.example.com:8080"
    return TransportError(
        f"{client}: the proxy refused the connection with status {status}",
        hint,
        transient=status >= SERVER_ERRORS,
    )


def _http_hint(client: str) -> str | None:
    """What to write for a server of this machine, which seldom has a certificate."""
    host = client.partition(" ")[2].removesuffix(">")
    if not any(f"{host}:".startswith(f"{name}:") for name in LOOPBACK):
        return None
    return f"write http://{host} for a server without a certificate, such as leadquery serve"
