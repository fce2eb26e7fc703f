"""The rate limiter of an account, shared by its threads and clients, and by processes on request.

`Window` is its rule: which calls count, and when the next one may start. It does no I/O and
knows no clock, thread or file: all times are arguments, in seconds of any clock.
"""

from __future__ import annotations

import math
import os
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from threading import TIMEOUT_MAX, Condition, Lock
from typing import TYPE_CHECKING, Final, Protocol
from uuid import uuid4
from weakref import WeakValueDictionary

from attrs import Factory, define, frozen

from leadquery.client.deadline import CLOCK, MAX_SLEEP, Clock, Deadline
from leadquery.errors import QueryError
from leadquery.wire.enums import CALLS, SECONDS

if TYPE_CHECKING:
    from leadquery.client.rate_limiter_sqlite import SqliteStore


MARGIN: Final = 0.001
"""Seconds added to the window, for calls at its very end and for coarse clocks."""

RECOVERY: Final = 60.0
"""Seconds without a rejection after which the full rate is tried again."""


@frozen
class Rate:
    """At most `calls` calls in any window of `seconds` seconds."""

    calls: int
    seconds: float

    @property
    def per_second(self) -> float:
        """The calls in a second, on average."""
        return self.calls / self.seconds

    @classmethod
    def parse(cls, rate: object) -> Rate:
        """A rate from a pair. Raises QueryError if it is not one."""
        if isinstance(rate, cls):
            return rate
        pair = tuple(rate) if isinstance(rate, (tuple, list)) else ()
        if len(pair) != 2 or type(pair[0]) is not int or type(pair[1]) not in (int, float):
            raise QueryError(
                f"rate={rate!r} is not a pair of calls and seconds; write rate=(25, 5.0), "
                "'auto' to adopt the account's, or None for no limit"
            )
        if pair[0] < 1 or not 0 < pair[1] <= TIMEOUT_MAX:
            raise QueryError(f"rate={rate!r} allows no call; write rate=(25, 5.0)")
        return cls(pair[0], float(pair[1]))


