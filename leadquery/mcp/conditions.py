"""Read the conditions of a query that a model has written as JSON.

A condition is `{"field", "op", "value"}`, `{"owner", "op", "value"}` about the user who owns the
lead, or one of `{"all": [...]}`, `{"any": [...]}` and `{"not": ...}`. Operators have the names that
they have in Python.
"""

from __future__ import annotations

import operator as python_operators
import re
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any, Final

import attrs

from leadquery import periods
from leadquery._util.text import closest_match, describe_json, json_type_name
from leadquery.expr.field import BaseField, operators_of, supports, type_name
from leadquery.expr.field_types import Boolean, Choice, Date, DerivedColumn, Number, Text
from leadquery.expr.predicate import Condition
from leadquery.expr.user_field import Attribute, UserPredicate
from leadquery.lint.catalog import FieldCatalog
from leadquery.lint.name_index import UnknownName
from leadquery.lint.rules.names import FieldNames
from leadquery.mcp.refusals import Mistakes
from leadquery.periods import Period
from leadquery.result.serialize import dumps
from leadquery.wire.enums import ALIASES, UNSUPPORTED_OPERATORS, Arity, LogicalOperator, Operator

OPERATORS: Final = {one.python: one for one in Operator}

RANGES: Final = ("between", "during")

USER_OPERATORS: Final = ("==", "is_in", "contains")

OPERATOR_NAMES: Final = (*OPERATORS, *RANGES)

_JOINERS: Final = {"all": LogicalOperator.AND, "any": LogicalOperator.OR}

MAX_DEPTH: Final = 20

UNITS: Final = ("day", "week", "month", "quarter", "year")
"""What dates are grouped by."""

PERIODS: Final = (
    "today",
    "yesterday",
    *(f"{which}_{unit}" for unit in UNITS[1:] for which in ("this", "last")),
)
"""Periods relative to now, by the name of their function."""

PERIOD_FORMS: Final = (
    f"{', '.join(PERIODS)}, last_7_days (any number), 2026, 2026-Q1, 2026-03, 2026-03-31, or an "
    'object {"from": "2026-03-01", "to": "2026-03-31"}, both included, without "to" until now'
)


