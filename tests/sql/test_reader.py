"""Statements that are read as queries, and what they warn of."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

from leadquery import Leads, Query, count, users
from leadquery.errors import QueryError
from leadquery.fields import (
    Boolean,
    Choice,
    CreatedOn,
    Date,
    DoNotCall,
    Field,
    LastVisitDate,
    Number,
    OwnerId,
    Phone,
    Score,
    Source,
    Time,
)
from leadquery.sql import from_sql

FIND = "SELECT Phone FROM leads WHERE "

by_owner = Leads.group_by(OwnerId)


def read(text: str, dialect: str | None = None, fields: Any = None) -> Query:
    """The query of a statement, without its warnings."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return from_sql(text, dialect, fields)


CONDITIONS: list[tuple[str, Any]] = [
    # Comparisons, in both directions.
    ("Score > 50", Score > 50),
    ("50 < Score", Score > 50),
    ("Score >= -0.5", Score >= -0.5),
    ("Score <> 1e2", Score != 100),
    ("Score != 1", Score != 1),
    ("(Score) = (50)", Score == 50),
    ("leads.Score <= 5", Score <= 5),
    ("LEADS.score <= 5", Score <= 5),
    ('"Lead Score" = 5', Score == 5),
    ("Source = 'Web'", Source == "Web"),
    ("Source = 'it''s'", Source == "it's"),
    ("'Web' <> Source", Source != "Web"),
    ("LOWER(Source) = 'web'", Source == "web"),
    ("UPPER(Source) = 'WEB'", Source == "WEB"),
    ("LOWER(Source) = LOWER('Web')", Source == "Web"),
    ("LOWER(Source) IN ('web', 'fair')", Source.is_in(["web", "fair"])),
    ("OwnerId = 'a-1'", OwnerId == "a-1"),
    ("Score > CAST(5 AS INT)", Score > 5),
    ("LastVisitDate >= DATE('2026-01-05')", LastVisitDate >= "2026-01-05 00:00:00"),
    (
        (
            "OwnerId IN (SELECT UserID FROM users WHERE Role = 'a') OR "
            "OwnerId IN (SELECT UserID FROM users WHERE Role = 'b')"
        ),
        (users.Role == "a") | (users.Role == "b"),
    ),
    # Lists.
    ("Source IN ('Web', 'Fair')", Source.is_in(["Web", "Fair"])),
    ("Source IN ('Web')", Source == "Web"),
    ("Source NOT IN ('Web', 'Fair')", (Source != "Web") & (Source != "Fair")),
    ("NOT Source IN ('Web', 'Fair')", (Source != "Web") & (Source != "Fair")),
    ("Score IN (1, 2.50)", Score.is_in([1, 2.5])),
    ("DoNotCall IN (TRUE)", DoNotCall == True),  # noqa: E712
    # Ranges.
    ("Score BETWEEN 10 AND 20", Score.between(10, 20)),
    ("Score NOT BETWEEN 10 AND 20", (Score < 10) | (Score > 20)),
    ("NOT (Score BETWEEN 10 AND 20)", (Score < 10) | (Score > 20)),
    # No data.
    ("Source IS NULL", Source.has_no_data()),
    ("Source IS NOT NULL", Source.has_data()),
    ("Source <> ''", Source.has_data()),
    ("(Source IS NULL OR Source = '')", Source.has_no_data()),
    ("NOT Source IS NULL", Source.has_data()),
    ("NOT Source IS NOT NULL", Source.has_no_data()),
    # Checkboxes.
    ("DoNotCall = TRUE", DoNotCall == True),  # noqa: E712
    ("DoNotCall = 1", DoNotCall == True),  # noqa: E712
    ("DoNotCall <> FALSE", DoNotCall != False),  # noqa: E712
    ("DoNotCall", DoNotCall == True),  # noqa: E712
    ("NOT DoNotCall", DoNotCall == False),  # noqa: E712
    ("DoNotCall IS FALSE", DoNotCall == False),  # noqa: E712
    ("DoNotCall IS NOT TRUE", (DoNotCall != True) | DoNotCall.has_no_data()),  # noqa: E712
    # Searches.
    ("Source LIKE '%web%'", Source.contains("web")),
    ("Source ILIKE '%web%'", Source.contains("web")),
    ("LOWER(Source) LIKE '%web%'", Source.contains("web")),
    ("Source NOT LIKE '%web%'", Source.does_not_contain("web")),
    ("NOT Source LIKE '%web%'", Source.does_not_contain("web")),
    ("Source LIKE '%100!%!_%' ESCAPE '!'", Source.contains("100%_")),
    ("Source LIKE '%!!%' ESCAPE '!'", Source.contains("!")),
    # Dates: SQL's midnight.
    ("LastVisitDate >= '2026-01-05'", LastVisitDate >= "2026-01-05 00:00:00"),
    ("LastVisitDate < '2026-01-05'", LastVisitDate < "2026-01-05 00:00:00"),
    ("LastVisitDate > '2026-01-05'", LastVisitDate > "2026-01-05 00:00:00"),
    ("LastVisitDate <= '2026-01-05'", LastVisitDate <= "2026-01-05 00:00:00"),
    ("LastVisitDate = '2026-01-05 10:00:00'", LastVisitDate == "2026-01-05 10:00:00"),
    ("LastVisitDate = TIMESTAMP '2026-01-05 10:00:00'", LastVisitDate == "2026-01-05 10:00:00"),
    ("LastVisitDate >= DATE '2026-01-05'", LastVisitDate >= "2026-01-05 00:00:00"),
    ("LastVisitDate >= CAST('2026-01-05' AS DATE)", LastVisitDate >= "2026-01-05 00:00:00"),
    ("LastVisitDate >= '2026-01-05T10:00:00Z'", LastVisitDate >= "2026-01-05 10:00:00"),
    ("LastVisitDate >= '2026-01-05 10:00+05:30'", LastVisitDate >= "2026-01-05 04:30:00"),
    ("LastVisitDate >= '2026-01-05 10:00:00.000'", LastVisitDate >= "2026-01-05 10:00:00"),
    ("LastVisitDate >= '2026-01-05 10:00:00 UTC'", LastVisitDate >= "2026-01-05 10:00:00"),
    (
        "LastVisitDate IN ('2026-01-05 10:00:00', '2026-01-06 10:00:00')",
        (LastVisitDate == "2026-01-05 10:00:00") | (LastVisitDate == "2026-01-06 10:00:00"),
    ),
    # Fields of an account, of unknown type.
    ("mx_Anything >= 5", Field("mx_Anything") >= 5),
    ("mx_Anything = 'x'", Field("mx_Anything") == "x"),
    ("mx_Anything = TRUE", Field("mx_Anything") == True),  # noqa: E712
    ("mx_Anything >= DATE '2026-01-05'", Field("mx_Anything") >= "2026-01-05 00:00:00"),
    ("mx_Anything < '5'", Field("mx_Anything") < "5"),
    ('"a b" = 1', Field("a b") == 1),
    # AND, OR and NOT; NOT leaves out leads without data, as in SQL.
    ("Score > 5 AND Score < 9", (Score > 5) & (Score < 9)),
    ("Score > 5 OR Source = 'a'", (Score > 5) | (Source == "a")),
    ("Source = 'a' OR Source = 'b' OR Source = 'c'", Source.is_in(["a", "b", "c"])),
    ("NOT (Score > 5 AND Source = 'a')", (Score <= 5) | (Source != "a")),
    ("NOT (Score > 5 OR Source = 'a')", (Score <= 5) & (Source != "a")),
    ("NOT NOT Score > 5", Score > 5),
    ("1 = 1 AND Score > 5 AND TRUE", Score > 5),
    # Owners.
    (
        "OwnerId IN (SELECT UserID FROM users WHERE Role = 'Sales_User')",
        users.Role == "Sales_User",
    ),
    (
        (
            "OwnerId IN (SELECT u.UserID FROM crm.users u WHERE u.Role IN ('a', 'b') "
            "AND LOWER(u.EmailAddress) LIKE '%@acme%')"
        ),
        users.Role.is_in(["a", "b"]) & users.EmailAddress.contains("@acme"),
    ),
    (
        "OwnerId IN (SELECT ID FROM users WHERE 'a' = Role OR Team = 'b')",
        (users.Role == "a") | (users.Attribute("Team") == "b"),
    ),
    (
        "OwnerId NOT IN (SELECT UserID FROM users WHERE Role = 'a')",
        ~(users.Role == "a") & OwnerId.has_data(),
    ),
    (
        "Score > 5 OR OwnerId IN (SELECT UserID FROM users WHERE Role = 'a')",
        (Score > 5) | (users.Role == "a"),
    ),
]


