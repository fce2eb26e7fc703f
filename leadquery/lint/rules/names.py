"""Fields and attributes under a name that is none of the known ones, but was meant for one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import attrs

from leadquery.lint.diagnostics import Cursor, ParsedObject, RawDiagnostic, ReadContext
from leadquery.lint.json_values import describe_json
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
from leadquery.lint.rules.registry import Rule
from leadquery.wire.model import (
    AggregateOutput,
    ComparisonFilter,
    ListOutput,
    MembershipFilter,
    PresenceFilter,
    UserCondition,
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
    MatchKind.OTHER_LETTERS: (Rule.NEAR_NAME, "is {!r} in other letters"),
    MatchKind.DISPLAYED: (Rule.SHOWN_NAME, "is no schema name"),
    MatchKind.OTHER_SIGNS: (Rule.SHOWN_NAME, "is no schema name"),
    MatchKind.CALLED: (Rule.SHOWN_NAME, "is no schema name"),
    MatchKind.NEAR: (Rule.NEAR_NAME, "is no known field"),
}

_ATTRIBUTES: Final[dict[MatchKind, tuple[Rule, str]]] = {
    **dict.fromkeys(MatchKind, (Rule.NEAR_ATTRIBUTE, "is no known attribute of users")),
    MatchKind.OTHER_LETTERS: (Rule.NEAR_ATTRIBUTE, "is {!r} in other letters"),
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
