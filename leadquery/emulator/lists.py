"""Pages of lists of leads, of which a late one takes no longer than the first."""

from __future__ import annotations

import sqlite3
from typing import Any, Final, NamedTuple

from leadquery.wire.model import Paging

MAX_TABLES: Final = 4
"""The most lists whose order is kept."""

Page = tuple[list[tuple[Any, ...]], int]
"""The rows of a page, and the number of rows before paging."""


class LeadList(NamedTuple):
    """The leads that meet a condition, in an order. Lists with the same key are the same."""

    key: tuple[str, ...]
    where: str
    order: str


class Lists:
    """Lists of leads, whose order is kept in a table from the second page on.

    No page has rows after the first `max_rows`.
    """

    def __init__(self, connection: sqlite3.Connection, max_rows: int | None) -> None:
        self._connection = connection
        self._max_rows = max_rows
        self._tables: dict[tuple[str, ...], tuple[str, int]] = {}
        self._made = 0

    def page(self, columns: str, found: LeadList, paging: Paging | None) -> Page:
        """A page of a list."""
        run = self._connection.execute
        if paging is None or paging.index == 1:
            rows = f"leads WHERE {found.where} ORDER BY {found.order} "
            rows += limit_sql(paging, self._max_rows)
            total = run(f"SELECT count(*) FROM leads WHERE {found.where}").fetchone()[0]
        else:
            table, total = self._table(found)
            last = paging.index * paging.size
            first = last - paging.size + 1
            if self._max_rows is not None:
                last = min(last, self._max_rows)
            rows = f"{table} JOIN leads USING (id) "
            rows += f"WHERE position BETWEEN {first} AND {last} ORDER BY position"
        return run(f"SELECT {columns} FROM {rows}").fetchall(), total

    def _table(self, found: LeadList) -> tuple[str, int]:
        """The table with the order of a list, and the number of its rows."""
        if found.key not in self._tables:
            run = self._connection.execute
            if len(self._tables) == MAX_TABLES:
                oldest, _ = self._tables.pop(next(iter(self._tables)))
                run(f"DROP TABLE {oldest}")
            self._made += 1
            name = f"list{self._made}"
            run(f"CREATE TEMP TABLE {name} (position INTEGER PRIMARY KEY, id)")
            ids = f"SELECT id FROM leads WHERE {found.where} ORDER BY {found.order}"
            self._tables[found.key] = name, run(f"INSERT INTO {name} (id) {ids}").rowcount
        return self._tables[found.key]


def limit_sql(paging: Paging | None, max_rows: int | None = None) -> str:
    """The rows of a page. None is after the first `max_rows`."""
    if paging is None:
        return "" if max_rows is None else f"LIMIT {max_rows}"
    start, size = (paging.index - 1) * paging.size, paging.size
    if max_rows is not None:
        size = max(0, min(size, max_rows - start))
    return f"LIMIT {size} OFFSET {start}"