@attrs.define(eq=False)
class ConditionReader:
    """Reads conditions, with the fields of the account. What is wrong is added to `mistakes`."""

    catalog: FieldCatalog
    mistakes: Mistakes
    tz: str | None = None
    _names: FieldNames = attrs.field(
        init=False, default=attrs.Factory(lambda self: FieldNames(self.catalog), takes_self=True)
    )

    def read(self, place: str, given: object, depth: int = 1) -> Condition | None:
        """The condition of a JSON value; None if it has a mistake."""
        if not self.mistakes.check_type(given, place, dict):
            return None
        if depth > MAX_DEPTH:
            self.mistakes.add(place, f"conditions nest more than {MAX_DEPTH} deep; write fewer")
            return None
        kinds = [one for one in ("field", "owner", "not", *_JOINERS) if one in given]
        if len(kinds) != 1:
            found = f"found {' and '.join(kinds)}" if kinds else "found none of them"
            self.mistakes.add(
                place,
                'a condition has one of "field", "owner", "all", "any" and "not"; '
                f'{found}; write {{"field": "Score", "op": ">", "value": 50}}',
            )
            return None
        (kind,) = kinds
        if kind in _JOINERS:
            self.mistakes.check_keys(place, given, [kind])
            return self._read_joined(f"{place}.{kind}", given[kind], _JOINERS[kind], depth)
        if kind == "not":
            self.mistakes.check_keys(place, given, [kind])
            inner = self.read(f"{place}.not", given["not"], depth + 1)
            return None if inner is None else self.mistakes.build(place, inner.__invert__)
        self.mistakes.check_keys(place, given, [kind, "op", "value"])
        read = self._read_field_condition if kind == "field" else self._read_owner_condition
        return read(place, given)

    def _read_joined(
        self, place: str, given: object, joiner: LogicalOperator, depth: int
    ) -> Condition | None:
        parts = self.read_all(place, given, depth + 1)
        if not parts:
            return None
        combine = python_operators.and_ if joiner is LogicalOperator.AND else python_operators.or_
        return self.mistakes.build(place, reduce, combine, parts)

    def read_all(self, place: str, given: object, depth: int = 1) -> list[Condition]:
        """The conditions of a list, without those that have a mistake."""
        if not self.mistakes.check_type(given, place, list):
            return []
        if not given:
            self.mistakes.add(place, "the list is empty; write a condition, or leave it out")
        read = [self.read(f"{place}[{index}]", one, depth) for index, one in enumerate(given)]
        return [one for one in read if one is not None]

    def field(
        self, place: str, name: object, check: Callable[[str], UnknownName | None] | None = None
    ) -> BaseField[Any] | None:
        """The field of a name, or of what a misspelt name probably stands for."""
        if not self.mistakes.check_type(name, place, str):
            return None
        unknown = (check or self._names.check_field)(name)
        if unknown is not None:
            hint = unknown.hint
            if isinstance(self.catalog.get(name), DerivedColumn) and unknown.replacement is None:
                hint = 'write {"owner": "EmailAddress", "op": "==", "value": ...} for the owner'
            elif unknown.replacement is None:
                hint = f"{hint}; find_fields finds them"
            self.mistakes.add(place, f"{unknown.message}; {hint}")
            name = unknown.replacement or ""
        found = self.catalog.get(name)
        # Whether a value is an option, `check` says.
        return Choice(found.name, found.label) if isinstance(found, Choice) else found

    def column(self, place: str, name: object) -> BaseField[Any] | None:
        """The field of a column of a list."""
        return self.field(place, name, self._names.check_column)

    def _read_field_condition(self, place: str, given: Mapping[str, Any]) -> Condition | None:
        field = self.field(
            f"{place}.field",
            given["field"],
            lambda name: self._names.check_field(name, compared=True),
        )
        name = given.get("op")
        if "op" not in given:
            self.mistakes.add(place, f'"op" is missing; write one of {_offered(field)}')
            return None
        if field is None or isinstance(field, DerivedColumn):
            return None
        operator = OPERATORS.get(name) if isinstance(name, str) else None
        is_range = name in RANGES and hasattr(type(field), str(name))
        if not is_range and (operator is None or not supports(field, operator)):
            self.mistakes.add(f"{place}.op", _operator_message(field, name))
            return None
        if not self._check_value(place, given, field, str(name), operator):
            return None
        value = given.get("value")
        if operator is None:
            return self._read_range(f"{place}.value", field, str(name), value)
        return self.mistakes.build(f"{place}.value", self._compare, field, operator, value)

    def _check_value(
        self,
        place: str,
        given: Mapping[str, Any],
        field: BaseField[Any],
        name: str,
        operator: Operator | None,
    ) -> bool:
        """Whether the value is of the form that the operator takes; a mistake if it is not."""
        value, found = given.get("value"), describe_json(given.get("value"))
        message = None
        if operator is not None and operator.takes is Arity.NONE:
            if value is not None:
                message = f"{name} takes no value, found {found}; leave it out"
        elif value is None:
            missing = "found null" if "value" in given else '"value" is missing'
            message = f'{missing}; for leads without data write "op": "has_no_data"'
        elif name == "is_in" and not isinstance(value, list):
            message = f"is_in takes a list, found {found}; write {dumps([value])}"
        elif name not in ("is_in", *RANGES) and isinstance(value, (list, dict)):
            hint = 'write "op": "is_in"' if isinstance(value, list) else "write a text or a number"
            message = f"{name} takes one value, found {json_type_name(value)}; {hint}"
        elif name != "during":
            values = value if isinstance(value, list) else [value]
            message = next(
                (one for one in (_wrong_type(field, one) for one in values) if one), None
            )
        if message is not None:
            self.mistakes.add(f"{place}.value", message)
        return message is None

    def _compare(self, field: BaseField[Any], operator: Operator, value: Any) -> Condition:
        if operator.takes is Arity.NONE or operator is Operator.ONE_OF:
            method = getattr(field, operator.python)
            built: Condition = method(value) if operator is Operator.ONE_OF else method()
            return built
        if self.tz is not None and isinstance(field, Date) and isinstance(value, str):
            return _compare_in_zone(field, operator, value, self.tz)
        return field._compare(operator, value)

    def _read_range(
        self, place: str, field: BaseField[Any], name: str, value: Any
    ) -> Condition | None:
        if name == "during":
            period = self.period(place, value)
            return None if period is None else self.mistakes.build(place, field.during, period)  # type: ignore[attr-defined]
        if not isinstance(value, list) or len(value) != 2:
            message = (
                f"between takes the lowest and the highest value, found {describe_json(value)}"
            )
            self.mistakes.add(place, f"{message}; write [10, 20]")
            return None
        if self.tz is not None and isinstance(field, Date):
            low, high = (str(one) for one in value)
            period = self.mistakes.build(place, periods.between, low, high, self.tz)
            return None if period is None else self.mistakes.build(place, field.during, period)
        hint = f"write {dumps(value[::-1])}"
        return self.mistakes.build(place, field.between, *value, hint=hint)  # type: ignore[attr-defined]

    def period(self, place: str, given: object) -> Period | None:
        """The period of a text or of an object with two dates."""
        return self.mistakes.build(place, self._period, place, given)

    def _period(self, place: str, given: object) -> Period | None:
        if isinstance(given, dict):
            self.mistakes.check_keys(place, given, ("from", "to"))
            start, end = given.get("from"), given.get("to")
            if isinstance(start, str) and isinstance(end, str):
                return periods.between(start, end, self.tz)
            if isinstance(start, str) and "to" not in given:
                return periods.since(start, tz=self.tz)
        if isinstance(given, str):
            if given in PERIODS:
                relative: Period = getattr(periods, given)(tz=self.tz)
                return relative
            for pattern, build in _DATED:
                if match := re.fullmatch(pattern, given):
                    return build(*map(int, match.groups()), tz=self.tz)
            if re.fullmatch(_DAY, given):
                return periods.between(given, given, self.tz)
        self.mistakes.add(place, f"{describe_json(given)} is no period; write {PERIOD_FORMS}")
        return None

    def _read_owner_condition(self, place: str, given: Mapping[str, Any]) -> UserPredicate | None:
        name, operator, value = (given.get(key) for key in ("owner", "op", "value"))
        if not self.mistakes.check_type(name, f"{place}.owner", str):
            return None
        if operator not in USER_OPERATORS:
            found = describe_json(operator) if "op" in given else "nothing"
            message = f"conditions on owners have {', '.join(USER_OPERATORS)}, found {found}"
            self.mistakes.add(f"{place}.op", f'{message}; write "op": "=="')
            return None
        if not self.mistakes.check_type(
            value, f"{place}.value", list if operator == "is_in" else str
        ):
            return None
        attribute = self.mistakes.build(
            f"{place}.owner", Attribute, name, hint='write an attribute such as "Role"'
        )
        if attribute is None:
            return None
        compare = attribute.__eq__ if operator == "==" else getattr(attribute, str(operator))
        return self.mistakes.build(f"{place}.value", compare, value)


