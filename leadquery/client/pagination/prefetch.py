"""Calls on threads, ahead of whoever takes their results, in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Event, Thread
from types import TracebackType
from typing import Generic, Self, TypeVar

T = TypeVar("T")

Work = SimpleQueue[tuple[int, "Future[T]"] | None]


class Prefetcher(Generic[T]):
    """Calls `function` with numbers on some threads, and holds at most `most` results.

    Results, and what was raised in place of one, come in the order in which they were asked for.
    Nothing is called any more once it is closed; calls that are under way are not waited for.
    """

    def __init__(self, function: Callable[[int], T], threads: int, most: int) -> None:
        self._function = function
        self._most = most
        self._work: Work[T] = SimpleQueue()
        self._asked: deque[Future[T]] = deque()
        self._threads = 0
        self._most_threads = threads
        self._closed = Event()

    @property
    def pending(self) -> int:
        """The results that have been asked for and not yet taken."""
        return len(self._asked)

    @property
    def has_room(self) -> bool:
        """Whether another result can be asked for."""
        return self.pending < self._most

    def ask(self, number: int) -> None:
        """Have the function called with a number."""
        future: Future[T] = Future()
        self._asked.append(future)
        self._work.put((number, future))
        if self._threads < min(self.pending, self._most_threads):
            self._threads += 1
            # Whoever ends the program waits for no answer that nobody will read.
            Thread(
                target=_work, args=(self._function, self._work, self._closed), daemon=True
            ).start()

    def take(self) -> T:
        """The next result, as soon as it is there."""
        return self._asked.popleft().result()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closed.set()
        self._asked.clear()
        for _ in range(self._threads):
            self._work.put(None)


def _work(function: Callable[[int], T], work: Work[T], closed: Event) -> None:
    while (task := work.get()) is not None:
        number, future = task
        if closed.is_set():
            continue
        try:
            future.set_result(function(number))
        except BaseException as error:  # noqa: BLE001 - it is raised where it is asked for
            future.set_exception(error)
        # A thread that waits for work holds no page.
        del task, future
