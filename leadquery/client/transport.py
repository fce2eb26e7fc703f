"""A call: one payload, under the pace, again where that may help, until it is answered or told."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urlencode, urlsplit

from attrs import frozen
from requests import Request, Response, Session

from leadquery.client.auth import ApiKeys, Credentials, origin
from leadquery.client.deadline import CLOCK, Clock, Deadline
from leadquery.client.rate_limiter import Permit, RateLimiter
from leadquery.client.response import ResponseParser, Rows
from leadquery.client.session import with_keys
from leadquery.client.streaming import FAULTS, StreamingResponse, read_file, read_json, read_rows
from leadquery.client.transport_errors import Timeouts, map_exception, out_of_time
from leadquery.errors import ApiError, RateLimitError, RequestTimeoutError
from leadquery.wire.enums import ResponseFormat
from leadquery.wire.protocol import CONTENT_TYPE, METHOD, PATH, RESPONSE_FORMAT

if TYPE_CHECKING:
    from tenacity import RetryCallState


T = TypeVar("T")

Describe = Callable[[], str]
"""Describes of a query, when an error needs it."""

Reading = Callable[[ResponseParser, StreamingResponse], T | ApiError]
"""Takes from a reply, of which only the head is read, what was asked for."""

SHORTEST: Final = 0.001
"""Seconds that a call has at least: requests takes 0 for an error."""

FIRST_PAUSE: Final = 0.5

LONGEST_PAUSE: Final = 30.0

PATIENCE: Final = 300.0
"""Seconds of Retry-After that are still waited for; a longer one is for the caller to wait."""

log = logging.getLogger("leadquery")


@frozen
class ApiRequest:
    """What is asked, without the keys."""

    method: str
    url: str
    body: bytes | None = None


@frozen
class Transport:
    """Makes the calls of one client: with its keys, under its pace, and again where that may help.

    A call only reads, so asking again is safe. Threads may share it.
    """

    origin: str
    credentials: Credentials
    session: Session
    pace: RateLimiter | None = None
    attempts: int = 6
    timeouts: Timeouts = (5, 60)
    deadline: float | None = None
    clock: Clock = CLOCK
    ahead: int = 1
    """Calls at once, while pages are fetched ahead."""

    @property
    def where(self) -> str:
        """Who is asked, as errors begin."""
        return f"<Client: {urlsplit(self.origin).netloc}>"

    def patience(self) -> Deadline:
        """How long a query may take that begins now."""
        return Deadline(self.deadline, self.clock)

    def read(
        self, payload: str, said: Describe | None = None, patience: Deadline | None = None
    ) -> tuple[Rows, int]:
        """The rows that answer a payload, and how many there are in all. Raises ApiError."""
        return self._asked(self._report(payload), read_rows, said, patience)

    def stream(
        self,
        payload: str,
        said: Describe | None = None,
        patience: Deadline | None = None,
        shape: ResponseFormat = ResponseFormat.CSV,
    ) -> Iterator[bytes]:
        """The answer as a file, in pieces as they come.

        Raises ApiError: before the first piece for what goes wrong until then, after it when the
        answer breaks off. What came until then is not asked for again.
        """
        return _pieces(self._asked(self._report(payload, shape), read_file, said, patience), said)

    def get(
        self,
        path: str,
        parameters: Mapping[str, str] | None = None,
        host: str | None = None,
        patience: Deadline | None = None,
    ) -> Any:
        """The JSON value that a path holds, on another host of the account where one is given.

        Raises ApiError, and QueryError for what is no host.
        """
        url = (self.origin if host is None else origin(host)) + path
        asked = f"{url}?{urlencode(parameters)}" if parameters else url
        return self._asked(ApiRequest("GET", asked), read_json, None, patience)

    def _report(self, payload: str, shape: ResponseFormat | None = None) -> ApiRequest:
        asked = f"?{RESPONSE_FORMAT}={shape.value}" if shape else ""
        return ApiRequest(METHOD, f"{self.origin}{PATH}{asked}", payload.encode())

    def _asked(
        self,
        call: ApiRequest,
        reading: Reading[T],
        said: Describe | None,
        patience: Deadline | None,
    ) -> T:
        """What a call brings in the end."""
        patience = patience or self.patience()
        outcome = self._attempt(call, reading, patience)
        if _may_pass(outcome) and self.attempts > 1:
            outcome = self._again(
                outcome, partial(self._attempt, call, reading, patience), patience
            )
        if isinstance(outcome, ApiError):
            raise _attach_query(outcome, said)
        return outcome

    def _again(
        self, first: T | ApiError, attempt: Callable[[], T | ApiError], patience: Deadline
    ) -> T | ApiError:
        """What a call brings when it is made again and again, after growing pauses."""
        from tenacity import Retrying, retry_if_result, wait_exponential, wait_random

        pause = wait_exponential(FIRST_PAUSE, max=LONGEST_PAUSE) + wait_random(0, FIRST_PAUSE)
        made = chain([first], iter(attempt, object()))
        retrying = Retrying(
            retry=retry_if_result(_may_pass),
            wait=lambda state: max(pause(state), _requested_delay(state)),
            stop=lambda state: (
                state.attempt_number >= self.attempts
                or state.upcoming_sleep > min(PATIENCE, patience.left)
            ),
            sleep=patience.sleep,
            before_sleep=self._log,
            retry_error_callback=_outcome,
        )
        outcome: T | ApiError = retrying(lambda: next(made))
        if isinstance(outcome, ApiError):
            outcome.attempts += retrying.statistics["attempt_number"] - 1
        return outcome

    def _log(self, state: RetryCallState) -> None:
        log.info(
            "%s; attempt %d of %d in %.1f s",
            _outcome(state),
            state.attempt_number + 1,
            self.attempts,
            state.upcoming_sleep,
        )

    def _attempt(self, call: ApiRequest, reading: Reading[T], patience: Deadline) -> T | ApiError:
        """What one call brings."""
        keys = self.credentials.keys()
        judge = ResponseParser(self.where, urlsplit(call.url).hostname or "", keys)
        with self._slot(patience) as slot:
            if slot is None:
                return out_of_time(self.where, patience.seconds, attempts=0)
            timeouts = self._timeouts(patience)
            response = self._sent(call, keys, timeouts)
            slot.ended()
            outcome = (
                response
                if isinstance(response, ApiError)
                else reading(judge, StreamingResponse(response, self.where, timeouts, patience))
            )
            if isinstance(outcome, RateLimitError):
                pause = outcome.retry_after or 0.0
                slot.refused(pause if pause <= PATIENCE else 0.0)
        if isinstance(outcome, RequestTimeoutError) and patience.left <= 0:
            return out_of_time(self.where, patience.seconds, attempts=1)
        return outcome

    def _sent(self, call: ApiRequest, keys: ApiKeys, timeouts: Timeouts) -> Response | ApiError:
        """The reply to a call, of which only the head is read."""
        headers = {"Content-Type": CONTENT_TYPE} if call.body else {}
        asked = Request(call.method, call.url, headers, data=call.body)
        try:
            request = self.session.prepare_request(asked)
            # http is for this machine alone: no proxy between sees the keys.
            settings = self.session.merge_environment_settings(
                call.url, {"http": ""}, stream=True, verify=None, cert=None
            )
            with with_keys(keys, self.session, request):
                return self.session.send(
                    request, timeout=timeouts, allow_redirects=False, **settings
                )
        except FAULTS as error:
            return map_exception(self.where, error, timeouts)

    def _slot(self, patience: Deadline) -> AbstractContextManager[Permit | None]:
        if self.pace:
            return self.pace.slot(patience, sum(self.timeouts))
        return nullcontext(Permit() if patience.left > 0 else None)

    def _timeouts(self, patience: Deadline) -> Timeouts:
        """Those of a call, which may not take longer than its query."""
        left = max(patience.left, SHORTEST)
        return min(self.timeouts[0], left), min(self.timeouts[1], left)


def _pieces(body: StreamingResponse, said: Describe | None) -> Iterator[bytes]:
    try:
        yield from body.pieces()
    except ApiError as error:
        _attach_query(error, said)
        raise


def _may_pass(outcome: object) -> bool:
    """Whether the same call may bring an answer the next time."""
    return isinstance(outcome, ApiError) and outcome.transient


def _outcome(state: RetryCallState) -> Any:
    return state.outcome.result() if state.outcome else None


def _requested_delay(state: RetryCallState) -> float:
    return getattr(_outcome(state), "retry_after", None) or 0.0


def _attach_query(error: ApiError, said: Describe | None) -> ApiError:
    """An error with the sentence of its query."""
    if said:
        error.query = said()
        error.add_note(f"the query: {error.query}")
    return error
