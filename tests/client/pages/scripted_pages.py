"""An API with scripted pages that no emulator would send."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any

from leadquery import Leads, Query, Result
from leadquery.client.paginator import FetchPage, Paginator
from leadquery.result import build_result

QUERY = Leads.select("ProspectID").page(1, 2)
"""Two leads a page, told apart by their ids."""

NAMELESS = Leads.select("Score").page(1, 2)

Page = tuple[Sequence[Any], int]
"""The values of a page's only column, and how many rows it says there are in all."""


class Script:
    """Returns pages by number; missing ones are empty.

    An exception in place of a page is raised. `requested` has the numbers in order.
    """

    def __init__(self, pages: Mapping[int, Page | Exception], total: int = 0) -> None:
        self.pages = pages
        self.total = total
        self.requested: list[int] = []
        self.open = 0
        self._lock = Lock()

    @contextmanager
    def sending(self) -> Iterator[FetchPage]:
        """What sends."""
        self.open += 1
        try:
            yield self.result
        finally:
            self.open -= 1

    def result(self, query: Query) -> Result:
        """The page that a query requests."""
        index = 0 if query.paging is None else query.paging.index
        with self._lock:
            self.requested.append(index)
        page = self.pages.get(index, ((), self.total))
        if isinstance(page, Exception):
            raise page
        values, total = page
        name = query.output.columns[0]
        return build_result(query, [{name: value} for value in values], total)


def script(*pages: Page | Exception, total: int | None = None) -> Script:
    """An API with these pages, from the first."""
    totals = [page[1] for page in pages if not isinstance(page, Exception)]
    return Script(dict(enumerate(pages, 1)), totals[-1] if total is None else total)


def pages_of(api: Script, query: Query = QUERY, **options: Any) -> Paginator:
    """The pages of a query."""
    return Paginator(api.sending, query, **options)


def values(results: Sequence[Result]) -> list[Any]:
    """The values in the only column of some results."""
    return [value for result in results for row in result for value in row.values()]
