"""What columns hold, by the types that drivers and engines name."""

from __future__ import annotations

import sqlite3
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from types import ModuleType
from typing import Any

import pytest

from leadquery import Leads
from leadquery.errors import QueryError
from leadquery.fields import CreatedOn, ProspectID, Score, Text
from leadquery.result.frames import ColumnType
from leadquery.sql import Table
from leadquery.sql.engines import storage_of
from leadquery.sql.table import to_value
from leadquery.sql.tables import Storage


@pytest.mark.parametrize(
    ("name", "storage"),
    [
        ("BOOLEAN", Storage.BOOLEAN),
        ("bit", Storage.BOOLEAN),
        ("BIGINT", Storage.INTEGER),
        ("UInt32", Storage.INTEGER),
        ("DECIMAL(18, 2)", Storage.NUMBER),
        ("double precision", Storage.NUMBER),
        ("Nullable(Float64)", Storage.NUMBER),
        ("TIMESTAMP", Storage.MOMENT),
        ("timestamp_ntz", Storage.MOMENT),
        ("timestamp without time zone", Storage.MOMENT),
        ("DateTime64(6)", Storage.MOMENT),
        ("TIMESTAMP WITH TIME ZONE", Storage.AWARE_MOMENT),
        ("TIMESTAMPTZ", Storage.AWARE_MOMENT),
        ("timestamp_ltz", Storage.AWARE_MOMENT),
        ("datetimeoffset", Storage.AWARE_MOMENT),
        ("DATE", Storage.DATE),
        ("VARCHAR(20)", Storage.TEXT),
        ("Nullable(String)", Storage.TEXT),
        ("nvarchar", Storage.TEXT),
        ("ENUM('a', 'b')", Storage.TEXT),
        ("LowCardinality(String)", Storage.TEXT),
        ("INTERVAL", Storage.OTHER),
        ("UUID", Storage.OTHER),
        ("VARCHAR[]", Storage.OTHER),
        ("STRUCT(a INTEGER)", Storage.OTHER),
        ("Array(String)", Storage.OTHER),
        ("map<string,int>", Storage.OTHER),
        ("TIME WITH TIME ZONE", Storage.OTHER),
        ("POINT", Storage.OTHER),
        ("bit varying", Storage.OTHER),
    ],
)
def test_a_type_name_says_what_a_column_holds(name: str, storage: Storage) -> None:
    assert storage_of(name) is storage


class Cursor:
    """A cursor of SQLite with the types that another driver would name."""

    def __init__(self, cursor: sqlite3.Cursor, codes: dict[str, object]) -> None:
        self._cursor = cursor
        self._codes = codes

    def execute(self, statement: str) -> None:
        self._cursor.execute(statement)

    def fetchall(self) -> list[Any]:
        return self._cursor.fetchall()

    @property
    def description(self) -> list[tuple[object, ...]]:
        return [(name, self._codes[name]) for name, *_ in self._cursor.description]

    def close(self) -> None:
        self._cursor.close()


class Connection:
    """A connection of a driver of another database, in which SQLite stands in for it."""

    __module__ = "other_driver.connections"

    def __init__(self, codes: dict[str, object]) -> None:
        self._connection = sqlite3.connect(":memory:")
        self._connection.execute("CREATE TABLE leads (ProspectID, Score, CreatedOn)")
        self._connection.execute("INSERT INTO leads VALUES ('1', 5, '2026-01-31 10:00:00')")
        self._codes = codes

    def cursor(self) -> Cursor:
        return Cursor(self._connection.cursor(), self._codes)


class Code:
    """A type object of the DB-API, which equals several type codes."""

    def __init__(self, *codes: object) -> None:
        self._codes = codes

    def __eq__(self, other: object) -> bool:
        return other in self._codes

    __hash__ = None  # type: ignore[assignment]


@pytest.mark.parametrize(
    "codes",
    [
        {"ProspectID": "varchar", "Score": "double", "CreatedOn": "varchar"},
        {"ProspectID": str, "Score": float, "CreatedOn": str},
        {"ProspectID": 253, "Score": 5, "CreatedOn": 999},
    ],
    ids=["names", "classes", "numbers"],
)
def test_a_driver_names_types_in_its_own_form(
    codes: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    driver = ModuleType("other_driver")
    driver.NUMBER, driver.STRING = Code(5, 6), Code(253)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "other_driver", driver)
    table = Table(Connection(codes), dialect="sqlite")

    rows = table.run(Leads.where(Score > 4).select(ProspectID, Score, CreatedOn)).rows

    assert [(row["ProspectID"], row["Score"]) for row in rows] == [("1", 5)]


IN_TEXT: dict[str, object] = {"ProspectID": "varchar", "Score": "varchar", "CreatedOn": "datetime"}
NUMBER = "^[+-]?([0-9]+([.][0-9]+)?|[.][0-9]+)([eE][+-]?[0-9]+)?$"


@pytest.mark.parametrize(
    ("dialect", "condition"),
    [
        ("sqlite", "CAST(NULLIF(Score, '') AS REAL) > 4"),
        ("tsql", "TRY_CAST(Score AS FLOAT) > 4"),
        (
            "bigquery",
            f"CASE WHEN REGEXP_CONTAINS(Score, '{NUMBER}') THEN CAST(Score AS FLOAT64) END > 4",
        ),
    ],
)
def test_numbers_in_text_compare_as_numbers(dialect: str, condition: str) -> None:
    """Without functions of its own, which only a connection of `sqlite3` takes."""
    table = Table(Connection(IN_TEXT), dialect=dialect)

    statement = table.to_sql(Leads.where(Score > 4).select(ProspectID))

    assert " ".join(statement.split()).endswith(f"WHERE {condition}")


@pytest.mark.parametrize(
    ("dialect", "text"),
    [
        ("bigquery", "FORMAT_DATETIME('%F %T', CreatedOn)"),
        ("sqlite", "STRFTIME('%Y-%m-%d %H:%M:%S', CreatedOn)"),
    ],
)
def test_a_moment_is_searched_as_the_text_that_is_exported(dialect: str, text: str) -> None:
    table = Table(Connection(IN_TEXT), dialect=dialect)

    statement = table.to_sql(Leads.where(Text("CreatedOn").contains("31")).select(ProspectID))

    assert statement.endswith(f"LOWER({text}) LIKE '%31%'")


def test_a_driver_says_why_there_is_no_table() -> None:
    with pytest.raises(QueryError) as caught:
        Table(Connection({}), "people", dialect="postgres").to_sql(Leads.count())

    assert str(caught.value) == (
        "there is no table 'people' to read: no such table: people; write its name, as in "
        "Table(connection, 'crm.leads')"
    )


@pytest.mark.parametrize(
    ("value", "type_", "converted"),
    [
        (datetime(2026, 1, 31, 5), ColumnType.DATE, date(2026, 1, 31)),
        (datetime(2026, 1, 31, 5), ColumnType.TIMESTAMP, datetime(2026, 1, 31, 5, tzinfo=UTC)),
        (
            datetime(2026, 1, 31, 5, tzinfo=timezone(timedelta(hours=5))),
            ColumnType.TIMESTAMP,
            datetime(2026, 1, 31, tzinfo=UTC),
        ),
        (date(2026, 1, 31), ColumnType.DATE, date(2026, 1, 31)),
        (date(2026, 1, 31), ColumnType.TIMESTAMP, datetime(2026, 1, 31, tzinfo=UTC)),
    ],
)
def test_a_driver_may_return_a_day_or_a_moment(
    value: date, type_: ColumnType, converted: date
) -> None:
    assert to_value(value, type_) == converted
