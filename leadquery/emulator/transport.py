"""The way of a call to the door and back, with the faults that were asked for."""

from __future__ import annotations

from http import HTTPStatus
from math import inf
from threading import Lock
from typing import Final

from attrs import evolve

from leadquery.emulator.app import App
from leadquery.emulator.clock import Clock
from leadquery.emulator.drift import Drift, Snapshot
from leadquery.emulator.faults import Fault, Faults
from leadquery.emulator.messages import ApiRequest, ApiResponse, error_response
from leadquery.wire.enums import ExceptionType

LENGTH: Final = "Content-Length"


class ConnectionLostError(Exception):
    """A call without a reply."""


class RefusedError(ConnectionLostError):
    """There was no connection."""


class DroppedError(ConnectionLostError):
    """The connection closed."""


class TimedOutError(ConnectionLostError):
    """The caller no longer waits."""


REPLACED: Final = {
    Fault.LIMITED: error_response(
        "too many calls, as was asked for",
        HTTPStatus.TOO_MANY_REQUESTS,
        ExceptionType.RATE_LIMIT,
    ),
    Fault.LIMITED_WITH_200: error_response(
        "too many calls, as was asked for", HTTPStatus.OK, ExceptionType.RATE_LIMIT
    ),
    Fault.REJECTED: error_response(
        "the input is rejected, as was asked for", HTTPStatus.INTERNAL_SERVER_ERROR
    ),
    Fault.FAILED: ApiResponse(HTTPStatus.INTERNAL_SERVER_ERROR, {}, b""),
    Fault.UNAVAILABLE: ApiResponse(
        HTTPStatus.SERVICE_UNAVAILABLE,
        {"Content-Type": "text/html"},
        b"<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>\n",
    ),
}
"""What a fault puts in the place of the answer."""


class Transport:
    """Carries calls to a door. `happened` tells what went wrong with each call, None if nothing."""

    def __init__(self, door: App, faults: Faults, clock: Clock, size: int) -> None:
        self._door = door
        self._faults = faults
        self._clock = clock
        self._drift = Drift(faults, size)
        self._lock = Lock()
        self.happened: list[Fault | None] = []

    def carry(self, call: ApiRequest, patience: float = inf) -> ApiResponse:
        """The reply to a call, which the caller awaits for `patience` seconds.

        A call that is still on its way by then arrives at that moment. Raises LostError.
        """
        with self._lock:
            number = len(self.happened)
            dice = self._faults.dice(number)
            fault = self._faults.fault(number, dice)
            self.happened.append(fault)
            view = self._drift.view(fault, dice)
        there, back = self._faults.delay(dice), self._faults.delay(dice)
        if fault is Fault.SLOW:
            back += self._faults.slow
        self._wait(min(there, patience))
        if fault is Fault.REFUSED:
            raise RefusedError
        reply = self._reply(call, fault, view)
        self._wait(min(back, max(0.0, patience - there)))
        if there + back > patience:
            raise TimedOutError
        if fault is Fault.DROPPED:
            raise DroppedError
        return _sent(reply, fault, with_body=call.method != "HEAD")

    def _reply(self, call: ApiRequest, fault: Fault | None, view: Snapshot) -> ApiResponse:
        refused = self._door.refused(call)
        if refused is not None:
            return refused
        return REPLACED[fault] if fault in REPLACED else self._door.answer(call, view)

    def _wait(self, seconds: float) -> None:
        if seconds:
            self._clock.sleep(seconds)


def _sent(reply: ApiResponse, fault: Fault | None, *, with_body: bool) -> ApiResponse:
    """A reply that says its length, and may be shorter."""
    length = len(reply.body)
    sent = length // 2 if fault is Fault.TRUNCATED else length
    told = {**reply.headers, LENGTH: str(length)}
    return evolve(reply, headers=told, body=reply.body[:sent] if with_body else b"")
