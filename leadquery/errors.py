"""The exceptions of leadquery.

LeadQueryError
├── QueryError                      a query that cannot be built
│   ├── UsageError                  Python that does not mean what it seems to (also a TypeError)
│   ├── UnknownNameError            no such field, method or function (also an AttributeError)
│   ├── UnknownImportError          the same in an import (also an ImportError)
│   ├── FrozenError                 an assignment to an immutable object (also an AttributeError)
│   └── UnsupportedQueryError       a query that the API cannot express
│       ├── PlanTooLargeError       a query that takes more requests than it may
│       └── SqlError                SQL that cannot be read as a query
├── PayloadError                    a payload with errors: all of them, in `report`
├── MissingDependencyError          an optional library is not installed
└── ApiError                        a request without a valid response
    ├── TransportError              no response
    │   └── RequestTimeoutError     no response in time
    ├── InvalidResponseError        a response that is not as documented, or cut off
    ├── PaginationDriftError        rows moved between the pages of a result
    └── ApiStatusError              the API responded with an error
        ├── BadRequestError         400, or the API's text for a mistake in the payload
        ├── AuthenticationError     401, or the API's text for unknown keys
        ├── NotFoundError           404
        ├── MethodNotAllowedError   405
        ├── RateLimitError          429, or the API's text for too many calls
        └── ServerError             500 and above
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple, Self, TypeVar, cast

if TYPE_CHECKING:
    from types import FrameType, TracebackType

    from leadquery.lint.report import Report

F = TypeVar("F", bound=Callable[..., Any])


class LeadQueryError(Exception):
    """The root: catch this to catch everything leadquery raises on purpose.

    `docs_page` is the page of the documentation about the error. A traceback names it in a note.
    """

    docs_page: ClassVar[str] = "docs/reference/errors.md#leadqueryerror"

    def __init_subclass__(cls, page: str | None = None, **extra: Any) -> None:
        super().__init_subclass__(**extra)
        cls.docs_page = f"docs/{page or f'reference/errors.md#{cls.__name__.lower()}'}"

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        self = super().__new__(cls, *args, **kwargs)
        self.add_note(f"see {page_address(cls.docs_page)}")
        return self


def page_address(page: str, unpublished: str = "") -> str:
    """The URL of a page of the documentation, or where it is if LEADQUERY_DOCS_URL names none."""
    base = os.environ.get("LEADQUERY_DOCS_URL", "").rstrip("/")
    path, mark, anchor = page.removeprefix("docs/").partition("#")
    url = f"{base}/{path.removesuffix('.md')}.html{mark}{anchor}"
    return url if base else unpublished or f"{page} in the repository"


class SuggestedEdit(NamedTuple):
    """A correction of source code: `text` replaces the lines `first` to `last` of `file`."""

    file: str
    first: int
    last: int
    text: str


class Misuse:
    """What happened, for the explanation of an error.

    `kind` names it ("truth", "call", …). `target` is the object it happened to, `name` the
    attribute, operator or function that was used, `value` the other object involved, `position`
    its place among the arguments, and `suggestion` the name that was probably intended.
    """

    __slots__ = ("kind", "name", "position", "suggestion", "target", "value")

    # Written out, because it is loaded with the first query.
    def __init__(
        self,
        kind: str,
        target: object = None,
        name: str = "",
        value: object = None,
        position: int = 0,
        suggestion: str | None = None,
    ) -> None:
        self.kind, self.target, self.name = kind, target, name
        self.value, self.position, self.suggestion = value, position, suggestion


class QueryError(LeadQueryError, ValueError):
    """A query that cannot be built; the text says what to write instead.

    An error with a `misuse` shows the line that raised it. It reads that line from its traceback
    when somebody first looks at the text or at `suggested_edit`.
    """

    misuse: Misuse | None = None
    _explanation: tuple[str, SuggestedEdit | None] | None = None

    def __init__(self, message: str = "", misuse: Misuse | None = None) -> None:
        super().__init__(message)
        self.misuse = misuse

    def __str__(self) -> str:
        return self._explain()[0]

    @property
    def suggested_edit(self) -> SuggestedEdit | None:
        """The corrected lines, where it is certain what was intended, else None."""
        return self._explain()[1]

    def _explain(self) -> tuple[str, SuggestedEdit | None]:
        if self._explanation is not None:
            return self._explanation
        message, misuse = super().__str__(), self.misuse
        if misuse is None:
            return message, None
        try:
            from leadquery._explain import explain

            explanation = explain(self.__traceback__, message, misuse)
        except Exception:  # noqa: BLE001 - an error without explanation is still this error.
            explanation = message, None
        # On its way up through this package, the error has not reached the caller's line yet.
        if self.__traceback__ is not None and not is_own_frame(self.__traceback__.tb_frame):
            self._explanation = explanation
        return explanation

    def with_traceback(self, traceback: TracebackType | None) -> Self:
        """Replace the traceback; the explanation of the present one stays."""
        # unittest drops the traceback of an error that it expected.
        self._explain()
        return super().with_traceback(traceback)

    def __reduce__(self) -> tuple[Any, ...]:
        # Neither a traceback nor the objects in a misuse can be pickled.
        state = {**self.__dict__, "misuse": None, "_explanation": self._explain()}
        return type(self), self.args, state


class UsageError(QueryError, TypeError, page="explanation/misuse.md"):
    """Python that does not mean what it seems to, or a call with the wrong arguments."""


class UnknownNameError(QueryError, AttributeError, page="explanation/misuse.md"):
    """A field, method or function that does not exist; the text names the nearest one."""


class UnknownImportError(QueryError, ImportError, page="explanation/misuse.md"):
    """The same in `from leadquery... import name`, which would hide an AttributeError."""


class FrozenError(QueryError, AttributeError, page="explanation/misuse.md"):
    """An assignment to an attribute of an immutable object."""


# With ParamSpec instead of one TypeVar, jedi would complete nothing after a decorated call.
def check_call(function: F) -> F:
    """Raise UsageError for arguments that do not fit, and hide the frames below the function."""

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            # Without `**` where it is empty, because Python would copy it.
            return function(*args, **kwargs) if kwargs else function(*args)
        except QueryError as error:
            error.__traceback__ = _without_own_frames(error.__traceback__)
            raise
        except TypeError as error:
            # A TypeError from inside the function has a second entry in its traceback.
            if error.__traceback__ is None or error.__traceback__.tb_next is not None:
                raise
            misuse = Misuse("call", name=function.__name__, value=(function, args, kwargs))
            raise UsageError(str(error), misuse) from None

    return cast("F", call)


def is_own_frame(frame: FrameType) -> bool:
    """Whether a frame runs code of this package."""
    # Code that is run by `exec` may have no name.
    return f"{frame.f_globals.get('__name__')}.".startswith("leadquery.")


def _without_own_frames(traceback: TracebackType | None) -> TracebackType | None:
    """None for a traceback through this package only; one through the caller's code stays."""
    entry = traceback
    while entry is not None and is_own_frame(entry.tb_frame):
        entry = entry.tb_next
    return traceback if entry is not None else None


