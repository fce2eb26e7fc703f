"""Fields and attributes under a name that is none of the known ones, but was meant for one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import attrs

from leadquery._util.text import describe_json
from leadquery.lint.diagnostics import Cursor, ParsedObject, RawDiagnostic, ReadContext
from leadquery.lint.name_index import (
    FuzzyBudget,
    Match,
    MatchKind,
    NameIndex,
    UnknownName,
    is_own,
    report_columns,
    standard_fields,
    user_attributes,
)
from leadquery.lint.rules.base import Certainty, Rule, Severity
from leadquery.lint.rules.examples import lead_filters, user_conditions
from leadquery.wire.model import (
    AggregateOutput,
    ComparisonFilter,
    ListOutput,
    MembershipFilter,
    PresenceFilter,
    UserCondition,
)

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
    UserCondition: ("name",),
}
"""The attributes that hold a name."""

_ALL: Final = "*"
"""What stands for all columns elsewhere."""

_CUTOFF: Final = 0.85
"""Nearer than two of the standard names mostly are to each other."""

_FIELDS: Final[dict[MatchKind, tuple[Rule, str]]] = {
    MatchKind.OTHER_LETTERS: (MISSPELLED_FIELD, "is {!r} in other letters"),
    MatchKind.DISPLAYED: (DISPLAY_NAME, "is no schema name"),
    MatchKind.OTHER_SIGNS: (DISPLAY_NAME, "is no schema name"),
    MatchKind.CALLED: (DISPLAY_NAME, "is no schema name"),
    MatchKind.NEAR: (MISSPELLED_FIELD, "is no known field"),
}

_ATTRIBUTES: Final[dict[MatchKind, tuple[Rule, str]]] = {
    **dict.fromkeys(MatchKind, (MISSPELLED_USER_ATTRIBUTE, "is no known attribute of users")),
    MatchKind.OTHER_LETTERS: (MISSPELLED_USER_ATTRIBUTE, "is {!r} in other letters"),
}


def check_names(nodes: Sequence[ParsedObject]) -> list[RawDiagnostic]:
    """Names that stand for others."""
    walk = ReadContext(lambda form, raw, spot: form.read(raw, spot))
    fields = _NameChecker(standard_fields(), _FIELDS)
    attributes = _NameChecker(user_attributes(), _ATTRIBUTES)
    for node in nodes:
        look = attributes if node.of is UserCondition else fields
        for one in _NAMES.get(node.of, ()):
            stranger = look.at(getattr(node.value, one))
            if stranger is not None:
                stranger.report(Cursor(node.at(one), walk))
        if node.of is ListOutput:
            columns = node.value.columns
            found = ((name, look.at(name, "the column ")) for name in columns)
            strange = {name: stranger for name, stranger in found if stranger is not None}
            report_columns(columns, strange, Cursor(node.at("columns"), walk))
    return walk.findings


def suggest_field(name: str) -> UnknownName | None:
    """What is said of the name of a field; nothing of one that is known, or near to none."""
    return _NameChecker(standard_fields(), _FIELDS).at(name)


def suggest_attribute(name: str) -> UnknownName | None:
    """What is said of the name of an attribute of users, likewise."""
    return _NameChecker(user_attributes(), _ATTRIBUTES).at(name)


@attrs.define(eq=False)
class _NameChecker:
    """A look at names of one kind, and what was found of each."""

    names: NameIndex
    rows: Mapping[MatchKind, tuple[Rule, str]]
    guesses: FuzzyBudget = attrs.field(factory=FuzzyBudget)
    known: dict[str, Match | None] = attrs.field(factory=dict)

    def at(self, name: str, what: str = "") -> UnknownName | None:
        """What is said of a name; nothing of one that is known, or near to none."""
        if name in self.names.labels or is_own(name):
            return None
        if name == _ALL:
            rule, text = self.rows[MatchKind.DISPLAYED]
            hint = "write each name: no sign stands for all of them"
            return UnknownName(rule, f"{what}{describe_json(name)} {text}", hint)
        if name not in self.known:
            self.known[name] = self.names.surely(name) or self.guesses.make(
                lambda: self.names.nearly(name, _CUTOFF)
            )
        meant = self.known[name]
        if meant is None:
            return None
        rule, text = self.rows[meant.how]
        message = f"{what}{describe_json(name)} {text.format(meant.names[0])}"
        return UnknownName(rule, message, f"write {meant.said}", meant.only)
