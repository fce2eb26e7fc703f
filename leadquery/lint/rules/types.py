"""LQ603 to LQ605: operators, values and functions that the type of a field does not support."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from leadquery._util.date_guess import guess_datetimes
from leadquery._util.text import describe_json
from leadquery.errors import QueryError
from leadquery.expr.field import BaseField, encode_value, supports
from leadquery.expr.field_types import Boolean, Choice, Date, Field, Identifier, Number, Text, Time
from leadquery.lint.diagnostics import Cursor, Fix, Path, RawDiagnostic, ReadContext
from leadquery.lint.rules.base import Certainty, Rule, Severity
from leadquery.lint.rules.examples import lead_filters
from leadquery.lint.value_readers import read_timestamp
from leadquery.wire.enums import FALSE, TRUE, AggregateFunction, Operator
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


def operators_of(field: BaseField[Any]) -> tuple[Operator, ...]:
    """The operators that a field supports, in the order of the API page."""
    return tuple(operator for operator in Operator if supports(field, operator))


def unsupported_operator(field: BaseField[Any], operator: Operator, path: Path) -> RawDiagnostic:
    """An operator that the type of a field does not support."""
    *most, last = [repr(one.token) for one in operators_of(field)]
    message = f"{describe_json(field.name)} is {_type_name(field)}, which has no {operator.token!r}"
    hint = f"it has {', '.join(most)} and {last}"
    return RawDiagnostic(UNSUPPORTED_OPERATOR, path, message, hint)


def check_function(
    field: BaseField[Any], function: AggregateFunction, path: Path
) -> Iterator[RawDiagnostic]:
    """An average or a sum of a field that is not a number, or of unknown type."""
    if function is AggregateFunction.COUNT or isinstance(field, (Number, Field)):
        return
    message = f"{describe_json(field.name)} is {_type_name(field)}, which has no {function.label}"
    hint = f"use a number field, or {AggregateFunction.COUNT.token!r}"
    yield RawDiagnostic(UNSUPPORTED_FUNCTION, path, message, hint)


def check_value(
    field: BaseField[Any], value: str, operator: Operator, path: Path
) -> Iterator[RawDiagnostic]:
    """A value that the type of a field cannot have."""
    match field:
        case Number():
            yield from _check_number(field, value, path)
        case Boolean():
            yield from _check_boolean(field, value, path)
        case Date():
            yield from _check_date(field, value, operator, path)
        case Time():
            yield from _check_time(field, value, path)


def _type_name(field: BaseField[Any]) -> str:
    return next(name for field_type, name in _TYPE_NAMES if isinstance(field, field_type))


_TYPE_NAMES: Final[tuple[tuple[type[BaseField[Any]], str], ...]] = (
    (Number, "a number"),
    (Choice, "a dropdown"),
    (Text, "text"),
    (Boolean, "true or false"),
    (Date, "a date"),
    (Time, "a time of day"),
    (Identifier, "an id"),
)


def _invalid(path: Path, message: str, hint: str) -> RawDiagnostic:
    return RawDiagnostic(INVALID_FIELD_VALUE, path, message, hint)


def _invalid_with_fix(path: Path, message: str, text: str, *, safe: bool) -> RawDiagnostic:
    fix = Fix.write(path, text, safe=safe)
    return RawDiagnostic(INVALID_FIELD_VALUE, path, message, f"write {text!r}", fix)


_is_plain_number = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)").fullmatch

_is_grouped_number = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3}(?:\.[0-9]+)?").fullmatch


def _check_number(field: Number, value: str, path: Path) -> Iterator[RawDiagnostic]:
    if _is_plain_number(value):
        return
    grouped = _is_grouped_number(value) is not None
    try:
        text = encode_value(field, Decimal(value.replace(",", "") if grouped else value))
    except (ArithmeticError, QueryError):
        message = f"{describe_json(value)} is not a number"
        yield _invalid(path, message, "write a number such as '20' or '0.5'")
    else:
        # In some countries, a comma separates the decimals.
        message = f"{describe_json(value)} is not a plain number"
        yield _invalid_with_fix(path, message, text, safe=not grouped)


_BOOLEANS: Final = {
    "true": True, "yes": True, TRUE: True, "false": False, "no": False, FALSE: False
}  # fmt: skip


def _check_boolean(field: Boolean, value: str, path: Path) -> Iterator[RawDiagnostic]:
    if value in (TRUE, FALSE):
        return
    message = f"expected {TRUE!r} or {FALSE!r}, found {describe_json(value)}"
    meaning = _BOOLEANS.get(value.strip().casefold())
    if meaning is None:
        yield _invalid(path, message, f"write {TRUE!r} for true or {FALSE!r} for false")
    else:
        yield _invalid_with_fix(path, message, encode_value(field, meaning), safe=True)


def _check_date(field: Date, value: str, operator: Operator, path: Path) -> Iterator[RawDiagnostic]:
    try:
        parse_timestamp(value)
    except ValueError:
        guess = guess_datetimes(value)
    else:
        return
    if guess.whole_day and len(guess.moments) == 1:
        yield _missing_time(field, value, guess.moments[0], operator, path)
        return
    context = ReadContext()
    late = operator in (Operator.ABOVE, Operator.AT_MOST)
    read_timestamp(Timestamp(end_of_day=late), value, Cursor(path, context))
    for one in context.diagnostics:
        yield one._replace(rule=INVALID_FIELD_VALUE)


def _missing_time(
    field: Date, value: str, start: datetime, operator: Operator, path: Path
) -> RawDiagnostic:
    """A date without a time of day; the operator decides which moment of the day is meant."""
    message, day = f"{value!r} has no time of day", start.date()
    first, last = (
        encode_value(field, day, Operator.AT_LEAST),
        encode_value(field, day, Operator.AT_MOST),
    )
    if operator is Operator.EQUAL:
        least, most = Operator.AT_LEAST.token, Operator.AT_MOST.token
        hint = f"for the whole day write two filters, {least!r} {first!r} and {most!r} {last!r}"
        return _invalid(path, message, hint)
    if operator is Operator.NOT_EQUAL:
        return _invalid(path, message, f"write a date and time such as {first!r}")
    return _invalid_with_fix(path, message, encode_value(field, day, operator), safe=False)


def _check_time(field: Time, value: str, path: Path) -> Iterator[RawDiagnostic]:
    message = f"{describe_json(value)} is not a time of day in the format of the API"
    try:
        text = encode_value(field, value)
    except QueryError:
        yield _invalid(path, message, "write a time such as '09:30:00'")
    else:
        if text != value:
            yield _invalid_with_fix(path, message, text, safe=False)
