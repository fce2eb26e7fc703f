"""Calls to the API: signed, rate-limited, retried, and within the deadline of their query.

`Transport` makes the calls of a client. Each attempt waits for a permit of the rate limiter, sends
the request, and reads the `ApiResponse`. Start reading at `Transport._execute`.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from traceback import clear_frames
from typing import Any, Final, TypeVar, cast
from urllib.parse import urlsplit

from attrs import field, frozen
from requests import PreparedRequest, Request, Response, Session

from leadquery._util.text import warn_user
from leadquery.client.auth import ApiKeys, with_keys
from leadquery.client.call_errors import NETWORK_ERRORS, CallErrors, Timeouts
from leadquery.client.deadline import CLOCK, Clock, Deadline
from leadquery.client.rate_limiter import Permit, RateLimiter
from leadquery.client.response import ApiResponse, Counted, Rows
from leadquery.errors import ApiError, AssumptionWarning, RateLimitError, TransportError
from leadquery.wire.endpoints import NO_NODE, Endpoint, ReportNode, assumptions_of
from leadquery.wire.enums import CONTENT_TYPE, METHOD, RESPONSE_FORMAT, ResponseFormat

T = TypeVar("T")

DescribeQuery = Callable[[], str]
"""Returns the query in English, for errors."""

FIRST_PAUSE: Final = 0.5
"""Seconds before the second attempt. Each later pause is twice as long, plus up to this much."""

MAX_PAUSE: Final = 30.0

MAX_RETRY_AFTER: Final = 300.0
"""The longest Retry-After to wait for, in seconds. A longer one is raised at once."""

MIN_TIMEOUT: Final = 0.001
"""Seconds. requests rejects a timeout of 0."""

log = logging.getLogger("leadquery")


@frozen
class ApiRequest:
    """A request without the keys."""

    method: str
    url: str
    body: bytes | None = None


ReadResponse = Callable[[ApiResponse], T | ApiError]


@frozen
class Transport:
    """Makes the calls of one client. Threads may share it.

    A call only reads data, so it is always safe to repeat.
    """

    origin: str
    keys: ApiKeys
    session: Session
    rate_limiter: RateLimiter | None = None
    max_attempts: int = 6
    timeouts: Timeouts = (5, 60)
    deadline: float | None = None
    max_response_bytes: int | None = None
    clock: Clock = CLOCK
    concurrency: int = 1
    """The most calls to make at once when pages are prefetched."""

    paths: Mapping[Endpoint, str] = field(factory=dict)
    """The paths of reports that the user has set."""

    adopts_rate: bool = False
    """Whether the rate limiter adopts a lower rate that the API names when it rejects a call."""

    def __repr__(self) -> str:
        """The client as errors name it."""
        return f"<Client: {urlsplit(self.origin).netloc}>"

    def start_deadline(self) -> Deadline:
        """The deadline of a query that starts now."""
        return Deadline(self.deadline, self.clock)

    def fetch_rows(
        self,
        payload: str,
        describe: DescribeQuery | None = None,
        deadline: Deadline | None = None,
        node: ReportNode = NO_NODE,
    ) -> tuple[Rows, int]:
        """The rows for a payload, and their total number. Raises ApiError."""
        request = self._report_request(payload, node)
        return self._execute(request, ApiResponse.rows, describe, deadline)

    def fetch_counted(
        self,
        payload: str,
        describe: DescribeQuery | None = None,
        deadline: Deadline | None = None,
        node: ReportNode = NO_NODE,
    ) -> Counted:
        """The total number of rows for a payload, and when it was counted. Raises ApiError."""
        request = self._report_request(payload, node)
        return self._execute(request, ApiResponse.counted, describe, deadline)

    def stream_file(
        self,
        payload: str,
        describe: DescribeQuery | None = None,
        deadline: Deadline | None = None,
        node: ReportNode = NO_NODE,
    ) -> Iterator[bytes]:
        """The response as CSV, in chunks as they arrive.

        Raises ApiError: here for all that goes wrong before the first chunk, which is retried;
        from the iterator, without a retry, if the file is cut off.
        """
        request = self._report_request(payload, node, ResponseFormat.CSV)
        response = self._execute(request, ApiResponse.csv, describe, deadline)
        return _file_chunks(response, describe)

    def fetch_json(
        self,
        url: str,
        deadline: Deadline | None = None,
        payload: str | None = None,
    ) -> Any:
        """The JSON value at a URL of the account, where a payload is posted. Raises ApiError."""
        request = (
            ApiRequest("GET", url) if payload is None else ApiRequest(METHOD, url, payload.encode())
        )
        return self._execute(request, ApiResponse.json, None, deadline)

    def _report_request(
        self, payload: str, node: ReportNode, file_format: ResponseFormat | None = None
    ) -> ApiRequest:
        parameter = f"?{RESPONSE_FORMAT}={file_format.value}" if file_format else ""
        path = self.paths.get(node.endpoint, node.endpoint.path)
        # The mock API takes what is assumed.
        if not getattr(self.session, "is_mock", False):
            warn_of_assumptions(node, has_path=node.endpoint in self.paths)
        return ApiRequest(METHOD, f"{self.origin}{path}{parameter}", payload.encode())

    def _execute(
        self,
        request: ApiRequest,
        read: ReadResponse[T],
        describe: DescribeQuery | None,
        deadline: Deadline | None,
    ) -> T:
        """Make a call until it succeeds or another attempt cannot help; then raise ApiError."""
        deadline = deadline or self.start_deadline()
        attempt = 0
        while True:
            attempt += 1
            with without_locals():
                outcome = self._attempt(request, read, deadline)
            if not isinstance(outcome, ApiError):
                return outcome
            pause = max(_backoff(attempt), outcome.retry_after or 0.0)
            if (
                not outcome.transient
                or attempt >= self.max_attempts
                or pause > min(MAX_RETRY_AFTER, deadline.remaining)
            ):
                outcome.attempts += attempt - 1
                raise _attach_query(outcome, describe)
            log.info(
                "%s; attempt %d of %d in %.1f s", outcome, attempt + 1, self.max_attempts, pause
            )
            deadline.sleep(pause)

    def _attempt(
        self, request: ApiRequest, read: ReadResponse[T], deadline: Deadline
    ) -> T | ApiError:
        """Make a call once."""
        host = urlsplit(request.url).hostname or ""
        errors = CallErrors(repr(self), host, self.keys.for_call())
        with self._permit(deadline) as permit:
            if permit is None:
                return errors.deadline(deadline.seconds, attempts=0)
            timeouts = self._timeouts_within(deadline)
            response = self._send(request, errors, timeouts, deadline)
            permit.end()
            limit = self.max_response_bytes
            outcome = (
                response
                if isinstance(response, ApiError)
                else read(ApiResponse(response, errors, timeouts, deadline, limit))
            )
            if isinstance(outcome, RateLimitError):
                pause = outcome.retry_after or 0.0
                permit.reject(pause if pause <= MAX_RETRY_AFTER else 0.0)
                if self.adopts_rate and outcome.rate:
                    permit.adopt(outcome.rate)
        if isinstance(outcome, TransportError) and deadline.remaining <= 0:
            return errors.deadline(deadline.seconds, attempts=1)
        return outcome

    def _send(
        self, request: ApiRequest, errors: CallErrors, timeouts: Timeouts, deadline: Deadline
    ) -> Response | ApiError:
        """Send a request, and read the status and headers of its response."""
        headers = {"Accept-Encoding": "gzip"}
        if request.body:
            headers["Content-Type"] = CONTENT_TYPE
        # With an auth of its own, requests does not look into .netrc.
        auth = self.session.auth or _no_auth
        unsigned = Request(request.method, request.url, headers, data=request.body, auth=auth)
        try:
            prepared = self.session.prepare_request(unsigned)
            redirect = _RedirectHook()
            cast("Any", prepared).register_hook("response", redirect.hide)
            # http is for this machine alone, and no proxy on the way should see the keys.
            settings = self.session.merge_environment_settings(
                request.url, {"http": ""}, stream=True, verify=None, cert=None
            )
            with with_keys(errors.keys, self.session, prepared, deadline):
                response = self.session.send(
                    prepared, timeout=timeouts, allow_redirects=False, **settings
                )
        except NETWORK_ERRORS as error:
            return errors.of_network(error, timeouts)
        redirect.restore(response)
        return response

    def _permit(self, deadline: Deadline) -> AbstractContextManager[Permit | None]:
        """A permit for one call; None if the deadline passes before."""
        if self.rate_limiter:
            return self.rate_limiter.permit(deadline, sum(self.timeouts))
        return nullcontext(Permit() if deadline.remaining > 0 else None)

    def _timeouts_within(self, deadline: Deadline) -> Timeouts:
        remaining = max(deadline.remaining, MIN_TIMEOUT)
        connect, read = self.timeouts
        return min(connect, remaining), min(read, remaining)


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


def warn_of_assumptions(node: ReportNode, *, has_path: bool) -> None:
    """Warn of what is assumed of a report, once in a process."""
    if assumed := assumptions_of(node, has_path=has_path):
        _warn_once(
            f"the report {node.endpoint.title} is sent with what is assumed, not documented: "
            f"{'; '.join(assumed)}; see 'Leads not contacted and tasks' in the documentation"
        )


@cache
def _warn_once(message: str) -> None:
    warn_user(message, AssumptionWarning)


def _no_auth(request: PreparedRequest) -> PreparedRequest:
    return request


class _RedirectHook:
    """Hides the address of a redirect from requests, which would read its body and its host."""

    def __init__(self) -> None:
        self._location: str | None = None

    def hide(self, response: Response, *_: object, **__: object) -> None:
        """Remove the address."""
        self._location = response.headers.pop("Location", None)

    def restore(self, response: Response) -> None:
        """Put it back."""
        if self._location is not None:
            response.headers["Location"] = self._location


def _backoff(attempt: int) -> float:
    """Seconds to wait after an attempt, with jitter so that clients do not retry in step."""
    pause = min(MAX_PAUSE, FIRST_PAUSE * 2.0 ** (attempt - 1))
    return pause + random.uniform(0, FIRST_PAUSE)  # noqa: S311 - not for cryptography.


def _file_chunks(response: ApiResponse, describe: DescribeQuery | None) -> Iterator[bytes]:
    try:
        yield from response.chunks()
    except ApiError as error:
        _attach_query(error, describe)
        raise


def _attach_query(error: ApiError, describe: DescribeQuery | None) -> ApiError:
    if describe:
        error.query = describe()
        error.add_note(f"the query: {error.query}")
    return error
