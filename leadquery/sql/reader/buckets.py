"""The periods and ranges of a statement: group keys that are computed of a column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta, timezone
from typing import Any, Final, get_args

from sqlglot import exp, parse_one
from sqlglot.dialects import TSQL, Oracle

from leadquery.errors import QueryError
from leadquery.expr.field import BaseField
from leadquery.expr.field_types import Date, Field
from leadquery.expr.group_key import Bins, DateBucket, NamedPeriods, zone_key
from leadquery.periods import Period
from leadquery.periods.calendar import Unit, Weekday
from leadquery.sql import date_patterns, patterns
from leadquery.sql.dialects import Dialect
from leadquery.sql.reader.literals import Kind, moment, read_literal, unwrap
from leadquery.sql.reader.predicates import Reader
from leadquery.sql.reader.statement import UnreadableError, unreadable
from leadquery.sql.reader.written import hole, match, sql_of


def read_bucket(reader: Reader, node: exp.Expr) -> DateBucket | None:
    """The calendar period that a node truncates a date to; None if it does not."""
    node = unwrap(node)
    if isinstance(node, exp.Cast) and node.to.this in exp.DataType.TEMPORAL_TYPES:
        inner = read_bucket(reader, node.this)
        if inner is not None or not node.to.is_type("date"):
            return inner
        return _day(reader, node.this)
    if isinstance(node, (exp.Date, exp.TsOrDsToDate)) and not node.expressions:
        return _day(reader, node.this, node.args.get("zone")) or read_bucket(reader, node.this)
    if isinstance(node, exp.Anonymous) and str(node.this).upper() in ("TRUNC", "TODATE"):
        [*arguments] = node.expressions
        return _day(reader, arguments[0]) if len(arguments) == 1 else None
    if isinstance(node, exp.TimeToStr):
        return _formatted(reader, node)
    if isinstance(node, (exp.DateTrunc, exp.TimestampTrunc, exp.DatetimeTrunc)):
        column, zone = _local(reader, node.this, node.args.get("zone"))
        unit, starts = _unit(reader, node.args["unit"])
        return _bucket(reader, column, unit, zone, starts)
    if isinstance(node, (exp.Extract, exp.Year, exp.Month, exp.Week, exp.Quarter, exp.Day)):
        raise UnreadableError(
            node,
            f"{reader.source.sql(node)} is a number, the same in every year; "
            "write DATE_TRUNC('month', column)",
        )
    return None


def _day(reader: Reader, node: exp.Expr, zone: exp.Expr | None = None) -> DateBucket | None:
    node = unwrap(node)
    if not isinstance(node, (exp.Column, exp.AtTimeZone, exp.ConvertTimezone)):
        return None
    column, tz = _local(reader, node, zone)
    return _bucket(reader, column, "day", tz)


def _bucket(
    reader: Reader, node: exp.Expr, unit: Unit, tz: str | None, starts: Weekday = "monday"
) -> DateBucket:
    field = reader.column(node)
    if not isinstance(field, (Date, Field)):
        raise UnreadableError(
            node, f"{field.name} is no date; write a column of dates such as CreatedOn"
        )
    try:
        return DateBucket(field.name, unit, zone_key(tz), starts)
    except QueryError as error:
        raise unreadable(node, error) from None


def _local(reader: Reader, node: exp.Expr, zone: exp.Expr | None) -> tuple[exp.Expr, str | None]:
    """The column and the time zone of a local time: the second of two conversions, from UTC."""
    node = unwrap(node)
    if isinstance(node, exp.AtTimeZone):
        inner = unwrap(node.this)
        if isinstance(inner, exp.AtTimeZone) and inner.args["zone"].name == "UTC":
            return unwrap(inner.this), _zone(node.args["zone"])
        sql = reader.source.sql(inner)
        zones = f"{sql} AT TIME ZONE 'UTC' AT TIME ZONE 'Asia/Kolkata'"
        raise UnreadableError(node, f"dates are in UTC; write {zones}")
    if isinstance(node, exp.ConvertTimezone):
        origin = node.args.get("source_tz")
        if origin is None or origin.name != "UTC":
            raise UnreadableError(
                node, "dates are in UTC; write 'UTC' as the time zone that is converted"
            )
        return unwrap(node.args["timestamp"]), _zone(node.args["target_tz"])
    return node, None if zone is None else _zone(zone)


def _zone(node: exp.Expr) -> str:
    literal = read_literal(node)
    if literal is None or literal.kind is not Kind.TEXT:
        raise UnreadableError(node, "this is no time zone; write its name, such as 'Asia/Kolkata'")
    return str(literal.value)


def _formatted(reader: Reader, node: exp.TimeToStr) -> DateBucket | None:
    """`DATE_FORMAT(CreatedOn, '%Y-%m-01')`: a period by the text of its first day."""
    column = unwrap(node.this)
    if isinstance(column, (exp.TsOrDsToTimestamp, exp.TsOrDsToDate)):
        column = unwrap(column.this)
    unit = _FORMATS.get(node.args["format"].name)
    if unit is None:
        formats = ", ".join(f"'{text}'" for text in _FORMATS)
        raise UnreadableError(
            node, f"{reader.source.sql(node)} is not read; write one of {formats}"
        )
    return _bucket(reader, column, unit, None)


_FORMATS: Final[dict[str, Unit]] = {
    "%Y-%m-%d": "day",
    "%Y-%m-01": "month",
    "%Y-01-01": "year",
}


_UNITS: Final[dict[str, Unit]] = {
    **dict.fromkeys(("DAY", "DD", "DDD", "J"), "day"),
    **dict.fromkeys(("WEEK", "ISOWEEK", "ISO_WEEK", "IW"), "week"),
    **dict.fromkeys(("MONTH", "MM", "MON"), "month"),
    **dict.fromkeys(("QUARTER", "Q", "QTR"), "quarter"),
    **dict.fromkeys(("YEAR", "YYYY", "YY", "Y"), "year"),
}


def _unit(reader: Reader, node: exp.Expr) -> tuple[Unit, Weekday]:
    """The unit of a truncation, and the first day of its weeks."""
    if isinstance(node, exp.WeekStart):
        return "week", node.this.name.lower()
    name, dialect = node.name.upper(), reader.source.dialect
    if (isinstance(dialect, TSQL) and name == "WEEK") or (
        isinstance(dialect, Oracle) and name == "DAY"
    ):
        hint = "ISO_WEEK" if name == "WEEK" else "'DD' for days, 'IW' for weeks"
        raise UnreadableError(
            node, f"the first day of the week depends on the session; write {hint}"
        )
    if name not in _UNITS:
        raise UnreadableError(
            node, f"{name} is not read; write 'day', 'week', 'month', 'quarter' or 'year'"
        )
    return _UNITS[name], "monday"


def read_written_key(reader: Reader, node: exp.Expr) -> DateBucket | Bins | None:
    """The key of a node that is written as `to_sql` does; None for any other."""
    dialect, columns = reader.engine, {one.name: one for one in node.find_all(exp.Column)}
    if len(columns) != 1:
        return None
    [column] = columns.values()
    field = reader.column(column)
    if isinstance(node, exp.Case):
        return _written_bins(node, field, column)
    text = sql_of(node, dialect)
    for tz in _written_zones(node):
        local = date_patterns.local_time(dialect, column, tz, aware=dialect.dates_are_aware)
        for unit, starts in _WEEKS_AND_UNITS:
            found = date_patterns.first_day_of(dialect, local, unit, starts)
            if sql_of(found, dialect) == text or (tz and _parsed(found, dialect) == text):
                return DateBucket(field.name, unit, tz, starts)
    return None


def _parsed(node: exp.Expr, dialect: Dialect) -> str:
    """A node as SQL that was parsed: numbers of minutes may be written in quotes."""
    return sql_of(parse_one(sql_of(node, dialect), read=dialect.name), dialect)


_WEEKS_AND_UNITS: Final[tuple[tuple[Unit, Weekday], ...]] = (
    *((unit, "monday") for unit in get_args(Unit)),
    *(("week", starts) for starts in get_args(Weekday)[1:]),
)


def _written_zones(node: exp.Expr) -> Iterator[str | timezone | None]:
    """The time zones that a node may be about: names and numbers of minutes in it."""
    yield None
    for literal in node.find_all(exp.Literal):
        text = str(literal.this)
        minutes = re.fullmatch("([+-]?[0-9]{1,4})(?: minutes)?", text)
        if minutes is not None:
            sign = -1 if isinstance(literal.parent, exp.Neg) else 1
            offset = timedelta(minutes=sign * int(minutes[1]))
            if abs(offset) < timedelta(days=1):
                yield timezone(offset)
        elif literal.is_string:
            with suppress(QueryError):
                yield zone_key(text)


def _written_bins(node: exp.Case, field: BaseField[Any], column: exp.Column) -> Bins | None:
    """The ranges that the labels of CASE name."""
    labels = [str(one.args["true"].name) for one in node.args["ifs"]]
    if len(labels) < 2 or not labels[0].startswith("below "):
        return None
    texts = [labels[0].removeprefix("below "), *(one.rpartition(" to ")[2] for one in labels[1:-1])]
    with suppress(ValueError):
        edges = tuple(int(one) if one.lstrip("-").isdigit() else float(one) for one in texts)
        key = Bins(field.name, edges)
        return key if patterns.bins_of(column, key) == node else None
    return None


def read_periods(reader: Reader, join: exp.Join) -> NamedPeriods | None:
    """The named periods that leads are joined to, by their dates; None for any other join."""
    rows, on = join.this, join.args.get("on")
    if not isinstance(rows, exp.Subquery) or not isinstance(on, exp.And) or join.side:
        return None
    names = [f"{rows.alias.removesuffix('s')}_{part}" for part in _PERIOD_PARTS]
    _, start, end = names
    x = hole("x")
    form = exp.and_(patterns.since(x, exp.column(start)), patterns.before(x, exp.column(end)))
    parts = match(form, on)
    selects = rows.this.find_all(exp.Select, bfs=False)
    values = [[one.unalias() for one in select.expressions] for select in selects]
    if parts is None or {len(row) for row in values} != {len(names)}:
        return None
    if patterns.inline_rows(reader.engine, names, values) != rows.this:
        return None
    field = reader.column(parts["x"])
    periods = []
    for row in values:
        name, first, last = map(read_literal, row)
        if name is None or first is None or last is None:
            return None
        period = Period(moment(first)[0], moment(last)[0] - patterns.SECOND)
        periods.append((str(name.value), period))
    return NamedPeriods(field.name, tuple(periods))


_PERIOD_PARTS: Final = ("label", "start", "end")