@pytest.mark.parametrize(("text", "condition"), CONDITIONS)
def test_conditions(text: str, condition: Any) -> None:
    assert read(FIND + text) == Leads.where(condition).select(Phone)


QUERIES: list[tuple[str, str | None, Query]] = [
    # Columns.
    ("SELECT Phone, Score FROM leads", None, Leads.select(Phone, Score)),
    ('SELECT phone, "Lead Score" FROM leads;', None, Leads.select(Phone, Score)),
    ("(SELECT Phone FROM crm.sales.leads AS l)", None, Leads.select(Phone)),
    ("SELECT l.Phone FROM leads l", None, Leads.select(Phone)),
    ("SELECT Phone -- a comment\nFROM leads /* another */", None, Leads.select(Phone)),
    ("FROM leads SELECT Phone", "duckdb", Leads.select(Phone)),
    ("SELECT [Lead Score] FROM dbo.leads WITH (NOLOCK)", "tsql", Leads.select(Score)),
    ("SELECT `Phone` FROM leads", "mysql", Leads.select(Phone)),
    (FIND + "Source = N'Web'", "tsql", Leads.where(Source == "Web").select(Phone)),
    (
        "SELECT COUNT(*) FROM leads GROUP BY CAST(DATE_TRUNC('month', CreatedOn) AS TIMESTAMP)",
        None,
        Leads.group_by(CreatedOn.month()).count(),
    ),
    (
        'SELECT Phone FROM leads WHERE Source = "Web"',
        "mysql",
        Leads.where(Source == "Web").select(Phone),
    ),
    # DISTINCT.
    ("SELECT DISTINCT Source FROM leads", None, Leads.group_by(Source).count()),
    ("SELECT DISTINCT Source, OwnerId FROM leads", None, Leads.group_by(Source, OwnerId).count()),
    ("SELECT DISTINCT COUNT(*) FROM leads", None, Leads.count()),
    ("SELECT Source FROM leads GROUP BY Source", None, Leads.group_by(Source).count()),
    # Aggregates.
    ("SELECT COUNT(*) FROM leads", None, Leads.count()),
    ("SELECT COUNT(1) FROM leads", None, Leads.count()),
    ("SELECT COUNT() FROM leads", "clickhouse", Leads.count()),
    ("SELECT COUNT(ProspectID) FROM leads", None, Leads.count()),
    (
        "SELECT COUNT(Phone) FROM leads WHERE Phone IS NOT NULL",
        None,
        Leads.where(Phone.has_data()).count(),
    ),
    (
        "SELECT COUNT(Phone) FROM leads WHERE Phone LIKE '%9%'",
        None,
        Leads.where(Phone.contains("9")).count(),
    ),
    (
        "SELECT AVG(Score), SUM(Score), MIN(Score), MAX(CreatedOn) FROM leads",
        None,
        Leads.aggregate(Score.average(), Score.sum(), Score.min(), CreatedOn.max()),
    ),
    ("SELECT COUNT(DISTINCT Source) FROM leads", None, Leads.aggregate(Source.count_distinct())),
    ("SELECT AVG(CAST(Score AS DOUBLE)) FROM leads", None, Leads.average(Score)),
    ("SELECT MEDIAN(Score) FROM leads", "duckdb", Leads.aggregate(Score.median())),
    ("SELECT QUANTILE_CONT(Score, 0.9) FROM leads", "duckdb", Leads.aggregate(Score.quantile(0.9))),
    (
        "SELECT PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY Score) FROM leads",
        "postgres",
        Leads.aggregate(Score.quantile(0.9)),
    ),
    ("SELECT PERCENTILE(Score, 0.9) FROM leads", "spark", Leads.aggregate(Score.quantile(0.9))),
    # Groups.
    ("SELECT OwnerId, COUNT(*) FROM leads GROUP BY OwnerId", None, by_owner.count()),
    ("SELECT OwnerId, COUNT(*) FROM leads GROUP BY 1", None, by_owner.count()),
    ("SELECT COUNT(*), OwnerId FROM leads GROUP BY 2", None, by_owner.count()),
    ("SELECT OwnerId AS o, COUNT(*) FROM leads GROUP BY o", None, by_owner.count()),
    ("SELECT OwnerId, COUNT(*) AS Count FROM leads GROUP BY OwnerId", None, by_owner.count()),
    ("SELECT COUNT(*) FROM leads GROUP BY OwnerId", None, by_owner.count()),
    ("SELECT OwnerId, AVG(Score) FROM leads GROUP BY OwnerId", None, by_owner.average(Score)),
    ("SELECT OwnerId, SUM(Score) FROM leads GROUP BY OwnerId", None, by_owner.sum(Score)),
    (
        "SELECT OwnerId, COUNT(*) AS Count, AVG(Score) AS Average_Score FROM leads GROUP BY 1",
        None,
        by_owner.average(Score),
    ),
    (
        "SELECT OwnerId, AVG(Score) AS Average_Score FROM leads GROUP BY OwnerId",
        None,
        by_owner.aggregate(Score.average()),
    ),
    (
        "SELECT OwnerId, AVG(Score) AS mean FROM leads GROUP BY OwnerId",
        None,
        by_owner.aggregate(mean=Score.average()),
    ),
    (
        "SELECT OwnerId, MAX(Score) FROM leads GROUP BY OwnerId",
        None,
        by_owner.aggregate(Score.max()),
    ),
    (
        "SELECT Source, OwnerId, COUNT(*) FROM leads GROUP BY OwnerId, Source, OwnerId",
        None,
        Leads.group_by(Source, OwnerId).count(),
    ),
    # Calendar periods.
    (
        "SELECT DATE_TRUNC('month', CreatedOn) m, COUNT(*) FROM leads GROUP BY m",
        "postgres",
        Leads.group_by(CreatedOn.month()).count(),
    ),
    (
        "SELECT DATE_TRUNC('week', CreatedOn), COUNT(*) FROM leads GROUP BY 1",
        "duckdb",
        Leads.group_by(CreatedOn.week()).count(),
    ),
    (
        "SELECT CAST(DATE_TRUNC('year', CreatedOn) AS DATE), COUNT(*) FROM leads GROUP BY 1",
        None,
        Leads.group_by(CreatedOn.year()).count(),
    ),
    (
        "SELECT COUNT(*) FROM leads GROUP BY CAST(CreatedOn AS DATE)",
        None,
        Leads.group_by(CreatedOn.day()).count(),
    ),
    (
        "SELECT COUNT(*) FROM leads GROUP BY DATE(CreatedOn)",
        "mysql",
        Leads.group_by(CreatedOn.day()).count(),
    ),
    (
        "SELECT COUNT(*) FROM leads GROUP BY DATE_FORMAT(CreatedOn, '%Y-%m-01')",
        "mysql",
        Leads.group_by(CreatedOn.month()).count(),
    ),
    (
        "SELECT COUNT(*) FROM leads GROUP BY STRFTIME(CreatedOn, '%Y-%m-01')",
        "duckdb",
        Leads.group_by(CreatedOn.month()).count(),
    ),
    (
        "SELECT COUNT(*) FROM leads GROUP BY STRFTIME('%Y-%m-01', CreatedOn)",
        "sqlite",
        Leads.group_by(CreatedOn.month()).count(),
    ),
    (
        "SELECT COUNT(*) FROM leads GROUP BY DATE_TRUNC(CreatedOn, WEEK)",
        "bigquery",
        Leads.group_by(CreatedOn.week(week_starts="sunday")).count(),
    ),
    (
        "SELECT COUNT(*) FROM leads GROUP BY TIMESTAMP_TRUNC(CreatedOn, ISOWEEK)",
        "bigquery",
        Leads.group_by(CreatedOn.week()).count(),
    ),
    (
        "SELECT COUNT(*) FROM leads GROUP BY TIMESTAMP_TRUNC(CreatedOn, MONTH, 'Asia/Kolkata')",
        "bigquery",
        Leads.group_by(CreatedOn.month(tz="Asia/Kolkata")).count(),
    ),
    (
        "SELECT COUNT(*) FROM leads GROUP BY DATE(CreatedOn, 'Asia/Kolkata')",
        "bigquery",
        Leads.group_by(CreatedOn.day(tz="Asia/Kolkata")).count(),
    ),
    (
        (
            "SELECT COUNT(*) FROM leads "
            "GROUP BY DATE_TRUNC('day', CreatedOn AT TIME ZONE 'UTC' AT TIME ZONE 'Asia/Kolkata')"
        ),
        "postgres",
        Leads.group_by(CreatedOn.day(tz="Asia/Kolkata")).count(),
    ),
    (
        (
            "SELECT COUNT(*) FROM leads "
            "GROUP BY DATE_TRUNC('month', CONVERT_TIMEZONE('UTC', 'Asia/Kolkata', CreatedOn))"
        ),
        "snowflake",
        Leads.group_by(CreatedOn.month(tz="Asia/Kolkata")).count(),
    ),
    (
        "SELECT COUNT(*) FROM leads GROUP BY TRUNC(CreatedOn, 'Q')",
        "oracle",
        Leads.group_by(CreatedOn.quarter()).count(),
    ),
    (
        "SELECT COUNT(*) FROM leads GROUP BY TRUNC(CreatedOn)",
        "oracle",
        Leads.group_by(CreatedOn.day()).count(),
    ),
    (
        "SELECT COUNT(*) FROM leads GROUP BY DATETRUNC(iso_week, CreatedOn)",
        "tsql",
        Leads.group_by(CreatedOn.week()).count(),
    ),
    (
        "SELECT COUNT(*) FROM leads GROUP BY toStartOfMonth(CreatedOn)",
        "clickhouse",
        Leads.group_by(CreatedOn.month()).count(),
    ),
    # HAVING.
    (
        "SELECT OwnerId, COUNT(*) AS n FROM leads GROUP BY OwnerId HAVING n > 10",
        None,
        by_owner.aggregate(n=count()).having(count() > 10),
    ),
    (
        (
            "SELECT OwnerId, COUNT(*) FROM leads GROUP BY OwnerId "
            "HAVING COUNT(*) BETWEEN 1 AND 5 AND NOT (AVG(Score) > 5 OR 9 <= SUM(Score))"
        ),
        None,
        by_owner.count().having(
            (count() >= 1) & (count() <= 5), (Score.average() <= 5) & (Score.sum() < 9)
        ),
    ),
    (
        "SELECT OwnerId, COUNT(*) FROM leads GROUP BY OwnerId HAVING COUNT(*) IN (1, 2)",
        None,
        by_owner.count().having((count() == 1) | (count() == 2)),
    ),
    (
        "SELECT OwnerId, COUNT(*) FROM leads GROUP BY OwnerId HAVING COUNT(*) NOT IN (1, 2)",
        None,
        by_owner.count().having((count() != 1) & (count() != 2)),
    ),
    (
        "SELECT OwnerId, COUNT(*) FROM leads GROUP BY 1 HAVING MAX(CreatedOn) >= '2026-01-05'",
        None,
        by_owner.count().having(CreatedOn.max() >= "2026-01-05 00:00:00"),
    ),
    (
        "SELECT OwnerId, COUNT(*) FROM leads GROUP BY OwnerId HAVING NOT COUNT(*) BETWEEN 1 AND 5",
        None,
        by_owner.count().having((count() < 1) | (count() > 5)),
    ),
    # ORDER BY and LIMIT.
    (
        "SELECT OwnerId, COUNT(*) AS n FROM leads GROUP BY 1 ORDER BY n DESC, OwnerId LIMIT 3",
        None,
        by_owner.aggregate(n=count()).order_by(count().desc()).limit(3),
    ),
    (
        "SELECT OwnerId, COUNT(*) FROM leads GROUP BY OwnerId ORDER BY 2 DESC, 1",
        None,
        by_owner.count().order_by(count().desc()),
    ),
    (
        "SELECT OwnerId, COUNT(*) FROM leads GROUP BY OwnerId ORDER BY AVG(Score) NULLS LAST",
        None,
        by_owner.count().order_by(Score.average()),
    ),
    (
        (
            "SELECT DATE_TRUNC('month', CreatedOn), COUNT(*) FROM leads GROUP BY 1 "
            "ORDER BY DATE_TRUNC('month', CreatedOn)"
        ),
        None,
        Leads.group_by(CreatedOn.month()).count().order_by(CreatedOn.month()),
    ),
    (
        "SELECT Phone FROM leads ORDER BY Score DESC NULLS LAST, Phone LIMIT 10",
        None,
        Leads.select(Phone).order_by(Score.desc(), Phone).limit(10),
    ),
    ("SELECT TOP 10 Phone FROM leads", "tsql", Leads.select(Phone).limit(10)),
    ("SELECT Phone FROM leads FETCH FIRST 10 ROWS ONLY", "oracle", Leads.select(Phone).limit(10)),
    ("SELECT Phone FROM leads LIMIT ALL", "postgres", Leads.select(Phone)),
    ("SELECT Phone FROM leads LIMIT NULL", "postgres", Leads.select(Phone)),
    ("SELECT COUNT(*) FROM leads LIMIT 1", None, Leads.count()),
    # Ranges of the dates that a request can be limited by.
    (
        FIND + "CreatedOn >= '2026-01-01' AND CreatedOn < '2026-02-01'",
        None,
        Leads.created_between("2026-01-01", "2026-01-31").select(Phone),
    ),
    (
        FIND + "ModifiedOn BETWEEN '2026-01-01 00:00:00' AND '2026-01-31 12:00:00'",
        None,
        Leads.modified_between("2026-01-01", "2026-01-31 12:00:00").select(Phone),
    ),
    (
        FIND + "CreatedOn >= '2026-01-01'",
        None,
        Leads.where(CreatedOn >= "2026-01-01").select(Phone),
    ),
    (
        FIND + "CreatedOn >= '2026-02-01' AND CreatedOn < '2026-01-01'",
        None,
        Leads.where(CreatedOn >= "2026-02-01", CreatedOn < "2026-01-01").select(Phone),
    ),
    (
        FIND
        + "CreatedOn >= '2026-01-01' AND CreatedOn < '2026-02-01' AND CreatedOn >= '2026-01-02'",
        None,
        Leads.where(
            CreatedOn >= "2026-01-01", CreatedOn < "2026-02-01", CreatedOn >= "2026-01-02"
        ).select(Phone),
    ),
    # Conditions at the top are those of where.
    (
        FIND + "(Score > 5 OR Source = 'a') AND Phone IS NULL",
        None,
        Leads.where((Score > 5) | (Source == "a"), Phone.has_no_data()).select(Phone),
    ),
    ("SELECT l.Phone FROM leads l WHERE l.Score <= 5", None, Leads.where(Score <= 5).select(Phone)),
]


