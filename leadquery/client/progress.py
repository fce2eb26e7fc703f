"""Reports the progress of a run to a function, or as a bar on a terminal or in a notebook."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any, Final

import attrs
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

    True draws a bar, if stderr is a terminal or this is a notebook, from the second page on.
    """
    if callable(progress):
        yield _Estimator(progress)
    elif progress and _is_notebook():
        with _notebook_bar(unit) as report:
            yield report
    elif progress and sys.stderr is not None and sys.stderr.isatty():
        with _bar(unit) as report:
            yield report
    else:
        yield no_report


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


def no_report(rows: int, total: int) -> None:
    """What to call if nobody wants to know."""


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


UPDATE_INTERVAL: Final = 0.1
"""Seconds between updates of a notebook, which may not have too many messages."""


def _is_notebook() -> bool:
    """Whether the code runs in a Jupyter kernel, also that of VS Code or of nbconvert."""
    if "IPython" not in sys.modules:
        return False
    from IPython.core.getipython import get_ipython

    return hasattr(get_ipython(), "kernel")


@contextmanager
def _notebook_bar(unit: str) -> Iterator[ReportRows]:
    """One display that is updated, and says at the end how far it came.

    The displays of rich and tqdm need ipywidgets, and are lost in an exported notebook.
    """
    bar = _NotebookBar(unit)
    try:
        yield _Estimator(bar.show)
    finally:
        bar.finish()


class _NotebookBar:
    """A bar in the output of a cell, from the second page on."""

    def __init__(self, unit: str) -> None:
        self._unit = unit
        self._display: Any = None
        self._updated = 0.0
        self._text = ""

    def show(self, progress: Progress) -> None:
        """Show the progress, unless it was shown just before."""
        rows, total, seconds = attrs.astuple(progress)
        self._text = f"{rows:,} of {total:,} {self._unit}"
        now = monotonic()
        if rows >= total or now - self._updated < UPDATE_INTERVAL:
            return
        self._updated = now
        left = "" if seconds is None else f", {seconds:,.0f} s left"
        bar = f'<progress value="{rows}" max="{total}" style="width: 16em"></progress>'
        self._draw(f"{bar} {self._text}{left}", f"{self._text}{left}")

    def finish(self) -> None:
        """Leave the numbers, if there was a bar."""
        if self._display is not None:
            self._draw(self._text, self._text)

    def _draw(self, html: str, text: str) -> None:
        from IPython.display import display

        bundle = {"text/html": html, "text/plain": text}
        if self._display is None:
            self._display = display(bundle, raw=True, display_id=True)  # type: ignore[no-untyped-call]
        else:
            self._display.update(bundle, raw=True)
