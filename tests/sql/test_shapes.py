"""Queries of each shape on a few leads: DuckDB and SQLite give the rows of a plain loop."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, Final

import duckdb
import pytest
import sqlglot

from leadquery import Leads, Query, count, periods, users
from leadquery.errors import QueryError
from leadquery.fields import (
    CreatedOn,
    DoNotCall,
    Field,
    LastVisitDate,
    OwnerId,
    ProspectID,
    Score,
    Source,
    mx_City,
)
from leadquery.sql import Table
from tests.plain_loop import Lead, expected_rows, same_rows
from tests.plan.test_law import USERS, client_of, with_ids
from tests.sql.support import arrow_table, duckdb_table, sqlite_table

MONTHS: Final = periods.month(2026, 1), periods.month(2026, 2)

NAMES: Final = (
    *("Source", "Score", "mx_City", "mx_Own", "DoNotCall", "LastVisitDate", "CreatedOn"),
    *("Role", "Team"),
)

ROWS: Final[list[Lead]] = [
    dict(zip(NAMES, values, strict=True))
    for values in [
        ("Web", "5", "Delhi", "1", "1", "2026-01-02 12:00:00", "2026-01-01 00:00:00", "User", "a"),
        ("WEB", "7.5", "Pune", "1.0", "0", None, "2026-01-31 23:59:59", "Manager", "b"),
        ("fair", None, None, "2", None, "2026-03-29 01:30:00", "2026-02-01 00:00:00", "User", "a"),
        (None, "-1", "Agra", None, "1", "2026-06-30 22:30:00", "2026-02-20 10:00:00", "Admin", "b"),
        (
            "Fair",
            "9",
            "delhi",
            "10",
            "0",
            "1989-12-31 23:30:00",
            "2026-02-21 10:00:00",
            "User",
            "b",
        ),
    ]
]

own = Field("mx_Own")
by_source = Leads.group_by(Source)

QUERIES: Final[list[Query[Any]]] = [
    by_source.aggregate(count(), Score.min(), Score.max(), Score.average(), LastVisitDate.max()),
    by_source.aggregate(count(), CreatedOn.min(), own.average()),
    Leads.aggregate(count(), Score.median(), LastVisitDate.median()),
    Leads.group_by(DoNotCall).aggregate(count(), Score.quantile(0.25)),
    by_source.aggregate(count(), LastVisitDate.max())
    .having(LastVisitDate.max() > "2026-01-01")
    .order_by(LastVisitDate.max().desc()),
    Leads.group_by(LastVisitDate.day(tz="Europe/Berlin")).count(),
    Leads.group_by(CreatedOn.week(fill=True), LastVisitDate.month(fill=True)).count(),
    Leads.where(users.Role == "User").group_by(CreatedOn.month(fill=True)).count(),
    Leads.owned_by(users.Role == "User").group_by(CreatedOn.month(fill=True)).count(),
    Leads.owned_by(users.Role == "User").group_by(OwnerId).count(),
    Leads.group_by(own).count().compare(*MONTHS, on=CreatedOn),
    Leads.where((own == "1") | (users.Role == "Admin")).select(ProspectID),
    Leads.where((own > "1") | Source.contains("a")).group_by(Score).aggregate(Score.min()),
    Leads.where(~(users.Role == "User")).group_by(own).count(),
    Leads.where(LastVisitDate != "2026-01-02 12:00:00").select(ProspectID),
    Leads.where(LastVisitDate <= "2026-01-02 12:00:00").select(ProspectID),
    Leads.where(LastVisitDate < "2026-01-02 12:00:00").select(ProspectID),
    Leads.where(LastVisitDate >= "9999-12-31 23:59:59").select(ProspectID),
    Leads.where(mx_City.is_in(["delhi", "pune"]), Source.does_not_contain("x")).select(ProspectID),
]


@pytest.mark.parametrize("typed", [True, False])
@pytest.mark.parametrize("make", [duckdb_table, sqlite_table])
@pytest.mark.parametrize("query", QUERIES)
def test_rows_are_those_of_a_plain_loop(
    make: Callable[..., Table], query: Query[Any], typed: bool
) -> None:
    rows = with_ids(ROWS)
    table = make(rows, USERS, typed_=typed)

    found = table.run(query).rows

    expected = expected_rows(query, rows, USERS)
    assert same_rows(query, found, expected), (found, expected, table.to_sql(query))


def test_every_week_of_a_comparison_is_in_the_rows_of_the_mock_api() -> None:
    query = Leads.group_by(CreatedOn.week(fill=True)).count().compare(*MONTHS, on=CreatedOn)
    rows = with_ids(ROWS)

    found = duckdb_table(rows, USERS, typed_=True).run(query.order_by(CreatedOn.week()))

    asked = client_of(rows).run(query, progress=False, on_change="ignore")
    assert list(found) == list(asked)


class Spark:
    """A SparkSession with DuckDB in place of Spark."""

    __module__ = "pyspark.sql.session"

    def __init__(self, rows: list[Lead]) -> None:
        self._connection = duckdb.connect()
        self._connection.register("leads", arrow_table(rows, typed_=False))

    def sql(self, statement: str) -> Any:
        [text] = sqlglot.transpile(statement, read="spark", write="duckdb")
        rows = self._connection.execute(text).fetchall()
        return SimpleNamespace(collect=lambda: rows)

    def table(self, name: str) -> Any:
        columns = self._connection.execute(f"DESCRIBE {name}").fetchall()
        text = SimpleNamespace(typeName=lambda: "string")
        fields = [SimpleNamespace(name=name, dataType=text) for name, *_ in columns]
        return SimpleNamespace(schema=SimpleNamespace(fields=fields))


def test_spark_is_asked_by_its_session() -> None:
    rows = with_ids(ROWS)
    table = Table(Spark(rows))

    assert repr(table) == "<Table: leads in pyspark>"
    assert sorted(row["Count"] for row in table.run(by_source.count())) == [1, 2, 2]
    with pytest.raises(QueryError, match="there is no table 'other' to read"):
        Table(Spark(rows), "other").run(by_source.count())