_DATED: Final[tuple[tuple[str, Callable[..., Period]], ...]] = (
    (r"last_(\d{1,6})_days", lambda n, tz: periods.last_days(n, tz=tz)),
    (r"(\d{4})", lambda year, tz: periods.year(year, tz=tz)),
    (r"(\d{4})-[Qq]([1-4])", lambda year, n, tz: periods.quarter(year, n, tz=tz)),
    (r"(\d{4})-(\d{2})", lambda year, month, tz: periods.month(year, month, tz=tz)),
)
"""The forms of a period with numbers, and what builds each."""

_DAY: Final = r"\d{4}-\d{2}-\d{2}"


def _compare_in_zone(field: Date, operator: Operator, value: str, tz: str) -> Condition:
    """A comparison with a date in a time zone; without a time it is the whole day."""
    if operator in (Operator.EQUAL, Operator.NOT_EQUAL) and periods.is_whole_day(value):
        day = field.during(periods.between(value, value, tz))
        # As in Python, the opposite is two ranges.
        return day if operator is Operator.EQUAL else ~day
    read = periods.end_of if operator in (Operator.ABOVE, Operator.AT_MOST) else periods.start_of
    return field._compare(operator, read(value, tz))


def _offered(field: BaseField[Any] | None) -> str:
    names = OPERATOR_NAMES if field is None else [one.strip(".()") for one in operators_of(field)]
    return ", ".join(names)


def _operator_message(field: BaseField[Any], name: object) -> str:
    """What is wrong with an operator, and what to write for it."""
    message = f"{field.name} is {type_name(field)}, which has no operator {describe_json(name)}"
    folded = re.sub(r"[\s_]+", " ", str(name)).strip().casefold()
    if folded in UNSUPPORTED_OPERATORS and "between" not in folded:
        if "in" in folded.split() or "of" in folded.split() or folded.endswith("in"):
            return f'{message}; write {{"not": {{"field": "{field.name}", "op": "is_in", ...}}}}'
        folded = Operator.CONTAINS.python
    near = next((one.python for one in Operator if folded in _spellings(one)), None)
    near = near or closest_match(folded, {one.replace("_", " "): one for one in OPERATOR_NAMES})
    offered = _offered(field)
    if near is not None and near in offered.split(", "):
        return f"{message}; write {near!r}"
    return f"{message}; write one of {offered}"


def _spellings(operator: Operator) -> set[str]:
    """What people write for an operator."""
    return {operator.token, operator.label, *map(str.casefold, ALIASES.get(operator, ()))}


def _wrong_type(field: BaseField[Any], value: object) -> str | None:
    """What is wrong with the JSON type of a value for a field, if anything."""
    found = describe_json(value)
    if isinstance(field, Number) and isinstance(value, str):
        is_number = re.fullmatch(r"-?\d+(\.\d+)?", value)
        hint = f"write {value} without quotes" if is_number else "write a number such as 20"
        return f"{field.name} is {type_name(field)}, found {found}; {hint}"
    if isinstance(field, Boolean) and not isinstance(value, bool):
        return f"{field.name} is {type_name(field)}, found {found}; write true or false"
    if isinstance(field, Text) and not isinstance(value, str):
        hint = f'write "{found}"' if type(value) in (int, float) else "write a text"
        return f"{field.name} is {type_name(field)}, found {found}; {hint}"
    return None
