"""Reports the progress of a run to a function, or as a bar on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from attrs import frozen


@frozen
class Progress:
    """The rows received, the rows to receive in all, and the estimated seconds left.

    `seconds_left` is None on the first page, when there is nothing to estimate from.
    """

    rows: int
    total: int
    seconds_left: float | None


ProgressCallback = Callable[[Progress], None]
"""Called after each page."""

ReportRows = Callable[[int, int], None]
"""Called with the rows received and the rows to receive in all."""


@contextmanager
def progress_reporter(
    progress: ProgressCallback | bool, unit: str = "rows"
) -> Iterator[ReportRows]:
    """The function to call after each page, with the rows or whatever is counted.

    True draws a bar, if stderr is a terminal, from the second page on.
    """
    if callable(progress):
        yield _Estimator(progress)
    elif progress and sys.stderr is not None and sys.stderr.isatty():
        with _bar(unit) as report:
            yield report
    else:
        yield _ignore


class _Estimator:
    """Calls a callback with the seconds left, estimated from the rows since the first call."""

    def __init__(self, callback: ProgressCallback) -> None:
        self._callback = callback
        self._first: tuple[float, int] | None = None

    def __call__(self, rows: int, total: int) -> None:
        now = monotonic()
        self._first = start, rows_at_start = self._first or (now, rows)
        new_rows = rows - rows_at_start
        seconds_left = (now - start) / new_rows * max(0, total - rows) if new_rows else None
        self._callback(Progress(rows, total, seconds_left))


def _ignore(rows: int, total: int) -> None:
    pass


@contextmanager
def _bar(unit: str) -> Iterator[ReportRows]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress as Bar,
        TextColumn,
        TimeRemainingColumn,
    )

    bar = Bar(
        BarColumn(),
        TextColumn(f"{{task.completed:,.0f}} of {{task.total:,.0f}} {unit}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    task = bar.add_task("", total=None, visible=False)
    with bar:

        def report(rows: int, total: int) -> None:
            bar.update(task, completed=rows, total=total, visible=rows < total)

        yield report
