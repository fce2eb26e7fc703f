"""What a response means: rows, a JSON value, a CSV file, or an error with a hint.

`ResponseParser` reads complete responses and does no I/O. The functions below it turn failures of
the connection into the errors of `leadquery.errors`, without the text of requests, which may hold
the URL and the keys.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

import requests
from attrs import frozen

from leadquery.client.auth import LOOPBACK, ApiKeys
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
    CSV_CONTENT_TYPE,
    EXCEPTION_MESSAGE,
    EXCEPTION_TYPE,
    INPUT_EXCEPTIONS,
    ROWS,
    STATUS,
    STATUS_ERROR,
    TOTAL,
    ExceptionType,
)

Rows = tuple[dict[str, Any], ...]

Timeouts = tuple[float, float]
"""Seconds to connect, and to wait for the next byte."""

TRY_AGAIN: Final = "try again; if it keeps happening, look for a proxy that responds for the API"

_OK: Final = 200

_REDIRECTS: Final = range(300, 400)

_SERVER_ERRORS: Final = 500


@frozen
class RawResponse:
    """A response whose body was read completely."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The value of the body, or None if it is not JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


@frozen
class ResponseParser:
    """Reads the responses to one call. Its errors start with `client`, such as `<Client: host>`."""

    client: str
    host: str
    keys: ApiKeys

    def rows(self, response: RawResponse) -> tuple[Rows, int] | ApiError:
        """The rows of a page, and the total number of rows."""
        value = response.json()
        if error := self.status_error(response, value):
            return error
        if not isinstance(value, dict):
            found = "the response is not a JSON object"
            return self.invalid_response(found, transient=value is None)
        rows, total = value.get(ROWS), _parse_total(value.get(TOTAL))
        if total is None:
            return self.invalid_response(f"the response has no number in {TOTAL!r}")
        if rows is None and total == 0:
            rows = []
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            return self.invalid_response(f"the response has no list of objects in {ROWS!r}")
        return tuple(rows), total

    def json(self, response: RawResponse) -> Any:
        """The JSON value of the body, or an ApiError."""
        value = response.json()
        if error := self.status_error(response, value):
            return error
        if value is None:
            return self.invalid_response("the response is not JSON", transient=True)
        return value

    def is_csv(self, status: int, headers: Mapping[str, str]) -> bool:
        """Whether status and headers announce CSV."""
        content_type = headers.get("Content-Type", "").partition(";")[0].strip().lower()
        return status == _OK and content_type == CSV_CONTENT_TYPE

    def not_csv_error(self, response: RawResponse) -> ApiError:
        """The error for a response that should have been CSV."""
        value = response.json()
        found = f"the response is not {CSV_CONTENT_TYPE}"
        error = self.status_error(response, value)
        return error or self.invalid_response(found, transient=value is None)

    def status_error(self, response: RawResponse, value: object) -> ApiStatusError | None:
        """The error that the API reports in a response, if any."""
        body = value if isinstance(value, dict) else {}
        if response.status == _OK and body.get(STATUS) != STATUS_ERROR:
            return None
        exception_type = self._redacted(body.get(EXCEPTION_TYPE))
        api_message = self._redacted(body.get(EXCEPTION_MESSAGE))
        error = _error_class(response.status, exception_type or "")
        status = f"status {response.status}"
        if response.status == _OK and not (exception_type or api_message):
            status += " with an error that has no text"
        return error(
            ": ".join(filter(None, (self.client, status, exception_type, api_message))),
            self._hint(error, response, api_message),
            status=response.status,
            exception_type=exception_type,
            api_message=api_message,
            retry_after=_parse_retry_after(response),
            transient=error in (RateLimitError, ServerError),
        )

    def invalid_response(self, found: str, *, transient: bool = False) -> InvalidResponseError:
        """The error for a response that is not as documented."""
        return InvalidResponseError(f"{self.client}: {found}", TRY_AGAIN, transient=transient)

    def _hint(
        self, error: type[ApiStatusError], response: RawResponse, api_message: str | None
    ) -> str:
        if response.status in _REDIRECTS:
            location = self.keys.redact(response.headers.get("Location", ""))
            host = _other_host(location, self.host)
            return _REDIRECT_HINT + (f"; if {host!r} is it, write that" if host else "")
        if response.status == _OK and error is ApiStatusError:
            return _REJECTED_HINT
        if error is AuthenticationError and (host := _other_host(api_message or "", self.host)):
            return f"write {host!r} as the host"
        return HINTS[error]

    def _redacted(self, text: object) -> str | None:
        return self.keys.redact(text) if isinstance(text, str) else None


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


