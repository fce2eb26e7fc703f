"""An account: its leads and users in one database, and the rows that answer a request."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from threading import Lock
from typing import Final
from weakref import finalize

from attrs import frozen

from leadquery.emulator.aggregates import AVERAGE, SUM, register
from leadquery.emulator.collation import Kind, decoded, folded, number
from leadquery.emulator.drift import WHOLE, Snapshot
from leadquery.emulator.sql_filters import between, of_filter
from leadquery.emulator.storage import Column, Row, Table
from leadquery.emulator.user_filters import Ids, matching_users, of_condition
from leadquery.errors import QueryError
from leadquery.fields import CreatedOn, ModifiedOn, OwnerId, ProspectID
from leadquery.users import UserID
from leadquery.wire.enums import AggregateFunction, DateField
from leadquery.wire.model import (
    AggregateOutput,
    ListOutput,
    Paging,
    ReportFilter,
    Request,
    UserCondition,
    UserFilter,
)
from leadquery.wire.types import format_timestamp

STAMPS: Final = {
    DateField.CREATED: CreatedOn.name,
    DateField.MODIFIED: ModifiedOn.name,
}
"""The lead field behind each date a report can be limited by."""

AT_ONCE: Final = 200
"""Conditions in one statement: SQLite counts depth to a thousand, and slows down before."""

Value = str | int | float | None


@frozen
class ResultSet:
    """An answer before it has a shape: its columns, the rows of its page, and the rows in all."""

    columns: tuple[str, ...]
    rows: list[tuple[Value, ...]]
    total: int


class ClosedError(QueryError):
    """A question to an emulator that is closed."""


class Database:
    """Leads and users. Its sheets are made one at a time, whatever thread asks."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        leads: Iterable[Row],
        users: Iterable[Row],
        kinds: Mapping[str, Kind],
    ) -> None:
        self._end: Final = finalize(self, connection.close)
        register(connection)
        self._connection = connection
        self._lock = Lock()
        self.leads = Table(connection, "lead", kinds, leads)
        self.users = Table(connection, "user", {UserID.name: folded}, users)
        key = self.leads.column(ProspectID.name).key
        self._order = f"{_ordered(key)}, id"
        self._reverse = f"{key} IS NULL DESC, {key} DESC, id DESC"
        if ProspectID.name in self.leads:
            connection.execute(f"CREATE INDEX in_order ON leads ({self._order})")

    def close(self) -> None:
        """Close the database when the sheet that is being made, if any, is done."""
        with self._lock:
            self._end()

    def sheet(self, request: Request, view: Snapshot = WHOLE) -> ResultSet:
        """The rows that answer a request, of the leads in view.

        Raises UnsupportedQueryError for a user operator nobody has seen, and ClosedError.
        """
        report = request.report or ReportFilter(None, None)
        with self._lock:
            if not self._end.alive:
                raise ClosedError("the emulator is closed; make another one")
            chosen = None if report.users is None else self._users_meeting(report.users)
            conditions = self._conditions(request, report, chosen)
            if view.hidden:
                conditions.append(f"id NOT IN ({', '.join(map(str, sorted(view.hidden)))})")
            where = self._narrowed(conditions)
            if isinstance(request.output, ListOutput):
                order = self._reverse if view.reverse else self._order
                return self._listing(request.output, where, f"{order} {_cut(request.paging)}")
            return self._aggregate(request.output, where, chosen, request.paging)

    def _users_meeting(self, chosen: UserFilter) -> str:
        """The condition on a user's row that it is among those who meet a filter."""

        def find(condition: UserCondition) -> Ids:
            met = of_condition(self.users.column(condition.name), condition)
            rows = self._connection.execute(f"SELECT id FROM {self.users.name} WHERE {met}")
            return frozenset(row[0] for row in rows)

        return f"id IN ({', '.join(map(str, matching_users(chosen, find)))})"

    def _conditions(self, request: Request, report: ReportFilter, among: str | None) -> list[str]:
        """Every condition on a lead, each once."""
        column = self.leads.column
        found = [of_filter(column(chosen.name), chosen) for chosen in report.filters or ()]
        for dates in request.dates or ():
            low, high = (format_timestamp(moment).encode() for moment in (dates.start, dates.end))
            found.append(between(column(STAMPS[dates.field]), low, high))
        if among is not None:
            ids = f"SELECT {self.users.column(UserID.name).key} FROM users WHERE {among}"
            found.append(f"{column(OwnerId.name).key} IN ({ids})")
        return list(dict.fromkeys(found))

    def _narrowed(self, found: Sequence[str]) -> str:
        """One condition in place of many: above some hundreds, SQLite is asked in several goes."""
        if len(found) <= AT_ONCE:
            return " AND ".join(found) or "1"
        run = self._connection.execute
        run("CREATE TEMP TABLE IF NOT EXISTS met (id INTEGER PRIMARY KEY)")
        run("DELETE FROM met")
        run("INSERT INTO met SELECT id FROM leads")
        for start in range(0, len(found), AT_ONCE):
            part = " AND ".join(found[start : start + AT_ONCE])
            left = f"SELECT id FROM leads WHERE id IN (SELECT id FROM met) AND {part}"
            run(f"DELETE FROM met WHERE id NOT IN ({left})")
        return "id IN (SELECT id FROM met)"

    def _listing(self, asked: ListOutput, where: str, order: str) -> ResultSet:
        known = [name for name in asked.columns if name in self.leads]
        texts = ", ".join(["id", *(self.leads.column(name).text for name in known)])
        found = self._connection.execute(
            f"SELECT {texts} FROM leads WHERE {where} ORDER BY {order}"
        )
        rows: list[tuple[Value, ...]] = []
        for _, *stored in found:
            row = dict(zip(known, map(decoded, stored), strict=True))
            rows.append(tuple(row.get(name) for name in asked.columns))
        return ResultSet(asked.columns, rows, self._count(f"SELECT id FROM leads WHERE {where}"))

    def _aggregate(
        self, asked: AggregateOutput, where: str, among: str | None, paging: Paging | None
    ) -> ResultSet:
        group = self.leads.column(asked.group)
        groups = _groups(group, where, _result(asked.function, self.leads.column(asked.field)))
        if among is not None and asked.group == OwnerId.name:
            user = self.users.column(UserID.name)
            idle = f"{user.key} NOT IN (SELECT {group.key} FROM leads WHERE {where})"
            groups += f" UNION ALL SELECT min(id), {user.text}, {user.key}, 0, NULL FROM users "
            groups += f"WHERE {among} AND {user.key} IS NOT NULL AND {idle} GROUP BY 3"
        found = self._connection.execute(
            f"SELECT text, leads, result FROM ({groups}) "
            f"ORDER BY leads DESC, {_ordered('key')} {_cut(paging)}"
        )
        columns = asked.columns
        rows = [(decoded(text), *numbers)[: len(columns)] for text, *numbers in found]
        return ResultSet(columns, rows, self._count(groups))

    def _count(self, query: str) -> int:
        total: int = self._connection.execute(f"SELECT count(*) FROM ({query})").fetchone()[0]
        return total


def _ordered(key: str) -> str:
    """By key, no data last."""
    return f"{key} IS NULL, {key}"


def _cut(paging: Paging | None) -> str:
    if paging is None:
        return ""
    return f"LIMIT {paging.size} OFFSET {(paging.index - 1) * paging.size}"


def _result(function: AggregateFunction, field: Column) -> str:
    """What is computed for a group. Only a number field has numbers."""
    name = _COMPUTED.get(function)
    return "NULL" if name is None or field.kind is not number else f"{name}({field.text})"


_COMPUTED: Final = {AggregateFunction.AVERAGE: AVERAGE, AggregateFunction.SUM: SUM}


def _groups(group: Column, where: str, result: str) -> str:
    """Groups by key; SQLite takes their text from the lead with the least id, the first met."""
    return (
        f"SELECT min(id), {group.text} AS text, {group.key} AS key, count(*) AS leads, "
        f"{result} AS result FROM leads WHERE {where} GROUP BY 3"
    )
