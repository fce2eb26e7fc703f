"""Fields and attributes under a name that is none of the known ones, but was meant for one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import attrs

from leadquery.payload.names import (
    Guesses,
    How,
    Meant,
    Names,
    Stranger,
    is_own,
    report_columns,
    standard_fields,
    user_attributes,
)
from leadquery.spec.findings import Finding, Node, Spot, Walk, shown
from leadquery.spec.model import (
    Aggregate,
    Comparison,
    Listing,
    Membership,
    Presence,
    UserCondition,
)
from leadquery.spec.rules import Rule

_NAMES: Final[dict[type, tuple[str, ...]]] = {
    Comparison: ("name",),
    Membership: ("name",),
    Presence: ("name",),
    Aggregate: ("group", "field"),
    UserCondition: ("name",),
}
"""The attributes that hold a name."""

_ALL: Final = "*"
"""What stands for all columns elsewhere."""

_CUTOFF: Final = 0.85
"""Nearer than two of the standard names mostly are to each other."""

_FIELDS: Final[dict[How, tuple[Rule, str]]] = {
    How.OTHER_LETTERS: (Rule.NEAR_NAME, "is {!r} in other letters"),
    How.DISPLAYED: (Rule.SHOWN_NAME, "is no schema name"),
    How.OTHER_SIGNS: (Rule.SHOWN_NAME, "is no schema name"),
    How.CALLED: (Rule.SHOWN_NAME, "is no schema name"),
    How.NEAR: (Rule.NEAR_NAME, "is no known field"),
}
_ATTRIBUTES: Final[dict[How, tuple[Rule, str]]] = {
    **dict.fromkeys(How, (Rule.NEAR_ATTRIBUTE, "is no known attribute of users")),
    How.OTHER_LETTERS: (Rule.NEAR_ATTRIBUTE, "is {!r} in other letters"),
}


def misnamed(nodes: Sequence[Node]) -> list[Finding]:
    """Names that stand for others."""
    walk = Walk(lambda form, raw, spot: form.read(raw, spot))
    fields = _Look(standard_fields(), _FIELDS)
    attributes = _Look(user_attributes(), _ATTRIBUTES)
    for node in nodes:
        look = attributes if node.of is UserCondition else fields
        for one in _NAMES.get(node.of, ()):
            stranger = look.at(getattr(node.value, one))
            if stranger is not None:
                stranger.report(Spot(node.at(one), walk))
        if node.of is Listing:
            columns = node.value.columns
            found = ((name, look.at(name, "the column ")) for name in columns)
            strange = {name: stranger for name, stranger in found if stranger is not None}
            report_columns(columns, strange, Spot(node.at("columns"), walk))
    return walk.findings


def meant_field(name: str) -> Stranger | None:
    """What is said of the name of a field; nothing of one that is known, or near to none."""
    return _Look(standard_fields(), _FIELDS).at(name)


def meant_attribute(name: str) -> Stranger | None:
    """What is said of the name of an attribute of users, likewise."""
    return _Look(user_attributes(), _ATTRIBUTES).at(name)


@attrs.define(eq=False)
class _Look:
    """A look at names of one kind, and what was found of each."""

    names: Names
    rows: Mapping[How, tuple[Rule, str]]
    guesses: Guesses = attrs.field(factory=Guesses)
    known: dict[str, Meant | None] = attrs.field(factory=dict)

    def at(self, name: str, what: str = "") -> Stranger | None:
        """What is said of a name; nothing of one that is known, or near to none."""
        if name in self.names.labels or is_own(name):
            return None
        if name == _ALL:
            rule, text = self.rows[How.DISPLAYED]
            hint = "write each name: no sign stands for all of them"
            return Stranger(rule, f"{what}{shown(name)} {text}", hint)
        if name not in self.known:
            self.known[name] = self.names.surely(name) or self.guesses.make(
                lambda: self.names.nearly(name, _CUTOFF)
            )
        meant = self.known[name]
        if meant is None:
            return None
        rule, text = self.rows[meant.how]
        message = f"{what}{shown(name)} {text.format(meant.names[0])}"
        return Stranger(rule, message, f"write {meant.said}", meant.only)