@define
class Window:
    """The calls that count against a rate.

    The server counts a call at an unknown moment between its start and its response. So a call
    counts here from its start until a whole window after its response. Then no window of the
    server can hold more calls than the rate allows.
    """

    rate: Rate
    limit: int = Factory(lambda self: self.rate.calls, takes_self=True)
    """The calls allowed at present: fewer than the rate's after a rejection."""

    expiries: dict[str, float] = Factory(dict)
    """For the id of each call that counts, the time until which it does."""

    closed_until: float = -math.inf
    halved_at: float = -math.inf
    rejected_at: float = -math.inf

    def wait_time(self, now: float) -> float:
        """Seconds until a call may start; 0 if it may start now.

        With a limit of 25, a call may start when fewer than 25 count. If 27 do, that is when the
        third of them expires.
        """
        self._expire(now)
        opens = self.closed_until
        excess = len(self.expiries) - self.limit
        if excess >= 0:
            opens = max(opens, sorted(self.expiries.values())[excess])
        return max(0.0, opens - now)

    def is_idle(self, now: float) -> bool:
        """Whether nothing delays the next call."""
        self._expire(now)
        return not self.expiries and self.limit == self.rate.calls and now >= self.closed_until

    def start(self, call_id: str, until: float) -> None:
        """Count a call that starts, until then or until `end` says otherwise."""
        self.expiries[call_id] = until

    def end(self, call_id: str, now: float) -> None:
        """Count a call for one more window: its response has arrived, or its time is over."""
        self.expiries[call_id] = now + self.rate.seconds + MARGIN

    def reject(self, started: float, now: float, pause: float) -> None:
        """Halve the rate, and start no call for `pause` seconds: the server rejected a call.

        Calls that had started before the rate was halved do not halve it again.
        """
        if started > self.halved_at:
            self.limit = max(1, self.limit // 2)
            self.halved_at = now
        self.rejected_at = now
        self.closed_until = max(self.closed_until, now + pause)

    def set_rate(self, rate: Rate) -> None:
        """Change the rate. Calls that count already do so for the longer of both windows."""
        longer = max(0.0, rate.seconds - self.rate.seconds)
        self.expiries = {call_id: until + longer for call_id, until in self.expiries.items()}
        self.rate, self.limit = rate, rate.calls

    def _expire(self, now: float) -> None:
        self.expiries = {call_id: until for call_id, until in self.expiries.items() if until > now}
        if self.limit < self.rate.calls and now - self.rejected_at >= RECOVERY:
            self.limit = self.rate.calls


DEFAULT_RATE: Final = Rate(CALLS, float(SECONDS))
"""What the API allows. (API page: API Rate Limit)"""


LOCKED_PAUSE: Final = 0.01
"""Seconds between attempts to open a locked file. SQLite waits before each fails."""

LOCK_TIMEOUT: Final = 30.0
"""Seconds after which a file that another process has locked cannot be used."""


class StoreLockedError(Exception):
    """Another process has locked the window. Never leaves the package."""


class Store(Protocol):
    """Where the window of an account is stored."""

    def window(self) -> AbstractContextManager[Window]:
        """The window, for one user at a time."""
        ...


class MemoryStore:
    """A window in this process. The lock of the rate limiter protects it."""

    def __init__(self, rate: Rate) -> None:
        self._window = Window(rate)

    def window(self) -> AbstractContextManager[Window]:
        """The window itself."""
        return nullcontext(self._window)


class Permit:
    """The permission to make one call."""

    def __init__(
        self, limiter: RateLimiter | None = None, call_id: str = "", started: float = 0.0
    ) -> None:
        self._limiter, self._call_id, self._started = limiter, call_id, started
        self.ended = limiter is None

    def end(self) -> None:
        """Report that the response has arrived, or never will. Later reports change nothing."""
        if not self.ended and self._limiter:
            self.ended = True
            self._limiter.end(self._call_id)

    def reject(self, pause: float) -> None:
        """Report that the server rejected the call for its rate, and the pause it asks for."""
        if self._limiter:
            self._limiter.reject(self._started, pause)

    def adopt(self, rate: tuple[int, float]) -> None:
        """Report the rate that the server names as the account's."""
        if self._limiter:
            self._limiter.set_rate(Rate(*rate), only_lower=True)


class RateLimiter:
    """Lets calls start first come, first served, and never more than the rate in any window.

    Threads may share it. Ctrl-C interrupts a thread that waits.
    """

    def __init__(self, rate: Rate, clock: Clock = CLOCK) -> None:
        self._clock = clock
        self._store: Store = MemoryStore(rate)
        self._unsaved: list[Callable[[Window], None]] = []
        """Changes that wait for a file which another process has locked."""
        self.reset_threads()

    def reset_threads(self) -> None:
        """Forget all threads. In a forked process, those with the lock or in the queue are gone."""
        self._lock = Lock()
        self._queue: deque[Condition] = deque()

    @contextmanager
    def permit(self, deadline: Deadline, timeout: float) -> Iterator[Permit | None]:
        """A permit for one call; None if the deadline passes before there is one.

        `timeout` is how long the call may take. A call that was given up may still reach the
        server within that time, so until then it counts.
        """
        permit = self._acquire(deadline, timeout)
        if permit is None:
            yield None
            return
        try:
            yield permit
        except Exception:
            permit.end()
            raise
        permit.end()

    def end(self, call_id: str) -> None:
        """Report that a call has ended."""
        now = self._clock.now()
        with self._lock:
            self._change(lambda window: window.end(call_id, now))
            self._wake_next()

    def reject(self, started: float, pause: float) -> None:
        """Report that the server rejected a call that started then."""
        now = self._clock.now()
        with self._lock:
            self._change(lambda window: window.reject(started, now, pause))

    def set_rate(self, rate: Rate, *, only_lower: bool = False) -> None:
        """Change the rate; with `only_lower` to one that allows no more calls in a second."""

        def change(window: Window) -> None:
            is_lower = rate.per_second <= window.rate.per_second
            if window.rate != rate and (is_lower or not only_lower):
                window.set_rate(rate)

        with self._lock:
            self._change(change)
            self._wake_next()

    def use_store(self, store: SqliteStore) -> None:
        """Continue with the window of a file, and add the calls that count here to it."""
        with self._lock:
            if self._store != store:
                previous = self._store
                with previous.window() as own:
                    expiries = own.expiries
                self._store = store
                try:
                    self._change(lambda window: window.expiries.update(expiries))
                except QueryError:
                    self._store = previous
                    self._unsaved.pop()
                    raise
                self._wake_next()

    def _change(self, change: Callable[[Window], None]) -> None:
        """Change the window now, or before the next call starts if its file is locked.

        Until then a call counts for longer than it has to, so no rate is exceeded.
        """
        self._unsaved.append(change)
        with suppress(StoreLockedError), self._window():
            pass

    @contextmanager
    def _window(self) -> Iterator[Window]:
        """The window with all changes so far."""
        with self._store.window() as window:
            for change in self._unsaved:
                change(window)
            yield window
        self._unsaved.clear()

    @property
    def is_idle(self) -> bool:
        """Whether no call counts any more, or a file remembers those that do."""
        if not isinstance(self._store, MemoryStore):
            return True
        with self._lock, self._window() as window:
            return window.is_idle(self._clock.now())

    def _acquire(self, deadline: Deadline, timeout: float) -> Permit | None:
        """Join the end of the queue, wait for a permit, and leave; None at the deadline."""
        with self._lock:
            turn = Condition(self._lock)
            self._queue.append(turn)
            try:
                return self._wait_for_permit(turn, deadline, timeout)
            finally:
                self._queue.remove(turn)
                self._wake_next()

    def _wait_for_permit(
        self, turn: Condition, deadline: Deadline, timeout: float
    ) -> Permit | None:
        """A permit; None at the deadline. Raises QueryError for a file that stays locked."""
        last_unlocked = self._clock.now()
        while (remaining := deadline.remaining) > 0:
            try:
                permit, wait_time = self._try_acquire(turn, timeout)
                last_unlocked = self._clock.now()
            except StoreLockedError:
                if self._clock.now() > last_unlocked + LOCK_TIMEOUT:
                    raise QueryError(
                        f"{self._store} cannot be used: another process has locked it for "
                        f"{LOCK_TIMEOUT:g} s; end that process, or name another file"
                    ) from None
                permit, wait_time = None, LOCKED_PAUSE
            if permit is not None:
                return permit
            self._clock.wait(turn, min(wait_time, remaining, MAX_SLEEP))
        return None

    def _try_acquire(self, turn: Condition, timeout: float) -> tuple[Permit | None, float]:
        """A permit if this thread is the first in the queue and a call may start now.

        Otherwise None, and the seconds to wait: without end for the others in the queue, which
        whoever leaves it wakes.
        """
        if self._queue[0] is not turn:
            return None, math.inf
        with self._window() as window:
            now = self._clock.now()
            wait_time = window.wait_time(now)
            if wait_time > 0:
                return None, wait_time
            call_id = uuid4().hex
            window.start(call_id, now + timeout + window.rate.seconds)
            return Permit(self, call_id, now), 0.0

    def _wake_next(self) -> None:
        if self._queue:
            self._queue[0].notify()


_limiters: Final[WeakValueDictionary[tuple[str, Clock], RateLimiter]] = WeakValueDictionary()

_busy_limiters: Final[set[RateLimiter]] = set()
"""Limiters that are kept alive although no client uses them."""

_limiters_lock = Lock()


def rate_limiter_for(
    account: str, rate: Rate, clock: Clock = CLOCK, lock_file: Path | None = None
) -> RateLimiter:
    """The rate limiter that all clients of an account share.

    It outlives them as long as calls count, for the next client. A rate or a lock file applies to
    all clients of the account, and the last one given wins. The default rate changes nothing.
    """
    with _limiters_lock:
        _busy_limiters.intersection_update([each for each in _busy_limiters if not each.is_idle])
        limiter = _limiters.get((account, clock))
        if limiter is None:
            limiter = _limiters[account, clock] = RateLimiter(rate, clock)
        if lock_file is not None:
            from leadquery.client.rate_limiter_sqlite import SqliteStore

            limiter.use_store(SqliteStore(lock_file.absolute(), account, rate, clock))
        if rate is not DEFAULT_RATE:
            limiter.set_rate(rate)
        _busy_limiters.add(limiter)
        return limiter


def _reset_after_fork() -> None:
    """A forked process has the calls of its parent, and one thread."""
    global _limiters_lock  # noqa: PLW0603 - a thread of the parent may hold the old one.
    _limiters_lock = Lock()
    for limiter in list(_limiters.values()):
        limiter.reset_threads()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_reset_after_fork)
