"""LQ604 and LQ606: values that the type of a field, or the options of a dropdown, do not have."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from leadquery._util.text import describe_json, nearest_option, with_lookalike
from leadquery.errors import QueryError
from leadquery.expr.collation import SEARCHES
from leadquery.expr.field import BaseField, encode_value, supports
from leadquery.expr.field_types import Boolean, Choice, Date, Identifier, Number, Time
from leadquery.lint.diagnostics import (
    Cursor,
    Edit,
    Fix,
    ParsedObject,
    Path,
    RawDiagnostic,
    ReadContext,
)
from leadquery.lint.name_index import FuzzyBudget
from leadquery.lint.rules import Certainty, Rule, Severity
from leadquery.lint.rules.examples import lead_filters
from leadquery.wire.enums import FALSE, SEPARATOR, TRUE, Operator
from leadquery.wire.model import ComparisonFilter, MembershipFilter, ReportFilter
from leadquery.wire.schema import key_name
from leadquery.wire.types import Json, Timestamp, parse_timestamp

if TYPE_CHECKING:
    from leadquery.lint.catalog import FieldCatalog


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


def filter_values(node: ParsedObject) -> Iterator[tuple[str, Path]]:
    """The values of a filter with their paths."""
    match node.value:
        case ComparisonFilter(_, value):
            yield value, node.at("value")
        case MembershipFilter(_, _, values):
            for index, value in enumerate(values):
                yield value, (*node.at("values"), index)


class OptionChecker:
    """Checks the values of dropdowns in one payload, with one fuzzy budget."""

    def __init__(self, catalog: FieldCatalog) -> None:
        self._catalog = catalog
        self._options: dict[str, frozenset[str]] = {}
        self._budget = FuzzyBudget()

    def check(self, node: ParsedObject) -> Iterator[RawDiagnostic]:
        """The values of a filter that are not options, if its operator compares whole values."""
        if not isinstance(node.value, (ComparisonFilter, MembershipFilter)):
            return
        field = self._catalog.get(node.value.name)
        if not isinstance(field, Choice) or not field.options or field.others:
            return
        if node.value.operator in SEARCHES or not supports(field, node.value.operator):
            return
        options = self._options.setdefault(field.name, frozenset(field.options))
        for value, path in filter_values(node):
            if value not in options:
                nearest = self._budget.spend(partial(nearest_option, value, field.options))
                yield _unknown_option(field, value, nearest, path)


def _unknown_option(field: Choice, value: str, nearest: str | None, path: Path) -> RawDiagnostic:
    message = f"{describe_json(value)} is not an option of {describe_json(field.name)}"
    if nearest is None:
        return RawDiagnostic(UNKNOWN_OPTION, path, message, _describe_options(field))
    message = with_lookalike(message, value)
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
    from leadquery.lint.key_matching import normalize_key

    return normalize_key(key) == normalize_key(key_name(MembershipFilter, "name"))


def check_value(
    field: BaseField[Any], value: str, operator: Operator, path: Path
) -> Iterator[RawDiagnostic]:
    """A value that the type of a field cannot have."""
    test = value_test(field)
    if test is None or test(value):
        return
    match field:
        case Number():
            yield from _check_number(field, value, path)
        case Boolean():
            yield from _check_boolean(field, value, path)
        case Date():
            yield from _check_date(field, value, operator, path)
        case Identifier():
            yield _not_an_id(value, operator, path)
        case _:
            yield from _check_time(field, value, path)


def _invalid(path: Path, message: str, hint: str) -> RawDiagnostic:
    return RawDiagnostic(INVALID_FIELD_VALUE, path, message, hint)


def _invalid_with_fix(path: Path, message: str, text: str, *, safe: bool) -> RawDiagnostic:
    fix = Fix.write(path, text, safe=safe)
    return RawDiagnostic(INVALID_FIELD_VALUE, path, message, f"write {text!r}", fix)


NUMBER: Final = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)"
"""The pattern of a number that a filter takes."""

_is_plain_number = re.compile(NUMBER).fullmatch

_is_grouped_number = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3}(?:\.[0-9]+)?").fullmatch

ValueTest = Callable[[str], object]
"""True for the values that a field can have."""


def _is_timestamp(value: str) -> bool:
    try:
        parse_timestamp(value)
    except ValueError:
        return False
    return True


def _is_one_id(value: str) -> bool:
    return SEPARATOR not in value and "@" not in value


def _not_an_id(value: str, operator: Operator, path: Path) -> RawDiagnostic:
    if SEPARATOR in value:
        message = f"{describe_json(value)} contains a comma, which no id has"
        return _invalid(path, message, _LIST_HINTS.get(operator, "write a filter for each id"))
    message = f"{describe_json(value)} is an e-mail address, not an id"
    users = key_name(ReportFilter, "users")
    return _invalid(path, message, f"write an id, or find owners by their address in {users!r}")


_LIST_HINTS: Final = {
    Operator.EQUAL: (
        f"for one of several ids write {Operator.ONE_OF.token!r}, "
        f"and a list of them under {key_name(MembershipFilter, 'values')!r}"
    ),
    Operator.ONE_OF: "write each id in quotes of its own",
}


def _is_time(field: Time, value: str) -> bool:
    try:
        return encode_value(field, value) == value
    except QueryError:
        return False


def value_test(field: BaseField[Any]) -> ValueTest | None:
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
        case Identifier():
            return _is_one_id
    return None


def _check_number(field: Number, value: str, path: Path) -> Iterator[RawDiagnostic]:
    from decimal import Decimal

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
    from leadquery._util.date_guess import guess_datetimes
    from leadquery.lint.rules.values import read_timestamp

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


def _check_time(field: BaseField[Any], value: str, path: Path) -> Iterator[RawDiagnostic]:
    message = f"{describe_json(value)} is not a time of day in the format of the API"
    try:
        text = encode_value(field, value)
    except QueryError:
        yield _invalid(path, message, "write a time such as '09:30:00'")
    else:
        yield _invalid_with_fix(path, message, text, safe=False)
