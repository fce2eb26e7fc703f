"""What a response means: rows, a JSON value, a CSV file, or an error with a hint.

`ResponseParser` reads complete responses and does no I/O. `body` has the errors of a call that gets
none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from math import ceil
from typing import Any, Final

from attrs import frozen

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
    ServerError,
)
from leadquery.wire.enums import (
    CSV_CONTENT_TYPE,
    DATE,
    DOMAIN,
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

TRY_AGAIN: Final = "try again; if it keeps happening, look for a proxy that responds for the API"

_OK: Final = 200

REDIRECTS: Final = range(300, 400)

_REQUEST_TIMEOUT: Final = 408

SERVER_ERRORS: Final = 500

_HOUR: Final = 3_600


@frozen
class RawResponse:
    """A response whose body was read completely."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    elapsed: timedelta = timedelta()
    """How long it took to come."""

    def json(self) -> Any:
        """The value of the body, or None if it is not JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


@frozen
class Counted:
    """A total number of rows, the Date header of its response, and how long that took to come.

    `date` is None if the response has no Date, or one that cannot be read.
    """

    total: int
    date: datetime | None
    elapsed: timedelta

    @property
    def earliest(self) -> datetime | None:
        """A moment, in whole seconds by the server's clock, not after which the rows were counted.

        The response was made after the request left this machine, and its Date is cut to seconds.
        """
        if self.date is None:
            return None
        return self.date.astimezone(UTC) - timedelta(seconds=ceil(self.elapsed.total_seconds()))


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
        if not isinstance(rows, list) or not {*map(type, rows)} <= {dict}:
            return self.invalid_response(f"the response has no list of objects in {ROWS!r}")
        return tuple(rows), total

    def counted(self, response: RawResponse) -> Counted | ApiError:
        """The total number of rows, and when it was counted."""
        found = self.rows(response)
        if isinstance(found, ApiError):
            return found
        date = _parse_http_date(response.headers.get(DATE, ""))
        return Counted(found[1], date, response.elapsed)

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
        raw_type = _text_of(body, EXCEPTION_TYPE)
        raw_message = _text_of(body, EXCEPTION_MESSAGE, "Message", "message")
        is_error = body.get(STATUS) == STATUS_ERROR or (TOTAL not in body and raw_message)
        if response.status == _OK and not is_error:
            return None
        if value is None or isinstance(value, str):
            raw_message = value or _plain_text(response)
        # Decided before the keys are removed: a short key may be a part of the type.
        error = _error_class(response.status, raw_type or "", raw_message or "")
        exception_type, api_message = self._redacted(raw_type), self._redacted(raw_message)
        status = f"status {response.status}"
        if response.status == _OK and not (exception_type or api_message):
            status += " with an error that has no text"
        status_error = error(
            ": ".join(filter(None, (self.client, status, exception_type, api_message))),
            self._hint(error, response, api_message),
            status=response.status,
            exception_type=exception_type,
            api_message=api_message,
            retry_after=_parse_retry_after(response),
            transient=error in (RateLimitError, ServerError) or response.status == _REQUEST_TIMEOUT,
        )
        if isinstance(status_error, RateLimitError):
            status_error.rate = _parse_rate(raw_message or "")
        return status_error

    def invalid_response(self, found: str, *, transient: bool = False) -> InvalidResponseError:
        """The error for a response that is not as documented."""
        return InvalidResponseError(f"{self.client}: {found}", TRY_AGAIN, transient=transient)

    def _hint(
        self, error: type[ApiStatusError], response: RawResponse, api_message: str | None
    ) -> str:
        if response.status in REDIRECTS:
            location = self.keys.redact(response.headers.get("Location", ""))
            if host := _vendor_host(location, self.host):
                return f"{_REDIRECT_HINT}; if {host!r} is it, write that"
            others = _other_hosts(location, self.host)
            return _REDIRECT_HINT + (f"; {others[0]!r} is not one of the vendor" if others else "")
        if response.status == _OK and error is ApiStatusError:
            return _REJECTED_HINT
        if error is AuthenticationError and (host := _vendor_host(api_message or "", self.host)):
            return f"write {host!r} as the host"
        if error is BadRequestError and _is_about_page_size(api_message or ""):
            return "request smaller pages, as in query.page(1, 1000); run() fetches all of them"
        if error is RateLimitError:
            return _rate_limit_hint(api_message or "", _parse_retry_after(response))
        if response.status == _REQUEST_TIMEOUT:
            return "the API gave up waiting; try again later, or request fewer rows at once"
        return HINTS[error]

    def _redacted(self, text: str | None) -> str | None:
        """A text of the server without the keys, and without what steers a terminal or a log."""
        if text is None or text in _KNOWN_TYPES:
            return text
        # Cut after the keys are removed, so that no half of one is left.
        redacted = self.keys.redact(text[: 2 * _MAX_MESSAGE])[:_MAX_MESSAGE]
        return "".join(map(_printable, redacted))


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


def _parse_retry_after(response: RawResponse) -> float | None:
    """Retry-After in seconds. A date is relative to the response's own Date header."""
    text = response.headers.get("Retry-After", "").strip()
    if re.fullmatch(r"[0-9]{1,9}(?:\.[0-9]{1,9})?", text):
        return float(text)
    until = _parse_http_date(text)
    if until is None:
        return None
    now = _parse_http_date(response.headers.get(DATE, "")) or datetime.now(UTC)
    return max(0.0, (until - now).total_seconds())


def _parse_http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _parse_total(value: object) -> int | None:
    if type(value) is int and value >= 0:
        return value
    return int(value) if isinstance(value, str) and value.isdecimal() and len(value) < 19 else None


def incomplete_error(
    client: str, received: int, headers: Mapping[str, str]
) -> InvalidResponseError | None:
    """The error for a body that is shorter than its Content-Length; None if it is complete."""
    length = headers.get("Content-Length", "")
    is_known = length.isdecimal() and len(length) < 19 and "Content-Encoding" not in headers
    if not is_known or received >= int(length):
        return None
    found = f"the response ended after {received:,} of {int(length):,} bytes"
    return InvalidResponseError(f"{client}: {found}", TRY_AGAIN, transient=True)


def truncated_error(client: str, received: int) -> InvalidResponseError:
    """The error for a packed body without its end."""
    found = f"the response was cut off after {received:,} unpacked bytes"
    return InvalidResponseError(f"{client}: {found}", TRY_AGAIN, transient=True)


def size_error(client: str, limit: int) -> InvalidResponseError:
    """The error for a response that is larger than allowed."""
    return InvalidResponseError(
        f"{client}: the response has more than {limit:,} bytes",
        f"request fewer rows at once, or allow more: max_response_bytes={limit * 2:_}",
    )
