"""LQ601, LQ602, LQ606: names and values that do not exist in the account."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import attrs

from leadquery._util.text import describe_json, nearest_option
from leadquery.expr.field import BaseField
from leadquery.expr.field_types import Choice, DerivedColumn, Identifier
from leadquery.fields import STANDARD
from leadquery.lint.diagnostics import Fix, ParsedObject, Path, RawDiagnostic
from leadquery.lint.name_index import FuzzyBudget, MatchKind, UnknownName, unknown_columns
from leadquery.lint.rules import types
from leadquery.lint.rules.base import Certainty, Rule, Severity, checks_payload
from leadquery.lint.rules.examples import lead_filters
from leadquery.wire.enums import Operator
from leadquery.wire.model import (
    AggregateOutput,
    ComparisonFilter,
    LeadFilter,
    ListOutput,
    MembershipFilter,
    PresenceFilter,
)

if TYPE_CHECKING:
    from leadquery.lint.catalog import FieldCatalog


UNKNOWN_FIELD: Final = Rule(
    code="LQ601",
    name="unknown-field",
    severity=Severity.ERROR,
    title="a field that the account does not have",
    rationale="A filter on an unknown field may be ignored, and the report then covers every lead.",
    spec_section="Lead Filters",
    certainty=Certainty.SEEN,
    bad=lead_filters('{"LookUpName": "mx_Budget", "LookUpValue": "20", "SqlOperator": ">"}'),
    good=lead_filters('{"LookUpName": "Score", "LookUpValue": "20", "SqlOperator": ">"}'),
)

ACCOUNT_DISPLAY_NAME: Final = Rule(
    code="LQ602",
    name="account-display-name",
    severity=Severity.ERROR,
    title="the display name of one of the account's fields",
    rationale="The API knows fields by their schema names only.",
    spec_section="Lead Filters",
    certainty=Certainty.SEEN,
    bad=lead_filters('{"LookUpName": "Lead Stage", "LookUpValue": "Customer", "SqlOperator": "="}'),
    good=lead_filters(
        '{"LookUpName": "ProspectStage", "LookUpValue": "Customer", "SqlOperator": "="}'
    ),
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

_MAX_NAMED: Final = 5
"""How many options a hint lists."""


@checks_payload({})
def check_account(
    objects: Sequence[ParsedObject], catalog: FieldCatalog | None
) -> Iterator[RawDiagnostic]:
    """What does not fit the account: its fields, their types and their options.

    One mistake is one diagnostic: of an unknown field nothing else is checked, nor the value of
    an operator that its field does not support.
    """
    if catalog is None:
        return
    checker = _AccountChecker(catalog)
    for one in objects:
        match one.value:
            case ComparisonFilter() | MembershipFilter() | PresenceFilter():
                yield from checker.check_filter(one.value, one)
            case ListOutput():
                yield from checker.check_columns(one.value, one)
            case AggregateOutput():
                yield from checker.check_aggregate(one.value, one)


@attrs.define(eq=False)
class _AccountChecker:
    """Checks the objects of one payload, with one fuzzy budget."""

    catalog: FieldCatalog
    options: dict[str, frozenset[str]] = attrs.field(factory=dict)
    budget: FuzzyBudget = attrs.field(factory=FuzzyBudget)

    def check_filter(self, one: LeadFilter, node: ParsedObject) -> Iterator[RawDiagnostic]:
        """The name of a filter, then its operator, then its values."""
        field = self._readable_field(one.name, compared=True)
        if isinstance(field, UnknownName):
            yield field.at(node.at("name"))
        elif one.operator not in types.operators_of(field):
            yield types.unsupported_operator(field, one.operator, node.at("operator"))
        else:
            for value, path in _values(one, node):
                yield from types.check_value(field, value, one.operator, path)
                if isinstance(field, Choice) and field.options:
                    yield from self._check_option(field, value, one.operator, path)

    def check_columns(self, output: ListOutput, node: ParsedObject) -> Iterator[RawDiagnostic]:
        fields = {name: self._field(name) for name in output.columns}
        unknown = {name: one for name, one in fields.items() if isinstance(one, UnknownName)}
        yield from unknown_columns(output.columns, unknown, node.at("columns"))

    def check_aggregate(
        self, output: AggregateOutput, node: ParsedObject
    ) -> Iterator[RawDiagnostic]:
        """The two fields of an aggregate, and whether the second one can be computed with."""
        group = self._readable_field(output.group, compared=False)
        if isinstance(group, UnknownName):
            yield group.at(node.at("group"))
        field = self._readable_field(output.field, compared=False)
        if isinstance(field, UnknownName):
            yield field.at(node.at("field"))
        else:
            yield from types.check_function(field, output.function, node.at("field"))

    def _readable_field(self, name: str, *, compared: bool) -> BaseField[Any] | UnknownName:
        """The field that a filter (`compared`) or an aggregate reads; a derived column is none."""
        field = column = self._field(name)
        message = f"{describe_json(name)} can only be a column of a list"
        if isinstance(field, UnknownName):
            if field.replacement is None:
                return field
            message, column = field.message, self.catalog.fields[field.replacement]
        if not isinstance(column, DerivedColumn):
            return field
        source = _source_of(column)
        if source is None:
            return UnknownName(UNKNOWN_FIELD, message, "use another field")
        if compared:
            return UnknownName(UNKNOWN_FIELD, message, f"compare {source!r} with an id")
        return UnknownName(UNKNOWN_FIELD, message, f"write {source!r}", source)

    def _field(self, name: str) -> BaseField[Any] | UnknownName:
        """The field of a name, or what is wrong with the name."""
        field = self.catalog.get(name)
        if field is not None:
            return field
        match = self.catalog.names.exact(name)
        if match is not None and match.kind is MatchKind.DISPLAY_NAME:
            message = f"{describe_json(name)} is the display name of {match}"
            return UnknownName(ACCOUNT_DISPLAY_NAME, message, f"write {match}", match.single)
        message = f"the account has no field {describe_json(name)}"
        if match is not None and match.kind is MatchKind.LETTER_CASE:
            message = f"{describe_json(name)} differs from {match.names[0]!r} only in letter case"
        elif name in STANDARD:
            hint = "it is a standard field; add it to the fields if the account has it"
            return UnknownName(UNKNOWN_FIELD, message, hint)
        match = match or self.budget.spend(lambda: self.catalog.names.misspelled(name))
        if match is None:
            return UnknownName(UNKNOWN_FIELD, message, "write the schema name of one of its fields")
        return UnknownName(UNKNOWN_FIELD, message, f"write {match}", match.single)

    def _check_option(
        self, field: Choice, value: str, operator: Operator, path: Path
    ) -> Iterator[RawDiagnostic]:
        """A value that is not an option of its dropdown."""
        if operator in (Operator.CONTAINS, Operator.DOES_NOT_CONTAIN):
            return
        if field.name not in self.options:
            self.options[field.name] = frozenset(field.options)
        options = self.options[field.name]
        if value in options:
            return
        nearest = self.budget.spend(lambda: nearest_option(value, field.options))
        fix = None if nearest is None else Fix.write(path, nearest, safe=False)
        hint = _describe_options(field) if nearest is None else f"write {nearest!r}"
        message = f"{describe_json(value)} is not an option of {describe_json(field.name)}"
        yield RawDiagnostic(UNKNOWN_OPTION, path, message, hint, fix)


def _values(one: LeadFilter, node: ParsedObject) -> Iterator[tuple[str, Path]]:
    """The values of a filter with their paths."""
    match one:
        case ComparisonFilter(_, value):
            yield value, node.at("value")
        case MembershipFilter(_, _, values):
            for index, value in enumerate(values):
                yield value, (*node.at("values"), index)


def _source_of(column: DerivedColumn) -> str | None:
    """The name of the field that a derived column comes from."""
    names = (
        name
        for name, field in STANDARD.items()
        if isinstance(field, Identifier) and column.name.startswith(name)
    )
    return next(names, None)


def _describe_options(field: Choice) -> str:
    listed = ", ".join(map(describe_json, field.options[:_MAX_NAMED]))
    more = len(field.options) - _MAX_NAMED
    return f"the options are {listed} and {more} more" if more > 0 else f"the options are {listed}"
