"""Calls a function on threads, ahead of the consumer of its results."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Event, Thread
from types import TracebackType
from typing import Generic, Self, TypeVar

T = TypeVar("T")

Tasks = SimpleQueue[tuple[int, "Future[T]"] | None]


class Prefetcher(Generic[T]):
    """Calls `function` with numbers on threads, and holds at most `max_pending` results.

    Results and exceptions come in the order of the requests. Nothing is called after the end of
    the `with` block, which does not wait for calls that are running.
    """

    def __init__(self, function: Callable[[int], T], max_threads: int, max_pending: int) -> None:
        self._function = function
        self._max_threads = max_threads
        self._max_pending = max_pending
        self._tasks: Tasks[T] = SimpleQueue()
        self._futures: deque[Future[T]] = deque()
        self._threads = 0
        self._closed = Event()

    @property
    def pending(self) -> int:
        """The number of results requested and not yet taken."""
        return len(self._futures)

    @property
    def is_full(self) -> bool:
        """Whether no other result may be requested now."""
        return self.pending >= self._max_pending

    def request(self, number: int) -> None:
        """Have the function called with a number."""
        future: Future[T] = Future()
        self._futures.append(future)
        self._tasks.put((number, future))
        if self._threads < min(self.pending, self._max_threads):
            self._threads += 1
            # Daemons, so that the program can end before calls that nobody waits for.
            Thread(
                target=_run_tasks, args=(self._function, self._tasks, self._closed), daemon=True
            ).start()

    def take(self) -> T:
        """Wait for the next result and return it."""
        return self._futures.popleft().result()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._closed.set()
        self._futures.clear()
        for _ in range(self._threads):
            self._tasks.put(None)


def _run_tasks(function: Callable[[int], T], tasks: Tasks[T], closed: Event) -> None:
    while (task := tasks.get()) is not None:
        number, future = task
        if closed.is_set():
            continue
        try:
            future.set_result(function(number))
        except BaseException as error:  # noqa: BLE001 - `take` raises it.
            future.set_exception(error)
        # Do not keep a page alive while waiting for the next task.
        del task, future
