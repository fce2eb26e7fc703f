"""The forms that statements are built of, one function each, as expressions of sqlglot.

The writer builds with these functions, and the reader recognises what they build. Where dialects
differ, a table has the form of each, written in that dialect; `x_`, `n_` and other names that end
in an underscore stand for the parts of the form.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, cast
from zoneinfo import ZoneInfo

import sqlglot
from sqlglot import exp

from leadquery.periods.calendar import Unit, Weekday, weekday_number
from leadquery.sql.dialects import Dialect
from leadquery.wire.enums import FALSE, TRUE
from leadquery.wire.types import format_timestamp

if TYPE_CHECKING:
    from leadquery.expr.group_key import Bins

Expr = exp.Expr

SECOND: Final = timedelta(seconds=1)


def form(dialect: Dialect, text: str, **parts: Expr) -> Expr:
    """A form of a dialect, with its parts in their places."""

    def put(node: Expr) -> Expr:
        if isinstance(node, exp.Column) and node.name[-1:] == "_" and node.name[:-1] in parts:
            return parts[node.name[:-1]].copy()
        return node

    return _parse(dialect.parser, text).copy().transform(put)


@cache
def _parse(parser: str, text: str) -> Expr:
    return sqlglot.parse_one(text, read=parser)


# Literals


def text_literal(text: str) -> Expr:
    return exp.Literal.string(text)


def number_literal(number: float) -> Expr:
    """A number by its digits. Long ones are written with an exponent, as doubles."""
    text = repr(number)
    if isinstance(number, float) and number.is_integer() and abs(number) < 1e15:
        text = str(int(number))
    literal = exp.Literal.number(text.lstrip("-"))
    return exp.Neg(this=literal) if text.startswith("-") else literal


def truth_literal(dialect: Dialect, value: bool) -> Expr:
    """TRUE or FALSE; 1 or 0 where the engine has neither."""
    return exp.Boolean(this=value) if dialect.has_booleans else exp.Literal.number(int(value))


def moment_literal(dialect: Dialect, moment: datetime, *, aware: bool = False) -> Expr:
    """A moment in UTC. `aware` if it is compared with a column that has its time zone."""
    text = text_literal(format_timestamp(moment) + ("+00:00" if aware else ""))
    if dialect.dates_are_text:
        return text_literal(format_timestamp(moment))
    if dialect.moment and not aware:
        return form(dialect, dialect.moment, x=text)
    return cast_to(dialect, text, dialect.aware_timestamp if aware else dialect.timestamp)


def cast_to(dialect: Dialect, value: Expr, type_name: str) -> Expr:
    """A value as another type, by its name in the dialect."""
    # In ClickHouse, types that sqlglot knows by their common name take null, too.
    parser = None if dialect.name == "clickhouse" else dialect.parser
    return exp.cast(value.copy(), exp.DataType.build(type_name, dialect=parser))


def never() -> Expr:
    """A condition that no lead meets, such as a comparison of a number with text."""
    return exp.EQ(this=exp.Literal.number(1), expression=exp.Literal.number(0))


# Values in text, as exported


_NUMBER: Final = "^[+-]?([0-9]+([.][0-9]+)?|[.][0-9]+)([eE][+-]?[0-9]+)?$"
_MOMENT: Final = "^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?)?$"

_MATCHES: Final = {
    "duckdb": "REGEXP_MATCHES(x_, pattern_)",
    "postgres": "x_ ~ pattern_",
    "redshift": "x_ ~ pattern_",
    "mysql": "REGEXP_LIKE(x_, pattern_)",
    "bigquery": "REGEXP_CONTAINS(x_, pattern_)",
    "snowflake": "REGEXP_LIKE(x_, pattern_)",
    "spark": "x_ RLIKE pattern_",
    "databricks": "x_ RLIKE pattern_",
    "trino": "REGEXP_LIKE(x_, pattern_)",
    "clickhouse": "match(x_, pattern_)",
    "oracle": "REGEXP_LIKE(x_, pattern_)",
}

NUMBER_FUNCTION: Final = "leadquery_number"
MOMENT_FUNCTION: Final = "leadquery_moment"
"""The functions that `Table` adds to a connection to SQLite, which has no regular expressions."""

_ISO: Final = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]*"


def number_of_text(dialect: Dialect, x: Expr, *, exact: bool = False) -> Expr:
    """The number in text; null if it has none."""
    if dialect.name == "sqlite":
        if exact:
            return exp.func(NUMBER_FUNCTION, x.copy())
        return to_double(dialect, text_or_null(dialect, x))
    return _guarded(dialect, x, _NUMBER, "DOUBLE")


def moment_of_text(dialect: Dialect, x: Expr, *, exact: bool = False) -> Expr:
    """The moment in text; null if it has none."""
    if dialect.dates_are_text:
        if exact:
            is_iso = form(dialect, "x_ GLOB pattern_", x=x, pattern=text_literal(_ISO))
            return exp.Case().when(is_iso, x.copy()).else_(exp.func(MOMENT_FUNCTION, x.copy()))
        return text_or_null(dialect, x)
    if dialect.name == "duckdb":
        return exp.TryCast(this=x.copy(), to=exp.DataType.build("TIMESTAMP"))
    return _guarded(dialect, x, _MOMENT, dialect.timestamp)


def _guarded(dialect: Dialect, x: Expr, pattern: str, type_name: str) -> Expr:
    """Text as another type, if it matches a pattern."""
    converted = cast_to(dialect, x, type_name)
    if dialect.name == "tsql":
        return exp.TryCast(this=x.copy(), to=converted.args["to"])
    matches = form(dialect, _MATCHES[dialect.name], x=x, pattern=text_literal(pattern))
    return exp.Case().when(matches, converted)


def truth_of_text(dialect: Dialect, x: Expr) -> Expr:
    """True or false in text, which is 1 or 0; null if it has neither."""
    one, other = text_literal(TRUE), text_literal(FALSE)
    return (
        exp.Case()
        .when(exp.EQ(this=x.copy(), expression=one), truth_literal(dialect, True))
        .when(exp.EQ(this=x.copy(), expression=other), truth_literal(dialect, False))
    )


def text_of_number(dialect: Dialect, x: Expr) -> Expr:
    """The digits of a number, those of a whole one without a point."""
    whole = cast_to(dialect, cast_to(dialect, x, "BIGINT"), dialect.text)
    any_number = cast_to(dialect, to_double(dialect, x), dialect.text)
    is_whole = form(dialect, "ABS(x_) < 1E15 AND FLOOR(x_) = x_", x=x)
    return exp.Case().when(is_whole, whole).else_(any_number)


def text_of_truth(x: Expr) -> Expr:
    """1 or 0, as text."""
    case = exp.Case().when(x.copy(), text_literal(TRUE))
    return case.when(exp.Not(this=x.copy()), text_literal(FALSE))


def text_of_day(x: Expr) -> Expr:
    """A date as it is exported, such as 2026-01-31."""
    return exp.TimeToStr(this=x.copy(), format=text_literal("%Y-%m-%d"))


def text_of_moment(dialect: Dialect, x: Expr) -> Expr:
    """A moment as it is exported, such as 2026-01-31 18:30:00."""
    if dialect.name == "bigquery":
        return form(dialect, "FORMAT_DATETIME('%F %T', x_)", x=x)
    return exp.TimeToStr(this=x.copy(), format=text_literal("%Y-%m-%d %H:%M:%S"))


# Data and no data


def has_text(dialect: Dialect, x: Expr, text: Expr) -> Expr:
    """A value whose text is neither null nor empty. `text <> ''` is false for null, too."""
    return has_value(x) if dialect.empty_is_null else exp.NEQ(this=text.copy(), expression=_empty())


def has_no_text(dialect: Dialect, x: Expr, text: Expr) -> Expr:
    """A value whose text is null or empty."""
    is_null = has_no_value(x)
    if dialect.empty_is_null:
        return is_null
    is_empty = exp.EQ(this=text.copy(), expression=_empty())
    return exp.paren(exp.or_(is_null, is_empty), copy=False)


def has_value(x: Expr) -> Expr:
    return exp.Not(this=has_no_value(x))


def has_no_value(x: Expr) -> Expr:
    return exp.Is(this=x.copy(), expression=exp.Null())


def text_or_null(dialect: Dialect, x: Expr) -> Expr:
    """Text, or null in place of empty text."""
    return x.copy() if dialect.empty_is_null else exp.Nullif(this=x.copy(), expression=_empty())


def _empty() -> Expr:
    return exp.Literal.string("")


# Text


def lowered(dialect: Dialect, x: Expr) -> Expr:
    """Text in lower case, to be compared by its characters."""
    return collated(dialect, exp.Lower(this=x.copy()))


def collated(dialect: Dialect, x: Expr) -> Expr:
    """Text that is compared by its characters, whatever the collation of the column."""
    return _collate(x, dialect.collation)


def ordered(dialect: Dialect, x: Expr) -> Expr:
    """Text that is sorted by its characters, whatever the collation of the column."""
    return _collate(x, dialect.order_collation)


def _collate(x: Expr, name: str | None) -> Expr:
    if name is None:
        return x
    # PostgreSQL takes names of collations as identifiers.
    collation = exp.to_identifier(name, quoted=True) if name == "C" else exp.var(name)
    return exp.Collate(this=x, expression=collation)


def is_ascii(dialect: Dialect, x: Expr) -> Expr:
    """Text that is ASCII, which has as many bytes as characters."""
    bytes_ = "STRLEN(x_)" if dialect.name == "duckdb" else "LENGTH(CAST(x_ AS BLOB))"
    return form(dialect, f"{bytes_} = LENGTH(x_)", x=x)


SPECIAL: Final = frozenset("%_\\[")
"""Characters that LIKE reads as more than themselves, in some dialect."""


def contains(x: Expr, part: str) -> Expr:
    """Text that contains another one: by LIKE, or by its position if LIKE would read more in it."""
    if SPECIAL.isdisjoint(part):
        return exp.Like(this=x.copy(), expression=text_literal(f"%{part}%"))
    position = exp.StrPosition(this=x.copy(), substr=text_literal(part))
    return exp.GT(this=position, expression=exp.Literal.number(0))


# Dates


def since(x: Expr, moment: Expr) -> Expr:
    return exp.GTE(this=x.copy(), expression=moment)


def before(x: Expr, moment: Expr) -> Expr:
    return exp.LT(this=x.copy(), expression=moment)


_TO_SECOND: Final = {
    "sqlite": "SUBSTR(x_, 1, 19)",
    "mysql": "TIMESTAMPADD(MICROSECOND, -MICROSECOND(x_), x_)",
    "bigquery": "TIMESTAMP_TRUNC(x_, SECOND)",
    "tsql": "DATEADD(NANOSECOND, -DATEPART(NANOSECOND, x_), x_)",
    "oracle": "CAST(CAST(x_ AS DATE) AS TIMESTAMP)",
}


def to_second(dialect: Dialect, x: Expr) -> Expr:
    """A moment without its fraction of a second."""
    return form(dialect, _TO_SECOND.get(dialect.name, "DATE_TRUNC('SECOND', x_)"), x=x)


_LOCAL: Final = {
    "duckdb": "x_ AT TIME ZONE 'UTC' AT TIME ZONE zone_",
    "postgres": "x_ AT TIME ZONE 'UTC' AT TIME ZONE zone_",
    "redshift": "CONVERT_TIMEZONE('UTC', zone_, x_)",
    "snowflake": "CONVERT_TIMEZONE('UTC', zone_, x_)",
    "mysql": "CONVERT_TZ(x_, '+00:00', zone_)",
    "bigquery": "DATETIME(TIMESTAMP(x_), zone_)",
    "spark": "CONVERT_TIMEZONE('UTC', zone_, x_)",
    "databricks": "CONVERT_TIMEZONE('UTC', zone_, x_)",
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
    "databricks": "CONVERT_TIMEZONE(CURRENT_TIMEZONE(), zone_, CAST(x_ AS TIMESTAMP_NTZ))",
    "trino": "CAST(x_ AT TIME ZONE zone_ AS TIMESTAMP)",
    "clickhouse": "toTimeZone(x_, zone_)",
    "tsql": "CAST(SWITCHOFFSET(x_, '+00:00') AS DATETIME2)",
    "oracle": "CAST(x_ AT TIME ZONE zone_ AS TIMESTAMP)",
}
"""The same of a moment that has its time zone."""


def local_time(
    dialect: Dialect, x: Expr, tz: str | timezone | None, *, aware: bool = False
) -> Expr:
    """A moment as the local time of a time zone; None is UTC."""
    name = tz if isinstance(tz, str) and dialect.name in _LOCAL else None
    if aware:
        zone = text_literal(name or "UTC")
        x = form(dialect, _LOCAL_OF_AWARE[dialect.name], x=x, zone=zone)
    if tz is None or (aware and name):
        return x.copy()
    if name:
        return form(dialect, _LOCAL[dialect.name], x=x, zone=text_literal(name))
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
    "databricks": "TIMESTAMPADD(MINUTE, n_, x_)",
    "trino": "DATE_ADD('MINUTE', n_, x_)",
    "clickhouse": "addMinutes(x_, n_)",
    "oracle": "x_ + NUMTODSINTERVAL(n_, 'MINUTE')",
}


def add_minutes(dialect: Dialect, x: Expr, minutes: int) -> Expr:
    """A moment some minutes later."""
    if dialect.name == "sqlite":
        return form(dialect, "DATETIME(x_, n_)", x=x, n=text_literal(f"{minutes:+} minutes"))
    text = _ADD_MINUTES.get(dialect.name, "DATEADD(MINUTE, n_, x_)")
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
    if dialect.name in _UNIT_FORMS:
        return form(dialect, _UNIT_FORMS[dialect.name][unit], x=local)
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
    "databricks": "DATE_ADD(x_, n_)",
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
    "databricks": "ADD_MONTHS(x_, n_)",
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
    return form(dialect, table.get(dialect.name, f"DATEADD({default}, n_, x_)"), x=day, n=n)


_EPOCH: Final = {
    "duckdb": "FLOOR(EPOCH(x_))",
    "sqlite": "CAST(STRFTIME('%s', x_) AS INTEGER)",
    "postgres": "FLOOR(EXTRACT(EPOCH FROM x_))",
    "redshift": "FLOOR(EXTRACT(EPOCH FROM x_))",
    "mysql": "TIMESTAMPDIFF(SECOND, CAST('1970-01-01' AS DATETIME), x_)",
    "bigquery": "UNIX_SECONDS(TIMESTAMP(x_))",
    "spark": "UNIX_TIMESTAMP(x_)",
    "databricks": "UNIX_TIMESTAMP(x_)",
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
    "databricks": "TIMESTAMP_SECONDS(CAST(FLOOR(n_) AS BIGINT))",
    "trino": "DATE_ADD('SECOND', CAST(FLOOR(n_) AS BIGINT), CAST('1970-01-01' AS TIMESTAMP))",
    "clickhouse": "toDateTime64(FLOOR(n_), 6, 'UTC')",
    "tsql": "DATEADD(SECOND, CAST(FLOOR(n_) AS INTEGER), CAST('1970-01-01' AS DATETIME2))",
    "oracle": "CAST(DATE '1970-01-01' + FLOOR(n_) / 86400 AS TIMESTAMP)",
    "snowflake": "DATEADD(SECOND, FLOOR(n_), CAST('1970-01-01' AS TIMESTAMPNTZ))",
}


def to_epoch(dialect: Dialect, x: Expr) -> Expr:
    """The whole seconds since 1970 of a moment."""
    return form(dialect, _EPOCH[dialect.name], x=x)


def from_epoch(dialect: Dialect, n: Expr) -> Expr:
    """The moment of a number of seconds since 1970, without its fraction of a second."""
    return form(dialect, _FROM_EPOCH[dialect.name], n=n)


# Group keys


def bins_of(x: Expr, key: Bins) -> Expr:
    """The label of the range that a number is in."""
    first, last = key.edges[0], key.edges[-1]
    case = exp.Case().when(before(x, number_literal(first)), text_literal(f"below {first}"))
    for low, high in pairwise(key.edges):
        case = case.when(before(x, number_literal(high)), text_literal(f"{low} to {high}"))
    return case.when(since(x, number_literal(last)), text_literal(f"{last} and above"))


# Aggregates


def to_double(dialect: Dialect, x: Expr) -> Expr:
    return cast_to(dialect, x, "DOUBLE")


def average(dialect: Dialect, x: Expr) -> Expr:
    """The average of numbers as a double, which a column of whole numbers would round."""
    return exp.Avg(this=to_double(dialect, x))


def quantile(dialect: Dialect, x: Expr, q: float) -> Expr | None:
    """The quantile that interpolates linearly; None if the engine has no exact one."""
    if dialect.quantile is None:
        return None
    return form(dialect, dialect.quantile, value=to_double(dialect, x), q=number_literal(q))


def ranked_quantile(x: Expr, rank: Expr, count: Expr, q: float) -> Expr:
    """The same, from numbers with their ranks from 0, and how many there are.

    The two numbers around the quantile count, each the more the nearer it is.
    """
    last = exp.paren(exp.Sub(this=count.copy(), expression=exp.Literal.number(1)))
    place = exp.Mul(this=last, expression=number_literal(q))
    distance = exp.Abs(this=exp.Sub(this=rank.copy(), expression=place))
    weight = exp.paren(exp.Sub(this=exp.Literal.number(1), expression=distance))
    near = exp.LT(this=distance.copy(), expression=exp.Literal.number(1))
    return exp.Sum(this=exp.Case().when(near, exp.Mul(this=x.copy(), expression=weight)))


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


# Order


def last_nulls(dialect: Dialect, x: Expr, *, descending: bool = False) -> list[Expr]:
    """The sort keys by which rows without a value come last, in both directions."""
    if not dialect.nulls_are_small:
        return [exp.Ordered(this=x.copy(), desc=descending or None, nulls_first=False)]
    # Without NULLS LAST: ascending, they would come first.
    key = exp.Ordered(this=x.copy(), desc=descending or None, nulls_first=not descending)
    is_null = exp.Case().when(has_no_value(x), exp.Literal.number(1)).else_(exp.Literal.number(0))
    return [key] if descending else [exp.Ordered(this=is_null, nulls_first=True), key]


# Owners


def owner_in(owner: Expr, users: exp.Select, *, negated: bool = False) -> Expr:
    """Leads whose owner is among some users; negated, leads of others or of no owner."""
    found = exp.In(this=owner.copy(), query=exp.Subquery(this=users))
    if not negated:
        return found
    return exp.paren(exp.or_(has_no_value(owner), exp.Not(this=found)), copy=False)


def full_name(dialect: Dialect, first: Expr, last: Expr) -> Expr:
    """The first and the last name of a user, as far as they are known."""
    parts = [
        exp.Coalesce(this=exp.Trim(this=one.copy()), expressions=[_empty()])
        for one in (first, last)
    ]
    both = exp.DPipe(
        this=exp.DPipe(this=parts[0], expression=exp.Literal.string(" ")), expression=parts[1]
    )
    return text_or_null(dialect, exp.Trim(this=both))


def nulls_of_joins() -> Expr:
    """The setting by which a join gives null in ClickHouse, where it gives empty text and 0."""
    return exp.EQ(this=exp.column("join_use_nulls"), expression=exp.Literal.number(1))


def one_of(x: Expr, values: Iterable[Expr]) -> Expr:
    """A value among others: by `=` if there is one, else by `IN`."""
    each = list(values)
    if not each:
        return never()
    if len(each) == 1:
        return exp.EQ(this=x.copy(), expression=each[0])
    return exp.In(this=x.copy(), expressions=each)


DUAL: Final = "dual"
"""The table of Oracle that has one row."""


def one_row(dialect: Dialect, *values: Expr) -> exp.Select:
    """A row of values from no table. Oracle has a table for that."""
    select = exp.select(*values)
    return select.from_(DUAL) if dialect.empty_is_null else select


def inline_rows(
    dialect: Dialect, names: Sequence[str], rows: Sequence[Sequence[Expr]]
) -> exp.Query:
    """Some rows as a subquery, which every engine can read: SELECT … UNION ALL SELECT …."""
    selects = [
        one_row(dialect, *(exp.alias_(value, name) for name, value in zip(names, row, strict=True)))
        for row in rows
    ]
    union: Any = selects[0]
    for select in selects[1:]:
        union = exp.union(union, select, distinct=False, copy=False)
    return cast("exp.Query", union)
