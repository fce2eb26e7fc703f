"""Detects that rows moved between pages while these were read, and does what `on_change` says."""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Final, Literal, get_args

import attrs

from leadquery._util.text import warn_user
from leadquery.errors import (
    Change,
    ChangeKind,
    PaginationDriftError,
    PaginationDriftWarning,
    QueryError,
)
from leadquery.fields import ProspectID
from leadquery.query.query import Query
from leadquery.result import Result, Row
from leadquery.wire.enums import TOTAL
from leadquery.wire.model import ListOutput

OnChange = Literal["raise", "warn", "refetch", "ignore"]
"""What to do when rows moved: raise an error, warn, start again from the first page, or nothing."""

MIN_DISTINCT_ROWS: Final = 8
"""If a page without ids has this many distinct rows, no other page is the same by chance."""

MAX_STALE_PAGES: Final = 3
"""Pages in a row without a new row, after which no more are expected."""


class DriftDetector:
    """Finds the new rows of each page, and the signs that rows moved.

    Leads are identified by their ids if these are selected; repeated ones are dropped unless
    `drops` is False. Groups are identified by the value they are grouped by, and never dropped.
    """

    def __init__(self, query: Query, *, drops: bool = True) -> None:
        output = query.output
        is_list = isinstance(output, ListOutput)
        self._id_column = ProspectID.name if is_list else output.columns[0]
        self._has_ids = self._id_column in output.columns
        self._drops = is_list and drops
        self._noun = "rows" if is_list else "groups"
        self._page_size = None if query.paging is None else query.paging.size
        self._seen_ids = BoundedHashSet()
        self._seen_pages = BoundedHashSet()
        self._stale_pages = 0
        self.total: int | None = None

    def observe(self, page: int, result: Result) -> tuple[Result, tuple[Change, ...]]:
        """The page without repeated rows, and the signs of change that it shows.

        Raises PaginationDriftError if several pages in a row had no new row.
        """
        expects_no_rows = not self._expected_rows(page, result)
        if is_past_end(page, result):
            # The API does not count there.
            result = attrs.evolve(result, total=self.total or 0)
        changes = [*self.observe_total(page, result.total), *self._size_changes(page, result)]
        new_rows = self._new_rows(result.rows)
        repeated = self._is_repeated_page(result.rows)
        if repeated or (self._has_ids and result.rows and not new_rows):
            changes.append(Change(page, "page", "it has the rows of an earlier page"))
        elif repeats := len(result.rows) - len(new_rows):
            changes.append(self._rows_change(page, repeats))
        progressed = (new_rows and not repeated) or expects_no_rows
        self._stale_pages = 0 if progressed else self._stale_pages + 1
        if self._stale_pages == MAX_STALE_PAGES:
            raise _stale_error(page, result.total)
        rows = new_rows if self._drops else result.rows
        return attrs.evolve(result, rows=tuple(rows)), tuple(changes)

    def preload(self, rows: Sequence[Row]) -> None:
        """Remember rows that an earlier run has read."""
        self._new_rows(rows)

    def observe_total(self, page: int, total: int) -> tuple[Change, ...]:
        """The sign of change that the total number of rows shows, if any."""
        before, self.total = self.total, total
        if before is None or before == total:
            return ()
        return (Change(page, "total", f"{TOTAL} was {before:,} and is {total:,}"),)

    def _size_changes(self, page: int, result: Result) -> Iterator[Change]:
        found, expected = len(result.rows), self._expected_rows(page, result)
        if found != expected:
            hint = ""
            if page == 1 and 0 < found < expected and self._page_size is not None:
                hint = f"; if the API limits the page size, write page(1, {found})"
            yield Change(page, "size", f"it has {found:,} rows, not {expected:,}{hint}")

    def _expected_rows(self, page: int, result: Result) -> int:
        """The number of rows that a page should have by its own total."""
        if self._page_size is None:
            return result.total
        return min(self._page_size, max(0, result.total - (page - 1) * self._page_size))

    def _new_rows(self, rows: Sequence[Row]) -> Sequence[Row]:
        if not self._has_ids:
            return rows
        ids = [row.get(self._id_column) for row in rows]
        # A value that is not a string may be unhashable. Rows without an id are all new.
        hashable = (
            value if isinstance(value, str) else repr(value) for value in ids if value is not None
        )
        are_new = iter(self._seen_ids.add_all(hashable))
        return [row for row, value in zip(rows, ids, strict=True) if value is None or next(are_new)]

    def _is_repeated_page(self, rows: Sequence[Row]) -> bool:
        """Whether a page without ids came before, if that cannot be chance."""
        if self._has_ids:
            return False
        texts = tuple(map(repr, rows))
        return len(set(texts)) == len(texts) >= MIN_DISTINCT_ROWS and not self._seen_pages.add(
            texts
        )

    def _rows_change(self, page: int, count: int) -> Change:
        dropped = ", and are kept once" if self._drops else ""
        text = f"{count:,} of its {self._noun} were on an earlier page{dropped}"
        return Change(page, "rows", text)


def is_past_end(page: int, result: Result) -> bool:
    """Whether a page comes after the last one: the API returns it with a total of 0."""
    return page > 1 and not result.rows and result.total == 0


