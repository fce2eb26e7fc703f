"""What each kind of field offers and holds, said of the filters of a payload."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from leadquery._util.date_guess import guess_datetimes
from leadquery._util.text import describe_json
from leadquery.errors import QueryError
from leadquery.expr.field import BaseField, supports
from leadquery.expr.field_types import Boolean, Choice, Date, Identifier, Number, Text, Time
from leadquery.lint.diagnostics import Cursor, EditKind, ReadContext
from leadquery.lint.rules.base import Certainty, Rule, Severity
from leadquery.lint.rules.examples import lead_filters
from leadquery.wire.enums import AggregateFunction, Operator
from leadquery.wire.protocol import FALSE, TRUE
from leadquery.wire.types import Timestamp, parse_timestamp

UNSUPPORTED_OPERATOR: Final = Rule(
    code="LQ603",
    name="unsupported-operator",
    severity=Severity.ERROR,
    title="an operator that the type of the field does not support",
    rationale="Only numbers and dates can be above or below; only text can contain text.",
    spec_section="Lead Filters",
    certainty=Certainty.INFERRED,
    bad=lead_filters(
        '{"LookUpName": "ProspectStage", "LookUpValue": "Customer", "SqlOperator": ">"}'
    ),
    good=lead_filters(
        '{"LookUpName": "ProspectStage", "LookUpValue": "Customer", "SqlOperator": "="}'
    ),
)

INVALID_FIELD_VALUE: Final = Rule(
    code="LQ604",
    name="invalid-field-value",
    severity=Severity.ERROR,
    title="a value that the type of the field cannot have",
    rationale="Such a filter finds nothing, or makes the API fail.",
    spec_section="Lead Filters",
    certainty=Certainty.SEEN,
    bad=lead_filters('{"LookUpName": "Score", "LookUpValue": "high", "SqlOperator": ">"}'),
    good=lead_filters('{"LookUpName": "Score", "LookUpValue": "80", "SqlOperator": ">"}'),
)

UNSUPPORTED_FUNCTION: Final = Rule(
    code="LQ605",
    name="unsupported-function",
    severity=Severity.ERROR,
    title="an average or a sum of a field that is not a number",
    rationale="Only numbers can be averaged and summed.",
    spec_section="Output",
    certainty=Certainty.INFERRED,
    bad='{"Output": {"Type": "aggregate", "GroupBy": "ProspectStage",\n'
    ' "AggregateFunction": "Sum", "AggregateField": "Phone"}}',
    good='{"Output": {"Type": "aggregate", "GroupBy": "ProspectStage",\n'
    ' "AggregateFunction": "Sum", "AggregateField": "Score"}}',
)


TypeRules = type[BaseField[Any]]

_CALLED: Final[tuple[tuple[TypeRules, str], ...]] = (
    (Number, "a number"),
    (Choice, "a dropdown"),
    (Text, "text"),
    (Boolean, "true or false"),
    (Date, "a date"),
    (Time, "a time of day"),
    (Identifier, "an id"),
)

_TRUTHS: Final = {"true": True, "yes": True, TRUE: True, "false": False, "no": False, FALSE: False}

_plain = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)").fullmatch

_grouped = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3}(?:\.[0-9]+)?").fullmatch


def operators_of(word: BaseField[Any]) -> tuple[Operator, ...]:
    """The operators that the kind of a field offers, in the order of the API's table."""
    return tuple(one for one in Operator if supports(word, one))


def report_operator(word: BaseField[Any], operator: Operator, spot: Cursor) -> None:
    """Note an operator that the kind of a field lacks."""
    *most, last = [repr(one.token) for one in operators_of(word)]
    message = f"{describe_json(word.name)} is {_called(word)}, which has no {operator.token!r}"
    spot.report(UNSUPPORTED_OPERATOR, message, f"it has {', '.join(most)} and {last}")


