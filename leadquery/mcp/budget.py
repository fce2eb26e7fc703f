"""The budget: how many requests an assistant may send in an hour without asking the person.

Every attempt of a call takes one from it, also those for the account's fields and users, at the
same place where it waits for a permit of the rate limiter. So no plan, page or retry can pass it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from time import monotonic
from typing import Any, Final, cast

import attrs

from leadquery.client import Client
from leadquery.client.deadline import Deadline
from leadquery.client.rate_limiter import Permit, RateLimiter
from leadquery.client.transport import Transport
from leadquery.errors import LeadQueryError

HOUR: Final = 3600.0

DEFAULT_BUDGET: Final = 100


class BudgetError(LeadQueryError, page="how-to/assistants.md#the-budget"):
    """A call that would have sent more requests than it may."""


class ApprovalNeededError(BudgetError):
    """A call of more `requests` than are free, of which none was sent; the person may approve."""

    def __init__(self, requests: int, free: int, limit: int) -> None:
        super().__init__(
            f"this takes {count_requests(requests)}, and {free:,} of the {limit:,} that may be "
            "sent in an hour without asking are left"
        )
        self.requests = requests


class CallCancelledError(LeadQueryError):
    """A call that the client has cancelled; it sends nothing more."""


class Budget:
    """The requests of any hour, and those that running calls have reserved. Threads may share it.

    >>> budget = Budget(10)
    >>> with budget.allow(4) as allowance:
    ...     allowance.spend()
    ...     budget.free
    6
    >>> budget.free
    9
    """

    def __init__(self, limit: int, now: Callable[[], float] = monotonic) -> None:
        self.limit = limit
        self._now = now
        self._lock = Lock()
        self._sent: deque[float] = deque()
        self._reserved = 0

    @property
    def free(self) -> int:
        """How many requests may be sent now without asking."""
        with self._lock:
            return self._free()

    @property
    def minutes(self) -> int:
        """The minutes until the first of the sent requests no longer counts, at least 1."""
        with self._lock:
            self._forget()
            oldest = self._sent[0] if self._sent else self._now()
            return 1 + int((oldest + HOUR - self._now()) // 60)

    def _forget(self) -> None:
        while self._sent and self._sent[0] <= self._now() - HOUR:
            self._sent.popleft()

    def _free(self) -> int:
        self._forget()
        return max(0, self.limit - len(self._sent) - self._reserved)

    @contextmanager
    def allow(self, requests: int, *, approved: bool = False) -> Iterator[Allowance]:
        """The permission to send so many requests, and more while the budget lasts.

        Raises ApprovalNeededError if they are more than are free, unless the person has `approved`
        them; then no more than these are sent.
        """
        with self._lock:
            if not approved and requests > self._free():
                raise ApprovalNeededError(requests, self._free(), self.limit)
            # What was approved beyond the limit is not reserved from it.
            self._reserved += 0 if approved else requests
        allowance = Allowance(self, requests, approved)
        try:
            yield allowance
        finally:
            allowance.end()

    def _end(self, allowance: Allowance) -> None:
        with self._lock:
            self._reserved -= 0 if allowance.approved else allowance.left
            allowance.left, allowance.has_ended = 0, True

    def _spend(self, allowance: Allowance) -> None:
        with self._lock:
            if allowance.has_ended:
                raise CallCancelledError("the call was cancelled; nothing more is sent")
            if allowance.left:
                allowance.left -= 1
                self._reserved -= 0 if allowance.approved else 1
            elif allowance.approved or not self._free():
                raise BudgetError(
                    f"stopped after {count_requests(allowance.sent)}, which is all that may be sent"
                )
            allowance.sent += 1
            self._sent.append(self._now())


@attrs.define(eq=False)
class Allowance:
    """The requests that one call may send."""

    budget: Budget
    left: int
    approved: bool
    sent: int = 0
    has_ended: bool = False

    def spend(self) -> None:
        """Take one request. Raises BudgetError if none is left, CallCancelledError."""
        self.budget._spend(self)

    def end(self) -> None:
        """Give back what was not sent. Whatever thread still runs, nothing more is sent."""
        self.budget._end(self)


class _MeteredLimiter:
    """Takes a request from an allowance for each permit."""

    def __init__(self, limiter: RateLimiter | None, allowance: Allowance) -> None:
        self._limiter, self._allowance = limiter, allowance

    @contextmanager
    def permit(self, deadline: Deadline, timeout: float) -> Iterator[Permit | None]:
        if self._limiter is None:
            if deadline.remaining <= 0:
                yield None
                return
            self._allowance.spend()
            yield Permit()
            return
        with self._limiter.permit(deadline, timeout) as permit:
            # After the wait, in which the call may have been cancelled.
            if permit is not None:
                self._allowance.spend()
            yield permit


def metered_client(client: Client, allowance: Allowance) -> Client:
    """The same client, with its users and its rate, which sends no more than it may."""
    metered = Client.__new__(Client)
    transport: Transport = client._transport
    limiter: Any = _MeteredLimiter(transport.rate_limiter, allowance)
    vars(metered).update(vars(client))
    metered._transport = attrs.evolve(transport, rate_limiter=cast("RateLimiter", limiter))
    return metered


def count_requests(number: int) -> str:
    """A number of requests in words.

    >>> count_requests(1), count_requests(1200)
    ('1 request', '1,200 requests')
    """
    return f"{number:,} request{'' if number == 1 else 's'}"
