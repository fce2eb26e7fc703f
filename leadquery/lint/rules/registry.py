"""All rules, found in the modules of this package."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from leadquery.lint import rules as package
from leadquery.lint.rules import combinations, structure, syntax, values
from leadquery.lint.rules.base import Certainty, Rule as BaseRule, Severity

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


class Rule(BaseRule):
    """Old names of the rules, until the reader uses the new ones."""

    NOT_JSON = syntax.NOT_JSON
    NOT_UTF8 = syntax.NOT_UTF8
    TOO_DEEP = syntax.TOO_DEEP
    EXTRA_COMMA = syntax.EXTRA_COMMA
    COMMENT = syntax.COMMENT
    MISSING_MARK = syntax.MISSING_PUNCTUATION
    QUOTES = syntax.INVALID_QUOTES
    STRANGE_BLANK = syntax.INVALID_WHITESPACE
    FOREIGN = syntax.INVALID_LITERAL
    DUPLICATE_KEY = syntax.DUPLICATE_KEY
    LOST_END = syntax.UNCLOSED
    ESCAPE = syntax.UNESCAPED_CHARACTER
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
