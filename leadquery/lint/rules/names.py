"""LQ506 to LQ508: names of fields and user attributes that are probably misspelled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import attrs

from leadquery._util.text import describe_json, quote
from leadquery._util.warn import warn_user
from leadquery.lint.diagnostics import ParsedObject, RawDiagnostic
from leadquery.lint.name_index import (
    FuzzyBudget,
    Match,
    MatchKind,
    NameIndex,
    UnknownName,
    is_custom,
    standard_fields,
    unknown_columns,
    user_attributes,
)
from leadquery.lint.rules.base import Certainty, Condition, Rule, Severity, checks_payload
from leadquery.lint.rules.examples import lead_filters, user_conditions
from leadquery.wire.model import (
    AggregateOutput,
    ComparisonFilter,
    LeadFilter,
    ListOutput,
    MembershipFilter,
    PresenceFilter,
    UserCondition,
)

if TYPE_CHECKING:
    from leadquery.lint.catalog import FieldCatalog


MISSPELLED_FIELD: Final = Rule(
    code="LQ506",
    name="misspelled-field",
    severity=Severity.WARNING,
    title="an unknown field with a name close to a known one",
    rationale="A filter on a field that the account does not have may be ignored.",
    spec_section="Lead Filters",
    certainty=Certainty.SEEN,
    bad=lead_filters('{"LookUpName": "EngagmentScore", "LookUpValue": "20", "SqlOperator": ">"}'),
    good=lead_filters('{"LookUpName": "EngagementScore", "LookUpValue": "20", "SqlOperator": ">"}'),
)

DISPLAY_NAME: Final = Rule(
    code="LQ507",
    name="display-name",
    severity=Severity.WARNING,
    title="a display name instead of the schema name",
    rationale="The API knows fields by their schema names only.",
    spec_section="Lead Filters",
    certainty=Certainty.SEEN,
    bad=lead_filters('{"LookUpName": "Lead Stage", "LookUpValue": "Customer", "SqlOperator": "="}'),
    good=lead_filters(
        '{"LookUpName": "ProspectStage", "LookUpValue": "Customer", "SqlOperator": "="}'
    ),
)

MISSPELLED_USER_ATTRIBUTE: Final = Rule(
    code="LQ508",
    name="misspelled-user-attribute",
    severity=Severity.WARNING,
    title="an unknown user attribute with a name close to a known one",
    rationale=(
        "The vendor's full list is not public; an attribute that users do not have matches nobody."
    ),
    spec_section="User Filter",
    certainty=Certainty.INFERRED,
    bad=user_conditions('{"LookupName": "EmailAdress", "Operator": "lik", "LookupValue": "@acme"}'),
    good=user_conditions(
        '{"LookupName": "EmailAddress", "Operator": "lik", "LookupValue": "@acme"}'
    ),
)

_NAMES: Final[dict[type, tuple[str, ...]]] = {
    ComparisonFilter: ("name",),
    MembershipFilter: ("name",),
    PresenceFilter: ("name",),
    AggregateOutput: ("group", "field"),
}
"""The attributes that hold the name of a field."""


def is_unknown(name: str, index: NameIndex) -> bool:
    """Whether a name is neither known nor looks like a custom field."""
    return name not in index.labels and not is_custom(name)


def _filters_unknown_field(lead_filter: LeadFilter) -> bool:
    return is_unknown(lead_filter.name, standard_fields())


def _aggregates_unknown_field(output: AggregateOutput) -> bool:
    fields = standard_fields()
    return is_unknown(output.group, fields) or is_unknown(output.field, fields)


_CONDITIONS: Final[dict[type, Condition]] = {
    ComparisonFilter: _filters_unknown_field,
    MembershipFilter: _filters_unknown_field,
    PresenceFilter: _filters_unknown_field,
    AggregateOutput: _aggregates_unknown_field,
    ListOutput: lambda output: any(is_unknown(name, standard_fields()) for name in output.columns),
    UserCondition: lambda condition: is_unknown(condition.name, user_attributes()),
}


@checks_payload(_CONDITIONS)
def check_names(
    objects: Sequence[ParsedObject], catalog: FieldCatalog | None
) -> Iterator[RawDiagnostic]:
    """Names that are not known but close to a known one; a catalog knows the fields better."""
    fields = NameChecker(standard_fields(), _FIELD_RULES)
    attributes = NameChecker(user_attributes(), _ATTRIBUTE_RULES, "user attribute")
    for one in objects:
        if not one.certain or one.of not in _CONDITIONS or not _CONDITIONS[one.of](one.value):
            continue
        if one.of is UserCondition:
            if unknown := attributes.check(one.value.name):
                yield unknown.at(one.at("name"))
        elif catalog is None:
            yield from _check_fields(one, fields)


def _check_fields(one: ParsedObject, fields: NameChecker) -> Iterator[RawDiagnostic]:
    for attribute in _NAMES.get(one.of, ()):
        if unknown := fields.check(getattr(one.value, attribute)):
            yield unknown.at(one.at(attribute))
    if one.of is ListOutput:
        columns = one.value.columns
        checked = ((name, fields.check(name, column=True)) for name in columns)
        found = {name: unknown for name, unknown in checked if unknown is not None}
        yield from unknown_columns(columns, found, one.at("columns"))


def suggest_field(name: str) -> UnknownName | None:
    """What a field was probably meant to be; None if it is known, or similar to none."""
    return NameChecker(standard_fields(), _FIELD_RULES).check(name)


def suggest_attribute(name: str) -> UnknownName | None:
    """Like `suggest_field`, for a user attribute."""
    return NameChecker(user_attributes(), _ATTRIBUTE_RULES, "user attribute").check(name)


def is_suspicious(name: str) -> bool:
    """Whether another field was probably meant."""
    return suggest_field(name) is not None


def warn_if_suspicious(name: str) -> str:
    """The name of a field, with a warning to the caller if another field was probably meant."""
    unknown = suggest_field(name)
    if unknown is not None:
        own = f"or Field({quote(name)}) for a field of your own"
        warn_user(f"{unknown.message}; {unknown.hint}, {own}")
    return name


_FIELD_RULES: Final[dict[MatchKind, Rule]] = {
    **dict.fromkeys(MatchKind, DISPLAY_NAME),
    MatchKind.LETTER_CASE: MISSPELLED_FIELD,
    MatchKind.SIMILAR: MISSPELLED_FIELD,
}

_ATTRIBUTE_RULES: Final = dict.fromkeys(MatchKind, MISSPELLED_USER_ATTRIBUTE)

_ALL: Final = "*"
"""Stands for all columns in other APIs."""


@attrs.define(eq=False)
class NameChecker:
    """Checks names against an index, with one fuzzy budget and a cache of what was found."""

    index: NameIndex
    rules: Mapping[MatchKind, Rule]
    noun: str = "field"
    budget: FuzzyBudget = attrs.field(factory=FuzzyBudget)
    cache: dict[str, Match | None] = attrs.field(factory=dict)

    def check(self, name: str, *, column: bool = False) -> UnknownName | None:
        """What is wrong with a name; None if it is known, or similar to none."""
        if not is_unknown(name, self.index):
            return None
        noun = "column" if column else self.noun
        if name == _ALL:
            rule = self.rules[MatchKind.DISPLAY_NAME]
            hint = "write each name; there is no wildcard for all of them"
            return UnknownName(rule, _message(name, noun, rule, None), hint)
        if name not in self.cache:
            self.cache[name] = self.index.exact(name) or self.budget.spend(
                lambda: self.index.misspelled(name)
            )
        match = self.cache[name]
        if match is None:
            return None
        rule = self.rules[match.kind]
        return UnknownName(rule, _message(name, noun, rule, match), f"write {match}", match.single)


def _message(name: str, noun: str, rule: Rule, match: Match | None) -> str:
    text = f"column {describe_json(name)}" if noun == "column" else describe_json(name)
    if match is not None and match.kind is MatchKind.LETTER_CASE:
        return f"{text} differs from {match.names[0]!r} only in letter case"
    if rule is DISPLAY_NAME:
        return f"{text} is not a schema name"
    return f"unknown {noun} {describe_json(name)}"