def _error_class(status: int, exception_type: str) -> type[ApiStatusError]:
    """The class for an error. The API also reports errors with status 200 and 500."""
    if exception_type == ExceptionType.RATE_LIMIT.value:
        return RateLimitError
    if status in STATUSES:
        return STATUSES[status]
    if exception_type == ExceptionType.INVALID_ACCESS.value:
        return AuthenticationError
    if exception_type.startswith(INPUT_EXCEPTIONS):
        return BadRequestError
    return ServerError if status >= _SERVER_ERRORS else ApiStatusError


_find_hosts = re.compile(r"\b[a-z0-9-]+(?:\.[a-z0-9-]+)+\.[a-z]{2,}\b", re.IGNORECASE).findall


def _other_host(text: str, host: str) -> str | None:
    """The first host named in a text that is not `host`."""
    return next((name for name in map(str.lower, _find_hosts(text)) if name != host), None)


def _parse_retry_after(response: RawResponse) -> float | None:
    """Retry-After in seconds. A date is relative to the response's own Date header."""
    text = response.headers.get("Retry-After", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return float(text)
    until = _parse_http_date(text)
    if until is None:
        return None
    now = _parse_http_date(response.headers.get("Date", "")) or datetime.now(UTC)
    return max(0.0, (until - now).total_seconds())


def _parse_http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _parse_total(value: object) -> int | None:
    if type(value) is int and value >= 0:
        return value
    return int(value) if isinstance(value, str) and value.isdecimal() and len(value) < 19 else None


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
        (requests.exceptions.InvalidURL, requests.exceptions.InvalidProxyURL),
        "the host cannot be called",
        "write the API host of the account, and check the value of HTTPS_PROXY",
        False,
    ),
)
"""Errors of requests: their class, our message and hint, and whether they may pass."""


def connection_error(client: str, error: Exception, timeouts: Timeouts) -> TransportError:
    """The error for an exception that requests or urllib3 raised during a call."""
    if isinstance(error, requests.Timeout):
        connect, read = timeouts
        return RequestTimeoutError(
            f"{client}: no response in time ({connect:g} s to connect, {read:g} s to respond)",
            f"request fewer rows at once, or wait longer: timeout=({connect:g}, {read * 2:g})",
            transient=True,
        )
    for classes, found, hint, transient in _CONNECTION_ERRORS:
        if isinstance(error, classes):
            local_hint = _http_hint(client) if classes is requests.exceptions.SSLError else None
            return TransportError(f"{client}: {found}", local_hint or hint, transient=transient)
    return TransportError(
        f"{client}: no connection, or it was closed ({type(error).__name__})",
        "check that the host is right and that this machine can reach it",
        transient=True,
    )


def _http_hint(client: str) -> str | None:
    """What to write for a server of this machine, which seldom has a certificate."""
    host = client.partition(" ")[2].removesuffix(">")
    if not any(f"{host}:".startswith(f"{name}:") for name in LOOPBACK):
        return None
    return f"write http://{host} for a server without a certificate, such as leadquery serve"


def deadline_error(client: str, seconds: float | None, attempts: int) -> RequestTimeoutError:
    """The error for a query whose deadline has passed, before or after a call was made."""
    error = RequestTimeoutError(
        f"{client}: no response within the deadline of {seconds or 0:g} s",
        "allow more time with deadline=, or request fewer rows",
    )
    error.attempts = attempts
    return error


def incomplete_error(
    client: str, received: int, headers: Mapping[str, str]
) -> InvalidResponseError | None:
    """The error for a body that is shorter than its Content-Length; None if it is complete."""
    length = headers.get("Content-Length", "")
    is_known = length.isdecimal() and "Content-Encoding" not in headers
    if not is_known or received >= int(length):
        return None
    found = f"the response ended after {received:,} of {int(length):,} bytes"
    return InvalidResponseError(f"{client}: {found}", TRY_AGAIN, transient=True)
