"""The forms that `to_sql` writes, one by one, in every dialect."""

from __future__ import annotations

import re
import warnings
from datetime import timedelta, timezone
from typing import Any, Final

import pytest

from leadquery import Leads, Query, count, periods, users
from leadquery.errors import SqlError
from leadquery.fields import (
    CreatedOn,
    DateTime,
    DoNotCall,
    Field,
    LastVisitDate,
    OwnerId,
    Phone,
    ProspectID,
    Score,
    Source,
    Text,
    mx_City,
)
from leadquery.sql import from_sql
from leadquery.sql.dialects import DIALECTS

by_owner = Leads.owned_by(users.Role == "x").group_by(OwnerId)

months = periods.month(2026, 1), periods.month(2026, 2)

by_period = Leads.group_by(CreatedOn.in_periods(a=months[0], b=months[1])).count()

QUERIES: Final[list[Query[Any]]] = [
    by_owner.count(),
    by_owner.where(Score > 5, Source.has_no_data())
    .created_between("2026-01-01", "2026-01-31")
    .aggregate(count(), Score.median(), LastVisitDate.median(), LastVisitDate.max())
    .having(count() > 2)
    .order_by(count().desc())
    .limit(3),
    by_owner.count().with_owner_names().order_by(OwnerId),
    Leads.group_by(OwnerId).count().with_owner_names(),
    Leads.select(Phone, OwnerId).with_owner_names().order_by(Score.desc()).limit(4),
    Leads.where(Source.contains("100%_!x")).select(Phone),
    Leads.where(Source.does_not_contain("%")).select(Phone),
    Leads.where(Source != "x", DoNotCall == False).select(ProspectID, Phone),  # noqa: E712
    Leads.where(~(users.Role == "x") | (Score > 5)).select(Phone),
    Leads.where(LastVisitDate != "2026-01-01 10:00:00").select(Phone),
    Leads.where(LastVisitDate == "2026-01-01 10:00:00").select(Phone),
    Leads.where(Field("mx_At") < "09:30:00").select(Phone),
    Leads.group_by(CreatedOn.week(week_starts="sunday"), Score.bins(0.5, 2)).aggregate(
        Score.quantile(0.5), middle=Score.median()
    ),
    Leads.group_by(CreatedOn.day(tz=timezone(timedelta(hours=5, minutes=30)))).count(),
    Leads.group_by(CreatedOn.month(fill=True), mx_City).aggregate(Score.min(), count()),
    Leads.where((Source == "x") | (users.Role == "y")).group_by(CreatedOn.year(fill=True)).count(),
    Leads.group_by(DateTime("Seen at").day(fill=True), Text("a c")).count(),
    Leads.group_by(CreatedOn.week(fill=True), DateTime("a b").in_periods(a=months[0])).count(),
    by_period,
    Leads.where(Field("mx_Any").has_data()).group_by("mx_Any").count().order_by("mx_Any"),
    Leads.where(Field("mx_Any").has_no_data()).select("mx_Any").order_by("mx_Any"),
    Leads.group_by("mx_Any").count().compare(*months, on=CreatedOn),
    Leads.group_by(Score).aggregate(Score.min()).compare(*months, on=CreatedOn),
    Leads.group_by(mx_City)
    .count()
    .compare(*months, on=CreatedOn)
    .having(count().change > 0)
    .order_by(count().change_pct.desc()),
]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("query", QUERIES)
def test_the_same_query(query: Query[Any], dialect: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert from_sql(query.to_sql(dialect, table="crm.leads"), dialect) == query


def test_names_of_bigquery_have_no_dots() -> None:
    query = Leads.group_by(DateTime("a.b").day(fill=True)).count()

    read = from_sql(query.to_sql("bigquery"), "bigquery")

    assert read == Leads.group_by(DateTime("a_b").day(fill=True)).count()


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    ("query", "by"),
    [
        (Leads.aggregate(Score.average()).having(Score.average() <= 5), count()),
        (Leads.aggregate(Score.average()).having(Score.sum() <= 5), Score.average()),
        (Leads.count().compare(*months, on=CreatedOn), Score.sum().change.desc()),
    ],
)
def test_one_row_has_no_order(query: Query[Any], by: Any, dialect: str) -> None:
    text = query.order_by(by).to_sql(dialect)

    assert text == query.to_sql(dialect)
    assert from_sql(text, dialect) == query


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("NULLIF(mx_City, '')", "NULLIF(mx_Zip, '')"),
        ("Count_after - Count_before", "Count_before - Count_after"),
        ("UNION ALL", "UNION"),
        ("found_after AS", "other AS"),
    ],
)
def test_other_statements_of_several_steps_are_refused(old: str, new: str) -> None:
    """Those that only look like one of `to_sql`."""
    text = QUERIES[-1].to_sql("duckdb")
    changed = text.replace(old, new, 1)

    assert changed != text
    with pytest.raises(SqlError, match="WITH is not read"):
        from_sql(changed, "duckdb")


@pytest.mark.parametrize(
    ("query", "dialect", "old", "new"),
    [
        # Both steps have the first period.
        (
            Leads.group_by(Source).count().compare(*months, on=CreatedOn),
            "duckdb",
            r">= CAST\('2026-02-01(.*?)2026-03-01",
            r">= CAST('2026-01-01\g<1>2026-02-01",
        ),
        # The users are looked for among the leads.
        (
            Leads.owned_by(users.Role == "x")
            .group_by(Source)
            .count()
            .compare(*months, on=CreatedOn),
            "duckdb",
            "FROM users",
            "FROM leads",
        ),
        # A part of UNION that is no SELECT.
        (
            Leads.group_by(Source).count().compare(*months, on=CreatedOn),
            "duckdb",
            r"UNION ALL(.*)FROM found_after",
            "UNION ALL VALUES ('x', 1, 2)",
        ),
        # Rows of periods that are not those that SELECT … UNION ALL SELECT … gives.
        (by_period, "duckdb", "UNION ALL", "EXCEPT"),
        (by_period, "duckdb", r"UNION ALL(.*)\) AS", r"UNION ALL (\1)) AS"),
        (by_period, "duckdb", r"\) AS CreatedOn_periods", r"WHERE 1 = 2\g<0>"),
        (by_period, "duckdb", r"\) AS CreatedOn_periods", r"LIMIT 1\g<0>"),
        (by_period, "duckdb", "'b' AS CreatedOn_period_label,", ""),
        (by_period, "duckdb", "'b'", "UPPER('b')"),
        (by_period, "duckdb", r"CAST\('2026-01-01.*? AS TIMESTAMP\)", "5"),
        (by_period, "oracle", "dual", "leads"),
        # Another column than that of the ranks.
        (Leads.group_by(Source).aggregate(Score.median()), "mysql", "AS values_1", "AS number"),
        # Owners have another column.
        (by_owner.count(), "mysql", "AS owner_key", "AS owner_key, 1 AS more"),
        # Owners are joined by another column than their key.
        (by_owner.count(), "mysql", "utf8mb4_0900_bin = owner_key", "utf8mb4_0900_bin = UserID"),
    ],
)
def test_a_statement_with_other_steps_is_refused(
    query: Query[Any], dialect: str, old: str, new: str
) -> None:
    text = query.to_sql(dialect)
    assert from_sql(text, dialect) == query
    changed = re.sub(old, new, text, flags=re.DOTALL)

    assert changed != text
    with pytest.raises(SqlError, match=r"not read|not expected|is no column|is missing"):
        from_sql(changed, dialect)
