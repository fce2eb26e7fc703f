"""Lists in windows of time: each window is read by one request, so no row moves while it is read.

`fetch_windows` completes a part file so. It asks for all leads first, and splits the time in which
they were created until each window fits a page. CreatedOn does not change, so each lead is in one
window, whatever is created, modified or deleted meanwhile. Start reading there.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Final, cast

import attrs
from attrs import frozen

from leadquery.client.drift import BoundedHashSet, ChangePolicy
from leadquery.client.exact_seconds import SECOND, trim_rows
from leadquery.client.export.blocks import Times
from leadquery.client.export.part_file import PartFile
from leadquery.client.paginator import FetchPage, Paginator, Prefetcher
from leadquery.client.progress import ReportRows
from leadquery.errors import Change, InvalidResponseError
from leadquery.fields import CreatedOn, ProspectID
from leadquery.query.base import replace
from leadquery.query.query import Query
from leadquery.result import Result, Row
from leadquery.result.serialize import json_lines
from leadquery.wire.enums import DateField
from leadquery.wire.model import DateRange, ListOutput
from leadquery.wire.types import format_timestamp, parse_timestamp

MAX_ROWS: Final = 10_000
"""The row at which the lists of some accounts end. Their totals may end there, too."""

FILL: Final = 0.75
"""The share of a page that a window should fill, so that few windows have to be split again."""

MAX_PIECES: Final = 32
"""The most windows to split one into, since leads may all be in one of them."""

MAX_READS: Final = 5
"""How often the leads of a window are read that do not stay the same."""

FIRST: Final = datetime.min.replace(tzinfo=UTC)

LAST: Final = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)

_CENTURY: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""No lead should be older."""

_SLACK: Final = timedelta(days=1)
"""By how much the clock of the API may be ahead."""