class UnsupportedQueryError(QueryError, page="how-to/what-one-request-cannot-say.md"):
    """A query that one request, or no request of the API, can express."""


class PlanTooLargeError(
    UnsupportedQueryError, page="how-to/what-one-request-cannot-say.md#what-it-costs"
):
    """A query that takes more requests than it may; the text says what takes fewer."""


class SqlIssue(NamedTuple):
    """A part of a SQL statement that cannot be read.

    `line` and `column` count from 1, `message` says what to write instead, and `excerpt` is the
    line with carets below the part.
    """

    line: int
    column: int
    message: str
    excerpt: str

    def __str__(self) -> str:
        return f"{self.line}:{self.column}: {self.message}\n{self.excerpt}"


class SqlError(UnsupportedQueryError, page="how-to/bring-a-sql-query.md#what-is-not-read"):
    """SQL that cannot be read as a query.

    The text shows each place and what to write there; `issues` has them as values.
    """

    def __init__(self, *issues: SqlIssue) -> None:
        super().__init__("\n".join(map(str, issues)))
        self.issues = issues

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self.issues


class PayloadError(LeadQueryError, ValueError, page="how-to/check-payloads.md"):
    """A payload with errors. `report` holds every problem, warnings included."""

    report: Report

    def __init__(self, report: Report) -> None:
        super().__init__(report)
        self.report = report
        pages = dict.fromkeys(one.docs_page for one in report if one.severity == "error")
        self.__notes__ = [f"see {page_address(page)}" for page in [*pages][:3]]

    def __str__(self) -> str:
        return str(self.report)


