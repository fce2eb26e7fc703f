"""Everything that can go wrong, as one tree.

LeadQueryError
├── QueryError                 a question that cannot be asked
│   ├── SlipError              Python read the line otherwise than it was meant (also a TypeError)
│   ├── UnknownNameError       no such word or method (also an AttributeError)
│   └── NotExpressibleError    a question the API has no words for
├── PayloadError               a payload with errors: all of them, in `report`
└── ApiError                   a call that brought no answer
    ├── ConnectionFailedError  no answer came at all
    ├── UnreadableAnswerError  an answer came that is not the documented JSON
    └── RejectedError          the API answered with an error
        ├── BadRequestError    400
        ├── UnauthorizedError  401
        ├── NotFoundError      404
        ├── RateLimitError     429
        └── ServerError        500 and above
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leadquery.payload.report import Report


class LeadQueryError(Exception):
    """The root: catch this to catch everything leadquery raises on purpose."""


class QueryError(LeadQueryError, ValueError):
    """A question that cannot be asked; the text says what to write instead."""


class SlipError(QueryError, TypeError):
    """Python read the line otherwise than it was meant."""


class UnknownNameError(QueryError, AttributeError):
    """A word or method that does not exist; the text names the nearest one that does."""


class NotExpressibleError(QueryError):
    """A question the API has no words for, such as an OR between two lead fields."""


class PayloadError(LeadQueryError, ValueError):
    """A payload with errors. `report` holds every problem, warnings included."""

    report: Report

    def __init__(self, report: Report) -> None:
        super().__init__(report)
        self.report = report

    def __str__(self) -> str:
        return str(self.report)


class ApiError(LeadQueryError):
    """A call that brought no answer. Keys never appear in its text."""


class ConnectionFailedError(ApiError):
    """No answer came at all: refused, timed out, or cut off."""


class UnreadableAnswerError(ApiError):
    """An answer came, but it is not the documented JSON object."""


class RejectedError(ApiError):
    """The API answered with an error.

    `status` is the HTTP status, `exception_type` and `message` are the API's own words,
    or None where it sent none.
    """

    def __init__(
        self, text: str, status: int, exception_type: str | None = None, message: str | None = None
    ) -> None:
        super().__init__(text, status, exception_type, message)
        self.status = status
        self.exception_type = exception_type
        self.message = message

    def __str__(self) -> str:
        return str(self.args[0])


class BadRequestError(RejectedError):
    """400: the API does not accept the payload."""


class UnauthorizedError(RejectedError):
    """401: the keys are not known on this host."""


class NotFoundError(RejectedError):
    """404: there is no such API on this host."""


class RateLimitError(RejectedError):
    """More calls than the account allows: 429, or the API's own words for it with any status."""


class ServerError(RejectedError):
    """500 and above: the API failed; its message says why, where it has one."""
