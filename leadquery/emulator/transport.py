"""A transport to the mock API that can inject faults."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from math import inf
from threading import Lock
from typing import Final

from attrs import evolve

from leadquery.emulator.app import ApiRequest, ApiResponse, App, error_response
from leadquery.emulator.faults import Clock, Drift, Fault, Faults, Snapshot
from leadquery.wire.enums import ExceptionType

CONTENT_LENGTH: Final = "Content-Length"

Handle = Callable[[ApiRequest, float], ApiResponse]
"""Responds to a request within some seconds, as `Transport.handle` does."""


class ConnectionLostError(Exception):
    """A call got no response."""


class RefusedError(ConnectionLostError):
    """There was no connection."""


class DroppedError(ConnectionLostError):
    """The connection closed."""


class TimedOutError(ConnectionLostError):
    """The caller stopped waiting."""


FAULT_RESPONSES: Final = {
    Fault.LIMITED: error_response(
        "too many calls (a fault that was asked for)",
        HTTPStatus.TOO_MANY_REQUESTS,
        ExceptionType.RATE_LIMIT,
    ),
    Fault.LIMITED_WITH_200: error_response(
        "too many calls (a fault that was asked for)", HTTPStatus.OK, ExceptionType.RATE_LIMIT
    ),
    Fault.REJECTED: error_response(
        "invalid input (a fault that was asked for)", HTTPStatus.INTERNAL_SERVER_ERROR
    ),
    Fault.FAILED: ApiResponse(HTTPStatus.INTERNAL_SERVER_ERROR, {}, b""),
    Fault.UNAVAILABLE: ApiResponse(
        HTTPStatus.SERVICE_UNAVAILABLE,
        {"Content-Type": "text/html"},
        b"<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>\n",
    ),
}
"""Responses that take the place of the app's."""


class Transport:
    """Takes requests to the app. `fault_log` holds the fault of each call, None for no fault.

    `headers` makes those that every response has.
    """

    def __init__(
        self,
        app: App,
        faults: Faults,
        clock: Clock,
        size: int,
        headers: Callable[[], Mapping[str, str]],
    ) -> None:
        self._app = app
        self._faults = faults
        self._clock = clock
        self._headers = headers
        self._drift = Drift(faults, size)
        self._lock = Lock()
        self.fault_log: list[Fault | None] = []

    def handle(self, request: ApiRequest, timeout: float = inf) -> ApiResponse:
        """The response to a request, for which the caller waits at most `timeout` seconds.

        A request that is still on its way by then arrives at that moment. Raises
        ConnectionLostError if there is no response.
        """
        with self._lock:
            number = len(self.fault_log)
            rng = self._faults.rng(number)
            fault = self._faults.fault(number, rng)
            self.fault_log.append(fault)
            snapshot = self._drift.snapshot(fault, rng)
        there, back = self._faults.delay(rng), self._faults.delay(rng)
        if fault is Fault.SLOW:
            back += self._faults.slow
        self._wait(min(there, timeout))
        if fault is Fault.REFUSED:
            raise RefusedError
        response = self._respond(request, fault, snapshot)
        self._wait(min(back, max(0.0, timeout - there)))
        if there + back > timeout:
            raise TimedOutError
        if fault is Fault.DROPPED:
            raise DroppedError
        response = evolve(response, headers={**response.headers, **self._headers()})
        return _with_length(response, fault, with_body=request.method != "HEAD")

    def _respond(self, request: ApiRequest, fault: Fault | None, snapshot: Snapshot) -> ApiResponse:
        rejection = self._app.reject(request)
        if rejection is not None:
            return rejection
        if fault in FAULT_RESPONSES:
            return FAULT_RESPONSES[fault]
        return self._app.handle(request, snapshot)

    def _wait(self, seconds: float) -> None:
        if seconds:
            self._clock.sleep(seconds)


def _with_length(response: ApiResponse, fault: Fault | None, *, with_body: bool) -> ApiResponse:
    """The response with a Content-Length. The body of a truncated one is shorter than that."""
    length = len(response.body)
    sent = length // 2 if fault is Fault.TRUNCATED else length
    headers = {**response.headers, CONTENT_LENGTH: str(length)}
    return evolve(response, headers=headers, body=response.body[:sent] if with_body else b"")
