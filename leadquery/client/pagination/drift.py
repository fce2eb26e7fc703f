"""Signs that rows moved between the pages of an answer while they were read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Literal

import attrs
from attrs import frozen

from leadquery.client.pagination.seen import BoundedHashSet
from leadquery.errors import PaginationDriftError
from leadquery.fields import ProspectID
from leadquery.query.query import Query
from leadquery.result import Result, Row
from leadquery.wire.model import ListOutput
from leadquery.wire.protocol import TOTAL

OnChange = Literal["raise", "warn", "refetch"]
"""What happens when rows moved: an error, a warning, or a new start from the first page."""

Sort = Literal["total", "page", "rows", "size"]

TELLING: Final = 8
"""Rows without ids, each unlike the others, that no two pages share by chance."""

PATIENCE: Final = 3
"""Pages in a row that bring nothing, before it is taken that none will."""


@frozen
class Change:
    """One sign that rows moved, and the page that showed it.

    `sort` is "total" where the number of all rows changed, "page" where a page came twice,
    "rows" where leads came twice, and "size" where a page held fewer rows than it should, or more.
    """

    page: int
    sort: Sort
    text: str

    def __str__(self) -> str:
        return f"page {self.page:,}: {self.text}"


class DriftDetector:
    """Looks at pages in their order: which rows are new, and what shows that rows moved.

    Leads are told apart by their ids where these are selected, and come once, unless `drops` is
    False. Groups are told apart by what they are grouped by; they stay as they came.
    """

    def __init__(self, query: Query, *, drops: bool = True) -> None:
        output = query.output
        listed = isinstance(output, ListOutput)
        self._id = ProspectID.name if listed else output.columns[0]
        self._has_id = self._id in output.columns
        self._drops = listed and drops
        self._what = "rows" if listed else "groups"
        self._size = None if query.paging is None else query.paging.size
        self._rows = BoundedHashSet()
        self._pages = BoundedHashSet()
        self._idle = 0
        self.total: int | None = None

    def look(self, page: int, answer: Result) -> tuple[Result, tuple[Change, ...]]:
        """The rows of a page that have not come before, and the signs that the page gives.

        Raises PaginationDriftError when several pages in a row brought nothing new.
        """
        changes = [*self.of_total(page, answer.total), *self._of_size(page, answer)]
        new = self._new(answer.rows)
        again = self._again(answer.rows)
        if again or (self._has_id and answer.rows and not new):
            changes.append(Change(page, "page", "it holds the rows of an earlier page"))
        elif len(new) < len(answer):
            changes.append(self._repeated(page, len(answer) - len(new)))
        brought = bool(new) and not again
        self._idle = 0 if brought or not self._expected(page, answer) else self._idle + 1
        if self._idle == PATIENCE:
            raise _stuck(page, answer.total)
        rows = new if self._drops else answer.rows
        return attrs.evolve(answer, rows=tuple(rows)), tuple(changes)

    def recall(self, rows: Sequence[Row]) -> None:
        """Know rows that were read before, in another run."""
        self._new(rows)

    def of_total(self, page: int, total: int) -> tuple[Change, ...]:
        """The sign that the number of all rows gives, if any."""
        before, self.total = self.total, total
        if before is None or before == total:
            return ()
        return (Change(page, "total", f"{TOTAL} was {before:,} and is {total:,}"),)

    def _of_size(self, page: int, answer: Result) -> Iterator[Change]:
        expected = self._expected(page, answer)
        if len(answer) != expected:
            hint = ""
            if page == 1 and 0 < len(answer) < expected and self._size is not None:
                hint = f"; if the API gives no more at once, write page(1, {len(answer)})"
            text = f"it holds {len(answer):,} rows where {expected:,} belong{hint}"
            yield Change(page, "size", text)

    def _expected(self, page: int, answer: Result) -> int:
        """The rows that a page has, by what it says itself of all rows."""
        if self._size is None:
            return answer.total
        return min(self._size, max(0, answer.total - (page - 1) * self._size))

    def _new(self, rows: Sequence[Row]) -> Sequence[Row]:
        if not self._has_id:
            return rows
        return [row for row in rows if self._is_new(row.get(self._id))]

    def _is_new(self, value: object) -> bool:
        # A lead without an id is not told apart. What is no text may be of any sort.
        return value is None or self._rows.add(value if isinstance(value, str) else repr(value))

    def _again(self, rows: Sequence[Row]) -> bool:
        """Whether a page came before; of rows without ids, only where chance is ruled out."""
        if self._has_id:
            return False
        texts = tuple(map(repr, rows))
        return len(set(texts)) == len(texts) >= TELLING and not self._pages.add(texts)

    def _repeated(self, page: int, rows: int) -> Change:
        once = ", and stand once" if self._drops else ""
        return Change(page, "rows", f"{rows:,} of its {self._what} had come before{once}")


def _stuck(page: int, total: int) -> PaginationDriftError:
    first = page - PATIENCE + 1
    return PaginationDriftError(
        f"pages {first:,} to {page:,} brought nothing new, though {TOTAL} is {total:,}; "
        "what follows is missing",
        "narrow the query by date, or write another page size",
    )
