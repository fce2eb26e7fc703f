"""The leads and users of the mock API in one SQLite database, and requests run on it.

No data is NULL, and a comparison with NULL is not true, in SQL as in the mock API.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from threading import Lock
from typing import Any, Final
from weakref import finalize

from attrs import frozen

from leadquery.emulator.collations import AS_NUMBER, AS_TEXT, Collation
from leadquery.emulator.faults import ALL_LEADS, Snapshot
from leadquery.emulator.filters import (
    Ids,
    between,
    lead_filter_sql,
    matching_users,
    user_condition_sql,
)
from leadquery.emulator.lists import LeadList, Lists, limit_sql
from leadquery.emulator.storage import AVERAGE, SUM, Column, Row, Table
from leadquery.emulator.users import OWNER_COLUMNS, OwnerText, with_user_ids
from leadquery.errors import QueryError, UnsupportedQueryError
from leadquery.fields import (
    DATE_FIELDS,
    CreatedOn,
    OwnerId,
    ProspectID,
)
from leadquery.users import UserID
from leadquery.wire.endpoints import (
    ACTIVITY_CODES,
    LEAD_IDS,
    OVERDUE,
    PENDING,
    STATUS,
    Endpoint,
    ReportNode,
    endpoint_of,
    node_rows,
    read_node,
)
from leadquery.wire.enums import USER_IDS, AggregateFunction, Operator
from leadquery.wire.model import (
    AggregateOutput,
    ListOutput,
    MembershipFilter,
    Paging,
    ReportFilter,
    Request,
    UserCondition,
    UserFilter,
)
from leadquery.wire.types import format_timestamp, parse_timestamp

_SECONDS: Final = len("2026-03-01 23:59:59")

MAX_CONDITIONS: Final = 200
"""Conditions in one statement: SQLite limits the depth to 1,000, and slows down before."""

Value = str | int | float | None


@frozen
class ResultSet:
    """The rows of a page with their columns, and `total`, the number of rows before paging."""

    columns: tuple[str, ...]
    rows: list[tuple[Value, ...]]
    total: int


class ClosedError(QueryError):
    """The mock API is closed."""


class Database:
    """Leads and users. Any thread may run requests; they run one at a time.

    Lists have no page after their first `max_rows` rows.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        leads: Iterable[Row],
        users: Iterable[Row],
        collations: Mapping[str, Collation],
        max_rows: int | None = None,
        activities: Iterable[Row] = (),
        tasks: Iterable[Row] = (),
    ) -> None:
        self._lists = Lists(connection, max_rows)
        self._finalizer: Final = finalize(self, connection.close)
        self._connection = connection
        self._lock = Lock()
        self.leads = Table(connection, "lead", collations, leads)
        # The vendor's list of users has lists, such as a user's groups. No operator reads them.
        ignored = (list, dict)
        users = with_user_ids(users) if isinstance(users, Iterable) else users
        self.users = Table(connection, "user", {UserID.name: AS_TEXT}, users, ignored)
        self._activities = _related_table(connection, "activity", "activities", activities)
        self._tasks = _related_table(connection, "task", "tasks", tasks)
        key = self.leads.column(ProspectID.name).sort_key
        self._order = f"{_nulls_last(key)}, id"
        self._reverse_order = f"{key} IS NULL DESC, {key} DESC, id DESC"
        if ProspectID.name in self.leads:
            connection.execute(f"CREATE INDEX in_order ON leads ({self._order})")

    def close(self) -> None:
        """Close the database, after the request that is running, if any."""
        with self._lock:
            self._finalizer()

    @cached_property
    def newest_date(self) -> datetime | None:
        """The last moment at which a lead was created or modified."""
        keys = (self.leads.column(field.name).sort_key for field in DATE_FIELDS.values())
        newest = f"SELECT {', '.join(f'max({key})' for key in keys)} FROM leads"
        with self._lock:
            if not self._finalizer.alive:
                return None
            texts = self._connection.execute(newest).fetchone()
            # Without fractions of a second.
            return max((parse_timestamp(text[:_SECONDS]) for text in texts if text), default=None)

    @cached_property
    def knows_creation(self) -> bool:
        """Whether every lead says when it was created, as those of an account do."""
        text = self.leads.column(CreatedOn.name).text
        with self._lock:
            if not self._finalizer.alive:
                return False
            missing = self._connection.execute(f"SELECT 1 FROM leads WHERE {text} IS NULL LIMIT 1")
            return missing.fetchone() is None

    def repeated_ids(self) -> tuple[int, str] | None:
        """How many ids several leads have, and the first of them; None if no two have the same."""
        column = self.leads.column(ProspectID.name)
        repeated = f"SELECT min(id) FROM leads GROUP BY {_nulls_last(column.sort_key)} "
        repeated += f"HAVING count(*) > 1 AND {column.sort_key} IS NOT NULL"
        counted = f"SELECT count(*) OVER (), {column.text} FROM leads WHERE id IN ({repeated})"
        found: tuple[int, str] | None = self._connection.execute(
            f"{counted} ORDER BY id LIMIT 1"
        ).fetchone()
        return found

    def list_users(self) -> list[dict[str, str]]:
        """The users, each with its id first. Empty values are left out."""
        with self._lock:
            self._check_open()
            return self._list_users()

    def _list_users(self) -> list[dict[str, str]]:
        names = [name for name in self.users.collations if name not in USER_IDS]
        texts = ", ".join(self.users.column(name).text for name in (UserID.name, *names))
        rows = self._connection.execute(f"SELECT {texts} FROM users ORDER BY id").fetchall()
        listed = (zip((USER_IDS[0], *names), row, strict=True) for row in rows)
        return [{name: value for name, value in user if value is not None} for user in listed]

    def search_users(
        self, users: UserFilter | None, columns: Collection[str], paging: Paging
    ) -> list[dict[str, str | None]]:
        """A page of the users that meet a filter. Attributes that are not asked for are null."""
        names = [name for name in self.users.collations if name not in USER_IDS]
        asked = [name if name in columns else "" for name in names]
        texts = ", ".join(self.users.column(name).text for name in (UserID.name, *asked))
        with self._lock:
            self._check_open()
            where = "1" if users is None else self._user_condition(users)
            order = f"ORDER BY id {limit_sql(paging)}"
            rows = self._connection.execute(f"SELECT {texts} FROM users WHERE {where} {order}")
            return [dict(zip((USER_IDS[1], *names), row, strict=True)) for row in rows]

    def execute(
        self, request: Request, snapshot: Snapshot = ALL_LEADS, endpoint: Endpoint | None = None
    ) -> ResultSet:
        """Run a request on the leads of a snapshot, as a report; by default that of its body.

        Raises UnsupportedQueryError for an unknown user operator, and for a node in another form
        than the assumed one; QueryError for a body with the node of another report; ClosedError.
        """
        found = endpoint_of(request.report)
        endpoint = found if endpoint is None else endpoint
        if found.node not in (None, endpoint.node):
            raise QueryError(f"this body is for {found.title}; send it to {found.path}")
        try:
            return self._execute(request, snapshot, endpoint)
        except sqlite3.OperationalError as error:
            # SQLite's only words for Ctrl-C within one of our aggregates.
            if "user-defined" in str(error):
                raise KeyboardInterrupt from None
            raise

    def _execute(self, request: Request, snapshot: Snapshot, endpoint: Endpoint) -> ResultSet:
        report = request.report or ReportFilter(None, None)
        with self._lock:
            self._check_open()
            users = None if report.users is None else self._user_condition(report.users)
            conditions = self._conditions(request, report, users)
            conditions += self._report_conditions(report, endpoint)
            if snapshot.hidden:
                conditions.append(f"id NOT IN ({', '.join(map(str, sorted(snapshot.hidden)))})")
            where = self._where(conditions)
            if isinstance(request.output, ListOutput):
                order = self._reverse_order if snapshot.reverse else self._order
                found = LeadList((*conditions, order), where, order)
                return self._list(request.output, found, request.paging)
            return self._aggregate(request.output, where, users, request.paging)

    def _check_open(self) -> None:
        if not self._finalizer.alive:
            raise ClosedError("the mock API is closed; make another Emulator")

    def _user_condition(self, user_filter: UserFilter) -> str:
        """The condition on a row of users that it meets a filter."""

        def find(condition: UserCondition) -> Ids:
            where = user_condition_sql(self.users.column(condition.name), condition)
            rows = self._connection.execute(f"SELECT id FROM {self.users.name} WHERE {where}")
            return frozenset(row[0] for row in rows)

        return f"id IN ({', '.join(map(str, matching_users(user_filter, find)))})"

    def _conditions(self, request: Request, report: ReportFilter, users: str | None) -> list[str]:
        """All conditions on a lead, without duplicates."""
        column = self.leads.column
        conditions = [
            lead_filter_sql(column(lead_filter.name), lead_filter)
            for lead_filter in report.filters or ()
        ]
        for dates in request.dates or ():
            low, high = (format_timestamp(end) for end in (dates.start, dates.end))
            conditions.append(between(column(DATE_FIELDS[dates.field].name), low, high))
        if users is not None:
            ids = f"SELECT {self.users.column(UserID.name).sort_key} FROM users WHERE {users}"
            conditions.append(f"{column(OwnerId.name).sort_key} IN ({ids})")
        return list(dict.fromkeys(conditions))

    def _report_conditions(self, report: ReportFilter, endpoint: Endpoint) -> list[str]:
        """The condition that only a sibling report has, on the lead's activities or tasks."""
        if endpoint.node is None:
            return []
        filters = read_node(ReportNode(endpoint, getattr(report, endpoint.node)))
        if filters is None:
            raise UnsupportedQueryError(
                f"the mock API reads {endpoint.key!r} only in the form that {endpoint.start} writes"
            )
        table = self._tasks if endpoint.node == "tasks" else self._activities
        inner = [f"{table.column(LEAD_IDS[0]).sort_key} IS NOT NULL"]
        inner += [
            lead_filter_sql(table.column(row.name), row)
            for row in node_rows(endpoint, filters._replace(status=None))
        ]
        if table is self._tasks:
            statuses = (
                (filters.status,) if filters.status in (PENDING, OVERDUE) else (PENDING, OVERDUE)
            )
            is_open = MembershipFilter(STATUS, Operator.ONE_OF, statuses)
            inner.append(lead_filter_sql(table.column(STATUS), is_open))
        found = f"SELECT {table.column(LEAD_IDS[0]).sort_key} FROM {table.name} "
        found += f"WHERE {' AND '.join(inner)}"
        has = f"ifnull({self.leads.column(ProspectID.name).sort_key} IN ({found}), 0)"
        return [has if endpoint is Endpoint.PENDING_TASKS else f"NOT {has}"]

    def _where(self, conditions: Sequence[str]) -> str:
        """One condition for all. Too many for one statement are evaluated in several first."""
        if len(conditions) <= MAX_CONDITIONS:
            return " AND ".join(conditions) or "1"
        run = self._connection.execute
        run("CREATE TEMP TABLE IF NOT EXISTS matching (id INTEGER PRIMARY KEY)")
        run("DELETE FROM matching")
        run("INSERT INTO matching SELECT id FROM leads")
        for start in range(0, len(conditions), MAX_CONDITIONS):
            part = " AND ".join(conditions[start : start + MAX_CONDITIONS])
            kept = f"SELECT id FROM leads WHERE id IN (SELECT id FROM matching) AND {part}"
            run(f"DELETE FROM matching WHERE id NOT IN ({kept})")
        return "id IN (SELECT id FROM matching)"

    def _list(self, output: ListOutput, found: LeadList, paging: Paging | None) -> ResultSet:
        known = dict.fromkeys(name for name in output.columns if name in self.leads)
        derived = {name: OWNER_COLUMNS[name] for name in output.columns if self._is_derived(name)}
        if derived:
            known[OwnerId.name] = None
        texts = ", ".join(self.leads.column(name).text for name in known) or "NULL"
        rows, total = self._lists.page(texts, found, paging)
        if (*known,) != output.columns:
            named = (dict(zip(known, row, strict=False)) for row in rows)
            complete = (row | self._owner_texts(row, derived) for row in named)
            rows = [tuple(map(row.get, output.columns)) for row in complete]
        return ResultSet(output.columns, rows, total)

    def _owner_texts(
        self, row: Mapping[str, str | None], derived: Mapping[str, OwnerText]
    ) -> dict[str, str | None]:
        """The columns made of the owner of a lead."""
        owner = self._owners.get((row[OwnerId.name] or "").casefold(), {}) if derived else {}
        return {name: text(owner) or None for name, text in derived.items()}

    def _is_derived(self, name: str) -> bool:
        """Whether a column is made of the owner of a lead, since no lead has it itself."""
        return name in OWNER_COLUMNS and name not in self.leads and OwnerId.name in self.leads

    @cached_property
    def _owners(self) -> dict[str, dict[str, str]]:
        """The users by their ids."""
        return {
            user[USER_IDS[0]].casefold(): user for user in self._list_users() if USER_IDS[0] in user
        }

    def _aggregate(
        self, output: AggregateOutput, where: str, users: str | None, paging: Paging | None
    ) -> ResultSet:
        group = self.leads.column(output.group)
        groups = _groups(
            group, where, _aggregate_sql(output.function, self.leads.column(output.field))
        )
        if users is not None and output.group == OwnerId.name:
            user = self.users.column(UserID.name)
            idle = f"{user.sort_key} NOT IN (SELECT {group.sort_key} FROM leads WHERE {where})"
            groups += (
                f" UNION ALL SELECT min(id), {user.text}, {user.sort_key}, 0, NULL FROM users "
            )
            groups += f"WHERE {users} AND {user.sort_key} IS NOT NULL AND {idle} GROUP BY 3"
        found = self._connection.execute(
            f"SELECT text, leads, result, count(*) OVER () FROM ({groups}) "
            f"ORDER BY leads DESC, {_nulls_last('key')} {limit_sql(paging)}"
        ).fetchall()
        rows = [row[: len(output.columns)] for row in found]
        return ResultSet(output.columns, rows, found[0][-1] if found else self._count(groups))

    def _count(self, query: str) -> int:
        total: int = self._connection.execute(f"SELECT count(*) FROM ({query})").fetchone()[0]
        return total


