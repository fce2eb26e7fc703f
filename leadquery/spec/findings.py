"""What reading finds: a mistake, its place, and how values are named in messages."""

from __future__ import annotations

from enum import Enum
from typing import Any, Final, NamedTuple

from leadquery.spec.rules import Rule

Json = Any
"""A value as the json module reads it."""


class Broken(Enum):
    """What a reader hands on in place of a value it could not read."""

    BROKEN = "broken"


BROKEN: Final = Broken.BROKEN


class Finding(NamedTuple):
    """A mistake, as reading finds it."""

    rule: Rule
    path: tuple[str | int, ...]
    message: str
    hint: str | None


class Spot(NamedTuple):
    """A place in a payload, and the findings of the walk that stands there."""

    path: tuple[str | int, ...]
    findings: list[Finding]

    def at(self, step: str | int) -> Spot:
        """The place one step further in."""
        return Spot((*self.path, step), self.findings)

    def report(self, rule: Rule, message: str, hint: str | None = None) -> Broken:
        """Note a mistake here."""
        self.findings.append(Finding(rule, self.path, message, hint))
        return BROKEN


def shown(value: Json) -> str:
    """A value in a message: texts and numbers as they are, shortened; the rest by its kind."""
    if isinstance(value, str):
        return repr(value) if len(value) <= 60 else f"{value[:57]!r}…"
    if isinstance(value, (bool, list, dict)) or value is None:
        return kind_of(value)
    if isinstance(value, int) and value.bit_length() > 190:
        return "a very large number"
    return str(value)[:60] if isinstance(value, (int, float)) else kind_of(value)


def kind_of(value: Json) -> str:
    """The kind of a JSON value, in the words of people."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    for kind, name in _KINDS:
        if isinstance(value, kind):
            return name
    return f"a Python {type(value).__name__}"


_KINDS = ((str, "text"), (list, "a list"), (dict, "an object"), ((int, float), "a number"))


def mistyped(value: Json, expected: str, spot: Spot, hint: str | None = None) -> Broken:
    """Report null, or any other value of the wrong kind."""
    if value is None:
        return spot.report(Rule.NULL, "null stands where a value belongs", f"write {expected}")
    return spot.report(Rule.WRONG_TYPE, f"{shown(value)} is not {expected}", hint)
