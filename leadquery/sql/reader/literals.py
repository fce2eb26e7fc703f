"""Values that are written in a statement."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any, Final

import attrs
from sqlglot import exp

from leadquery.errors import QueryError
from leadquery.periods import is_whole_day, start_of
from leadquery.sql.reader.statement import UnreadableError

_DAY: Final = timedelta(days=1)


class Kind(Enum):
    """The type of a value, as messages name it."""

    TEXT = "text"
    NUMBER = "a number"
    BOOLEAN = "TRUE or FALSE"
    DATE = "a date"
    NULL = "NULL"


@attrs.frozen
class Literal:
    """A value, its type, and the node that it is written as.

    Numbers are `Decimal`, dates are text as they are written.
    """

    kind: Kind
    value: Any
    node: exp.Expr = attrs.field(eq=False)


def quoted(text: str) -> str:
    """Text as a value of SQL."""
    return "'" + text.replace("'", "''") + "'"


def unwrap(node: exp.Expr) -> exp.Expr:
    """A node without the brackets around it."""
    while isinstance(node, exp.Paren):
        node = node.this
    return node


def unfold(node: exp.Expr) -> exp.Expr:
    """A node without brackets, LOWER and UPPER around it."""
    node = unwrap(node)
    return unfold(node.this) if isinstance(node, (exp.Lower, exp.Upper)) else node


def is_empty_text(node: exp.Expr) -> bool:
    """Whether a node is `''`."""
    node = unwrap(node)
    return isinstance(node, exp.Literal) and node.is_string and not node.this


def read_literal(node: exp.Expr) -> Literal | None:
    """The value of a node; None for a column, and for anything else that may stand there.

    Raises UnreadableError for a value that is not known before the statement runs.
    """
    node = unwrap(node)
    if isinstance(node, exp.Literal):
        return _text(node, node.this) if node.is_string else _number(node, node.this)
    if isinstance(node, (exp.National, exp.RawString)):
        return _text(node, node.this)
    if isinstance(node, exp.Neg) and isinstance(operand := unwrap(node.this), exp.Literal):
        return None if operand.is_string else _number(node, f"-{operand.this}")
    if isinstance(node, exp.Boolean):
        return Literal(Kind.BOOLEAN, node.this, node)
    if isinstance(node, exp.Null):
        return Literal(Kind.NULL, None, node)
    if isinstance(node, (exp.Cast, exp.TryCast)):
        return _cast(node)
    if isinstance(node, _DATE_FUNCTIONS) or _function_name(node) in _DATE_NAMES:
        return _date(node)
    if isinstance(node, _PARAMETERS):
        raise UnreadableError(node, "a parameter has no value here; write the value itself")
    if node.find(*_NOW) or any(
        _function_name(one) in _NOW_NAMES for one in node.find_all(exp.Anonymous)
    ):
        raise UnreadableError(
            node,
            "a query has fixed dates; write the date in place of the current one, such as "
            "'2026-01-31'",
        )
    return None


_PARAMETERS: Final = (exp.Placeholder, exp.Parameter, exp.SessionParameter, exp.Struct)


_NOW: Final = (
    exp.CurrentDate,
    exp.CurrentDatetime,
    exp.CurrentTime,
    exp.CurrentTimestamp,
    exp.Localtime,
    exp.Localtimestamp,
)


_NOW_NAMES: Final = ("NOW", "GETDATE", "GETUTCDATE", "SYSDATE", "TODAY", "UTC_TIMESTAMP")


_DATE_FUNCTIONS: Final = (
    exp.Date,
    exp.DateStrToDate,
    exp.StrToDate,
    exp.StrToTime,
    exp.TimeStrToTime,
    exp.Timestamp,
    exp.TsOrDsToDate,
    exp.TsOrDsToTimestamp,
)


_DATE_NAMES: Final = ("DATETIME", "TODATE", "TODATETIME")
"""Functions of SQLite and ClickHouse."""


_FORMATS: Final = (None, "%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %T")


def _function_name(node: exp.Expr) -> str:
    """The name of a function that the parser does not know."""
    return str(node.this).upper() if isinstance(node, exp.Anonymous) else ""


def _text(node: exp.Expr, text: str) -> Literal:
    return Literal(Kind.TEXT, text, node)


def _number(node: exp.Expr, text: str) -> Literal:
    try:
        return Literal(Kind.NUMBER, Decimal(text), node)
    except InvalidOperation:
        raise UnreadableError(
            node, f"{text} is not a number; write one such as 20 or 0.5"
        ) from None


_DATE_TYPES: Final = (*exp.DataType.TEMPORAL_TYPES,)


_TYPES: Final = {Kind.TEXT: exp.DataType.TEXT_TYPES, Kind.NUMBER: exp.DataType.NUMERIC_TYPES}


def _cast(node: exp.Cast) -> Literal | None:
    """The value of `CAST('2026-01-31' AS DATE)`; a number or text stays what it is."""
    inner = read_literal(node.this)
    if inner is None:
        return None
    if inner.kind in (Kind.TEXT, Kind.DATE) and node.to.this in _DATE_TYPES:
        if node.to.is_type("date") and not is_whole_day(inner.value):
            raise UnreadableError(
                node, f"{quoted(inner.value)} is not a day; write DATE '2026-01-31'"
            )
        return Literal(Kind.DATE, inner.value, inner.node)
    if any(inner.kind is kind and node.to.this in types for kind, types in _TYPES.items()):
        return inner
    raise UnreadableError(node, "a cast to another type is not read; write the value itself")


def _date(node: exp.Expr) -> Literal | None:
    """The date that a function makes of text; None if it is the date of a column."""
    arguments = [one for one in node.iter_expressions() if isinstance(one, exp.Expr)]
    inner = read_literal(arguments[0]) if arguments else None
    if inner is None or inner.kind not in (Kind.TEXT, Kind.DATE):
        return None
    format_text = node.args.get("format")
    known = format_text is None or format_text.name in _FORMATS
    if not known or len(arguments) > 1 + (format_text is not None):
        message = "this date is in another form; write '2026-01-31' or '2026-01-31 12:00:00'"
        raise UnreadableError(node, message)
    return Literal(Kind.DATE, inner.value, inner.node)


_FRACTION: Final = r":[0-9]{2}[.,]0*[1-9]"


def moment(literal: Literal) -> tuple[datetime, bool]:
    """The moment of a date in UTC, and whether it is a day without a time.

    Raises UnreadableError for what is no date, and for parts of a second.
    """
    text = str(literal.value).strip().removesuffix(" UTC")
    if literal.kind in (Kind.TEXT, Kind.DATE):
        if re.search(_FRACTION, text):
            raise UnreadableError(
                literal.node, f"{quoted(text)} has parts of a second; write whole ones"
            )
        try:
            return start_of(text), is_whole_day(text)
        except QueryError:
            pass
    found = quoted(text) if literal.kind in (Kind.TEXT, Kind.DATE) else text
    raise UnreadableError(
        literal.node, f"{found} is not a date; write '2026-01-31' or '2026-01-31 12:00:00'"
    )


def day_range(column: str, day: datetime) -> str:
    """The condition that a date is on a day, as SQL."""
    start = f"{column} >= '{day:%Y-%m-%d}'"
    try:
        return f"{start} AND {column} < '{day + _DAY:%Y-%m-%d}'"
    except OverflowError:
        return start