@frozen
class Window:
    """The leads created from one second to another, both included; or those without CreatedOn.

    `expected` is the number of leads that it may have.
    """

    start: datetime | None
    end: datetime | None
    expected: float = attrs.field(default=0, eq=False)

    @property
    def times(self) -> Times:
        """The first and the last second as text."""
        return _text(self.start), _text(self.end)

    def split(self, total: int, capacity: int) -> list[Window]:
        """Windows that should fit a page, of all the seconds of this one."""
        first, last = cast("datetime", self.start), cast("datetime", self.end)
        seconds = (last - first) // SECOND + 1
        count = min(seconds, MAX_PIECES, max(2, ceil(total / (FILL * capacity))))
        starts = [first + SECOND * (seconds * number // count) for number in range(count)]
        ends = [*(start - SECOND for start in starts[1:]), last]
        return [Window(start, end, total / count) for start, end in zip(starts, ends, strict=True)]

    def __str__(self) -> str:
        if self.start == self.end:
            return (
                f"leads created at {_text(self.start)}" if self.start else "leads without CreatedOn"
            )
        return f"leads created from {_text(self.start)} to {_text(self.end)}"


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else format_timestamp(moment)


@frozen
class Reading:
    """What was read of a window: its rows, or None if it has to be split.

    Some rows may be of the second after it, or after the query's ranges of dates.
    """

    window: Window
    total: int
    rows: Sequence[Row] | None = None
    changes: tuple[Change, ...] = ()


class WindowReader:
    """Reads the leads of a list, which has their ids, in windows of time.

    Windows share the second after them with the next one: it is not known whether the API counts
    a lead of 23:59:59.412 to a range that ends at 23:59:59. (See `exact_seconds`)
    """

    def __init__(self, query: Query, fetch: FetchPage) -> None:
        self._query = query
        self._fetch = fetch
        self.size = MAX_ROWS if query.paging is None else query.paging.size
        # A total of MAX_ROWS may be that of a longer list.
        self.capacity = min(self.size, MAX_ROWS - 1)
        created = [dates for dates in query.dates if dates.field is DateField.CREATED]
        self.start = max((dates.start for dates in created), default=FIRST)
        self.end = min((dates.end for dates in created), default=LAST)
        self._is_limited = bool(created)

    def windows(self, total: int, today: datetime) -> Iterator[Window]:
        """The windows that have all leads of the query, of which there are `total`."""
        whole = Window(self.start, self.end, total)
        if self._is_limited:
            yield from whole.split(total, self.capacity)
            return
        after = (today + _SLACK).replace(microsecond=0)
        yield Window(FIRST, _CENTURY - SECOND)
        yield from Window(_CENTURY, after - SECOND).split(total, self.capacity)
        yield Window(None, None)
        yield Window(after, LAST)

    def total(self) -> int:
        """The number of leads at the moment."""
        return self._fetch(self._query.page(1, 1)).total

    def read_all(self) -> Reading:
        """All leads, if a page has them."""
        return self._read_page(Window(self.start, self.end), self._query)

    def read(self, window: Window) -> Reading:
        """The leads of a window, if a page has them, or if it is only a second."""
        query = self._query_of(window)
        is_second = window.start == window.end
        if window.expected > 2 * self.size and not is_second:
            # It will have to be split: ask for its total only.
            total = self._fetch(query.page(1, 1)).total
            if total > self.capacity:
                return Reading(window, total)
        reading = self._read_page(window, query)
        if reading.rows is None and is_second:
            return self._read_second(window, query)
        return reading

    def _query_of(self, window: Window) -> Query:
        """The query for the leads of a window."""
        start, end = window.start, window.end
        dates = tuple(dates for dates in self._query.dates if dates.field is not DateField.CREATED)
        query = replace(self._query, "dates", dates)
        if start is None or end is None:
            return query.where(CreatedOn.has_no_data())
        if FIRST < start < end < LAST:
            created = DateRange(DateField.CREATED, start, end)
            return replace(query, "dates", (created, *dates))
        # A range of one second would contain two, and one without an end a date that may be too
        # far away for the API.
        if end < LAST:
            query = query.where(CreatedOn < format_timestamp(end + SECOND))
        return query if start == FIRST else query.where(CreatedOn >= format_timestamp(start))

    def _read_page(self, window: Window, query: Query) -> Reading:
        """The leads of a query, if the first page has them all."""
        result, read = Result((), 0), 0
        for _ in range(MAX_READS):
            result = self._fetch(query.page(1, self.size))
            if result.total > self.capacity:
                return Reading(window, result.total)
            read = len(_by_id(result.rows))
            if read == result.total:
                return Reading(window, result.total, result.rows)
        hint = f"if the API limits the size of pages, write .page(1, {read})" if read > 1 else ""
        raise InvalidResponseError(
            f"the page of {window} has {read:,} of {result.total:,} leads, although its size is "
            f"{self.size:,}",
            hint,
        )

    def _read_second(self, window: Window, query: Query) -> Reading:
        """Leads that are in no smaller window, in pages, until two readings have the same."""
        rows: dict[object, Row] = {}
        before: set[object] = set()
        totals: set[int] = set()
        is_listed = False
        for _ in range(MAX_READS):
            result, is_steady = self._read_pages(query)
            latest = _by_id(result.rows)
            rows |= latest
            totals.add(result.total)
            is_whole = is_steady and len(latest) == result.total != MAX_ROWS
            if is_whole and before == latest.keys():
                return Reading(window, result.total, [*rows.values()])
            is_listed |= not is_steady or len(result) >= result.total != MAX_ROWS
            before = set(latest) if is_whole else set()
        if not is_listed:
            raise _unlisted_error(window, len(rows), max(totals))
        text = f"the {window} changed each of the {MAX_READS} times they were read"
        return Reading(window, len(rows), [*rows.values()], (Change(0, "rows", text),))

    def _read_pages(self, query: Query) -> tuple[Result, bool]:
        """All pages of a query, and whether their totals are the same."""
        first = result = self._fetch(query.page(1, self.size))
        rows, page, is_steady = [*first.rows], 1, True
        while page * self.size < first.total and result.rows:
            page += 1
            result = self._fetch(query.page(page, self.size))
            rows += result.rows
            # The API does not count behind the last page.
            is_steady &= result.total in (first.total, 0)
        return attrs.evolve(first, rows=tuple(rows)), is_steady


def _by_id(rows: Sequence[Row]) -> dict[object, Row]:
    """The rows by their ids. Those without an id are all different."""
    return {row.get(ProspectID.name) or (number,): row for number, row in enumerate(rows)}


def _unlisted_error(window: Window, read: int, total: int) -> InvalidResponseError:
    return InvalidResponseError(
        f"there are {total:,} {window}, but their list ends after {read:,}",
        "no window is smaller; export parts of the query, such as those of each owner",
    )


def with_ids(query: Query) -> Query:
    """A list with the ids of its leads."""
    columns = tuple(dict.fromkeys((*query.output.columns, ProspectID.name)))
    output = attrs.evolve(cast("ListOutput", query.output), columns=columns)
    return replace(query, "output", output)


def fetch_windows(
    part: PartFile,
    pages: Paginator,
    policy: ChangePolicy,
    observe: Callable[[Sequence[Row]], None],
    report: ReportRows,
) -> bool:
    """Fetch the windows that are missing; False if all are to be fetched again.

    The rows in the file have their ids. `observe` sees those that are added.
    """
    query = with_ids(pages.query)
    seen = NewRows()
    for rows in part.batches():
        seen.add(rows)

    def add(reading: Reading, total: int) -> bool:
        """Add what was read to the file; False if all is to be fetched again."""
        read = Result(tuple(seen.add(reading.rows or ())), reading.total)
        rows = [_with_columns(row, query.output.columns) for row in trim_rows(query, read)]
        lines = json_lines(rows, part.rows + 1)
        left_out = len(read) - len(rows)
        part.add(lines, len(rows), total, reading.changes, reading.window.times, left_out)
        observe(rows)
        policy.apply(reading.changes)
        report(part.rows, max(part.rows, total))
        return not policy.wants_refetch

    with pages.open_fetcher() as fetch:
        reader = WindowReader(query, fetch)
        if not part.windows:
            part.clear()
            reading = reader.read_all()
            if reading.rows is not None:
                add(reading, reading.total)
                part.finish()
                return True
            part.total = reading.total
        total = part.total or 0
        missing = deque(_missing(reader.windows(total, part.header.started), part.windows))
        for reading in _read_windows(reader, missing, pages.max_threads, pages.max_pending):
            if not add(reading, total):
                return False
        changes = _total_changes(total, reader.total(), part.rows + part.left_out)
    if part.is_whole and changes:
        # All rows were there, and are outdated.
        return False
    policy.apply(changes)
    if policy.wants_refetch:
        return False
    part.finish()
    return True


class NewRows:
    """Finds the rows that were not there before, by their ids."""

    def __init__(self) -> None:
        self._seen = BoundedHashSet()

    def add(self, rows: Sequence[Row]) -> list[Row]:
        """Those of some rows that are new. Rows without an id all are."""
        ids = ((row, row.get(ProspectID.name)) for row in rows)
        return [row for row, value in ids if not value or self._seen.add(str(value))]


def _with_columns(row: Row, columns: Sequence[str]) -> Row:
    """A row without the date that only its window needs."""
    return {name: row[name] for name in row if name != CreatedOn.name or name in columns}


def _read_windows(
    reader: WindowReader, missing: deque[Window], max_threads: int, max_pending: int
) -> Iterator[Reading]:
    """Read windows on threads, about in their order, and split those that do not fit a page."""
    requested: list[Window] = []
    with Prefetcher(
        lambda number: reader.read(requested[number]), max_threads, max_pending
    ) as ahead:
        while missing or ahead.pending:
            while missing and not ahead.is_full:
                requested.append(missing.popleft())
                ahead.request(len(requested) - 1)
            reading = ahead.take()
            if reading.rows is None:
                pieces = reading.window.split(reading.total, reader.capacity)
                missing.extendleft(reversed(pieces))
            else:
                yield reading


def _missing(windows: Iterator[Window], done: Sequence[Times | None]) -> Iterator[Window]:
    """What is missing of windows, in their order."""
    times = sorted(_parse(window) for window in done if window and window[0])
    for window in windows:
        start, end = window.start, window.end
        if start is None or end is None:
            if window.times not in done:
                yield window
            continue
        expected = window.expected if not done else 0
        for first, last in times:
            if first <= end and last >= start:
                if start < first:
                    yield Window(start, first - SECOND)
                if last >= end:
                    break
                start = last + SECOND
        else:
            yield Window(start, end, expected)


def _parse(times: Times) -> tuple[datetime, datetime]:
    start, end = (parse_timestamp(text or "") for text in times)
    return start, end


def _total_changes(before: int, after: int, read: int) -> tuple[Change, ...]:
    """The sign of change that the number of leads shows, before all windows and after them."""
    if all(total in (read, MAX_ROWS) for total in (before, after)):
        return ()
    text = (
        f"there were {before:,} leads at first and {after:,} at the end, and {read:,} were read; "
        "those that were there all the time are in the file, once each"
    )
    return (Change(0, "total", text),)
