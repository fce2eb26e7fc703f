"""The pages of an answer, one after the other, fetched ahead by threads."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager
from copy import copy
from functools import partial
from typing import Final

from leadquery.client.pagination.drift import Change, DriftDetector
from leadquery.client.pagination.prefetch import Prefetcher
from leadquery.errors import ApiError, PaginationDriftError, QueryError
from leadquery.query.query import Query
from leadquery.result import Result

Send = Callable[[Query], Result]
"""Sends exactly the page that a query asks for."""

Sending = Callable[[], AbstractContextManager[Send]]
"""Makes what sends, for as long as someone waits for the answers."""

MAX_BUFFERED_ROWS: Final = 50_000
"""The rows that may wait to be taken, as long as that leaves some pages to be fetched ahead."""

FEWEST: Final = 4

MAX_REPEATS: Final = 2
"""How often the rows that were there first may come before the answer is taken to be endless."""


class Paginator:
    """Reads the pages of a query in order, from the first, at the query's page size.

    A query without paging is one page. `limit` is the most rows to give out, `ahead` the most
    calls at once. `goal` is the number of rows to come in all, as far as it is known.

    Raises QueryError for a limit that is none, and what sending raises, in the order of the pages.
    """

    def __init__(
        self,
        sending: Sending,
        query: Query,
        *,
        limit: int | None = None,
        ahead: int = FEWEST,
    ) -> None:
        self.query = query
        self.goal = 0
        self._sending = sending
        self._size = None if query.paging is None else query.paging.size
        self.limit = _limit(limit)
        held = min(2 * ahead, max(FEWEST, MAX_BUFFERED_ROWS // (self._size or MAX_BUFFERED_ROWS)))
        self._ahead = min(ahead, held), held
        self._start_at(1, DriftDetector(query), 0)

    def again(
        self, start: int = 1, watch: DriftDetector | None = None, given: int = 0
    ) -> Paginator:
        """The same pages, from the first; or from another, behind those that a watch has seen.

        `given` are the rows that were given out of those.
        """
        made = copy(self)
        made._start_at(start, watch or DriftDetector(self.query), given)
        return made

    def _start_at(self, start: int, watch: DriftDetector, given: int) -> None:
        self._start = start
        self._watch = watch
        self._most = 0
        self._given = given
        self._received = (start - 1) * (self._size or 0)

    def each(self) -> Generator[tuple[Result, tuple[Change, ...]], None, None]:
        """Each page, without the rows that have come before, and the signs that it gives."""
        with self._sending() as send, Prefetcher(partial(self._page, send), *self._ahead) as ahead:
            asked = page = self._start
            ahead.ask(asked)
            while ahead.pending:
                answer = self._taken(ahead, page)
                full = bool(answer.rows)
                self._received += len(answer)
                answer, changes = self._watch.look(page, answer)
                answer = self._cut(answer)
                self._note(answer)
                asked = self._go_on(ahead, asked, full=full)
                page += 1
                yield answer, changes

    def _page(self, send: Send, index: int) -> Result:
        return send(self.query if self._size is None else self.query.page(index, self._size))

    def _taken(self, ahead: Prefetcher[Result], page: int) -> Result:
        try:
            return ahead.take()
        except ApiError as error:
            if self._size is not None:
                error.add_note(f"page {page:,} is missing, and what follows it")
            raise

    def _cut(self, answer: Result) -> Result:
        if self.limit is None:
            return answer
        return answer[: max(0, self.limit - self._given)]

    def _note(self, answer: Result) -> None:
        self._given += len(answer)
        self.goal = answer.total if self.limit is None else min(answer.total, self.limit)
        self._most = self._most or MAX_REPEATS * (answer.total + (self._size or len(answer)))
        if self._received > self._most:
            raise PaginationDriftError(
                f"{self._received:,} rows came, and there are ever more ({answer.total:,} by now)",
                "end the query's dates before now, so that it stands still",
            )

    def _go_on(self, ahead: Prefetcher[Result], asked: int, *, full: bool) -> int:
        """Ask for pages ahead; the last one that was asked for."""
        goal, size = self.goal, self._size
        if size is None or self._has_all:
            return asked
        while asked * size < goal and ahead.has_room:
            asked += 1
            ahead.ask(asked)
        # Pages may hold fewer rows than they should, and rows that have come before.
        if not ahead.pending and full:
            asked += 1
            ahead.ask(asked)
        return asked

    @property
    def _has_all(self) -> bool:
        at_limit = self.limit is not None and self._given >= self.limit
        return at_limit or self._received >= (self._watch.total or 0)


def _limit(limit: object) -> int | None:
    if limit is None or (type(limit) is int and limit > 0):
        return limit
    raise QueryError(f"limit is a whole number from 1, not {limit!r}; None is for all rows")
