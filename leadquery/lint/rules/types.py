"""LQ510, LQ603 and LQ605: operators and functions that the type of a field does not support.

With the fields of the account, these are errors, and so are wrong values (`field_values`). Without
them, LQ510 warns of what the types of the standard fields do not support.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from leadquery._util.text import describe_json
from leadquery.expr.field import BaseField, supports
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
    EditKind,
    ParsedObject,
    Path,
    RawDiagnostic,
    ReadContext,
)
from leadquery.lint.fixes import apply_to_object
from leadquery.lint.rules import Certainty, Rule, Severity, When, checks_payload
from leadquery.lint.rules.examples import lead_filters
from leadquery.lint.rules.field_values import (
    INVALID_FIELD_VALUE,
    UNKNOWN_OPTION,
    OptionChecker,
    ValueTest,
    check_value,
    filter_values,
    value_test,
)
from leadquery.lint.rules.suspicious import SINGLE_VALUE_LIST
from leadquery.wire.enums import AggregateFunction, Operator
from leadquery.wire.model import (
    AggregateOutput,
    ComparisonFilter,
    MembershipFilter,
    PresenceFilter,
    ReportFilter,
)
from leadquery.wire.schema import key_name, keys_of
from leadquery.wire.types import Json

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


_NUMBERS: Final = (Number, Field, DerivedColumn)
"""The types of fields that can be averaged and summed."""


def _has_unfit_operator(name: str, operator: Operator) -> bool:
    return operator not in _STANDARD_TYPES.get(name, _ANY_TYPE)[0]


def _has_unfit_value(name: str, value: str, operator: Operator) -> bool:
    operators, test = _STANDARD_TYPES.get(name, _ANY_TYPE)
    return operator not in operators or (test is not None and not test(value))


def _has_unfit_values(name: str, operator: Operator, values: Sequence[str]) -> bool:
    operators, test = _STANDARD_TYPES.get(name, _ANY_TYPE)
    return operator not in operators or (test is not None and not all(map(test, values)))


def _has_unfit_function(function: AggregateFunction, field: str) -> bool:
    return field in _NOT_NUMBERS and function is not AggregateFunction.COUNT


_NOT_NUMBERS: Final = frozenset(
    name for name, field in STANDARD.items() if not isinstance(field, _NUMBERS)
)


_CONDITIONS: Final[dict[type, When]] = {
    ComparisonFilter: _has_unfit_value,
    MembershipFilter: _has_unfit_values,
    PresenceFilter: _has_unfit_operator,
    AggregateOutput: _has_unfit_function,
}


@checks_payload(_CONDITIONS)
def check_types(
    objects: Sequence[ParsedObject], catalog: FieldCatalog | None
) -> Iterator[RawDiagnostic]:
    """What does not fit the types of fields that are known; a value only if the operator does."""
    if catalog is None:
        for one in objects:
            if one.certain:
                for found in _check_object(one, STANDARD):
                    yield found._replace(rule=STANDARD_FIELD_TYPE)
        return
    options = OptionChecker(catalog)
    for one in objects:
        yield from _check_object(one, catalog)
        yield from options.check(one)


def _check_object(
    node: ParsedObject, fields: Mapping[str, BaseField[Any]] | FieldCatalog
) -> Iterator[RawDiagnostic]:
    match node.value:
        case ComparisonFilter(name) | MembershipFilter(name) | PresenceFilter(name):
            if (field := fields.get(name)) is not None:
                yield from _check_filter(field, node)
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
    if value_test(field) is None:
        return
    for value, path in filter_values(node):
        yield from check_value(field, value, operator, path)


def _operators_of(field: BaseField[Any]) -> tuple[Operator, ...]:
    """The operators that a field supports, in the order of the API page."""
    found = _OPERATORS.get(type(field))
    if found is None:
        found = tuple(operator for operator in Operator if supports(field, operator))
        _OPERATORS[type(field)] = found
    return found


_OPERATORS: Final[dict[type[BaseField[Any]], tuple[Operator, ...]]] = {}

_ANY_TYPE: Final[tuple[frozenset[Operator], ValueTest | None]] = frozenset(Operator), None

_STANDARD_TYPES: Final[dict[str, tuple[frozenset[Operator], ValueTest | None]]] = {
    name: (frozenset(_operators_of(field)), value_test(field))
    for name, field in STANDARD.items()
    if not isinstance(field, DerivedColumn)
}
"""The operators and the test of values of each standard field that can be compared."""


def _unsupported_operator(field: BaseField[Any], operator: Operator, path: Path) -> RawDiagnostic:
    *most, last = [repr(one.token) for one in _operators_of(field)]
    message = f"{describe_json(field.name)} is {_type_name(field)}, which has no {operator.token!r}"
    hint = f"it has {', '.join(most)} and {last}"
    return RawDiagnostic(UNSUPPORTED_OPERATOR, path, message, hint)


def _can_compute(field: BaseField[Any], function: AggregateFunction) -> bool:
    return function is AggregateFunction.COUNT or isinstance(field, _NUMBERS)


def check_function(
    field: BaseField[Any], function: AggregateFunction, path: Path
) -> Iterator[RawDiagnostic]:
    """An average or a sum of a field that is not a number, or of unknown type."""
    if _can_compute(field, function):
        return
    message = f"{describe_json(field.name)} is {_type_name(field)}, which has no {function.label}"
    hint = f"use a number field, or {AggregateFunction.COUNT.token!r}"
    yield RawDiagnostic(UNSUPPORTED_FUNCTION, path, message, hint)


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


def merge_types(
    found: Sequence[RawDiagnostic], later: Iterable[RawDiagnostic]
) -> list[RawDiagnostic]:
    """The diagnostics of the reader and of the checks, with one for each text.

    What a safe fix writes may not fit the type of the field; then this is the hint. Where an
    operator or a value does not fit, nothing is said about the number of values.
    """
    merged = [*found]
    places = {one.path: place for place, one in enumerate(found) if not one.rule.at_key}
    unfit: set[Path] = set()
    for one in later:
        is_of_type = one.rule in _TYPE_RULES
        if is_of_type:
            unfit.add(_split(one.path)[0])
        place = places.get(one.path) if is_of_type else None
        if place is None:
            merged.append(one)
        else:
            hint = f"{one.message}; {one.hint}"
            merged[place] = merged[place]._replace(hint=hint, fix=one.fix)
    return [
        one
        for one in merged
        if one.rule is not SINGLE_VALUE_LIST or _split(one.path)[0] not in unfit
    ]


def drop_unfit_fixes(
    found: Sequence[RawDiagnostic],
    raw: Json,
    objects: Sequence[ParsedObject],
    catalog: FieldCatalog | None,
) -> list[RawDiagnostic]:
    """The diagnostics without the fixes that write what the type of the field does not support.

    What does not fit is added to their hints. The filters that are not among the `certain` objects
    are read once more with all fixes.
    """
    changes = [edit for one in found for edit in _edits_of_others(one)]
    written: dict[Path, Path] = {
        edit.path: (*edit.path[:-1], edit.to) for edit in changes if edit.change is EditKind.RENAME
    }
    checked = {one.path for one in objects if one.certain}
    edits: dict[Path, list[Edit]] = {}
    for edit in changes:
        item, _ = _split(edit.path)
        if item not in checked and _is_filter(item, written):
            edits.setdefault(item, []).append(edit._replace(path=edit.path[len(item) :]))
    if not edits:
        return [*found]
    unfit = _check_fixed(raw, edits, catalog)
    for one in found:
        if one.rule in _TYPE_RULES:
            unfit.pop(_place(one.path, written), None)
    return [_without_unfit_fix(one, unfit, written) for one in found]


def _check_fixed(
    raw: Json, edits: Mapping[Path, list[Edit]], catalog: FieldCatalog | None
) -> dict[Path, RawDiagnostic]:
    """What the types of fields do not support in filters with their fixes, by its place."""
    items = [apply_to_object(_value_at(raw, item), those) for item, those in edits.items()]
    context = ReadContext(every_object=catalog is not None)
    Cursor((), context).read(keys_of(ReportFilter)["filters"].type, items)
    paths, unfit = [*edits], dict[Path, RawDiagnostic]()
    for one in check_types(context.objects, catalog):
        (index,), key = _split(one.path)
        unfit.setdefault((*paths[int(index)], key), one)
    return unfit


def _without_unfit_fix(
    found: RawDiagnostic, unfit: Mapping[Path, RawDiagnostic], written: Mapping[Path, Path]
) -> RawDiagnostic:
    for edit in _edits_of_others(found):
        if (one := unfit.get(_place(edit.path, written))) is not None:
            advises_operator = one.path[-1] == keys_of(ComparisonFilter)["operator"].name
            hint = one.message if advises_operator else f"{found.hint}; {one.message}; {one.hint}"
            return found._replace(hint=hint, fix=None)
    return found


def _place(path: Path, written: Mapping[Path, Path]) -> Path:
    """The path of the key that a path leads through, as it is after all fixes."""
    item, key = _split(path)
    return written.get((*item, key), (*item, key))


def _edits_of_others(found: RawDiagnostic) -> tuple[Edit, ...]:
    """The edits of a diagnostic that is not about types; those are right."""
    return () if found.fix is None or found.rule in _TYPE_RULES else found.fix.edits


def _is_filter(item: Path, written: Mapping[Path, Path]) -> bool:
    """Whether a path leads to a lead filter, in its list or without the list."""
    while item and isinstance(item[-1], int):
        item = item[:-1]
    return bool(item) and written.get(item, item)[-1] == key_name(ReportFilter, "filters")


def _split(path: Path) -> tuple[Path, str]:
    """The path of the innermost object in a path, and the key in it."""
    for place in range(len(path) - 1, -1, -1):
        if isinstance(key := path[place], str):
            return path[:place], key
    return (), ""


def _value_at(raw: Json, path: Path) -> Json:
    for step in path:
        raw = raw[step]
    return raw


_TYPE_RULES: Final = (
    STANDARD_FIELD_TYPE,
    UNSUPPORTED_OPERATOR,
    INVALID_FIELD_VALUE,
    UNKNOWN_OPTION,
)
