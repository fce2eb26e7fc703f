"""What comes back: rows, or the error that says what happened and what to do next."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from attrs import frozen

from leadquery.client.auth import ApiKeys
from leadquery.client.transport_errors import AGAIN
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
from leadquery.wire.enums import ExceptionType
from leadquery.wire.protocol import (
    CSV_CONTENT_TYPE,
    EXCEPTION_MESSAGE,
    EXCEPTION_TYPE,
    INPUT_EXCEPTIONS,
    ROWS,
    STATUS,
    STATUS_ERROR,
    TOTAL,
)

OK: Final = 200

REDIRECTS: Final = range(300, 400)

SERVER_ERRORS: Final = 500

Rows = tuple[dict[str, Any], ...]


@frozen
class RawResponse:
    """A reply that was read to its end."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The value of a body, or None when it holds none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


@frozen
class ResponseParser:
    """Says what the replies of one call mean. Each error begins with `where`."""

    where: str
    host: str
    keys: ApiKeys

    def rows(self, reply: RawResponse) -> tuple[Rows, int] | ApiError:
        """The rows of a page and how many there are in all."""
        answer = reply.json
        rejection = self.rejection(reply, answer)
        if rejection:
            return rejection
        if not isinstance(answer, dict):
            found = "the answer is not a JSON object"
            return self.unreadable(found, transient=answer is None)
        rows, total = answer.get(ROWS), _total(answer.get(TOTAL))
        if total is None:
            return self.unreadable(f"the answer has no number as {TOTAL!r}")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            return self.unreadable(f"the answer has no list of objects as {ROWS!r}")
        return tuple(rows), total

    def value(self, reply: RawResponse) -> Any:
        """The value of a body, whatever it is, or an ApiError."""
        answer = reply.json
        rejection = self.rejection(reply, answer)
        if rejection:
            return rejection
        if answer is None:
            return self.unreadable("the answer is not JSON", transient=True)
        return answer

    def is_file(self, status: int, headers: Mapping[str, str]) -> bool:
        """Whether the head of a reply says that CSV follows."""
        kind = headers.get("Content-Type", "").partition(";")[0].strip().lower()
        return status == OK and kind == CSV_CONTENT_TYPE

    def no_file(self, reply: RawResponse) -> ApiError:
        """The error that a reply is in place of a file."""
        answer = reply.json
        found = f"the answer is not {CSV_CONTENT_TYPE}"
        return self.rejection(reply, answer) or self.unreadable(found, transient=answer is None)

    def rejection(self, reply: RawResponse, answer: object) -> ApiStatusError | None:
        """The error that a reply is, if it is one."""
        answer = answer if isinstance(answer, dict) else {}
        if reply.status == OK and answer.get(STATUS) != STATUS_ERROR:
            return None
        kind, message = (self._said(answer.get(key)) for key in (EXCEPTION_TYPE, EXCEPTION_MESSAGE))
        error = _error(reply.status, kind or "")
        status = f"status {reply.status}"
        if reply.status == OK and not (kind or message):
            status += " with an error that says no more"
        told = ": ".join(filter(None, (self.where, status, kind, message)))
        return error(
            told,
            self._advice(error, reply, message),
            status=reply.status,
            exception_type=kind,
            api_message=message,
            retry_after=_retry_after(reply),
            transient=error in (RateLimitError, ServerError),
        )

    def unreadable(self, found: str, *, transient: bool = False) -> InvalidResponseError:
        """The error for what is not the documented answer."""
        return InvalidResponseError(f"{self.where}: {found}", AGAIN, transient=transient)

    def _advice(self, error: type[ApiStatusError], reply: RawResponse, message: str | None) -> str:
        if reply.status in REDIRECTS:
            host = _other_host(self.keys.hidden_in(_header(reply, "Location")), self.host)
            return REDIRECTED + (f"; if {host!r} is the account's, write that one" if host else "")
        if reply.status == OK and error is ApiStatusError:
            return REFUSED
        host = _other_host(message or "", self.host) if error is AuthenticationError else None
        return f"write {host!r} as the host" if host else ADVICE[error]

    def _said(self, text: object) -> str | None:
        """What the API says, without the keys."""
        return self.keys.hidden_in(text) if isinstance(text, str) else None


REDIRECTED: Final = "keys are not sent on to where it points; write the API host of the account"

REFUSED: Final = (
    "the API refused the query; check(query.to_payload(), fields=...) names what may be wrong, "
    "else ask the vendor with these words"
)

ADVICE: Final[dict[type[ApiError], str]] = {
    BadRequestError: "check(query.to_payload(), fields=...) names what the account does not have",
    AuthenticationError: "write both keys and the API host as the account's settings show them",
    NotFoundError: "this host has another API; write the API host of the account",
    MethodNotAllowedError: "something between changed the call; make it without a proxy",
    RateLimitError: "write rate= as the account's plan has it, as in rate=(10, 5.0)",
    ServerError: "the API itself failed; try again later, or ask for less at once",
    ApiStatusError: "see what stands between this machine and the API, such as a proxy",
}
"""What to do next."""

STATUSES: Final[dict[int, type[ApiStatusError]]] = {
    400: BadRequestError,
    401: AuthenticationError,
    404: NotFoundError,
    405: MethodNotAllowedError,
    429: RateLimitError,
}


def _error(status: int, kind: str) -> type[ApiStatusError]:
    """The API's words count before the status: it was seen to send them with 200 and 500."""
    if kind == ExceptionType.RATE_LIMIT.value:
        return RateLimitError
    if status in STATUSES:
        return STATUSES[status]
    if kind == ExceptionType.INVALID_ACCESS.value:
        return AuthenticationError
    if kind.startswith(INPUT_EXCEPTIONS):
        return BadRequestError
    return ServerError if status >= SERVER_ERRORS else ApiStatusError


_host = re.compile(r"\b[a-z0-9-]+(?:\.[a-z0-9-]+)+\.[a-z]{2,}\b", re.IGNORECASE)


def _other_host(message: str, host: str) -> str | None:
    """The host that a message names, if it is another one."""
    named = (found.lower() for found in _host.findall(message))
    return next((name for name in named if name != host), None)


def _header(reply: RawResponse, name: str) -> str:
    return reply.headers.get(name, "")


def _retry_after(reply: RawResponse) -> float | None:
    """The seconds that a reply asks to wait: a number, or a date, told from the reply's own."""
    asked = _header(reply, "Retry-After").strip()
    if re.fullmatch(r"[0-9]{1,9}", asked):
        return float(asked)
    until, now = (_moment(text) for text in (asked, _header(reply, "Date")))
    if until is None:
        return None
    return max(0.0, (until - (now or datetime.now(UTC))).total_seconds())


def _moment(text: str) -> datetime | None:
    """A moment of an HTTP header."""
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _total(value: object) -> int | None:
    if type(value) is int and value >= 0:
        return value
    return int(value) if isinstance(value, str) and value.isdecimal() and len(value) < 19 else None