def report_function(word: BaseField[Any], function: AggregateFunction, spot: Cursor) -> None:
    """Note that something is computed of a field that is no number."""
    message = f"{describe_json(word.name)} is {_called(word)}, which has no {function.label}"
    hint = f"name a field of numbers, or count with {AggregateFunction.COUNT.token!r}"
    spot.report(UNSUPPORTED_FUNCTION, message, hint)


def check_value(word: BaseField[Any], value: str, operator: Operator, spot: Cursor) -> None:
    """Note a value that the kind of a field cannot have."""
    match word:
        case Number():
            _number(word, value, spot)
        case Boolean():
            _boolean(word, value, spot)
        case Date():
            _date(word, value, operator, spot)
        case Time():
            _time(word, value, spot)


def _called(word: BaseField[Any]) -> str:
    return next(called for kind, called in _CALLED if isinstance(word, kind))


def _report(spot: Cursor, message: str, hint: str) -> None:
    spot.report(INVALID_FIELD_VALUE, message, hint)


def _write(spot: Cursor, message: str, text: str, *, safe: bool) -> None:
    fix = spot.fix(EditKind.WRITE, text, safe=safe)
    spot.report(INVALID_FIELD_VALUE, message, f"write {text!r}", fix)


def _number(word: BaseField[Any], value: str, spot: Cursor) -> None:
    if _plain(value):
        return
    grouped = _grouped(value) is not None
    try:
        text = word.text(Decimal(value.replace(",", "") if grouped else value))
    except (ArithmeticError, QueryError):
        _report(
            spot, f"{describe_json(value)} is no number", "write a number such as '20' or '0.5'"
        )
    else:
        # Elsewhere the comma may stand before the decimals.
        _write(spot, f"{describe_json(value)} is no plain number", text, safe=not grouped)


def _boolean(word: BaseField[Any], value: str, spot: Cursor) -> None:
    if value in (TRUE, FALSE):
        return
    truth = _TRUTHS.get(value.strip().casefold())
    message = f"{describe_json(value)} stands where {TRUE!r} or {FALSE!r} belongs"
    if truth is None:
        _report(spot, message, f"write {TRUE!r} for true or {FALSE!r} for false")
    else:
        _write(spot, message, word.text(truth), safe=True)


def _date(word: BaseField[Any], value: str, operator: Operator, spot: Cursor) -> None:
    try:
        parse_timestamp(value)
    except ValueError:
        meant = guess_datetimes(value)
    else:
        return
    if meant.whole_day and len(meant.moments) == 1:
        _day(word, value, meant.moments[0], operator, spot)
        return
    apart = ReadContext(spot.walk.read)
    late = operator in (Operator.ABOVE, Operator.AT_MOST)
    Cursor(spot.path, apart).read(Timestamp(last=late), value)
    spot.walk.findings.extend(one._replace(rule=INVALID_FIELD_VALUE) for one in apart.findings)


def _day(
    word: BaseField[Any], value: str, start: datetime, operator: Operator, spot: Cursor
) -> None:
    """Note a date without a time of day: which of its moments is meant hangs on the operator."""
    message, day = f"{value!r} has no time of day", start.date()
    first, last = word.text(day, Operator.AT_LEAST), word.text(day, Operator.AT_MOST)
    if operator is Operator.EQUAL:
        least, most = Operator.AT_LEAST.token, Operator.AT_MOST.token
        hint = f"for the whole day write two filters, {least!r} {first!r} and {most!r} {last!r}"
        _report(spot, message, hint)
    elif operator is Operator.NOT_EQUAL:
        _report(spot, message, f"write a moment such as {first!r}")
    else:
        _write(spot, message, word.text(day, operator), safe=False)


def _time(word: BaseField[Any], value: str, spot: Cursor) -> None:
    message = f"{describe_json(value)} is no time of day as the API writes it"
    try:
        text = word.text(value)
    except QueryError:
        _report(spot, message, "write a time such as '09:30:00'")
    else:
        if text != value:
            _write(spot, message, text, safe=False)
