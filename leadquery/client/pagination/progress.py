"""How far a run is: told to a function, or drawn as a bar on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from attrs import frozen


@frozen
class Progress:
    """The rows that have come, how many there are to come in all, and the seconds left.

    `seconds_left` is None as long as nobody can tell, which is on the first page.
    """

    rows: int
    total: int
    seconds_left: float | None


ProgressCallback = Callable[[Progress], None]
"""What is told of each page that has come."""

Tell = Callable[[int, int], None]


@contextmanager
def progress_reporter(report: ProgressCallback | bool) -> Iterator[Tell]:
    """What to call with the rows that have come and with those there are in all.

    True is for a bar, which is drawn where stderr is a terminal, and from the second page on.
    """
    if callable(report):
        yield _Timed(report)
    elif report and sys.stderr is not None and sys.stderr.isatty():
        with _bar() as tell:
            yield tell
    else:
        yield _silent


class _Timed:
    """Adds the seconds left to what is told, by the pace of what has come since the first word."""

    def __init__(self, report: ProgressCallback) -> None:
        self._report = report
        self._first: tuple[float, int] | None = None

    def __call__(self, rows: int, total: int) -> None:
        now = monotonic()
        self._first = began, before = self._first or (now, rows)
        new = rows - before
        left = (now - began) / new * max(0, total - rows) if new else None
        self._report(Progress(rows, total, left))


def _silent(rows: int, total: int) -> None:
    """Nothing is drawn."""


@contextmanager
def _bar() -> Iterator[Tell]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress as Bar,
        TextColumn,
        TimeRemainingColumn,
    )

    bar = Bar(
        BarColumn(),
        TextColumn("{task.completed:,.0f} of {task.total:,.0f} rows"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    drawn = bar.add_task("", total=None, visible=False)
    with bar:

        def tell(rows: int, total: int) -> None:
            bar.update(drawn, completed=rows, total=total, visible=rows < total)

        yield tell
