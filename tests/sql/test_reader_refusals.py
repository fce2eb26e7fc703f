"""Statements that are not read: each with its place, and what to write instead."""

from __future__ import annotations

import pickle
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

from leadquery.errors import SqlError, SqlIssue
from leadquery.fields import Phone, Time
from leadquery.sql import from_sql

GOLDEN = Path(__file__).with_name("refusals.txt")

FIND = "SELECT Phone FROM leads WHERE "
GROUP = "SELECT OwnerId, COUNT(*) FROM leads GROUP BY OwnerId"

_TOO_MANY = " OR ".join(
    "(" + " AND ".join(f"(Role = '{side}{n}' OR Region = 'r{n}')" for n in range(9)) + ")"
    for side in "ab"
)

COMPARED = (
    "WITH found_before AS (SELECT OwnerId FROM leads WHERE {0} >= {1} AND {0} < '2026-02-01' "
    "GROUP BY OwnerId), found_after AS (SELECT OwnerId FROM leads WHERE {3} >= {2} AND "
    "{3} < '2026-03-01' GROUP BY OwnerId) SELECT OwnerId FROM found_before"
)

CASES: list[tuple[str | None, str]] = [
    # No statement, or another one.
    (None, ""),
    (None, " -- nothing\n;"),
    (None, "UPDATE leads SET Score = 1"),
    (None, "DROP TABLE leads"),
    (None, "leads"),
    (None, "SELECT Phone FROM leads; SELECT Score FROM leads"),
    (None, "SELECT Phone FROM leads\nUNION ALL\nSELECT Phone FROM old_leads"),
    (None, "WITH l AS (SELECT 1) SELECT Phone FROM l"),
    (None, "(SELECT Phone FROM leads) AS x"),
    # No SQL.
    (None, "SELECT 'Web FROM leads"),
    (None, 'SELECT "Lead Score FROM leads'),
    (None, "SELECT Phone /* all of them FROM leads"),
    (None, "SELECT Phone FRMO leads WHERE Score > 5"),
    (None, "SELECT (Phone FROM leads"),
    (None, FIND),
    (None, FIND + "Score = "),
    (None, FIND + "Score > 5 AND"),
    (None, FIND + "(" * 40 + "Score > 5" + ")" * 40),
    (None, FIND + "NOT " * 40 + "Score > 5"),
    (None, FIND + "Score > 5 && Source = 'x'"),
    (None, "SELECT X'4G' FROM leads"),
    ("mysql", "SELECT X'4G' FROM leads"),
    (None, 'SELECT "" FROM leads'),
    (None, FIND + "Source SIMILAR TO 'a' ESCAPE '!'"),
    # The parser reads these, but cannot write them again.
    ("duckdb", "SELECT MAX() FROM leads"),
    ("duckdb", "SELECT DATE() FROM leads"),
    ("duckdb", "SELECT DATETIME(Score) FROM leads"),
    ("bigquery", FIND + "Source = REGEXP_REPLACE(Source, 'a')"),
    ("bigquery", FIND + "CreatedOn > DATE_ADD(CURRENT_DATE, 5)"),
    # The table.
    (None, "SELECT Phone"),
    (None, "SELECT Phone FROM leads l LEFT JOIN users u ON l.OwnerId = u.UserID"),
    (None, "SELECT Phone FROM leads, users"),
    (None, "SELECT Phone FROM (SELECT * FROM leads) l"),
    (None, "SELECT l.Phone FROM leads"),
    (None, "SELECT Phone FROM leads AS l (a, b)"),
    ("bigquery", "SELECT Phone FROM leads FOR SYSTEM_TIME AS OF '2026-01-01'"),
    ("clickhouse", "SELECT Phone FROM leads FINAL"),
    # Columns.
    (None, "SELECT * FROM leads"),
    (None, "SELECT l.* FROM leads l"),
    (None, "SELECT Phoen, Score FROM leads"),
    (None, "SELECT City FROM leads"),
    (None, "SELECT UPPER(Phone) FROM leads"),
    (None, "SELECT 1 FROM leads"),
    (None, "SELECT Phone, COUNT(*) FROM leads"),
    (None, "SELECT DISTINCT ON (Phone) Phone FROM leads"),
    (None, "SELECT Phone || Mobile FROM leads"),
    ("bigquery", "SELECT AS STRUCT Phone FROM leads"),
    # Aggregates.
    (None, "SELECT COUNT(Phone) FROM leads"),
    (None, "SELECT COUNT(DISTINCT Phone, Mobile) FROM leads"),
    (None, "SELECT COUNT(DISTINCT CreatedOn) FROM leads"),
    (None, "SELECT COUNT(Phone, Mobile) FROM leads WHERE Phone IS NOT NULL"),
    (None, "SELECT AVG(Source) FROM leads"),
    (None, "SELECT MIN(OwnerIdName) FROM leads"),
    (None, "SELECT SUM(CreatedOn) FROM leads"),
    (None, "SELECT AVG(DISTINCT Score) FROM leads"),
    (None, "SELECT SUM(Score + 1) FROM leads"),
    (None, "SELECT SUM(CASE WHEN Score > 5 THEN 1 ELSE 0 END) FROM leads"),
    (None, "SELECT ROUND(AVG(Score), 2) FROM leads"),
    (None, "SELECT STDDEV(Score) FROM leads"),
    (None, "SELECT MAX(Score, 5) FROM leads"),
    (None, "SELECT COUNT(*) AS n, AVG(Score) AS n FROM leads"),
    ("duckdb", "SELECT COUNT(*) FILTER (WHERE Score > 5) FROM leads"),
    ("duckdb", "SELECT COUNT(*) OVER () FROM leads"),
    ("duckdb", "SELECT QUANTILE(Score, 0.5) FROM leads"),
    ("duckdb", "SELECT QUANTILE_CONT(Score, 2) FROM leads"),
    ("duckdb", "SELECT APPROX_QUANTILE(Score, 0.5) FROM leads"),
    ("postgres", "SELECT PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY Score) FROM leads"),
    ("postgres", "SELECT PERCENTILE_CONT(0.1) WITHIN GROUP (ORDER BY Score DESC) FROM leads"),
    ("clickhouse", "SELECT QUANTILE(0.5)(Score) FROM leads"),
    ("bigquery", "SELECT COUNTIF(Score > 5), APPROX_COUNT_DISTINCT(Phone) FROM leads"),
    # Groups.
    (None, "SELECT Phone, COUNT(*) FROM leads GROUP BY OwnerId"),
    (None, "SELECT OwnerId, COUNT(*) FROM leads GROUP BY 3"),
    (None, "SELECT OwnerId, COUNT(*) FROM leads GROUP BY 2"),
    (None, "SELECT OwnerId, COUNT(*) FROM leads GROUP BY ROLLUP (OwnerId)"),
    (None, "SELECT OwnerId, COUNT(*) FROM leads GROUP BY ALL"),
    (None, "SELECT OwnerIdName, COUNT(*) FROM leads GROUP BY OwnerIdName"),
    (None, "SELECT CreatedOn, COUNT(*) FROM leads GROUP BY CreatedOn"),
    (None, "SELECT COUNT(*) FROM leads GROUP BY YEAR(CreatedOn)"),
    (None, "SELECT COUNT(*) FROM leads GROUP BY DATE_TRUNC('hour', CreatedOn)"),
    (None, "SELECT COUNT(*) FROM leads GROUP BY DATE_TRUNC('month', Score)"),
    (None, "SELECT MAX(Score) AS Source, COUNT(*) FROM leads GROUP BY Source"),
    ("tsql", "SELECT COUNT(*) FROM leads GROUP BY DATETRUNC(week, CreatedOn)"),
    ("oracle", "SELECT COUNT(*) FROM leads GROUP BY TRUNC(CreatedOn, 'DAY')"),
    ("mysql", "SELECT COUNT(*) FROM leads GROUP BY DATE_FORMAT(CreatedOn, '%Y-%m')"),
    ("postgres", "SELECT 1 FROM leads GROUP BY DATE_TRUNC('day', CreatedOn AT TIME ZONE 'X')"),
    ("bigquery", "SELECT COUNT(*) FROM leads GROUP BY DATE(CreatedOn, 'Asia/Kolkatta')"),
    ("bigquery", "SELECT COUNT(*) FROM leads GROUP BY DATE(CreatedOn, Phone)"),
    ("snowflake", "SELECT 1 FROM leads GROUP BY DATE(CONVERT_TIMEZONE('Asia/Kolkata', CreatedOn))"),
    # HAVING, ORDER BY, LIMIT and clauses that are not read.
    (None, GROUP + " HAVING OwnerId = 'a-1'"),
    (None, GROUP + " HAVING COUNT(*) IS NULL"),
    (None, GROUP + " HAVING COUNT(*) > 'five'"),
    (None, GROUP + " HAVING COUNT(*) > AVG(Score)"),
    (None, GROUP + " HAVING MAX(CreatedOn) = '2026-01-31'"),
    (None, GROUP + " HAVING MAX(CreatedOn) <> '2026-01-31'"),
    (None, GROUP + " HAVING MAX(CreatedOn) > 5"),
    (None, GROUP + " HAVING COUNT(*) > 1e999"),
    (None, GROUP + " ORDER BY Phone"),
    (None, GROUP + " ORDER BY AVG(Score) NULLS FIRST"),
    (None, GROUP + " LIMIT 5"),
    (None, "SELECT Phone FROM leads LIMIT 0"),
    (None, "SELECT Phone FROM leads LIMIT 2.5"),
    (None, "SELECT Phone FROM leads LIMIT Score"),
    (None, "SELECT Phone FROM leads LIMIT 5 OFFSET 10"),
    ("tsql", "SELECT TOP 5 PERCENT Phone FROM leads"),
    ("clickhouse", "SELECT Phone FROM leads LIMIT 5 BY OwnerId"),
    ("clickhouse", "SELECT Phone FROM leads ORDER BY Score WITH FILL"),
    ("postgres", "SELECT Phone FROM leads FOR UPDATE"),
    ("duckdb", "SELECT Phone FROM leads QUALIFY ROW_NUMBER() OVER () = 1"),
    ("duckdb", "SELECT Phone FROM leads USING SAMPLE 5"),
    # Values.
    (None, FIND + "Score > '5'"),
    (None, FIND + "Score > 'five'"),
    (None, FIND + "Score = TRUE"),
    (None, FIND + "Score > 5 + 5"),
    (None, FIND + "Score + 5 > 5"),
    (None, FIND + "Score > EngagementScore"),
    (None, FIND + "Score > ?"),
    (None, FIND + "Score > (SELECT AVG(Score) FROM leads)"),
    (None, FIND + "Score = 1e500"),
    (None, FIND + "Phone = 12345"),
    (None, FIND + 'Source = "Web"'),
    (None, FIND + "Source = ''"),
    (None, FIND + "Source > 'M'"),
    (None, FIND + "Source = NULL"),
    (None, FIND + "Source <> NULL"),
    (None, FIND + "Source IN ('Web', NULL)"),
    (None, FIND + "Source NOT IN ('Web', NULL)"),
    (None, FIND + "Source IN ('Web', Phone)"),
    (None, FIND + "Source IN UNNEST(x)"),
    (None, FIND + "DoNotCall > FALSE"),
    (None, FIND + "DoNotCall = 'yes'"),
    (None, FIND + "OwnerIdName = 'Ann'"),
    (None, FIND + "OwnerIdName IS NULL"),
    (None, FIND + "mx_Any = ''"),
    # Dates.
    (None, FIND + "CreatedOn = '2026-01-05'"),
    (None, FIND + "CreatedOn <> '2026-01-05'"),
    (None, FIND + "CreatedOn IN ('2026-01-05', '2026-01-06')"),
    (None, FIND + "CreatedOn = '9999-12-31'"),
    (None, FIND + "mx_Any = DATE '2026-01-05'"),
    (None, FIND + "CreatedOn >= '5 January'"),
    (None, FIND + "CreatedOn >= 20260105"),
    (None, FIND + "CreatedOn >= '2026-02-30'"),
    (None, FIND + "CreatedOn >= '2026-01-05 10:00:00.5'"),
    (None, FIND + "CreatedOn >= CAST('2026-01-05 10:00:00' AS DATE)"),
    (None, FIND + "CreatedOn >= CURRENT_DATE"),
    (None, FIND + "CreatedOn >= NOW() - INTERVAL '7 days'"),
    (None, FIND + "DATE(CreatedOn) = '2026-01-05'"),
    (None, FIND + "YEAR(CreatedOn) = 2026"),
    ("mysql", FIND + "CreatedOn >= STR_TO_DATE('05/01/2026', '%d/%m/%Y')"),
    # Ranges.
    (None, FIND + "Score BETWEEN 20 AND 10"),
    (None, FIND + "Score BETWEEN 10 AND Revenue"),
    ("postgres", FIND + "Score BETWEEN SYMMETRIC 20 AND 10"),
    # LIKE.
    (None, FIND + "Source LIKE 'Web%'"),
    (None, FIND + "Source LIKE '%a_b%'"),
    (None, FIND + "Source LIKE 'Web'"),
    (None, FIND + "Source LIKE '%'"),
    (None, FIND + "Source LIKE '%a\\%b%'"),
    ("tsql", FIND + "Source LIKE '%[ab]%'"),
    (None, FIND + "Source LIKE Phone"),
    (None, FIND + "Score LIKE '%5%'"),
    (None, FIND + "Source LIKE '%x%' ESCAPE Phone"),
    (None, FIND + "LOWER(Source) = 'Web'"),
    (None, FIND + "LOWER(Source) LIKE '%Web%'"),
    (None, FIND + "LOWER(Source) = Phone"),
    (None, FIND + "LOWER(Score) = 'x'"),
    # Conditions.
    (None, FIND + "Phone"),
    (None, FIND + "FALSE"),
    (None, FIND + "1 = 0"),
    (None, FIND + "COALESCE(Source, '') = 'x'"),
    (None, FIND + "TRIM(Source) = 'x'"),
    (None, FIND + "SUBSTRING(Source, 1, 3) = 'x'"),
    (None, FIND + "LENGTH(Source) > 3"),
    (None, FIND + "COUNT(*) > 3"),
    (None, FIND + "Source IS TRUE"),
    (None, FIND + "Source IS NOT DISTINCT FROM 'x'"),
    (None, FIND + "Source SIMILAR TO 'x'"),
    (None, FIND + "EXISTS (SELECT 1 FROM users)"),
    (None, FIND + "CASE WHEN Score > 5 THEN TRUE END"),
    ("postgres", FIND + "Source ~ 'x'"),
    ("postgres", FIND + "Source = ANY (ARRAY['a'])"),
    ("mysql", FIND + "Score > 5 XOR Score > 7"),
    ("snowflake", FIND + "CONTAINS(Source, 'x')"),
    # Owners.
    (None, FIND + "OwnerId IN (SELECT UserID FROM users)"),
    (None, FIND + "OwnerId IN (SELECT UserID)"),
    (None, FIND + "OwnerId IN (SELECT EmailAddress FROM users WHERE Role = 'a')"),
    (None, FIND + "OwnerId IN (SELECT UserID FROM users WHERE Role = 'a' LIMIT 5)"),
    (None, FIND + "OwnerId IN (SELECT UserID, Role FROM users WHERE Role = 'a')"),
    (None, FIND + "CreatedBy IN (SELECT UserID FROM users WHERE Role = 'a')"),
    (None, FIND + "OwnerId IN (SELECT UserID FROM users WHERE Role <> 'a')"),
    (None, FIND + "OwnerId IN (SELECT UserID FROM users WHERE NOT Role = 'a')"),
    (None, FIND + "OwnerId IN (SELECT UserID FROM users WHERE Rolle = 'a')"),
    (None, FIND + "OwnerId IN (SELECT UserID FROM users WHERE Role = Department)"),
    (None, FIND + "OwnerId IN (SELECT UserID FROM users WHERE Role = '')"),
    (None, FIND + "OwnerId IN (SELECT UserID FROM users WHERE Role = 'a,b')"),
    (None, FIND + "OwnerId IN (SELECT UserID FROM users WHERE Role LIKE 'a%')"),
    (None, FIND + "OwnerId IN (SELECT UserID FROM users WHERE Role LIKE Department)"),
    (None, FIND + "OwnerId IN (SELECT UserID FROM users WHERE TRIM(Role) = 'a')"),
    (None, FIND + "OwnerId IN (SELECT UserID FROM users WHERE UserID <> '')"),
    (None, FIND + f"OwnerId IN (SELECT UserID FROM users WHERE {_TOO_MANY})"),
    (None, "SELECT Phone FROM leads" + " JOIN users" * 13),
    (None, "SELECT FROM leads"),
    (None, FIND + "Score > -'5'"),
    (None, FIND + "Score > CAST(Revenue AS INT)"),
    (None, FIND + "CreatedOn >= DATE(Phone)"),
    ("mysql", "SELECT COUNT(*) FROM leads GROUP BY 1"),
    (None, "SELECT Phoen, COUNT(*) FROM leads GROUP BY 1"),
    # What looks like a step of `to_sql`, and is none.
    (None, "SELECT Phone FROM (SELECT FROM crm) AS leads"),
    (
        None,
        "SELECT Phone FROM (SELECT UserID FROM users) AS owners LEFT JOIN leads ON a = owner_key",
    ),
    (None, "SELECT Phone FROM (SELECT 1, 2 FROM users) AS owners LEFT JOIN leads USING (OwnerId)"),
    (None, "WITH found AS (SELECT 1 FROM leads) SELECT OwnerId FROM found"),
    (None, "WITH found AS (SELECT Phone FROM leads WHERE Scor > 5) SELECT Phone FROM found"),
    (None, COMPARED.format("a", "Score", "'2026-01-01'", "a")),
    (None, COMPARED.format("CreatedOn", "Score", "'2026-01-01'", "CreatedOn")),
    (None, COMPARED.format("CreatedOn", "'2026-01-01'", "'2026-02-01'", "CreatedOn")),
    (None, COMPARED.format("CreatedOn", "NOW()", "'2026-02-01'", "CreatedOn")),
    (None, "SELECT COUNT(*) FROM leads JOIN (SELECT 1 AS a) AS p ON a = 1 AND Score = 2"),
    (
        None,
        (
            "SELECT COUNT(*) FROM leads JOIN (SELECT 'a' AS label) AS CreatedOn_periods "
            "ON CreatedOn >= CreatedOn_period_start AND CreatedOn < CreatedOn_period_end"
        ),
    ),
    (None, "SELECT CASE WHEN Score < 5 THEN 'low' ELSE 'high' END, COUNT(*) FROM leads GROUP BY 1"),
    (
        None,
        (
            "SELECT CASE WHEN Score < 1 THEN 'below x' WHEN Score >= 1 THEN 'x and above' END, "
            "COUNT(*) FROM leads GROUP BY 1"
        ),
    ),
    (None, "SELECT CAST(Score + 1 AS DATE), COUNT(*) FROM leads GROUP BY 1"),
    ("tsql", "SELECT CAST(DATEADD(MINUTE, 2000, CreatedOn) AS DATE) FROM leads"),
    ("tsql", "SELECT CAST(DATEADD(MINUTE, 99999, CreatedOn) AS DATE) FROM leads"),
    ("clickhouse", "SELECT Phone FROM leads SETTINGS max_threads = 1"),
    # Values and columns.
    (None, FIND + "Score > 1e9999999999999999999"),
    (None, FIND + "DoNotCall = CAST('x' AS BOOLEAN)"),
    (None, FIND + "CreatedOn >= Score AND CreatedOn < Phone"),
    (None, FIND + "CreatedOn >= NOW() AND CreatedOn < NOW()"),
    ("oracle", FIND + "Score(+) = 5"),
    ("bigquery", FIND + "Score IN UNNEST(x)"),
    (None, FIND + "Score IN ()"),
    ("databricks", "SELECT PERCENTILE(Score) FROM leads"),
    (None, FIND + "OwnerId IS NULL OR NOT ModifiedBy IN (SELECT UserID FROM users WHERE a = 'x')"),
    (None, FIND + "OwnerId IN (SELECT UserID FROM users WHERE Role = ' ')"),
    ("duckdb", FIND + "STRPOS(Source, '50%') > 1"),
    (
        "duckdb",
        (
            "SELECT CAST('1970-01-01' AS TIMESTAMP) + TO_SECONDS(CAST(FLOOR(Score) AS BIGINT)) "
            "FROM leads"
        ),
    ),
    (None, "SELECT Phone FROM leads LIMIT 99999999999999999999"),
    # Several at once, in the order of the text.
    (None, "SELECT Phoen\nFROM leads\nWHERE Source = ''\n  AND Scor > 5\nORDER BY Socre\nLIMIT 0"),
]


