"""What a rule is: its code and documentation, and how its check is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

import attrs

if TYPE_CHECKING:
    from leadquery.lint.catalog import FieldCatalog
    from leadquery.lint.diagnostics import ParsedObject, RawDiagnostic


class Certainty(Enum):
    """How a fact about the API is known."""

    STATED = "stated by the vendor"
    SHOWN = "shown in the vendor's sample"
    SEEN = "seen in production code"
    THIRD_PARTY = "reported by a third party"
    INFERRED = "inferred"


class Severity(Enum):
    """An error is invalid or cannot mean what it says; a warning is probably not meant."""

    ERROR = "error"
    WARNING = "warning"


@attrs.frozen(eq=False, repr=False)
class Rule:
    """One kind of mistake: what `leadquery rule`, SARIF and the reference pages show.

    A code never changes its meaning. `spec_section` is the section of the API page that the rule
    rests on. `bad` is a payload that breaks the rule, `good` the corrected one; both leave out
    keys that do not matter. With `at_key`, diagnostics point at the key, not at its value.
    """

    code: str
    name: str
    severity: Severity
    title: str
    rationale: str
    spec_section: str
    certainty: Certainty
    bad: str
    good: str
    at_key: bool = False

    def __repr__(self) -> str:
        return f"<Rule {self.code} {self.name}>"


ObjectCheck = Callable[["ParsedObject"], "Iterator[RawDiagnostic]"]
"""Checks one object of a payload."""

PayloadCheck = Callable[
    ["Sequence[ParsedObject]", "FieldCatalog | None"], "Iterator[RawDiagnostic]"
]
"""Checks all objects of a payload together, also those that are not `certain`.

The catalog has the fields of the account, if they are known.
"""

OBJECT_CHECKS: Final[dict[type, list[ObjectCheck]]] = {}

PAYLOAD_CHECKS: Final[list[PayloadCheck]] = []


def checks(*classes: Any) -> Callable[[ObjectCheck], ObjectCheck]:
    """Decorator: run a function on every object of these wire classes that is `certain`."""

    def register(check: ObjectCheck) -> ObjectCheck:
        for cls in classes:
            OBJECT_CHECKS.setdefault(cls, []).append(check)
        return check

    return register


def checks_payload(check: PayloadCheck) -> PayloadCheck:
    """Decorator: run a function once on all objects of a payload."""
    PAYLOAD_CHECKS.append(check)
    return check
