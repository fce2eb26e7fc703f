"""The pace of an account: its threads, and its processes by choice, share one set of slots."""

from __future__ import annotations

import math
import os
from collections import deque
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from threading import Condition, Lock
from typing import TYPE_CHECKING, Final, Protocol
from uuid import uuid4
from weakref import WeakValueDictionary

from leadquery.client.deadline import CLOCK, LONGEST_WAIT, Clock, Deadline
from leadquery.client.sliding_window import Rate, Window
from leadquery.wire.protocol import CALLS, SECONDS

if TYPE_CHECKING:
    from leadquery.client.rate_limiter_sqlite import SqliteStore


DEFAULT_RATE: Final = Rate(CALLS, float(SECONDS))
"""What the API's page allows. (API page: API Rate Limit)"""


class Store(Protocol):
    """Where the slots of an account are held."""

    def slots(self) -> AbstractContextManager[Window]:
        """The slots, for one caller at a time."""
        ...


class Memory:
    """The slots of one process. Whoever asks holds the lock of the pace."""

    def __init__(self, rate: Rate) -> None:
        self._slots = Window(rate)

    def slots(self) -> AbstractContextManager[Window]:
        """The slots themselves."""
        return nullcontext(self._slots)


class Permit:
    """The leave to make one call."""

    def __init__(self, pace: RateLimiter | None = None, name: str = "", sent: float = 0.0) -> None:
        self._pace, self._name, self._sent = pace, name, sent
        self.done = pace is None

    def ended(self) -> None:
        """Say that the answer has arrived, or will not any more. Only the first word counts."""
        if not self.done and self._pace:
            self.done = True
            self._pace.end(self._name)

    def refused(self, pause: float) -> None:
        """Say that the server refused the call for its pace, and the pause it asks for."""
        if self._pace:
            self._pace.refuse(self._sent, pause)


class RateLimiter:
    """Lets calls go, first come first served, never more than the rate in any window.

    Threads may share it. A thread that waits does nothing else, and hears Ctrl-C.
    """

    def __init__(self, rate: Rate, clock: Clock = CLOCK) -> None:
        self._clock = clock
        self._store: Store = Memory(rate)
        self.forked()

    def forked(self) -> None:
        """Begin without threads: none of those that held the lock or stood in line is there."""
        self._lock = Lock()
        self._queue: deque[Condition] = deque()

    @contextmanager
    def slot(self, patience: Deadline, timeout: float) -> Iterator[Permit | None]:
        """A slot for one call, or None when the patience is at its end before one is free.

        `timeout` is how long the call may take. A call that is given up while it is under way
        may still reach the server: its slot is held as long as that could be.
        """
        slot = self._taken(patience, timeout)
        if slot is None:
            yield None
            return
        try:
            yield slot
        except Exception:
            slot.ended()
            raise
        slot.ended()

    def end(self, name: str) -> None:
        """A call has ended."""
        with self._lock, self._store.slots() as slots:
            slots.ended(name, self._clock.now())
            self._next()

    def refuse(self, sent: float, pause: float) -> None:
        """The server has refused a call that was sent then."""
        with self._lock, self._store.slots() as slots:
            slots.refuse(sent, self._clock.now(), pause)

    def settle(self, rate: Rate) -> None:
        """Go on at another rate."""
        with self._lock, self._store.slots() as slots:
            if slots.rate != rate:
                slots.settle(rate)
                self._next()

    def share(self, ledger: SqliteStore) -> None:
        """Go on with the slots of a file, to which the calls are added that count here."""
        with self._lock:
            if self._store != ledger:
                with self._store.slots() as own, ledger.slots() as shared:
                    shared.taken |= own.taken
                self._store = ledger
                self._next()

    @property
    def idle(self) -> bool:
        """Whether no call counts any more, or a file remembers those that do."""
        if not isinstance(self._store, Memory):
            return True
        with self._lock, self._store.slots() as slots:
            return slots.idle(self._clock.now())

    def _taken(self, patience: Deadline, timeout: float) -> Permit | None:
        with self._lock:
            place = Condition(self._lock)
            self._queue.append(place)
            try:
                while (left := patience.left) > 0:
                    wait = self._wait(place, timeout)
                    if isinstance(wait, Permit):
                        return wait
                    self._clock.wait(place, min(wait, left, LONGEST_WAIT))
                return None
            finally:
                self._queue.remove(place)
                self._next()

    def _wait(self, place: Condition, timeout: float) -> Permit | float:
        """A slot for who stands first, or else how long it will not be free."""
        if self._queue[0] is not place:
            return math.inf
        with self._store.slots() as slots:
            now = self._clock.now()
            if wait := slots.wait(now):
                return wait
            name = uuid4().hex
            slots.take(name, now + timeout + slots.rate.seconds)
            return Permit(self, name, now)

    def _next(self) -> None:
        if self._queue:
            self._queue[0].notify()


_limiters: Final[WeakValueDictionary[tuple[str, Clock], RateLimiter]] = WeakValueDictionary()

_limiters_lock = Lock()

_kept: set[RateLimiter] = set()


def _forked() -> None:
    """A process that was forked has the calls of the other one, and one thread."""
    global _limiters_lock  # noqa: PLW0603 - a thread that is not there may hold it
    _limiters_lock = Lock()
    for pace in list(_limiters.values()):
        pace.forked()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)


def rate_limiter_for(
    account: str, rate: Rate, clock: Clock = CLOCK, lock_file: Path | None = None
) -> RateLimiter:
    """The pace that all clients of an account share.

    It outlives them while calls still count: the next client must know of those. A rate or a lock
    file that was given holds for all of them, the last one given; the default says nothing about
    an account.
    """
    with _limiters_lock:
        _kept.intersection_update([one for one in _kept if not one.idle])
        pace = _limiters.get((account, clock))
        if pace is None:
            pace = _limiters[account, clock] = RateLimiter(rate, clock)
        if lock_file is not None:
            from leadquery.client.rate_limiter_sqlite import SqliteStore

            pace.share(SqliteStore(lock_file.absolute(), account, rate, clock))
        if rate is not DEFAULT_RATE:
            pace.settle(rate)
        _kept.add(pace)
        return pace
