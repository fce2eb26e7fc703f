"""All rules, found in the modules of this package."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from leadquery.lint import rules as package
from leadquery.lint.rules import combinations, structure, syntax, values
from leadquery.lint.rules.base import (
    OBJECT_CHECKS,
    PAYLOAD_CHECKS,
    Certainty,
    Rule as BaseRule,
    Severity,
)

if TYPE_CHECKING:
    from leadquery.lint.catalog import FieldCatalog
    from leadquery.lint.diagnostics import ParsedObject, RawDiagnostic

__all__ = ["Certainty", "Rule", "Severity", "all_rules"]


@cache
def all_rules() -> tuple[BaseRule, ...]:
    """Every rule, by code. Importing their modules registers their checks, too."""
    modules = [
        import_module(f"{package.__name__}.{one.name}") for one in iter_modules(package.__path__)
    ]
    found = {
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, BaseRule)
    }
    return tuple(sorted(found, key=lambda rule: rule.code))


def run_checks(
    objects: Sequence[ParsedObject], catalog: FieldCatalog | None = None
) -> Iterator[RawDiagnostic]:
    """What the rules find in the objects of a payload; a catalog has the account's fields."""
    all_rules()
    for one in objects:
        if one.certain:
            for check in OBJECT_CHECKS.get(one.of, ()):
                yield from check(one)
    for check_payload in PAYLOAD_CHECKS:
        yield from check_payload(objects, catalog)


class Rule(BaseRule):
    """Old names of the rules, until the reader uses the new ones."""

    TOO_DEEP = syntax.TOO_DEEP
    UNKNOWN_KEY = structure.UNKNOWN_KEY
    KEY_CASE = structure.KEY_CASE
    MISSING_KEY = structure.MISSING_KEY
    WRONG_TYPE = structure.WRONG_TYPE
    NULL = structure.UNEXPECTED_NULL
    EMPTY = structure.EMPTY
    OUTPUT_TYPE = values.UNKNOWN_OUTPUT_TYPE
    DATE_FIELD = values.UNKNOWN_DATE_FIELD
    FUNCTION = values.UNKNOWN_FUNCTION
    OPERATOR = values.UNKNOWN_OPERATOR
    JOINER = values.UNKNOWN_LOGICAL_OPERATOR
    VALUE_CASE = values.VALUE_CASE
    TIMESTAMP = values.TIMESTAMP_FORMAT
    CALENDAR = values.IMPOSSIBLE_DATE
    PAGE_NUMBER = values.PAGE_OUT_OF_RANGE
    COLUMN_LIST = values.COLUMN_LIST_FORMAT
    USER_OPERATOR = values.UNKNOWN_USER_OPERATOR
    VALUE_KEY = combinations.WRONG_VALUE_KEY
    NEEDLESS_VALUE = combinations.UNEXPECTED_VALUE
    EMPTY_VALUE = combinations.EMPTY_VALUE
    BACKWARDS = combinations.REVERSED_RANGE
    MIXED_JOINERS = combinations.MIXED_LOGICAL_OPERATORS
    MISSING_JOINER = combinations.MISSING_LOGICAL_OPERATOR
    OTHER_OUTPUT = combinations.IGNORED_KEY
    REPEATED = combinations.DUPLICATE
    IDLE_JOINER = combinations.IGNORED_LOGICAL_OPERATOR