@pytest.mark.parametrize(("text", "dialect", "query"), QUERIES)
def test_statements(text: str, dialect: str | None, query: Query) -> None:
    assert read(text, dialect) == query


ACCOUNT = [
    *(Score, Source, CreatedOn, Phone),
    Choice("mx_Course", "Course", options=["MBA", "BSc"]),
    Date("mx_Birthday", "Date of Birth"),
    Time("mx_CallAt"),
    Boolean("mx_Paid"),
    Number("mx_Deal"),
]

_Birthday, _CallAt = Date("mx_Birthday"), Time("mx_CallAt")


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("Course = 'MBA'", Choice("mx_Course") == "MBA"),
        ("mx_deal > 5", Number("mx_Deal") > 5),
        ("NOT mx_Paid", Boolean("mx_Paid") == False),  # noqa: E712
        # Of a date without a time, a day is all of it.
        ("\"Date of Birth\" = '2000-01-31'", _Birthday == "2000-01-31"),
        ("mx_Birthday > '2000-01-31'", _Birthday > "2000-01-31"),
        (
            "mx_Birthday <> '2000-01-31'",
            (_Birthday < "2000-01-31") | (_Birthday > "2000-01-31"),
        ),
        ("mx_Birthday > '2000-01-31 12:00:00'", _Birthday > "2000-01-31 12:00:00"),
        ("mx_CallAt < '09:30'", _CallAt < "09:30:00"),
        ("mx_CallAt < TIME '09:30:00'", _CallAt < "09:30:00"),
    ],
)
def test_fields_of_an_account(text: str, condition: Any) -> None:
    assert read(FIND + text, fields=ACCOUNT) == Leads.where(condition).select(Phone)