def _stale_error(page: int, total: int) -> PaginationDriftError:
    first = page - MAX_STALE_PAGES + 1
    return PaginationDriftError(
        f"pages {first:,} to {page:,} have no new rows, although {TOTAL} is {total:,}; "
        "later rows are missing",
        "narrow the query by date, write another page size, or export it with "
        "window=True (--window)",
    )


MAX_PASSES: Final = 3
"""How often a run starts from the first page."""

MAX_CHANGES: Final = 100
"""The most changes to record."""

_MOVED: Final = "rows moved while they were read"

_CHANGED: Final = "leads changed between the requests"

_DRIFT_HINT: Final = (
    "narrow the query by date to leads that no longer change, or write on_change='warn'"
)


class ChangePolicy:
    """Raises an error for changes, or warns once of each kind, and records them."""

    def __init__(self, on_change: OnChange, *, quiet: bool = False) -> None:
        if on_change not in get_args(OnChange):
            options = ", ".join(map(repr, get_args(OnChange)))
            raise QueryError(f"on_change={on_change!r} is not one of {options}")
        self.on_change = on_change
        self._quiet = quiet
        self.changes: tuple[Change, ...] = ()
        self._warned: set[ChangeKind] = set()

    def apply(self, changes: tuple[Change, ...]) -> None:
        """Handle the changes of one page. Raises PaginationDriftError for "raise"."""
        self.changes = (*self.changes, *changes)[:MAX_CHANGES]
        if changes and self.on_change == "raise":
            raise PaginationDriftError(
                f"{_MOVED if changes[0].page else _CHANGED}: {changes[0]}", _DRIFT_HINT, changes
            )
        for change in changes if self.on_change == "warn" and not self._quiet else ():
            if change.kind not in self._warned:
                self._warned.add(change.kind)
                moved = f"{_MOVED}, so some may be missing"
                changed = f"{_CHANGED}, so numbers may be off"
                message = f"{moved if change.page else changed}: {change}"
                warn_user(message, PaginationDriftWarning)

    @property
    def wants_refetch(self) -> bool:
        """Whether all rows are to be fetched again."""
        return bool(self.changes) and self.on_change == "refetch"


def streaming_policy(on_change: OnChange) -> ChangePolicy:
    """The policy for methods that cannot take back the rows they yielded."""
    if on_change == "refetch":
        raise QueryError(
            "on_change='refetch' cannot take back rows that were already yielded; write "
            "on_change='raise', or use run(...) or export(...), which can start again"
        )
    return ChangePolicy(on_change)


def too_many_passes_error(changes: tuple[Change, ...]) -> PaginationDriftError:
    """The error for a run that started again as often as it may."""
    moved = "rows moved" if changes[0].page else "leads changed"
    message = f"{moved} each of the {MAX_PASSES} times they were read: {changes[0]}"
    return PaginationDriftError(message, _DRIFT_HINT, changes)


MIN_TABLE_SIZE: Final = 1 << 10

MAX_TABLE_SIZE: Final = 1 << 21
"""Slots of a table, 8 bytes each."""

_MASK_64_BITS: Final = (1 << 64) - 1


class BoundedHashSet:
    """A set that can only say whether a value is new, in at most 32 MB.

    It remembers at least the last million values, by 64 bits of their hash: among a million
    values, two are confused once in forty million runs. Tables are at most half full.
    """

    def __init__(self, max_size: int = MAX_TABLE_SIZE) -> None:
        self._max_size = max_size
        self._table = _empty_table(MIN_TABLE_SIZE)
        self._old_table = _empty_table(0)
        self._used = 0

    def add(self, value: Hashable) -> bool:
        """Add a value, and return whether it is new."""
        return self.add_all([value])[0]

    def add_all(self, values: Iterable[Hashable]) -> list[bool]:
        """Add values in turn, and return whether each is new."""
        are_new = []
        # Calls of other functions for each value would take most of the time.
        table, old_table = self._table, self._old_table
        last = len(table) - 1
        for value in values:
            # Zero marks a free slot.
            digest = hash(value) & _MASK_64_BITS or _MASK_64_BITS
            slot = digest & last
            while (found := table[slot]) and found != digest:
                slot = (slot + 1) & last
            is_new = not found and not (old_table and old_table[_slot(old_table, digest)])
            are_new.append(is_new)
            if is_new:
                table[slot] = digest
                self._used += 1
                if self._used * 2 > len(table):
                    self._grow()
                    table, old_table = self._table, self._old_table
                    last = len(table) - 1
        return are_new

    def _grow(self) -> None:
        if len(self._table) >= self._max_size:
            self._old_table, self._table = self._table, _empty_table(MIN_TABLE_SIZE)
            self._used = 0
            return
        larger = _empty_table(len(self._table) * 2)
        for digest in filter(None, self._table):
            larger[_slot(larger, digest)] = digest
        self._table = larger


def _empty_table(size: int) -> array[int]:
    return array("Q", bytes(8 * size))


def _slot(table: array[int], digest: int) -> int:
    """The slot that holds a digest, or the free one where it belongs."""
    last = len(table) - 1
    slot = digest & last
    while (found := table[slot]) and found != digest:
        slot = (slot + 1) & last
    return slot
