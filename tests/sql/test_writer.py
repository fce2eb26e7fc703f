"""The text of statements, in every dialect."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from leadquery import Leads, Query, count, periods, users
from leadquery.errors import QueryError, UnsupportedQueryError
from leadquery.expr._guards import MAX_DEPTH
from leadquery.fields import (
    CreatedOn,
    DoNotCall,
    Field,
    LastVisitDate,
    OwnerId,
    ProspectID,
    Revenue,
    Score,
    Source,
    mx_City,
)
from leadquery.sql.dialects import ALIASES, DIALECTS, find_dialect

NO = False

QUERIES: dict[str, Query[Any]] = {
    "A list, sorted and limited": (
        Leads.where(Source != "Web", mx_City.contains("50%"), DoNotCall == NO)
        .select(ProspectID, Source, CreatedOn)
        .order_by(Source.desc(), CreatedOn)
        .limit(10)
    ),
    "Groups of several keys, with conditions on them": (
        Leads.where((mx_City == "Delhi") | (Score > 80.5) | LastVisitDate.has_no_data())
        .created_in(periods.month(2026, 1))
        .group_by(Source, CreatedOn.month(tz="Asia/Kolkata"), Score.bins(0, 50))
        .aggregate(count(), Score.average(), revenue=Revenue.sum())
        .having((count() > 10) | (Score.average() >= 7.5))
        .order_by(count().desc())
        .limit(5)
    ),
    "A median": Leads.group_by(Source).aggregate(Score.median(), CreatedOn.max()),
    "Owners, also those without leads": (
        Leads.where(Score > 5).owned_by(users.Role == "Sales_User").group_by(OwnerId).count()
    ),
    "Other owners": Leads.where(~(users.Department == "North")).count(),
    "Two periods, and the names of owners": (
        Leads.group_by(OwnerId)
        .count()
        .compare(periods.month(2026, 1), periods.month(2026, 2), on=CreatedOn)
        .with_owner_names()
        .order_by(count().change.desc())
    ),
    "Every week": Leads.created_in(periods.month(2026, 1))
    .group_by(CreatedOn.week(fill=True))
    .count(),
    "Named periods": Leads.group_by(CreatedOn.in_periods(a=periods.month(2026, 1))).count(),
}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_statements_of_a_dialect(
    dialect: str, check_golden: Callable[[Path, str], None]
) -> None:
    texts = (f"-- {title}\n{query.to_sql(dialect)};\n" for title, query in QUERIES.items())

    check_golden(Path(__file__).parent / "statements" / f"{dialect}.sql", "\n".join(texts))


@pytest.mark.parametrize(
    ("dialect", "table", "columns", "statement"),
    [
        ("postgres", "crm.leads", {}, "SELECT\n  Score\nFROM crm.leads"),
        ("postgres", 'crm."Leads"', {"Score": '"Score"'}, 'SELECT\n  "Score"\nFROM crm."Leads"'),
        (
            "snowflake",
            "a.b.c",
            {"Score": "lead score"},
            'SELECT\n  "lead score" AS Score\nFROM a.b.c',
        ),
        ("bigquery", "crm.leads", {"Score": "a.b"}, "SELECT\n  a_b AS Score\nFROM crm.leads"),
        ("duckdb", "order", {"Score": "group"}, 'SELECT\n  "group" AS Score\nFROM "order"'),
        ("tsql", "[crm].[leads]", {"Score": "s"}, "SELECT\n  s AS Score\nFROM [crm].[leads]"),
    ],
)
def test_names_are_quoted_where_they_need_it(
    dialect: str, table: str, columns: dict[str, str], statement: str
) -> None:
    assert Leads.select(Score).to_sql(dialect, table=table, columns=columns) == statement


@pytest.mark.parametrize("name", [*ALIASES, *DIALECTS, " PostgreSQL ", "SQL Server"])
def test_a_dialect_has_other_names(name: str) -> None:
    assert find_dialect(name).name in DIALECTS


@pytest.mark.parametrize(
    ("query", "condition"),
    [
        (Leads.where(Field("x") == "5"), "x = 5"),
        (
            Leads.where(Field("x") == "5", Field("x") != "a"),
            "LOWER(x) = '5' AND LOWER(x) <> 'a'",
        ),
        (Leads.where(Field("x").has_data()), "CAST(x AS TEXT) <> ''"),
        (Leads.where(Field("x").has_no_data()), "x IS NULL OR CAST(x AS TEXT) = ''"),
        (Leads.where(Field("x").is_in(["1", "b"])), "LOWER(x) IN ('1', 'b')"),
        (Leads.where(Field("x") < "2026-01-02"), "x < CAST('2026-01-02 00:00:00' AS TIMESTAMP)"),
        (Leads.where(Field("x").is_in(["1", "2"])), "x IN (1, 2)"),
        (Leads.where(Field("Score") == "many"), "1 = 0"),
        (Leads.where(Field("CreatedOn") == "soon"), "1 = 0"),
        (Leads.where(Field("DoNotCall") == "maybe"), "1 = 0"),
        (Leads.where(Score == 1e300), "Score = 1e+300"),
        (Leads.where(Score >= -5), "Score >= -5"),
        (Leads.where(CreatedOn > "9999-12-31 23:59:59"), "1 = 0"),
        (Leads.where(CreatedOn <= "9999-12-31 23:59:59"), "NOT CreatedOn IS NULL"),
    ],
)
def test_values_compare_as_the_field_does(query: Any, condition: str) -> None:
    """A value that the type cannot read is found nowhere. Fields of unknown type go by values."""
    statement = query.select("ProspectID").to_sql("duckdb")

    assert condition in statement


def test_an_aggregate_with_the_name_of_a_field_needs_the_name_of_the_table() -> None:
    query = Leads.group_by(Source).aggregate(Score=Score.sum())

    statement = query.to_sql("duckdb", table="crm.people")

    assert "SUM(leads.Score) AS Score\nFROM crm.people AS leads" in statement


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (
            lambda: Leads.count().to_sql("postgre"),
            (
                "'postgre' is not a dialect of SQL that queries are written in; "
                "did you mean 'postgres'?"
            ),
        ),
        (
            lambda: Leads.count().to_sql("duckdb", table=""),
            "table= takes the name of a table such as 'crm.leads', not ''",
        ),
        (
            lambda: Leads.owned_by(users.Role == "x").count().to_sql("duckdb", users=None),
            (
                "the query asks about the owners of leads, so it needs the table of users; "
                "write users='users', or its name"
            ),
        ),
    ],
)
def test_what_cannot_be_written(write: Callable[[], str], message: str) -> None:
    with pytest.raises(QueryError) as caught:
        write()

    assert str(caught.value) == message


def test_conditions_that_are_nested_too_deeply() -> None:
    condition: Any = Score > 0
    for number in range(MAX_DEPTH):
        other = Field(f"mx_{number}") == number
        condition = condition | other if number % 2 else condition & other

    with pytest.raises(UnsupportedQueryError, match="so many times cannot be written as SQL"):
        Leads.where(condition).count().to_sql("duckdb")