def _related_table(
    connection: sqlite3.Connection, item: str, name: str, rows: Iterable[Row]
) -> Table:
    """The activities or the tasks of leads. Raises QueryError if none has the id of a lead."""
    known = (LEAD_IDS[0], ACTIVITY_CODES[0], Endpoint.PENDING_TASKS.kind, STATUS)
    renamed = map(_with_lead_id, rows) if isinstance(rows, Iterable) else rows
    table = Table(connection, item, dict.fromkeys(known, AS_TEXT), renamed, (list, dict), name)
    if table.size and LEAD_IDS[0] not in table:
        raise QueryError(
            f"the {name} have no id of a lead; write it under {' or '.join(map(repr, LEAD_IDS))}"
        )
    return table


def _with_lead_id(row: Any) -> Any:
    """A row with the names that conditions use, whichever of the vendor's it has."""
    if not isinstance(row, Mapping):
        return row
    renamed = {
        names[0]: row[name]
        for names in (LEAD_IDS, ACTIVITY_CODES)
        if row.get(names[0]) is None
        for name in reversed(names)
        if row.get(name) is not None
    }
    return {**row, **renamed} if renamed else row


def _nulls_last(key: str) -> str:
    return f"{key} IS NULL, {key}"


def _aggregate_sql(function: AggregateFunction, field: Column) -> str:
    """The aggregate of a group. Only a number field has one besides the count."""
    name = _SQL_FUNCTIONS.get(function)
    if name is None or field.collation is not AS_NUMBER:
        return "NULL"
    return f"{name}({field.sort_key}) FILTER (WHERE {field.text} IS NOT NULL)"


_SQL_FUNCTIONS: Final = {AggregateFunction.AVERAGE: AVERAGE, AggregateFunction.SUM: SUM}


def _groups(group: Column, where: str, result: str) -> str:
    """Groups by sort key. SQLite takes a group's text from the lead with the least id."""
    return (
        f"SELECT min(id), {group.text} AS text, {group.sort_key} AS key, count(*) AS leads, "
        f"{result} AS result FROM leads WHERE {where} GROUP BY 3"
    )
