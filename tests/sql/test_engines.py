"""What columns hold, by the types that drivers and engines name."""

from __future__ import annotations

import sqlite3
import sys
from types import ModuleType
from typing import Any

import pytest

from leadquery import Leads
from leadquery.fields import CreatedOn, ProspectID, Score
from leadquery.sql import Table
from leadquery.sql.columns import Storage
from leadquery.sql.sessions import storage_of


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