def refuse(text: str, dialect: str | None) -> SqlError:
    """The error for a statement."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(SqlError) as caught:
            from_sql(text, dialect)
    return caught.value


def test_refusals(check_golden: Callable[[Path, str], None]) -> None:
    sections = [f"{dialect or 'sql'}: {text}\n{refuse(text, dialect)}\n" for dialect, text in CASES]

    assert len(CASES) >= 40
    check_golden(GOLDEN, "\n".join(sections))


@pytest.mark.parametrize(("dialect", "text"), CASES)
def test_each_says_where_and_what_to_write(dialect: str | None, text: str) -> None:
    error = refuse(text, dialect)

    for issue in error.issues:
        assert 1 <= issue.line <= text.count("\n") + 1
        assert 1 <= issue.column <= max(map(len, text.split("\n"))) + 1
        found, _, hint = issue.message.partition("; ")
        assert found
        assert hint


def test_issues_are_values() -> None:
    error = refuse("SELECT Phone\nFROM leads\nWHERE Scor > 5", None)

    message = "leads have no column 'Scor'; did you mean 'Score'?"
    excerpt = "    3 | WHERE Scor > 5\n      |       ^^^^"
    assert error.issues == (SqlIssue(3, 7, message, excerpt),)
    assert pickle.loads(pickle.dumps(error)).issues == error.issues


def test_a_time_of_day() -> None:
    with pytest.raises(SqlError, match="mx_At is a time of day; write one such as '09:30:00'"):
        from_sql(FIND + "mx_At < '25:00'", fields=[Phone, Time("mx_At")])
