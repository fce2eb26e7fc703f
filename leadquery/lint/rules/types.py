"""LQ510, LQ603 to LQ606: operators, values and functions that the type of a field does not support.

With the fields of the account, these are errors. Without them, LQ510 warns of what the types of the
standard fields do not support, as every account has these fields.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final

from leadquery._util.date_guess import guess_datetimes
from leadquery._util.text import describe_json, nearest_option
from leadquery.errors import QueryError
from leadquery.expr.field import BaseField, encode_value, supports
from leadquery.expr.field_types import (
    Boolean,
    Choice,
    Date,
    DerivedColumn,
    Field,
    Identifier,
    Number,
    Text,
    Time,
)
from leadquery.fields import STANDARD
from leadquery.lint.diagnostics import (
    Cursor,
    Edit,
    Fix,
    ParsedObject,
    Path,
    RawDiagnostic,
    ReadContext,
)
from leadquery.lint.key_matching import normalize_key
from leadquery.lint.name_index import FuzzyBudget
from leadquery.lint.rules.base import Certainty, Condition, Rule, Severity, checks_payload
from leadquery.lint.rules.examples import lead_filters
from leadquery.lint.value_readers import read_timestamp
from leadquery.wire.enums import FALSE, TRUE, AggregateFunction, Operator
from leadquery.wire.model import (
    AggregateOutput,
    ComparisonFilter,
    LeadFilter,
    MembershipFilter,
    PresenceFilter,
)
from leadquery.wire.schema import key_name
from leadquery.wire.types import Json, Timestamp, parse_timestamp

if TYPE_CHECKING:
    from leadquery.lint.catalog import FieldCatalog


STANDARD_FIELD_TYPE: Final = Rule(
    code="LQ510",
    name="standard-field-type",
    severity=Severity.WARNING,
    title="what the type of a standard field does not support",
    rationale=(
        "Standard fields have the same types in all accounts; such a filter finds nothing, "
        "or fails."
    ),
    spec_section="Lead Filters",
    certainty=Certainty.INFERRED,
    bad=lead_filters('{"LookUpName": "EngagementScore", "LookUpValue": "abc", "SqlOperator": "<"}'),
    good=lead_filters('{"LookUpName": "EngagementScore", "LookUpValue": "20", "SqlOperator": "<"}'),
)

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

UNKNOWN_OPTION: Final = Rule(
    code="LQ606",
    name="unknown-option",
    severity=Severity.WARNING,
    title="a value that is not an option of the dropdown",
    rationale=(
        "A value that differs by a space or a comma finds nothing; stored values may not be "
        "options."
    ),
    spec_section="Lead Filters",
    certainty=Certainty.SEEN,
    bad=lead_filters(
        '{"LookUpName": "ProspectStage", "LookUpValue": "Customer ", "SqlOperator": "="}'
    ),
    good=lead_filters(
        '{"LookUpName": "ProspectStage", "LookUpValue": "Customer", "SqlOperator": "="}'
    ),
)


def _misuses_standard_field(one: LeadFilter) -> bool:
    found = _standard_types().get(one.name)
    if found is None:
        return False
    operators, test = found
    if one.operator not in operators:
        return True
    if test is None:
        return False
    if isinstance(one, ComparisonFilter):
        return not test(one.value)
    return isinstance(one, MembershipFilter) and not all(map(test, one.values))


@cache
def _standard_types() -> dict[str, tuple[frozenset[Operator], ValueTest | None]]:
    """The operators and the test of values of each standard field that can be compared."""
    return {
        name: (frozenset(_operators_of(field)), _value_test(field))
        for name, field in STANDARD.items()
        if not isinstance(field, DerivedColumn)
    }


def _misuses_standard_function(output: AggregateOutput) -> bool:
    field = STANDARD.get(output.field)
    return field is not None and not _can_compute(field, output.function)


_CONDITIONS: Final[dict[type, Condition]] = {
    ComparisonFilter: _misuses_standard_field,
    MembershipFilter: _misuses_standard_field,
    PresenceFilter: _misuses_standard_field,
    AggregateOutput: _misuses_standard_function,
}


@checks_payload(_CONDITIONS)
def check_types(
    objects: Sequence[ParsedObject], catalog: FieldCatalog | None
) -> Iterator[RawDiagnostic]:
    """What does not fit the types of fields that are known; a value only if the operator does."""
    options = _OptionChecker()
    for one in objects:
        if catalog is not None:
            yield from _check_object(one, catalog, options)
        elif one.certain:
            for found in _check_object(one, STANDARD, options):
                yield found._replace(rule=STANDARD_FIELD_TYPE)


def _check_object(
    node: ParsedObject, fields: Mapping[str, BaseField[Any]] | FieldCatalog, options: _OptionChecker
) -> Iterator[RawDiagnostic]:
    match node.value:
        case ComparisonFilter(name) | MembershipFilter(name) | PresenceFilter(name):
            if (field := fields.get(name)) is not None:
                yield from _check_filter(field, node)
                if node.value.operator in _operators_of(field):
                    yield from options.check(field, node)
        case AggregateOutput(field=name, function=function):
            if (field := fields.get(name)) is not None:
                yield from check_function(field, function, node.at("field"))


def _check_filter(field: BaseField[Any], node: ParsedObject) -> Iterator[RawDiagnostic]:
    """An operator that a field does not have, or else the values that it cannot have."""
    operator = node.value.operator
    if isinstance(field, DerivedColumn):
        # Its name is reported, because it cannot be compared at all.
        return
    if operator not in _operators_of(field):
        yield _unsupported_operator(field, operator, node.at("operator"))
        return
    if _value_test(field) is None:
        return
    for value, path in _values(node):
        yield from _check_value(field, value, operator, path)


def _values(node: ParsedObject) -> Iterator[tuple[str, Path]]:
    """The values of a filter with their paths."""
    match node.value:
        case ComparisonFilter(_, value):
            yield value, node.at("value")
        case MembershipFilter(_, _, values):
            for index, value in enumerate(values):
                yield value, (*node.at("values"), index)


class _OptionChecker:
    """Checks the values of dropdowns in one payload, with one fuzzy budget."""

    def __init__(self) -> None:
        self._options: dict[str, frozenset[str]] = {}
        self._budget = FuzzyBudget()

    def check(self, field: BaseField[Any], node: ParsedObject) -> Iterator[RawDiagnostic]:
        """The values of a filter that are not options, unless it searches for a part of one."""
        searches = node.value.operator in (Operator.CONTAINS, Operator.DOES_NOT_CONTAIN)
        if not isinstance(field, Choice) or not field.options or searches:
            return
        options = self._options.setdefault(field.name, frozenset(field.options))
        for value, path in _values(node):
            if value not in options:
                nearest = self._budget.spend(partial(nearest_option, value, field.options))
                yield _unknown_option(field, value, nearest, path)


def _unknown_option(field: Choice, value: str, nearest: str | None, path: Path) -> RawDiagnostic:
    message = f"{describe_json(value)} is not an option of {describe_json(field.name)}"
    if nearest is None:
        return RawDiagnostic(UNKNOWN_OPTION, path, message, _describe_options(field))
    fix = Fix.write(path, nearest, safe=False)
    return RawDiagnostic(UNKNOWN_OPTION, path, message, f"write {nearest!r}", fix)


_MAX_NAMED: Final = 5
"""How many options a hint lists."""


def _describe_options(field: Choice) -> str:
    listed = ", ".join(map(describe_json, field.options[:_MAX_NAMED]))
    more = len(field.options) - _MAX_NAMED
    return f"the options are {listed} and {more} more" if more > 0 else f"the options are {listed}"


def keep_option(found: RawDiagnostic, raw: Json, catalog: FieldCatalog) -> RawDiagnostic:
    """A diagnostic whose fix does not split an option of the account at its commas."""
    if found.fix is None:
        return found
    edits = [_keep_option(edit, raw, catalog) for edit in found.fix.edits]
    if edits == [*found.fix.edits]:
        return found
    [written] = [edit.to for edit in edits if isinstance(edit.to, list)]
    hint = f"write {json.dumps(written, ensure_ascii=False)}, which is one option"
    return found._replace(hint=hint, fix=Fix(tuple(edits), found.fix.safe))


def _keep_option(edit: Edit, raw: Json, catalog: FieldCatalog) -> Edit:
    if not isinstance(edit.to, list) or len(edit.to) < 2:
        return edit
    holder = raw
    for step in edit.path[:-1]:
        holder = holder[step]
    value, names = holder[edit.path[-1]], (holder.get(key) for key in holder if _is_name(key))
    option = any(value in catalog.options(name) for name in names if isinstance(name, str))
    return edit._replace(to=[value]) if option else edit


def _is_name(key: object) -> bool:
    return normalize_key(key) == normalize_key(key_name(MembershipFilter, "name"))


def _operators_of(field: BaseField[Any]) -> tuple[Operator, ...]:
    """The operators that a field supports, in the order of the API page."""
    found = _OPERATORS.get(type(field))
    if found is None:
        found = tuple(operator for operator in Operator if supports(field, operator))
        _OPERATORS[type(field)] = found
    return found


_OPERATORS: Final[dict[type[BaseField[Any]], tuple[Operator, ...]]] = {}


def _unsupported_operator(field: BaseField[Any], operator: Operator, path: Path) -> RawDiagnostic:
    *most, last = [repr(one.token) for one in _operators_of(field)]
    message = f"{describe_json(field.name)} is {_type_name(field)}, which has no {operator.token!r}"
    hint = f"it has {', '.join(most)} and {last}"
    return RawDiagnostic(UNSUPPORTED_OPERATOR, path, message, hint)


def _can_compute(field: BaseField[Any], function: AggregateFunction) -> bool:
    return function is AggregateFunction.COUNT or isinstance(field, (Number, Field, DerivedColumn))


def check_function(
    field: BaseField[Any], function: AggregateFunction, path: Path
) -> Iterator[RawDiagnostic]:
    """An average or a sum of a field that is not a number, or of unknown type."""
    if _can_compute(field, function):
        return
    message = f"{describe_json(field.name)} is {_type_name(field)}, which has no {function.label}"
    hint = f"use a number field, or {AggregateFunction.COUNT.token!r}"
    yield RawDiagnostic(UNSUPPORTED_FUNCTION, path, message, hint)


def _check_value(
    field: BaseField[Any], value: str, operator: Operator, path: Path
) -> Iterator[RawDiagnostic]:
    """A value that the type of a field cannot have."""
    test = _value_test(field)
    if test is None or test(value):
        return
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


ValueTest = Callable[[str], object]
"""True for the values that a field can have."""


def _is_timestamp(value: str) -> bool:
    try:
        parse_timestamp(value)
    except ValueError:
        return False
    return True


def _is_time(field: Time, value: str) -> bool:
    try:
        return encode_value(field, value) == value
    except QueryError:
        return False


def _value_test(field: BaseField[Any]) -> ValueTest | None:
    """Whether a field can have a value; None if it can have any."""
    match field:
        case Number():
            return _is_plain_number
        case Boolean():
            return (TRUE, FALSE).__contains__
        case Date():
            return _is_timestamp
        case Time():
            return partial(_is_time, field)
    return None


def _check_number(field: Number, value: str, path: Path) -> Iterator[RawDiagnostic]:
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
    message = f"expected {TRUE!r} or {FALSE!r}, found {describe_json(value)}"
    meaning = _BOOLEANS.get(value.strip().casefold())
    if meaning is None:
        yield _invalid(path, message, f"write {TRUE!r} for true or {FALSE!r} for false")
    else:
        yield _invalid_with_fix(path, message, encode_value(field, meaning), safe=True)


def _check_date(field: Date, value: str, operator: Operator, path: Path) -> Iterator[RawDiagnostic]:
    guess = guess_datetimes(value)
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
        yield _invalid_with_fix(path, message, text, safe=False)