def test_days_are_groups() -> None:
    text = "SELECT mx_Birthday, COUNT(*) FROM leads GROUP BY mx_Birthday ORDER BY mx_Birthday"

    days = Leads.group_by(_Birthday.day()).count()
    assert read(text, fields=ACCOUNT) == days.order_by(_Birthday.day())


WARNINGS: list[tuple[str, str | None, list[str]]] = [
    (
        FIND + "Source = 'Web' OR Source LIKE '%x%' OR Role = 'a' OR Region <> 'x'",
        None,
        [
            (
                "text is compared without regard to case, as the API compares it: Source = 'Web' "
                "(1:31), Source LIKE '%x%' (1:49), Role = 'a' (1:70), and 1 more; "
                "LOWER(column) = 'text' in lower case says so"
            )
        ],
    ),
    (FIND + "LOWER(Source) = 'web' OR Source ILIKE '%x%' OR OwnerId = 'a-1'", None, []),
    (FIND + "Source = 'Web'", "mysql", []),
    (FIND + "Source = 'Web'", "tsql", []),
    (
        "SELECT Source, COUNT(DISTINCT Phone) FROM leads GROUP BY Source ORDER BY Source",
        None,
        [
            (
                "values that differ in letter case only are one group, and sort as one: "
                "COUNT(DISTINCT Phone) (1:16), Source (1:58), Source (1:74)"
            )
        ],
    ),
    (
        FIND + "CreatedOn BETWEEN '2026-01-01' AND '2026-01-31'",
        None,
        [
            (
                "a day without a time is its midnight, so the rest of the day is beyond it: "
                "CreatedOn BETWEEN '2026-01-01' AND '2026-01-31' (1:31); to include it write < and "
                "the day after it"
            )
        ],
    ),
    (
        "SELECT OwnerId, COUNT(*) FROM leads GROUP BY 1 HAVING MAX(CreatedOn) > '2026-01-31'",
        None,
        [
            (
                "a day without a time is its midnight, so the rest of the day is beyond it: "
                "MAX(CreatedOn) > '2026-01-31' (1:55); to include it write < and the day after it"
            )
        ],
    ),
    (
        "SELECT Phone FROM leads ORDER BY Score",
        "mysql",
        [
            (
                "rows without a value come last, where the engine puts them first: Score (1:34); "
                "NULLS LAST says so"
            )
        ],
    ),
    ("SELECT Phone FROM leads ORDER BY Score", None, []),
    ("SELECT Phone FROM leads ORDER BY Score", "postgres", []),
    ("SELECT OwnerId, COUNT(*) FROM leads GROUP BY 1 ORDER BY 2", "mysql", []),
    (
        "SELECT DATE_TRUNC('month', CreatedOn) AS month, COUNT(*) AS n FROM leads GROUP BY month",
        None,
        ["columns of leads keep their names: the result has CreatedOn_month for month"],
    ),
    (
        "SELECT Phone AS number FROM leads",
        None,
        ["columns of leads keep their names: the result has Phone for number"],
    ),
    ("SELECT Phone AS Phone FROM leads", None, []),
    (
        "SELECT DISTINCT OwnerId FROM leads",
        None,
        ["the result has one more column, Count: the leads of each group"],
    ),
    (
        "SELECT AVG(Score) FROM leads",
        "tsql",
        ["T-SQL cuts averages of whole numbers, and the query does not: AVG(Score) (1:8)"],
    ),
]


@pytest.mark.parametrize(("text", "dialect", "messages"), WARNINGS)
def test_warnings(text: str, dialect: str | None, messages: list[str]) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        from_sql(text, dialect)

    assert [str(one.message) for one in caught] == messages
    assert {one.filename for one in caught} <= {__file__}


def test_an_unknown_dialect_names_the_nearest() -> None:
    with pytest.raises(QueryError, match=r"'postgre' is not a dialect .* did you mean 'postgres'"):
        from_sql("SELECT Phone FROM leads", "postgre")


def test_only_text_is_read() -> None:
    with pytest.raises(QueryError, match="from_sql takes a statement as text, not 5"):
        from_sql(5)  # type: ignore[arg-type]
