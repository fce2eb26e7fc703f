"""The forms of dates: local times, calendar periods, seconds since 1970, and changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from typing import Final, cast
from zoneinfo import ZoneInfo

from sqlglot import exp

from leadquery.periods.calendar import Unit, Weekday, weekday_number
from leadquery.sql.dialects import Dialect
from leadquery.sql.patterns import (
    Expr,
    before,
    form,
    moment_literal,
    number_literal,
    text_literal,
    to_double,
)


def to_second(dialect: Dialect, x: Expr) -> Expr:
    """A moment without its fraction of a second."""
    return form(dialect, _TO_SECOND.get(dialect.family, "DATE_TRUNC('SECOND', x_)"), x=x)


_TO_SECOND: Final = {
    "sqlite": "SUBSTR(x_, 1, 19)",
    "mysql": "TIMESTAMPADD(MICROSECOND, -MICROSECOND(x_), x_)",
    "bigquery": "TIMESTAMP_TRUNC(x_, SECOND)",
    "tsql": "DATEADD(NANOSECOND, -DATEPART(NANOSECOND, x_), x_)",
    "oracle": "CAST(CAST(x_ AS DATE) AS TIMESTAMP)",
}


_LOCAL: Final = {
    "duckdb": "x_ AT TIME ZONE 'UTC' AT TIME ZONE zone_",
    "postgres": "x_ AT TIME ZONE 'UTC' AT TIME ZONE zone_",
    "redshift": "CONVERT_TIMEZONE('UTC', zone_, x_)",
    "snowflake": "CONVERT_TIMEZONE('UTC', zone_, x_)",
    "mysql": "CONVERT_TZ(x_, '+00:00', zone_)",
    "bigquery": "DATETIME(TIMESTAMP(x_), zone_)",
    "spark": "CONVERT_TIMEZONE('UTC', zone_, x_)",
    "trino": "CAST(WITH_TIMEZONE(x_, 'UTC') AT TIME ZONE zone_ AS TIMESTAMP)",
    "clickhouse": "toTimeZone(x_, zone_)",
    "oracle": "CAST(FROM_TZ(CAST(x_ AS TIMESTAMP), 'UTC') AT TIME ZONE zone_ AS TIMESTAMP)",
}
"""A moment in UTC without its time zone, as the local time of another zone."""


_LOCAL_OF_AWARE: Final = {
    "duckdb": "x_ AT TIME ZONE zone_",
    "postgres": "x_ AT TIME ZONE zone_",
    "redshift": "x_ AT TIME ZONE zone_",
    "snowflake": "CAST(CONVERT_TIMEZONE(zone_, x_) AS TIMESTAMP_NTZ)",
    "bigquery": "DATETIME(x_, zone_)",
    # Spark shows moments in the time zone of the session.
    "spark": "CONVERT_TIMEZONE(CURRENT_TIMEZONE(), zone_, CAST(x_ AS TIMESTAMP_NTZ))",
    "trino": "CAST(x_ AT TIME ZONE zone_ AS TIMESTAMP)",
    "clickhouse": "toTimeZone(x_, zone_)",
    "tsql": "CAST(SWITCHOFFSET(x_, '+00:00') AS DATETIME2)",
    "oracle": "CAST(x_ AT TIME ZONE zone_ AS TIMESTAMP)",
}
"""The same of a moment that has its time zone."""


LOCAL_FUNCTION: Final = "leadquery_local"
"""The function that `Table` adds to a connection to SQLite, which has no time zones."""


def local_time(
    dialect: Dialect,
    x: Expr,
    tz: str | timezone | None,
    *,
    aware: bool = False,
    exact: bool = False,
) -> Expr:
    """A moment as the local time of a time zone; None is UTC."""
    if exact and dialect.name == "sqlite" and isinstance(tz, str):
        return exp.func(LOCAL_FUNCTION, x.copy(), text_literal(tz))
    name = tz if isinstance(tz, str) and dialect.family in _LOCAL else None
    if aware:
        zone = text_literal(name or "UTC")
        x = form(dialect, _LOCAL_OF_AWARE[dialect.family], x=x, zone=zone)
    if tz is None or (aware and name):
        return x.copy()
    if name:
        return form(dialect, _LOCAL[dialect.family], x=x, zone=text_literal(name))
    changes = _offsets(tz) if isinstance(tz, str) else [(None, tz.utcoffset(None))]
    shifted = [
        (until, add_minutes(dialect, x, int(offset.total_seconds()) // 60))
        for until, offset in changes
    ]
    *earlier, (_, last) = shifted
    if not earlier:
        return last
    case = exp.Case()
    for until, value in earlier:
        case = case.when(before(x, moment_literal(dialect, cast("datetime", until))), value)
    return case.else_(last)


@cache
def _offsets(tz: str) -> list[tuple[datetime | None, timedelta]]:
    """The offsets of a time zone, each with the moment at which the next one begins."""
    zone, hour = ZoneInfo(tz), timedelta(hours=1)
    found: list[tuple[datetime | None, timedelta]] = []
    moment = datetime(_FIRST_YEAR, 1, 1, tzinfo=UTC)
    offset = cast("timedelta", moment.astimezone(zone).utcoffset())
    while moment.year < _LAST_YEAR:
        later = moment + 24 * hour
        if later.astimezone(zone).utcoffset() != offset:
            while moment.astimezone(zone).utcoffset() == offset:
                moment += hour / 4
            found.append((moment, offset))
            offset = cast("timedelta", moment.astimezone(zone).utcoffset())
        else:
            moment = later
    return [*found, (None, offset)]


_FIRST_YEAR: Final = 1990


_LAST_YEAR: Final = 2038
"""The years whose changes of clocks are written out where the engine does not know time zones."""


_ADD_MINUTES: Final = {
    "duckdb": "x_ + TO_MINUTES(n_)",
    "postgres": "x_ + n_ * INTERVAL '1 MINUTE'",
    "mysql": "DATE_ADD(x_, INTERVAL n_ MINUTE)",
    "bigquery": "DATETIME_ADD(x_, INTERVAL n_ MINUTE)",
    "spark": "TIMESTAMPADD(MINUTE, n_, x_)",
    "trino": "DATE_ADD('MINUTE', n_, x_)",
    "clickhouse": "addMinutes(x_, n_)",
    "oracle": "x_ + NUMTODSINTERVAL(n_, 'MINUTE')",
}


def add_minutes(dialect: Dialect, x: Expr, minutes: int) -> Expr:
    """A moment some minutes later."""
    if dialect.name == "sqlite":
        return form(dialect, "DATETIME(x_, n_)", x=x, n=text_literal(f"{minutes:+} minutes"))
    text = _ADD_MINUTES.get(dialect.family, "DATEADD(MINUTE, n_, x_)")
    return form(dialect, text, x=x, n=number_literal(minutes))


_UNIT_FORMS: Final[Mapping[str, Mapping[str, str]]] = {
    "clickhouse": {
        "day": "CAST(x_ AS Nullable(DATE))",
        **{
            unit: f"CAST(DATE_TRUNC('{unit.upper()}', x_) AS Nullable(DATE))"
            for unit in ("week", "month", "quarter", "year")
        },
    },
    "sqlite": {
        "day": "DATE(x_)",
        "week": "DATE(x_, 'weekday 0', '-6 days')",
        "month": "DATE(x_, 'start of month')",
        "quarter": (
            "DATE(x_, 'start of month', "
            "'-' || ((CAST(STRFTIME('%m', x_) AS INTEGER) - 1) % 3) || ' months')"
        ),
        "year": "DATE(x_, 'start of year')",
    },
    "mysql": {
        "day": "DATE(x_)",
        "week": "DATE_SUB(DATE(x_), INTERVAL (WEEKDAY(x_)) DAY)",
        "month": "DATE_SUB(DATE(x_), INTERVAL (DAYOFMONTH(x_) - 1) DAY)",
        "quarter": "DATE_ADD(MAKEDATE(YEAR(x_), 1), INTERVAL (3 * QUARTER(x_) - 3) MONTH)",
        "year": "MAKEDATE(YEAR(x_), 1)",
    },
    "bigquery": {
        "day": "DATE(x_)",
        "week": "DATE_TRUNC(DATE(x_), ISOWEEK)",
        "month": "DATE_TRUNC(DATE(x_), MONTH)",
        "quarter": "DATE_TRUNC(DATE(x_), QUARTER)",
        "year": "DATE_TRUNC(DATE(x_), YEAR)",
    },
    "tsql": {
        "day": "CAST(x_ AS DATE)",
        # The first of January 1900 is a Monday.
        "week": "DATEADD(DAY, -(DATEDIFF(DAY, '1900-01-01', x_) % 7), CAST(x_ AS DATE))",
        "month": "DATEFROMPARTS(YEAR(x_), MONTH(x_), 1)",
        "quarter": "DATEFROMPARTS(YEAR(x_), 3 * DATEPART(QUARTER, x_) - 2, 1)",
        "year": "DATEFROMPARTS(YEAR(x_), 1, 1)",
    },
    "oracle": {
        "day": "TRUNC(x_, 'DD')",
        "week": "TRUNC(x_, 'IW')",
        "month": "TRUNC(x_, 'MM')",
        "quarter": "TRUNC(x_, 'Q')",
        "year": "TRUNC(x_, 'YYYY')",
    },
}


def first_day_of(
    dialect: Dialect, local: Expr, unit: Unit, week_starts: Weekday = "monday"
) -> Expr:
    """The first day of the calendar period that a local time is in, as a date."""
    later = weekday_number(week_starts) if unit == "week" else 0
    if later and dialect.name == "sqlite":
        text = f"DATE(x_, 'weekday {later}', '-6 days')"
        return form(dialect, text, x=local)
    if later:
        # Weeks of another first day are those from Monday, so many days later.
        day = add_to_day(
            dialect, first_day_of(dialect, local, "day"), "day", number_literal(-later)
        )
        return add_to_day(dialect, first_day_of(dialect, day, "week"), "day", number_literal(later))
    if dialect.family in _UNIT_FORMS:
        return form(dialect, _UNIT_FORMS[dialect.family][unit], x=local)
    text = (
        "CAST(x_ AS DATE)" if unit == "day" else f"CAST(DATE_TRUNC('{unit.upper()}', x_) AS DATE)"
    )
    return form(dialect, text, x=local)


_ADD_DAYS: Final = {
    "duckdb": "x_ + CAST(n_ AS INT)",
    "sqlite": "DATE(x_, (n_) || ' days')",
    "postgres": "x_ + CAST(n_ AS INT)",
    "mysql": "DATE_ADD(x_, INTERVAL (n_) DAY)",
    "bigquery": "DATE_ADD(x_, INTERVAL (n_) DAY)",
    "spark": "DATE_ADD(x_, n_)",
    "trino": "DATE_ADD('DAY', n_, x_)",
    "clickhouse": "addDays(x_, n_)",
    "oracle": "x_ + n_",
    "redshift": "CAST(DATEADD(DAY, n_, x_) AS DATE)",
}


_ADD_MONTHS: Final = {
    "duckdb": "CAST(x_ + TO_MONTHS(CAST(n_ AS INT)) AS DATE)",
    "sqlite": "DATE(x_, (n_) || ' months')",
    "postgres": "CAST(x_ + n_ * INTERVAL '1 MONTH' AS DATE)",
    "mysql": "DATE_ADD(x_, INTERVAL (n_) MONTH)",
    "bigquery": "DATE_ADD(x_, INTERVAL (n_) MONTH)",
    "spark": "ADD_MONTHS(x_, n_)",
    "trino": "DATE_ADD('MONTH', n_, x_)",
    "clickhouse": "addMonths(x_, n_)",
    "oracle": "ADD_MONTHS(x_, n_)",
    "redshift": "CAST(DATEADD(MONTH, n_, x_) AS DATE)",
}


_DAYS_IN: Final = {"day": 1, "week": 7}


_MONTHS_IN: Final = {"month": 1, "quarter": 3, "year": 12}


def add_to_day(dialect: Dialect, day: Expr, unit: Unit, n: Expr) -> Expr:
    """A date some calendar periods later."""
    in_days = unit in _DAYS_IN
    size = _DAYS_IN[unit] if in_days else _MONTHS_IN[unit]
    if size > 1:
        n = exp.Mul(this=n.copy(), expression=number_literal(size))
    table, default = (_ADD_DAYS, "DAY") if in_days else (_ADD_MONTHS, "MONTH")
    return form(dialect, table.get(dialect.family, f"DATEADD({default}, n_, x_)"), x=day, n=n)


_EPOCH: Final = {
    "duckdb": "FLOOR(EPOCH(x_))",
    "sqlite": "CAST(STRFTIME('%s', x_) AS INTEGER)",
    "postgres": "FLOOR(EXTRACT(EPOCH FROM x_))",
    "redshift": "FLOOR(EXTRACT(EPOCH FROM x_))",
    "mysql": "TIMESTAMPDIFF(SECOND, CAST('1970-01-01' AS DATETIME), x_)",
    "bigquery": "UNIX_SECONDS(TIMESTAMP(x_))",
    "spark": "UNIX_TIMESTAMP(x_)",
    "trino": "FLOOR(TO_UNIXTIME(x_))",
    "clickhouse": "toUnixTimestamp(x_)",
    "tsql": "DATEDIFF_BIG(SECOND, CAST('1970-01-01' AS DATETIME2), x_)",
    "oracle": "FLOOR((CAST(x_ AS DATE) - DATE '1970-01-01') * 86400)",
    "snowflake": "DATEDIFF(SECOND, CAST('1970-01-01' AS TIMESTAMPNTZ), x_)",
}


_FROM_EPOCH: Final = {
    "duckdb": "CAST('1970-01-01' AS TIMESTAMP) + TO_SECONDS(CAST(FLOOR(n_) AS BIGINT))",
    "sqlite": "DATETIME(CAST(n_ AS INTEGER), 'unixepoch')",
    "postgres": "CAST('1970-01-01' AS TIMESTAMP) + FLOOR(n_) * INTERVAL '1 SECOND'",
    "redshift": "DATEADD(SECOND, CAST(FLOOR(n_) AS BIGINT), CAST('1970-01-01' AS TIMESTAMP))",
    "mysql": "DATE_ADD(CAST('1970-01-01' AS DATETIME), INTERVAL (FLOOR(n_)) SECOND)",
    "bigquery": "TIMESTAMP_SECONDS(CAST(FLOOR(n_) AS INT64))",
    "spark": "TIMESTAMP_SECONDS(CAST(FLOOR(n_) AS BIGINT))",
    "trino": "DATE_ADD('SECOND', CAST(FLOOR(n_) AS BIGINT), CAST('1970-01-01' AS TIMESTAMP))",
    "clickhouse": "toDateTime64(FLOOR(n_), 6, 'UTC')",
    "tsql": "DATEADD(SECOND, CAST(FLOOR(n_) AS INTEGER), CAST('1970-01-01' AS DATETIME2))",
    "oracle": "CAST(DATE '1970-01-01' + FLOOR(n_) / 86400 AS TIMESTAMP)",
    "snowflake": "DATEADD(SECOND, FLOOR(n_), CAST('1970-01-01' AS TIMESTAMPNTZ))",
}


def to_epoch(dialect: Dialect, x: Expr) -> Expr:
    """The whole seconds since 1970 of a moment."""
    return form(dialect, _EPOCH[dialect.family], x=x)


def from_epoch(dialect: Dialect, n: Expr) -> Expr:
    """The moment of a number of seconds since 1970, without its fraction of a second."""
    return form(dialect, _FROM_EPOCH[dialect.family], n=n)


def changes(dialect: Dialect, first: Expr, second: Expr, *, are_dates: bool) -> tuple[Expr, Expr]:
    """The change from one value to another, of dates in seconds, and in per cent."""
    if are_dates:
        seconds = to_epoch(dialect, second) - to_epoch(dialect, first)
        return seconds, to_double(dialect, exp.Null())
    change = second.copy() - first.copy()
    per_cent = exp.Mul(
        this=exp.Literal.number(100), expression=to_double(dialect, exp.paren(change))
    )
    base = exp.Nullif(this=first.copy(), expression=exp.Literal.number(0))
    return change, exp.Div(this=per_cent, expression=base, typed=True)
