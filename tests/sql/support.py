"""Leads in the tables of several engines."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from leadquery.sql import Table

Lead = Mapping[str, Any]

COLUMNS = (
    *("ProspectID", "OwnerId", "Score", "Source", "mx_City", "mx_Own", "DoNotCall"),
    *("LastVisitDate", "CreatedOn"),
)

DATES = ("LastVisitDate", "CreatedOn")


def moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


def typed(name: str, text: str | None) -> Any:
    """A value as a typed column holds it."""
    if text is None:
        return None
    if name == "Score":
        return float(text)
    if name == "DoNotCall":
        return text == "1"
    return moment(text) if name in DATES else text


ARROW_TYPES = {
    "Score": pa.float64(),
    "DoNotCall": pa.bool_(),
    **dict.fromkeys(DATES, pa.timestamp("us", "UTC")),
}


def arrow_table(rows: Sequence[Lead], names: Sequence[str] = COLUMNS, *, typed_: bool) -> pa.Table:
    """Rows as an Arrow table, typed or as text."""
    return pa.table(
        {
            name: pa.array(
                [typed(name, row.get(name)) if typed_ else row.get(name) for row in rows],
                ARROW_TYPES.get(name, pa.string()) if typed_ else pa.string(),
            )
            for name in names
        }
    )


SQLITE_TYPES = {"Score": "REAL", "DoNotCall": "BOOLEAN", **dict.fromkeys(DATES, "TIMESTAMP")}


def fill_sqlite(
    connection: sqlite3.Connection,
    table: str,
    rows: Sequence[Lead],
    names: Sequence[str] = COLUMNS,
    *,
    typed_: bool,
) -> None:
    """Make a table of rows, typed or as text."""
    columns = ", ".join(
        f'"{name}" {SQLITE_TYPES.get(name, "TEXT") if typed_ else "TEXT"}' for name in names
    )
    connection.execute(f'CREATE TABLE "{table}" ({columns})')
    marks = ", ".join("?" * len(names))
    connection.executemany(
        f'INSERT INTO "{table}" VALUES ({marks})',
        [
            [
                typed(name, row.get(name)) if typed_ and name not in DATES else row.get(name)
                for name in names
            ]
            for row in rows
        ],
    )


def user_names(users: Sequence[Lead]) -> list[str]:
    return [*dict.fromkeys(name for user in users for name in user)]


def duckdb_table(rows: Sequence[Lead], users: Sequence[Lead], *, typed_: bool) -> Table:
    """Leads and users in DuckDB."""
    return Table(
        arrow_table(rows, typed_=typed_),
        users=arrow_table(users, user_names(users), typed_=False),
    )


def sqlite_table(rows: Sequence[Lead], users: Sequence[Lead], *, typed_: bool) -> Table:
    """Leads and users in SQLite."""
    connection = sqlite3.connect(":memory:")
    fill_sqlite(connection, "leads", rows, typed_=typed_)
    fill_sqlite(connection, "users", users, user_names(users), typed_=False)
    return Table(connection, users="users")


POSTGRES_TYPES = {
    "Score": "double precision",
    "DoNotCall": "boolean",
    "LastVisitDate": "timestamp",
    "CreatedOn": "timestamptz",
}


def postgres_table(
    connection: Any, rows: Sequence[Lead], users: Sequence[Lead], *, typed_: bool
) -> Table:
    """Leads and users in PostgreSQL, in tables of the session."""
    tables: list[tuple[str, Sequence[Lead], Sequence[str], bool]] = [
        ("leads", rows, COLUMNS, typed_),
        ("users", users, user_names(users), False),
    ]
    with connection.cursor() as cursor:
        for table, its_rows, names, is_typed in tables:
            columns = ", ".join(
                f'"{name}" {POSTGRES_TYPES.get(name, "text") if is_typed else "text"}'
                for name in names
            )
            cursor.execute(f'DROP TABLE IF EXISTS "{table}"')
            cursor.execute(f'CREATE TEMPORARY TABLE "{table}" ({columns})')
            marks = ", ".join(["%s"] * len(names))
            cursor.executemany(
                f'INSERT INTO "{table}" VALUES ({marks})',
                [
                    [
                        _for_postgres(name, row.get(name)) if is_typed else row.get(name)
                        for name in names
                    ]
                    for row in its_rows
                ],
            )
    return Table(connection, users="users")


def _for_postgres(name: str, text: str | None) -> Any:
    value = typed(name, text)
    is_naive = isinstance(value, datetime) and POSTGRES_TYPES[name] == "timestamp"
    return value.replace(tzinfo=None) if is_naive else value
