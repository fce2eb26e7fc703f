"""Any field in a column of any type: each engine gives the rows that another one gives."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

import duckdb
import pytest

from leadquery import Leads, Query, count, periods, users
from leadquery.fields import (
    Boolean,
    CreatedOn,
    Date,
    DateTime,
    Field,
    Identifier,
    Number,
    OwnerId,
    ProspectID,
    Score,
    Source,
    Text,
    Time,
)
from leadquery.sql import Table

if TYPE_CHECKING:
    import psycopg

UUID: Final = "8c5d1b5e-0000-4000-8000-00000000000"

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "text": ("'b'", "'A'", "''", "NULL"),
    "varchar(20)": ("'1'", "'2.0'", "'1.0'", "''"),
    "integer": ("1", "2", "NULL"),
    "bigint": ("1", "20", "NULL"),
    "double precision": ("1.5", "2", "NULL"),
    "numeric(9, 2)": ("1.5", "2", "NULL"),
    "boolean": ("true", "false", "NULL"),
    "date": ("'2026-01-01'", "'2026-01-02'", "NULL"),
    "timestamp": ("'2026-01-01 10:00:00'", "'2026-01-02 00:00:00.5'", "NULL"),
    "timestamptz": ("'2026-01-01 10:00:00+00'", "'2026-01-02 00:00:00.5+00'", "NULL"),
    "time": ("'10:00:00'", "'11:00:00'", "NULL"),
    "uuid": (f"'{UUID}0'", f"'{UUID}1'", "NULL"),
    "json": ("'5'", "'[1]'", "NULL"),
    "interval": ("'1 day'", "'02:00:00'", "NULL"),
}
"""Values of columns of each type, which DuckDB and PostgreSQL both have."""

KINDS: Final[dict[type[Any], tuple[Any, ...]]] = {
    Field: ("1", "b", "2026-01-01", "2026-01-01 10:00:00", f"{UUID}0".upper()),
    Text: ("1", "2", "b", "2026-01-01", "2026-01-01 10:00:00", f"{UUID}0".upper()),
    Identifier: ("b", f"{UUID}0".upper()),
    Time: ("10:00:00",),
    Number: (1, 1.5),
    Date: ("2026-01-01",),
    DateTime: ("2026-01-01 10:00:00",),
    Boolean: (True, False),
}
"""Values that a field of each type is compared with."""

ORDERED: Final = (Field, Time, Number, Date, DateTime)

MONTHS: Final = periods.month(2026, 1), periods.month(2026, 2)


def queries(kind: type[Any]) -> Iterator[Query[Any]]:
    """Every use of a field of a type."""
    for condition in conditions(kind):
        yield Leads.where(condition).select(ProspectID).order_by(ProspectID)
    field = kind("mx_Any")
    yield Leads.select(ProspectID, field).order_by(field, ProspectID)
    yield Leads.select(ProspectID, field).order_by(field.desc(), ProspectID)
    if kind is not DateTime:
        keys = [field.day() if kind is Date else field]
        yield Leads.group_by(*keys).count().order_by(*keys)
        yield Leads.group_by(*keys, Source).aggregate(count(), Score.average())
        yield Leads.group_by(*keys).count().compare(*MONTHS, on=CreatedOn)
        yield (Leads.created_in(MONTHS[0]).group_by(*keys, CreatedOn.month(fill=True)).count())
    for name in ("count_distinct", "min", "max", "average", "sum", "median"):
        if hasattr(kind, name):
            yield Leads.aggregate(count(), getattr(field, name)())
    if hasattr(kind, "day"):
        yield Leads.group_by(field.day()).count()
        yield Leads.group_by(field.in_periods(a=MONTHS[0])).count()
        yield Leads.group_by(Source).count().compare(*MONTHS, on=field)
    if hasattr(kind, "bins"):
        yield Leads.group_by(field.bins(1, 2)).count()


def conditions(kind: type[Any]) -> Iterator[Any]:
    """Every condition on a field of a type."""
    field = kind("mx_Any")
    yield field.has_data()
    yield field.has_no_data()
    for value in KINDS[kind]:
        yield field == value
        if kind is not Date:
            yield field != value
        if kind in ORDERED:
            yield field < value
            yield field >= value
        if hasattr(kind, "is_in"):
            yield field.is_in([value, KINDS[kind][0]])
        if hasattr(kind, "contains"):
            yield field.contains(value)
            yield field.does_not_contain(value)


LEAD = (
    'CREATE TABLE leads ("ProspectID" text, "Source" text, "Score" double precision, '
    '"EngagementScore" double precision, "CreatedOn" timestamp, "mx_Any" {})'
)


def fill(execute: Callable[[str], object], column_type: str, values: tuple[str, ...]) -> None:
    execute("DROP TABLE IF EXISTS leads")
    execute(LEAD.format(column_type))
    for number, value in enumerate(values):
        execute(
            f"INSERT INTO leads VALUES ('{number}', 'Web', {number}, {number}, "
            f"'2026-0{number % 2 + 1}-01', {value})"
        )


def rows_of(table: Table, query: Query[Any]) -> list[dict[str, Any]]:
    return [
        {key: float(value) if type(value) is int else value for key, value in row.items()}
        for row in table.run(query)
    ]


def check(connection: Any, other: Any, column_type: str, *kinds: type[Any]) -> None:
    """Ask two engines every query about a column of a type."""
    for one in (connection, other):
        fill(one.execute, column_type, COLUMNS[column_type])
    first, second = Table(connection), Table(other)
    for query in (query for kind in kinds for query in queries(kind)):
        assert rows_of(second, query) == rows_of(first, query), query


@pytest.fixture
def in_duckdb() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    return connection


@pytest.fixture
def in_postgres(postgres: psycopg.Connection) -> Iterator[psycopg.Connection]:
    """A connection whose tables go away, in another time zone than UTC."""
    with postgres.transaction(force_rollback=True):
        postgres.execute("SET TimeZone = 'Asia/Kolkata'")
        yield postgres


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("column_type", ["varchar(20)", "double precision", "boolean", "uuid"])
def test_a_field_of_unknown_type_in_postgres(
    in_duckdb: duckdb.DuckDBPyConnection, in_postgres: psycopg.Connection, column_type: str
) -> None:
    check(in_duckdb, in_postgres, column_type, Field)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("column_type", COLUMNS)
def test_postgres_gives_the_rows_of_duckdb(
    in_duckdb: duckdb.DuckDBPyConnection, in_postgres: psycopg.Connection, column_type: str
) -> None:
    check(in_duckdb, in_postgres, column_type, *KINDS)


IN_SQLITE: Final = ("text", "varchar(20)", "integer", "double precision", "numeric(9, 2)")
"""The types that SQLite has, too."""


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("column_type", IN_SQLITE)
def test_sqlite_gives_the_rows_of_duckdb(
    in_duckdb: duckdb.DuckDBPyConnection, column_type: str
) -> None:
    check(in_duckdb, sqlite3.connect(":memory:"), column_type, *KINDS)


TEXTS: Final[dict[str, list[str | None]]] = {
    "double precision": ["1.5", "2", None],
    "numeric(9, 2)": ["1.5", "2", None],
    "boolean": ["1", "0", None],
    "date": ["2026-01-01", "2026-01-02", None],
    "timestamptz": ["2026-01-01 10:00:00", "2026-01-02 00:00:00", None],
    "uuid": [f"{UUID}0", f"{UUID}1", None],
    "json": ["5", "[1]", None],
}
"""The values of columns as text, which is what is exported."""


@pytest.mark.parametrize("column_type", TEXTS)
def test_a_field_of_text_has_the_text_that_is_exported(
    in_duckdb: duckdb.DuckDBPyConnection, column_type: str
) -> None:
    fill(in_duckdb.execute, column_type, COLUMNS[column_type])
    table, texts = Table(in_duckdb), TEXTS[column_type]
    field: Any = Text("mx_Any")

    listed = table.run(Leads.select(ProspectID, field).order_by(ProspectID))
    grouped = table.run(Leads.group_by(field).count().order_by(field))
    found = table.run(Leads.where(field == texts[0]).select(ProspectID))

    assert [row["mx_Any"] for row in listed] == texts
    assert [row["mx_Any"] for row in grouped] == [*sorted(filter(None, texts)), None]
    assert [row["ProspectID"] for row in found] == ["0"]


def test_text_that_is_numbers_is_grouped_by_them(
    in_duckdb: duckdb.DuckDBPyConnection, in_postgres: psycopg.Connection
) -> None:
    """Also beside each other, where the two periods have other spellings of a number."""
    query = Leads.group_by("mx_Any").count().compare(*MONTHS, on=CreatedOn)
    for connection in (in_duckdb, in_postgres):
        with connection.cursor() as cursor:
            fill(cursor.execute, "text", ("'1'", "'1.0'", "''", "'10'", "'9'"))
            rows = Table(connection).run(query.order_by("mx_Any")).rows

        counts = [(row["mx_Any"], row["Count_before"], row["Count_after"]) for row in rows]
        assert counts == [("1", 1, 1), ("9", 1, 0), ("10", 0, 1), (None, 1, 0)]


def test_text_of_a_type_of_its_own_may_be_empty(in_postgres: psycopg.Connection) -> None:
    in_postgres.execute("CREATE DOMAIN label AS text")
    in_postgres.execute("CREATE TYPE stage AS ENUM ('', 'New', 'new')")
    for column_type in ("label", "stage"):
        fill(in_postgres.execute, column_type, ("''", "NULL", "'New'", "'new'"))
        table = Table(in_postgres)

        assert len(table.run(Leads.where(Field("mx_Any").has_data()).select(ProspectID))) == 2
        groups = table.run(Leads.group_by("mx_Any").count()).rows
        assert sorted(row["Count"] for row in groups) == [2, 2]


def test_users_have_columns_of_any_type(
    in_duckdb: duckdb.DuckDBPyConnection, in_postgres: psycopg.Connection
) -> None:
    owned = Leads.owned_by(users.Attribute("Level") == "2")
    for connection in (in_duckdb, in_postgres):
        with connection.cursor() as cursor:
            cursor.execute('CREATE TABLE owned ("ProspectID" integer, "OwnerId" text)')
            cursor.execute(
                'CREATE TABLE staff ("UserID" uuid, "Level" integer, "FirstName" integer, '
                '"LastName" text)'
            )
            cursor.execute(f"INSERT INTO owned VALUES (1, '{UUID.upper()}0'), (2, '{UUID}1')")
            cursor.execute(
                f"INSERT INTO staff VALUES ('{UUID}0', 2, 7, 'B'), ('{UUID}2', 2, 8, NULL)"
            )
            table = Table(connection, "owned", users="staff")

            assert len(table.run(owned.select(ProspectID))) == 1
            level = users.Attribute("Level") == "x"
            assert len(table.run(Leads.owned_by(level).select(ProspectID))) == 0
            rows = table.run(owned.group_by(OwnerId).count().with_owner_names().order_by(OwnerId))
            assert [tuple(row.values()) for row in rows] == [
                (f"{UUID}0", "7 B", 1),
                (f"{UUID}2", "8", 0),
            ]
