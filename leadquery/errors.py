"""Everything that can go wrong, as one tree.

LeadQueryError
├── QueryError                 a question that cannot be asked
│   ├── UsageError              Python read the line otherwise than it was meant (also a TypeError)
│   ├── UnknownNameError       no such word or method (also an AttributeError)
│   ├── FrozenError            a value that something was assigned to (also an AttributeError)
│   └── UnsupportedQueryError    a question the API has no words for
├── PayloadError               a payload with errors: all of them, in `report`
├── MissingDependencyError          an answer becomes what a library makes, and it is not installed
└── ApiError                   a call that brought no answer
    ├── TransportError  no answer came at all
    │   └── RequestTimeoutError      not in time
    ├── InvalidResponseError  an answer came that is not the documented one, or it was cut off
    ├── PaginationDriftError         rows moved between the pages of an answer
    └── ApiStatusError          the API answered with an error
        ├── BadRequestError    400, or the API's words for a mistake in the payload
        ├── AuthenticationError  401, or the API's words for keys it does not know
        ├── NotFoundError      404
        ├── MethodNotAllowedError    405
        ├── RateLimitError     429, or the API's words for too many calls
        └── ServerError        500 and above
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from leadquery.client.pagination.drift import Change
    from leadquery.lint.report import Report


class LeadQueryError(Exception):
    """The root: catch this to catch everything leadquery raises on purpose."""


class SuggestedEdit(NamedTuple):
    """Lines written right: `text` is what lines `first` to `last` of `file` should say."""

    file: str
    first: int
    last: int
    text: str


class QueryError(LeadQueryError, ValueError):
    """A question that cannot be asked; the text says what to write instead.

    `rewriting` is the line written right, where it is known for sure what was meant, else None.
    """

    rewriting: SuggestedEdit | None = None


class UsageError(QueryError, TypeError):
    """Python read the line otherwise than it was meant."""


class UnknownNameError(QueryError, AttributeError):
    """A word or method that does not exist; the text names the nearest one that does."""


class FrozenError(QueryError, AttributeError):
    """A value that something was assigned to; it never changes."""


class UnsupportedQueryError(QueryError):
    """A question the API has no words for, such as an OR between two lead fields."""


class PayloadError(LeadQueryError, ValueError):
    """A payload with errors. `report` holds every problem, warnings included."""

    report: Report

    def __init__(self, report: Report) -> None:
        super().__init__(report)
        self.report = report

    def __str__(self) -> str:
        return str(self.report)


class MissingDependencyError(LeadQueryError, ImportError):
    """A library that an answer turns into is not installed; the text says what to install."""


class ApiError(LeadQueryError):
    """A call that brought no answer. Keys never appear in it.

    `message` says what happened and `hint` what to do next. `query` is the query in English,
    `attempts` the number of calls made for it, and `transient` whether the same call may succeed
    later. `status` is the HTTP status of the last attempt, `exception_type` and `api_message` are
    the API's own type and text of the error, and `retry_after` is the number of seconds that the
    API asks to wait; each is None if the response had none.
    """

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        status: int | None = None,
        exception_type: str | None = None,
        api_message: str | None = None,
        retry_after: float | None = None,
        transient: bool = False,
    ) -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint
        self.status = status
        self.exception_type = exception_type
        self.api_message = api_message
        self.retry_after = retry_after
        self.transient = transient
        self.query: str | None = None
        self.attempts = 1

    def __str__(self) -> str:
        times = f" ({self.attempts} attempts)" if self.attempts > 1 else ""
        return f"{self.message}{times}{self.hint and f'; {self.hint}'}"


class TransportError(ApiError):
    """No answer came at all: refused, timed out, or cut off."""


class RequestTimeoutError(TransportError):
    """No answer came in the time that a call, or a query with a deadline, has."""


class InvalidResponseError(ApiError):
    """An answer came, but it is not the documented one, or it broke off."""


class PaginationDriftError(ApiError):
    """Rows moved between the pages of an answer, so that some may be missing.

    `changes` are the signs of it.
    """

    def __init__(self, message: str, hint: str = "", changes: tuple[Change, ...] = ()) -> None:
        super().__init__(message, hint)
        self.changes = changes


class PaginationDriftWarning(UserWarning):
    """The same, where a run was told to go on: the answer's `changes` say what was seen."""


class ApiStatusError(ApiError):
    """The API answered with an error; `status` says which."""


class BadRequestError(ApiStatusError):
    """400: the API does not accept the payload. It may say so in words with another status."""


class AuthenticationError(ApiStatusError):
    """401: the keys are not known on this host. It may say so in words with another status."""


class NotFoundError(ApiStatusError):
    """404: there is no such API on this host."""


class MethodNotAllowedError(ApiStatusError):
    """405: the call came in with another method than it was sent with."""


class RateLimitError(ApiStatusError):
    """More calls than the account allows: 429, or the API's own words for it with any status."""


class ServerError(ApiStatusError):
    """500 and above: the API failed; its message says why, where it has one."""