class MissingDependencyError(LeadQueryError, ImportError, page="explanation/dependencies.md"):
    """An optional library is not installed; the text says what to install."""


def missing_dependency_error(
    feature: str, *packages: str, extra: str | None = None
) -> MissingDependencyError:
    """The error for a feature that needs one of these packages: install the first, or the extra."""
    installed = packages[0] if extra is None else f"'leadquery[{extra}]'"
    return MissingDependencyError(
        f"{feature} needs {' or '.join(packages)}, which is not installed; "
        f"run pip install {installed}"
    )


class ApiError(LeadQueryError):
    """A call without a valid response. Keys never appear in it.

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
    """No response: the connection was refused, timed out, or was cut off."""


class RequestTimeoutError(TransportError):
    """No response in the time that a call, or a query with a deadline, has."""


class InvalidResponseError(ApiError):
    """A response that is not as documented, or was cut off."""


ChangeKind = Literal["total", "page", "rows", "size", "modified", "deleted", "unknown"]


class Change(NamedTuple):
    """A sign that rows moved, and the page that showed it.

    `kind` is "total" if the total number of rows changed, "page" if a page came twice, "rows" if
    leads came twice, and "size" if a page had fewer rows than it should, or more. Between the
    requests of a query that takes several, leads were "modified" or "deleted", or it is "unknown"
    whether they were; then `page` is 0.
    """

    page: int
    kind: ChangeKind
    text: str

    def __str__(self) -> str:
        return f"page {self.page:,}: {self.text}" if self.page else self.text


class PaginationDriftError(ApiError, page="how-to/pull-every-lead.md#when-rows-move-between-pages"):
    """Rows moved between the pages of a result, so that some may be missing; or leads changed
    between the requests of a query.

    `changes` are the signs of it.
    """

    def __init__(self, message: str, hint: str = "", changes: tuple[Change, ...] = ()) -> None:
        super().__init__(message, hint)
        self.changes = changes


class PaginationDriftWarning(UserWarning):
    """Rows moved between pages, or leads changed between requests, and the run went on.

    The result's `changes` list what was seen.
    """


class AssumptionWarning(UserWarning):
    """A report was sent in a form, or to a path, that the vendor's pages do not document.

    The message says what is assumed and how certain it is; it comes once in a process.
    """


class ApiStatusError(ApiError):
    """The API responded with an error; `status` says which."""


class BadRequestError(ApiStatusError):
    """400: the API does not accept the payload. It may say so in words with another status."""


class AuthenticationError(ApiStatusError, page="how-to/keys.md#set-the-keys"):
    """401: the keys are not known on this host. It may say so in words with another status."""


class NotFoundError(ApiStatusError):
    """404: there is no such API on this host."""


class MethodNotAllowedError(ApiStatusError):
    """405: the call came in with another method than it was sent with."""


class RateLimitError(ApiStatusError, page="explanation/rate-limits.md"):
    """More calls than the account allows: 429, or the API's own words for it with any status.

    `rate` is the account's limit as calls and seconds, if the API's message names it.
    """

    rate: tuple[int, float] | None = None


class ServerError(ApiStatusError):
    """500 and above: the API failed; its message says why, where it has one."""
