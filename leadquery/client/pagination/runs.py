"""The three ways to take all pages: as one answer, page by page, and row by row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Final, get_args

import attrs

from leadquery._util.warn import warn_user
from leadquery.client.pagination.drift import Change, OnChange, Sort
from leadquery.client.pagination.paginator import Paginator
from leadquery.client.pagination.progress import ProgressCallback, Tell, progress_reporter
from leadquery.errors import PaginationDriftError, PaginationDriftWarning, QueryError
from leadquery.result import Result, Row

PASSES: Final = 3
"""How often a run starts from the first page."""

KEPT: Final = 100
"""The changes that an answer keeps: who has to know knows after a few."""

STILL: Final = "narrow the query by date so that it stands still, or take it as it comes"


class ChangePolicy:
    """What is done about changes: they are raised, or each sort of them is warned of once."""

    def __init__(self, on_change: OnChange) -> None:
        self.on_change = known(on_change)
        self.changes: tuple[Change, ...] = ()
        self._warned: set[Sort] = set()

    def __call__(self, changes: tuple[Change, ...]) -> None:
        """Heed the changes that one page showed. Raises PaginationDriftError where that is asked for."""
        self.changes = (*self.changes, *changes)[:KEPT]
        if changes and self.on_change == "raise":
            raise PaginationDriftError(
                f"rows moved while they were read: {changes[0]}", STILL, changes
            )
        for change in changes if self.on_change == "warn" else ():
            if change.sort not in self._warned:
                self._warned.add(change.sort)
                text = f"rows moved while they were read, so some may be missing: {change}"
                warn_user(text, PaginationDriftWarning)

    @property
    def again(self) -> bool:
        """Whether the rows are to be fetched again."""
        return bool(self.changes) and self.on_change == "refetch"


def known(on_change: OnChange) -> OnChange:
    """What is to be done about changes, when it is one of the three."""
    if on_change in get_args(OnChange):
        return on_change
    ways = ", ".join(map(repr, get_args(OnChange)))
    raise QueryError(f"on_change is one of {ways}, not {on_change!r}")


def never_still(changes: tuple[Change, ...]) -> PaginationDriftError:
    """The error of a run that started again as often as it may."""
    return PaginationDriftError(
        f"rows moved each of the {PASSES} times they were read: {changes[0]}", STILL, changes
    )


def run(pages: Paginator, on_change: OnChange, progress: ProgressCallback | bool) -> Result:
    """One answer of all pages. To refetch is to start from the first page again."""
    heed = ChangePolicy(on_change)
    with progress_reporter(progress) as tell:
        for _ in range(PASSES):
            heed.changes = ()
            answer = _collected(pages.again(), heed, tell)
            if answer is not None:
                return answer
    raise never_still(heed.changes)


def _collected(pages: Paginator, heed: ChangePolicy, tell: Tell) -> Result | None:
    """The answer of all pages; None when it is to be fetched again."""
    rows: list[Row] = []
    answer = Result((), 0)
    for answer, changes in pages.each():
        heed(changes)
        if heed.again:
            return None
        rows += answer.rows
        tell(len(rows), pages.goal)
    return attrs.evolve(answer, rows=tuple(rows), changes=heed.changes)


def streaming_policy(on_change: OnChange) -> ChangePolicy:
    """What is done about changes where rows that were given out are not taken back."""
    if on_change == "refetch":
        raise QueryError(
            "rows that were given out are not taken back; write on_change='raise', "
            "or run(...) or export(...), which start again"
        )
    return ChangePolicy(on_change)


def each_page(
    pages: Paginator, on_change: OnChange, progress: ProgressCallback | bool
) -> Iterator[Result]:
    """The pages as answers."""
    return _given(pages, streaming_policy(on_change), progress)


def _given(
    pages: Paginator, heed: ChangePolicy, progress: ProgressCallback | bool
) -> Iterator[Result]:
    rows = 0
    with progress_reporter(progress) as tell, closing(pages.each()) as found:
        for answer, changes in found:
            heed(changes)
            rows += len(answer)
            tell(rows, pages.goal)
            yield attrs.evolve(answer, changes=changes)


def each_row(pages: Iterator[Result]) -> Iterator[Row]:
    """The rows of pages."""
    for answer in pages:
        yield from answer.rows
